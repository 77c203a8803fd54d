// For: reading a program's YAML files into one document that remembers where everything was written.
// In: files as text, from a folder or from the portal's editor; nothing in them is trusted.
// Out: the merged document, the place of every value, and what was wrong with the YAML itself.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar, type YAMLMap } from 'yaml'

export interface SourceFile {
  path: string
  text: string
}

/** Something wrong in a program: where it stands, and what was expected. Lines and columns count from 1. */
export interface ProgramFault {
  file: string
  line: number
  column: number
  /** The path in the document, such as surveys.delivery.questions[0].kind */
  where: string
  message: string
}

export type Path = ReadonlyArray<string | number>

interface Place {
  file: string
  line: number
  column: number
  /** How far into the place a text on one line begins; undefined when columns within it cannot be told. */
  inset?: number
}

export const limits = { files: 200, characters: 1_000_000, values: 100_000, depth: 40, faults: 200 }

const notUtf8 = 'expected UTF-8; a character was lost here: save the file as UTF-8'

/** A limit or rule of ours that the YAML broke; ends the reading of its file. */
class Unreadable extends Error {
  readonly at: unknown
  constructor(message: string, at: unknown) {
    super(message)
    this.at = at
  }
}

export class Source {
  readonly document: Record<string, unknown> = Object.create(null)
  readonly faults: ProgramFault[] = []
  readonly #values = new Map<string, Place>()
  readonly #keys = new Map<string, Place>()
  readonly #firstFile: string
  #count = 0

  constructor(files: readonly SourceFile[]) {
    this.#firstFile = files[0]?.path ?? 'program.yaml'
    const tooMany = files.length > limits.files
    if (files.length === 0) this.faults.push(this.fault([], 'expected at least one YAML file'))
    else if (tooMany) this.faults.push(this.fault([], `expected at most ${limits.files} files`))
    else for (const [index, file] of files.entries()) this.#read(file, files.slice(0, index))
  }

  /** A fault at a value (or its key); what is missing is told where it should have stood.
   * @param offset characters into the text at `path`, for faults within an expression
   */
  fault(path: Path, message: string, at: 'key' | 'value' = 'value', offset = 0): ProgramFault {
    const where = pathText(path)
    for (let length = path.length; length > 0; length--) {
      const here = pointer(path.slice(0, length))
      const exact = length === path.length
      const value = this.#values.get(here)
      const place =
        exact && at === 'value' ? (value ?? this.#keys.get(here)) : (this.#keys.get(here) ?? value)
      if (!place) continue
      const within = exact && at === 'value' && place.inset !== undefined ? place.inset + offset : 0
      return { file: place.file, line: place.line, column: place.column + within, where, message }
    }
    return { file: this.#firstFile, line: 1, column: 1, where, message }
  }

  #read(file: SourceFile, earlier: readonly SourceFile[]): void {
    const lines = new LineCounter()
    const report = (offset: number, message: string) => {
      const { line, col } = lines.linePos(Math.max(offset, 0))
      this.faults.push({
        file: file.path,
        line: Math.max(line, 1),
        column: Math.max(col, 1),
        where: '',
        message,
      })
    }
    if (file.text.length > limits.characters)
      return void report(0, `expected at most ${limits.characters} characters in one file`)
    if (!isPath(file.path))
      return void report(0, 'expected a relative path of letters, such as surveys/visit.yaml')
    if (earlier.some((other) => other.path === file.path)) return void report(0, 'this file is there twice')
    if (!isStorable(file.text))
      return void report(0, 'expected text of valid Unicode without the character 0')
    // What stands for bytes that are no UTF-8; customers would read it.
    const lost = file.text.indexOf('\uFFFD')
    if (lost >= 0) {
      const before = file.text.slice(0, lost).split('\n')
      const [line, column] = [before.length, (before.at(-1) as string).length + 1]
      return void this.faults.push({ file: file.path, line, column, where: '', message: notUtf8 })
    }
    try {
      // The library compares every key with every other; the check in #fill is linear.
      const parsed = parseDocument(file.text, {
        lineCounter: lines,
        stringKeys: true,
        prettyErrors: false,
        uniqueKeys: false,
        logLevel: 'error',
      })
      // What follows the first few mistakes is mostly their echo.
      for (const error of parsed.errors.slice(0, 3))
        report(
          error.pos[0],
          error.code === 'MULTIPLE_DOCS'
            ? 'a second document begins here; expected one in each file'
            : `not valid YAML: ${error.message}`,
        )
      const root: unknown = parsed.contents
      if (parsed.errors.length > 0 || root === null || (isScalar(root) && root.value === null)) return
      if (!isMap(root)) throw new Unreadable('expected a map of keys and values', root)
      this.#fill(root, this.document, [], { file: file.path, lines, anchors: new Map(), open: new Set() })
    } catch (error) {
      if (error instanceof Unreadable) report(startOf(error.at), error.message)
      else if (error instanceof RangeError) report(0, `expected at most ${limits.depth} levels in each other`)
      else throw error
    }
  }

  #fill(map: YAMLMap, target: Record<string, unknown>, path: Path, reading: Reading): void {
    const seen = new Set<string>()
    for (const pair of map.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : undefined
      if (name === undefined) throw new Unreadable('expected a text as key', pair.key)
      const here = [...path, name]
      const place = placeOf(pair.key, reading)
      const earlier = this.#keys.get(pointer(here))
      if (!isStorable(name)) throw new Unreadable('expected a key of valid Unicode', pair.key)
      if (name === '__proto__') throw new Unreadable('"__proto__" cannot be a key', pair.key)
      // In { en: Solved, says the customer } the comma ends the text, and what follows would be lost unseen.
      if (map.flow && pair.value === null)
        throw new Unreadable(`"${name}" has no value; a text that holds a comma stands in quotes`, pair.key)
      const existing = target[name]
      const node = resolved(pair.value, reading)
      const bothMaps = isMap(node) && typeof existing === 'object' && !Array.isArray(existing)
      if (earlier && (seen.has(name) || !bothMaps)) {
        // Every file may say which format it is written in.
        if (here.length === 1 && name === 'samklang' && !seen.has(name)) continue
        const message = `"${name}" is given already in ${earlier.file}, line ${earlier.line}`
        this.faults.push({ ...place, where: pathText(here), message } satisfies ProgramFault)
        if (this.faults.length >= limits.faults) throw new Unreadable('the rest is not read', pair.key)
        continue
      }
      seen.add(name)
      if (!earlier) this.#keys.set(pointer(here), place)
      if (earlier && bothMaps)
        this.#enter(node, reading, () => this.#fill(node, existing as never, here, reading))
      else target[name] = this.#value(pair.value, here, reading)
    }
  }

  #value(written: unknown, path: Path, reading: Reading): unknown {
    if (++this.#count > limits.values)
      throw new Unreadable(`expected at most ${limits.values} values in all`, written)
    if (path.length > limits.depth)
      throw new Unreadable(`expected at most ${limits.depth} levels in each other`, written)
    const node = resolved(written, reading)
    if (written) this.#values.set(pointer(path), placeOf(written, reading))
    if (isMap(node)) {
      const map: Record<string, unknown> = Object.create(null)
      this.#enter(node, reading, () => this.#fill(node, map, path, reading))
      return map
    }
    if (isSeq(node)) {
      return this.#enter(node, reading, () =>
        node.items.map((item, index) => this.#value(item, [...path, index], reading)),
      )
    }
    if (!isScalar(node)) return null
    if (node.anchor) reading.anchors.set(node.anchor, node)
    const { value } = node
    if (typeof value === 'string' && !isStorable(value))
      throw new Unreadable('expected text of valid Unicode without the character 0', node)
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
    if (typeof value === 'number' && Number.isFinite(value)) return value
    throw new Unreadable('expected a text, a finite number, true or false', node)
  }

  #enter<T>(node: { anchor?: string }, reading: Reading, work: () => T): T {
    if (node.anchor) reading.anchors.set(node.anchor, node)
    reading.open.add(node)
    const result = work()
    reading.open.delete(node)
    return result
  }
}

interface Reading {
  file: string
  lines: LineCounter
  anchors: Map<string, unknown>
  /** What is being read now, so that an alias to something around it is found out. */
  open: Set<unknown>
}

function resolved(node: unknown, reading: Reading): unknown {
  if (!isAlias(node)) return node
  const target = reading.anchors.get(node.source)
  if (!target) throw new Unreadable(`there is no anchor &${node.source} before this`, node)
  if (reading.open.has(target)) throw new Unreadable(`*${node.source} stands within itself`, node)
  return target
}

const startOf = (node: unknown): number => (node as { range?: [number] } | null)?.range?.[0] ?? 0

function placeOf(node: unknown, reading: Reading): Place {
  const { line, col } = reading.lines.linePos(startOf(node))
  const place: Place = { file: reading.file, line: Math.max(line, 1), column: Math.max(col, 1) }
  if (!isScalar(node)) return place
  if (node.type === Scalar.PLAIN) place.inset = 0
  if (node.type === Scalar.QUOTE_SINGLE || node.type === Scalar.QUOTE_DOUBLE) place.inset = 1
  return place
}

/** What `samklang program pull` may write below the folder it is given. */
const isPath = (path: string) =>
  path.length <= 200 &&
  /^[\p{L}\p{N}_][\p{L}\p{N}_. -]*(\/[\p{L}\p{N}_][\p{L}\p{N}_. -]*)*\.ya?ml$/u.test(path)

/** Neither store keeps the character 0 or half of a surrogate pair. */
const isStorable = (text: string) => !text.includes('\u0000') && text.isWellFormed()

const pointer = (path: Path) => path.join('\u0000')

/** surveys.delivery.questions[0].kind; a key that is no plain name is quoted: events."order.delivered".map */
export function pathText(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`
      const text = /^[\w-]+$/.test(part) ? part : JSON.stringify(part)
      return index === 0 ? text : `.${text}`
    })
    .join('')
}
