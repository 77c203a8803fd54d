// For: type-checking CEL against what the program declares, and telling a mistake in the program's own words.
// In: an expression, the scope it is judged in, and the type it must give.
// Out: the problem with its character offset, or nothing.
import type { ASTNode, Environment } from '@marcbachmann/cel-js'
import { nearest, suggestion } from '../base/nearest.ts'
import { celEnvironment } from './conditions.ts'
import type { FieldType, Scope, ScopeField } from './scope.ts'

export interface ExpressionProblem {
  message: string
  offset: number
}

/** Variables of one kind of condition. A field of undefined type may be anything. */
export type Names = Map<string, Record<string, ScopeField | undefined>>

/** Variables that have no fields, such as a list of themes. */
export type PlainNames = ReadonlyMap<string, ScopeField>

const celTypes: Record<FieldType, string> = {
  text: 'string',
  category: 'string',
  number: 'double',
  boolean: 'bool',
  time: 'google.protobuf.Timestamp',
  list: 'list<string>',
}

const plainTypes: Record<string, string> = {
  string: 'text',
  double: 'a number',
  int: 'a number',
  bool: 'true or false',
  'google.protobuf.Timestamp': 'a time',
  'google.protobuf.Duration': 'a span of time',
  'list<string>': 'a list of texts',
}

/** Checks expressions of one scope; made once for each scope, for making it costs more than checking. */
export class ExpressionChecker {
  readonly #names: Names
  readonly #plain: PlainNames
  readonly #environment: Environment

  /** @param base a checker whose names hold here too */
  constructor(names: Names | Scope, base?: ExpressionChecker, plain: PlainNames = new Map()) {
    this.#names = base ? new Map([...base.#names, ...names]) : names
    this.#plain = base ? new Map([...base.#plain, ...plain]) : plain
    this.#environment = base ? base.#environment.clone() : checkingEnvironment()
    for (const [name, fields] of names) {
      const schema = Object.fromEntries(
        Object.entries(fields).map(([field, type]) => [field, type ? celTypes[type.type] : 'dyn']),
      )
      if (Object.keys(schema).length > 0) this.#environment.registerVariable({ name, schema })
    }
    for (const [name, { type }] of plain) this.#environment.registerVariable(name, celTypes[type])
  }

  /** @param wanted the type it must give; a condition gives boolean */
  problem(cel: string, wanted: FieldType, values?: readonly string[]): ExpressionProblem | undefined {
    let ast: ASTNode
    try {
      ast = this.#environment.parse(cel).ast
    } catch (error) {
      return this.#explain(cel, error)
    }
    const unknown = this.#unknownName(ast)
    if (unknown) return unknown
    const { valid, type, error } = this.#environment.check(cel)
    if (!valid) return this.#explain(cel, error)
    if (type !== undefined && type !== 'dyn' && !fits(type, wanted)) {
      const expected = wanted === 'boolean' ? 'a condition (true or false)' : plainTypes[celTypes[wanted]]
      return { message: `expected ${expected}, but this gives ${plainTypes[type] ?? type}`, offset: 0 }
    }
    return this.#impossibleValue(ast) ?? impossiblePattern(ast) ?? (values && wrongResult(ast, values))
  }

  /** The first name or field that is not declared, wherever it stands. */
  #unknownName(ast: ASTNode): ExpressionProblem | undefined {
    return firstIn(ast, (node) => {
      if (node.op !== '.') return undefined
      const [subject, field] = node.args
      if (subject.op !== 'id') return undefined
      const fields = this.#names.get(subject.args)
      if (!fields || Object.hasOwn(fields, field)) return undefined
      const message = `${subject.args} has no field "${field}"${suggestion(field, Object.keys(fields))}`
      return { message, offset: node.pos >= 0 ? Math.max(node.range.end - field.length, 0) : 0 }
    })
  }

  #impossibleValue(ast: ASTNode): ExpressionProblem | undefined {
    return firstIn(ast, (node) => impossibleValue(node, (each) => this.#fieldOf(each)?.values))
  }

  #fieldOf(node: ASTNode): ScopeField | undefined {
    if (node.op === 'id') return this.#plain.get(node.args)
    if (node.op !== '.' || node.args[0].op !== 'id') return undefined
    const fields = this.#names.get(node.args[0].args)
    return fields && Object.hasOwn(fields, node.args[1]) ? fields[node.args[1]] : undefined
  }

  #explain(cel: string, error: unknown): ExpressionProblem {
    const { code, summary, message, range } = error as {
      code?: string
      summary?: string
      message?: string
      range?: { start: number; end: number }
    }
    const offset = range?.start ?? 0
    const text = summary ?? message?.split('\n')[0] ?? 'cannot be understood'
    if (code === 'unknown_variable') {
      const name = cel.slice(offset, range?.end)
      const known = [...this.#names.keys(), ...this.#plain.keys(), 'now']
      return { message: `unknown name "${name}"${suggestion(name, known)}`, offset }
    }
    const overload = /^no such overload: (?:(.+) (\S+) (.+)|(\S)(.+))$/.exec(text)
    if (overload?.[2] !== undefined) {
      const [, left, operator, right] = overload
      return { message: `${operator} does not go with ${plain(left!)} and ${plain(right!)}`, offset }
    }
    return { message: `not valid CEL: ${text}`, offset }
  }
}

/** A comparison with a text that is none of the declared values can never be true.
 * @param valuesOf the only values that the field a node names can have; undefined where it may have any
 * @returns nothing also for what is no comparison
 */
export function impossibleValue(
  node: ASTNode,
  valuesOf: (node: ASTNode) => readonly string[] | undefined,
): ExpressionProblem | undefined {
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return undefined
  const [left, right] = node.args
  const pairs: Array<[ASTNode, ASTNode]> = [
    [left, right],
    [right, left],
  ]
  for (const [subject, other] of pairs) {
    const values = valuesOf(subject)
    if (!values) continue
    for (const literal of other.op === 'list' ? other.args : [other]) {
      if (literal.op !== 'value' || typeof literal.args !== 'string' || values.includes(literal.args))
        continue
      const near = nearest(literal.args, values)
      const end = near ? `; did you mean "${near}"?` : `; there is ${values.join(', ')}`
      return { message: `"${literal.args}" is none of its values${end}`, offset: literal.range.start }
    }
  }
  return undefined
}

/** A pattern that is written out and is none would fail each time it is judged. */
const impossiblePattern = (ast: ASTNode) =>
  firstIn(ast, (node) => {
    if (node.op !== 'rcall' || node.args[0] !== 'matches') return undefined
    const [pattern] = node.args[2]
    if (pattern?.op !== 'value' || typeof pattern.args !== 'string') return undefined
    try {
      new RegExp(pattern.args)
      return undefined
    } catch {
      return { message: `"${pattern.args}" is no pattern (regular expression)`, offset: pattern.range.start }
    }
  })

function checkingEnvironment(): Environment {
  return celEnvironment(false)
    .registerOperator('double in list<int>', () => true)
    .registerVariable('now', 'google.protobuf.Timestamp')
}

const plain = (type: string) => plainTypes[type] ?? type

function fits(type: string, wanted: FieldType): boolean {
  return wanted === 'number' ? type === 'double' || type === 'int' : type === celTypes[wanted]
}

/** A text the expression can give that is none of the category's values. */
function wrongResult(ast: ASTNode, values: readonly string[]): ExpressionProblem | undefined {
  if (ast.op === '?:') return wrongResult(ast.args[1], values) ?? wrongResult(ast.args[2], values)
  if (ast.op !== 'value' || typeof ast.args !== 'string' || values.includes(ast.args)) return undefined
  return { message: `"${ast.args}" is none of its values: ${values.join(', ')}`, offset: ast.range.start }
}

function firstIn(
  node: unknown,
  look: (node: ASTNode) => ExpressionProblem | undefined,
): ExpressionProblem | undefined {
  if (Array.isArray(node)) {
    for (const each of node) {
      const found = firstIn(each, look)
      if (found) return found
    }
    return undefined
  }
  if (typeof node !== 'object' || node === null || !('op' in node)) return undefined
  return look(node as ASTNode) ?? firstIn((node as ASTNode).args, look)
}
