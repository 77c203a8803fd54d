/** The columns that stand in the values of options: alone, in a list, or before an equals sign, in whatever letters. */
export function columnsNamed(values: readonly string[], columns: readonly string[]): Set<string> {
  const places = new Map(columns.map((name) => [name.trim().toLowerCase(), name]))
  const named = (text: string) => places.get(text.trim().toLowerCase())
  return new Set(
    values.flatMap((value) => {
      const found = [value, ...value.split(','), readingColumn(value, columns) ?? ''].map(named)
      return found.flatMap((name) => (name === undefined ? [] : [name]))
    }),
  )
}

/** The one column that `COLUMN=...` of --blank or --scale is for; undefined where it holds for all. */
export function readingColumn(text: string, columns: readonly string[]): string | undefined {
  return columns.filter((name) => text.startsWith(`${name}=`)).sort((a, b) => b.length - a.length)[0]
}

/** Options on how a file is read, without those for columns that a command does not use.
 * @param reading `--blank`, `COLUMN=9` and the like, each option before its value, or joined to it
 */
export function readingOf(
  reading: readonly string[],
  used: ReadonlySet<string>,
  columns: readonly string[],
): string[] {
  const kept: string[] = []
  for (const [i, text] of reading.entries()) {
    const before = reading[i - 1] ?? ''
    const joined = /^--(?:blank|scale)=(.*)$/s.exec(text)?.[1]
    const value = joined ?? (/^--(?:blank|scale)$/.test(before) ? text : undefined)
    const own = value === undefined ? undefined : readingColumn(value, columns)
    if (own === undefined || used.has(own)) kept.push(text)
    else if (joined === undefined) kept.pop()
  }
  return kept
}
