/** Collects the values of one query. Every value a person wrote goes in as a named parameter; the text of a query is
 * made of the program's declared names alone. */
export class Parameters {
  readonly values: Record<string, unknown> = {}
  /** The same value twice is one parameter, so that the same condition reads the same. */
  readonly #known = new Map<string, string>()

  /** @returns the placeholder to write into the query */
  add(
    type:
      | 'String'
      | 'Float64'
      | 'Int64'
      | 'UInt8'
      | 'Array(String)'
      | 'Array(Float64)'
      | "DateTime64(3,'UTC')",
    value: unknown,
  ) {
    const key = `${type} ${JSON.stringify(value)}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const name = `p${this.#known.size + 1}`
    this.values[name] = value
    const placeholder = `{${name}:${type}}`
    this.#known.set(key, placeholder)
    return placeholder
  }

  time(at: Date): string {
    return this.add("DateTime64(3,'UTC')", at.toISOString().slice(0, 23).replace('T', ' '))
  }
}

/** A column's name in a query. Names come from the program's declared names and from this folder, and are held to it. */
export function identifier(column: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(column)) throw new Error(`no column can be called ${column}`)
  return `\`${column}\``
}
