// For: telling broken references of a program in the same pass as faults of its form.
// In: a document that departs from the schema. Out: a copy without the parts that do, to be checked for its meaning,
// and a way to report what is found there that keeps quiet about echoes of the missing parts.
import type { TSchema } from 'typebox'
import type { Program } from './schema.ts'
import { type Departure, departures, isMap, type Report } from './shape.ts'
import type { Path } from './source.ts'

const removed = Symbol('removed')
/** Every round removes something around what the last one removed, so that nesting bounds them; see source.ts. */
const mostRounds = 50
/** What gives a thing the name that others refer to it by. */
const naming = ['id', 'key', 'value', 'as']

export interface Readable {
  program: Program
  /** Passes on what is said of this program, with the place where it stands in the whole document. */
  reporting(report: Report): Report
}

/** @returns undefined when nothing can be said of the rest, since names that it refers to may be among the unread */
export function readablePart(schema: TSchema, whole: unknown): Readable | undefined {
  if (!isMap(whole)) return undefined
  // Aliases make parts of a document one object; what is removed here shall still stand there.
  const document = JSON.parse(JSON.stringify(whole)) as Record<string, unknown>
  const places = new WeakMap<unknown[], number[]>()
  const unread = new Set<string>()
  const gaps = new Set<string>()
  for (let round = 0; round < mostRounds; round++) {
    const found = [...departures(schema, document)]
    if (found.length === 0) {
      return { program: document as unknown as Program, reporting: quiet(document, places, { unread, gaps }) }
    }
    if (round === 0 && found.some((each) => leavesUnknown(document, each, found))) return undefined
    if (round === 0) for (const { path } of found) gaps.add(JSON.stringify(path.slice(0, -1)))
    for (const { path, meant = [] } of found) {
      for (const name of meant) unread.add(name)
      if (path.length > 0) remove(document, path, unread)
      else if (!fillIn(document, schema)) return undefined
    }
    closeUp(document, places)
  }
  return undefined
}

/** True when names were meant to stand there, and the document does not tell which. Under a misspelt key they stand. */
function leavesUnknown(
  document: unknown,
  { path, missing, hidesNames }: Departure,
  all: readonly Departure[],
) {
  const name = missing ?? path.at(-1)
  if (naming.includes(String(name))) return true
  // An item of a list of names.
  if (typeof name === 'number' && typeof at(document, path) !== 'string' && !isMap(at(document, path)))
    return true
  if (!hidesNames) return false
  const beside = (other: Departure) =>
    other.missing === undefined &&
    other.path.length === path.length + 1 &&
    path.every((step, index) => step === other.path[index]) &&
    typeof at(document, other.path) === 'object'
  return missing === undefined || !all.some(beside)
}

const at = (document: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
    document,
  )

function remove(document: unknown, path: Path, unread: Set<string>): void {
  const parent = at(document, path.slice(0, -1))
  const last = path.at(-1)!
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, last)) return
  const holder = parent as Record<string | number, unknown>
  if (typeof last === 'string') unread.add(last)
  noteNames(holder[last], unread)
  if (Array.isArray(parent)) parent[Number(last)] = removed
  else delete holder[last]
}

/** What others may refer to by name: keys and short texts. */
function noteNames(value: unknown, unread: Set<string>): void {
  if (typeof value === 'string' && value.length <= 200) unread.add(value)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      if (!Array.isArray(value)) unread.add(key)
      noteNames(each, unread)
    }
  }
}

/** A section that is missing as a whole is taken to be empty; without a workspace there are no languages to check by. */
function fillIn(document: Record<string, unknown>, schema: TSchema): boolean {
  const { required = [], properties = {} } = schema as {
    required?: string[]
    properties?: Record<string, { const?: unknown; patternProperties?: object }>
  }
  for (const name of required.filter((each) => !Object.hasOwn(document, each))) {
    const section = properties[name] ?? {}
    if (section.patternProperties) document[name] = {}
    else if ('const' in section) document[name] = section.const
    else return false
  }
  return true
}

/** Closes the gaps in lists and notes at which place each item stood. */
function closeUp(value: unknown, places: WeakMap<unknown[], number[]>): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value) && value.includes(removed)) {
    const stood = places.get(value) ?? [...value.keys()]
    const kept = [...value.keys()].filter((index) => value[index] !== removed)
    places.set(
      value,
      kept.map((index) => stood[index]!),
    )
    value.splice(0, value.length, ...kept.map((index) => value[index]))
  }
  for (const each of Object.values(value)) closeUp(each, places)
}

/** What names a part that could not be read, or is said of a thing that lacks it, is an echo: the part is there, only
 * not in its right form.
 */
const quiet =
  (
    document: unknown,
    places: WeakMap<unknown[], number[]>,
    { unread, gaps }: { unread: ReadonlySet<string>; gaps: ReadonlySet<string> },
  ) =>
  (report: Report): Report =>
  (path, message, where, offset) => {
    const names = [...message.matchAll(/"([^"]*)"|[\w$]+(?:\.[\w$]+)+/g)].map(
      ([all, quoted]) => quoted ?? all,
    )
    if (names.some((name) => unread.has(name) || name.split('.').some((part) => unread.has(part)))) return
    let here: unknown = document
    const stood = path.map((step) => {
      const place = Array.isArray(here) ? places.get(here)?.[Number(step)] : undefined
      here = (here as Record<string | number, unknown> | undefined)?.[step]
      return place ?? step
    })
    if (!gaps.has(JSON.stringify(stood))) report(stood, message, where, offset)
  }
