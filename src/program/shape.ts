// For: telling in plain words how a document departs from the program's schema.
// In: a TypeBox schema of the kinds the program uses, and a value with its path.
// Out: one fault for each departure; of a union, only those of the kind that was meant.
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { nearest, suggestion } from '../base/nearest.ts'
import type { Path } from './source.ts'

export type Report = (path: Path, message: string, at?: 'key' | 'value', offset?: number) => void

/** The part of JSON Schema that ProgramSchema is made of. */
interface Shape {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Shape[]
  properties?: Record<string, Shape>
  required?: string[]
  patternProperties?: Record<string, Shape>
  additionalProperties?: boolean
  items?: Shape
  /** What is expected, as a phrase. */
  title?: string
  /** What it is for. */
  description?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
}

/** Reports every departure of `value` from `schema`; nothing exactly when TypeBox finds the value valid. */
export function reportShape(schema: TSchema, value: unknown, report: Report): void {
  if (Value.Check(schema, value)) return
  let found = false
  for (const { path, message, at } of departures(schema, value)) {
    found = true
    report(path, message, at)
  }
  // The walk below knows the same keywords as the schema; should it ever know fewer, the verdict still stands.
  if (!found) report([], 'the document does not have the form of a program')
}

export interface Departure {
  path: Path
  message: string
  at: 'key' | 'value'
  /** What was meant to stand there may have given names to others: a map, a list, or the name itself. */
  hidesNames?: boolean
  /** The property that is missing at `path`. */
  missing?: string
  /** The properties that an unknown key may have been meant for. */
  meant?: string[]
}

type Departures = Generator<Departure, void, void>

/** Every departure of `value` from `schema`, in words. */
export const departures = (schema: TSchema, value: unknown): Departures => explain(schema as Shape, value, [])

const departure = (path: Path, message: string, at: Departure['at'] = 'value'): Departure => ({
  path,
  message,
  at,
})

function* explain(shape: Shape, value: unknown, path: Path): Departures {
  if (shape.anyOf) return yield* explainUnion(shape.anyOf, value, path)
  if ('const' in shape) {
    if (value !== shape.const) yield departure(path, `expected ${shown(shape.const)}, found ${shown(value)}`)
    return
  }
  if (shape.enum) return yield* explainChoice(shape.enum, value, path)
  if (shape.type === 'object') return yield* explainObject(shape, value, path)
  if (shape.type === 'array') return yield* explainList(shape, value, path)
  const problem = scalarProblem(shape, value)
  if (problem) yield departure(path, `expected ${problem}, found ${shown(value)}`)
}

function* explainObject(shape: Shape, value: unknown, path: Path): Departures {
  if (!isMap(value)) {
    const message = `expected a map of keys and values, found ${shown(value)}`
    return yield { path, message, at: 'value', hidesNames: true }
  }
  for (const name of shape.required ?? [])
    if (!Object.hasOwn(value, name)) {
      const { description: hint, type = '' } = shape.properties?.[name] ?? {}
      const message = `"${name}" is missing${hint ? `: ${hint}` : ''}`
      const hidesNames = type === 'object' || type === 'array'
      yield { path, message, at: 'key', hidesNames, missing: name }
    }
  for (const [name, each] of Object.entries(value)) {
    const here = [...path, name]
    const known = shape.properties && Object.hasOwn(shape.properties, name) && shape.properties[name]
    const pattern = Object.entries(shape.patternProperties ?? {}).find(([key]) => new RegExp(key).test(name))
    if (known) yield* explain(known, each, here)
    else if (pattern) yield* explain(pattern[1], each, here)
    else if (shape.patternProperties) {
      const example = Object.keys(shape.patternProperties).some((key) => key.includes('.'))
        ? 'a name such as order.delivered'
        : 'a name in camelCase, such as deliveredAt'
      const message = `expected ${example}; found "${clipped(name)}"`
      yield { path: here, message, at: 'key', hidesNames: true }
    } else if (shape.additionalProperties === false) {
      const names = Object.keys(shape.properties ?? {})
      const message = `unknown key "${clipped(name)}"${suggestion(name, names)}`
      const meant = names.filter((each) => !Object.hasOwn(value, each))
      yield { path: here, message, at: 'key', meant }
    }
  }
}

function* explainList(shape: Shape, value: unknown, path: Path): Departures {
  if (!Array.isArray(value)) {
    return yield { path, message: `expected a list, found ${shown(value)}`, at: 'value', hidesNames: true }
  }
  if (value.length < (shape.minItems ?? 0)) {
    const least = shape.minItems === 1 ? 'one' : shape.minItems
    yield departure(path, `expected at least ${least} in the list, found ${value.length}`)
  }
  if (value.length > (shape.maxItems ?? Infinity))
    yield departure(path, `expected at most ${shape.maxItems} in the list, found ${value.length}`, 'key')
  const seen = new Set<string>()
  for (const [index, each] of value.entries()) {
    const key = JSON.stringify(each)
    if ('uniqueItems' in shape && seen.has(key))
      yield departure([...path, index], `${shown(each)} stands twice in the list`)
    seen.add(key)
    if (shape.items) yield* explain(shape.items, each, [...path, index])
  }
}

function* explainUnion(branches: Shape[], value: unknown, path: Path): Departures {
  if (branches.some((branch) => Value.Check(branch as TSchema, value))) return
  const objects = branches.filter((branch) => branch.type === 'object')
  const alike = branches.filter((branch) => branch.type === (Array.isArray(value) ? 'array' : typeof value))
  if (!isMap(value) && alike.length === 1) return yield* explain(alike[0]!, value, path)
  if (!isMap(value) || objects.length === 0) {
    const forms = [...new Set(branches.map(formOf))]
    const message = `expected ${forms.join(' or ')}, found ${shown(value)}`
    return yield { path, message, at: 'value', hidesNames: objects.length > 1 }
  }
  if (objects.length === 1) return yield* explain(objects[0]!, value, path)
  if (objects.every((branch) => branch.properties?.kind)) {
    const kinds = objects.map((branch) => branch.properties!.kind!.const)
    const meant = objects[kinds.indexOf(value.kind)]
    if (meant) return yield* explain(meant, value, path)
    if (!Object.hasOwn(value, 'kind'))
      return yield departure(path, `"kind" is missing: one of ${kinds.join(', ')}`, 'key')
    return yield* explainChoice(kinds, value.kind, [...path, 'kind'])
  }
  // Branches told apart by a key of their own, such as on: {event} and on: {date}.
  const meant = objects.filter((branch) => branch.required?.some((name) => Object.hasOwn(value, name)))
  if (meant.length === 1) return yield* explain(meant[0]!, value, path)
  const keys = objects.map((branch) => `"${branch.required?.join('" and "')}"`)
  yield departure(path, `expected a map with ${keys.join(' or ')}`)
}

function* explainChoice(choices: unknown[], value: unknown, path: Path): Departures {
  if (choices.includes(value)) return
  const near = typeof value === 'string' ? nearest(value, choices.map(String)) : undefined
  const meant = near === undefined ? '' : `; did you mean "${near}"?`
  yield departure(path, `expected one of ${choices.join(', ')}; found ${shown(value)}${meant}`)
}

function scalarProblem(shape: Shape, value: unknown): string | undefined {
  if (shape.type === 'boolean') return typeof value === 'boolean' ? undefined : 'true or false'
  if (shape.type === 'string') {
    const wanted = shape.title ?? (shape.pattern ? `a text like ${shape.pattern}` : 'a text')
    if (typeof value !== 'string') return wanted
    if (shape.pattern && !new RegExp(shape.pattern).test(value)) return wanted
    if (value.length > (shape.maxLength ?? Infinity)) return wanted
    return value.length < (shape.minLength ?? 0) ? `${wanted}, not empty` : undefined
  }
  const bounds = [
    shape.minimum === undefined ? '' : ` of at least ${shape.minimum}`,
    shape.exclusiveMinimum === undefined ? '' : ` above ${shape.exclusiveMinimum}`,
    shape.maximum === undefined ? '' : ` and at most ${shape.maximum}`,
  ].join('')
  const wanted = `${shape.type === 'integer' ? 'a whole number' : 'a number'}${bounds}`
  if (typeof value !== 'number' || (shape.type === 'integer' && !Number.isInteger(value))) return wanted
  const fits =
    value >= (shape.minimum ?? -Infinity) &&
    value <= (shape.maximum ?? Infinity) &&
    value > (shape.exclusiveMinimum ?? -Infinity)
  return fits ? undefined : wanted
}

function formOf(branch: Shape): string {
  if (branch.type === 'object') {
    const keys = Object.keys(branch.properties ?? {})
    return keys.length > 0 ? `a map with ${keys.slice(0, 4).join(', ')}` : 'a map'
  }
  return plainForms[branch.type ?? ''] ?? 'another form'
}

const plainForms: Record<string, string> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  integer: 'a whole number',
  array: 'a list',
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const clipped = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text)

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  return typeof value === 'string' ? `"${clipped(value)}"` : String(value)
}
