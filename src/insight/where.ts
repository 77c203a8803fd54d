// For: the same condition for one customer at a time and for ten million at once.
// In: CEL over the fields that can be asked by. Out: a ClickHouse condition with named parameters.
// A part that is missing makes CEL fail and SQL null; both carry it through and/or/not alike (Kleene), so that a row
// is in exactly when CEL says true.
import type { ASTNode } from '@marcbachmann/cel-js'
import { suggestion } from '../base/nearest.ts'
import { ConditionFailed, parseCondition } from '../program/conditions.ts'
import { impossibleValue } from '../program/expressions.ts'
import type { AskField } from './fields.ts'
import { identifier, type Parameters } from './parameters.ts'
import { arithmetic, call, type Kind, kindWords, method, type Sql, wrong } from './where-functions.ts'

/** Conditions that hold together. */
export interface Where {
  open: string[]
  /** Those that read a field by which single people are told apart. */
  protecting: string[]
}

/** Compiles a condition.
 * @param fields by id, those that the asked kind of fact has
 * @param now what `now` means
 * @throws Refusal ask.invalid for what is no CEL, no field (naming the nearest), of the wrong type or has no SQL
 */
export function whereSql(
  cel: string,
  fields: ReadonlyMap<string, AskField>,
  parameters: Parameters,
  now: Date,
): Where {
  try {
    const where: Where = { open: [], protecting: [] }
    for (const each of allOf(parseCondition(withFrozenPaths(cel)))) {
      const scene: Scene = { fields, parameters, now, read: new Set() }
      const { kind, sql } = compile(each, scene)
      if (kind !== 'boolean') throw wrong('the condition has to give true or false')
      const protects = [...scene.read].some((field) => field.protects)
      where[protects ? 'protecting' : 'open'].push(sql)
    }
    return where
  } catch (error) {
    if (error instanceof ConditionFailed) throw wrong(error.message)
    throw error
  }
}

/** What all has to hold; true as a whole exactly when each part is. */
const allOf = (node: ASTNode): ASTNode[] =>
  node.op === '&&' ? [...allOf(node.args[0]), ...allOf(node.args[1])] : [node]

/** `order.outcome@frozen`, as fields are written elsewhere, is `frozen.order.outcome` in CEL. */
function withFrozenPaths(cel: string): string {
  return cel.replace(
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b([A-Za-z]\w*)\.([A-Za-z]\w*)@frozen\b/g,
    (whole, scope?: string, field?: string) => (scope ? `frozen.${scope}.${field}` : whole),
  )
}

export interface Scene {
  fields: ReadonlyMap<string, AskField>
  parameters: Parameters
  now: Date
  /** The fields that were met. */
  read: Set<AskField>
}

const comparisons: Record<string, string> = {
  '==': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

function compile(node: ASTNode, scene: Scene): Sql {
  // Nothing would be found, which looks like a number that is zero.
  const impossible = impossibleValue(node, (each) => fieldAt(pathOf(each), scene)?.values)
  if (impossible) throw wrong(impossible.message)
  switch (node.op) {
    case 'value':
      return literal(node.args, scene)
    case 'id':
    case '.':
      return reference(node, scene)
    case '&&':
    case '||':
      return {
        kind: 'boolean',
        sql: `(${truth(node.args[0], scene)} ${node.op === '&&' ? 'and' : 'or'} ${truth(node.args[1], scene)})`,
      }
    case '!_':
      return { kind: 'boolean', sql: `(not ${truth(node.args, scene)})` }
    case '-_': {
      const value = compile(node.args, scene)
      if (value.kind !== 'number' && value.kind !== 'int') throw wrong('only a number can be negative')
      return { ...value, sql: `(-${value.sql})` }
    }
    case '?:':
      return choice(node.args, scene)
    case 'in':
      return membership(node.args[0], node.args[1], scene)
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(node.op, compile(node.args[0], scene), compile(node.args[1], scene))
    case '+':
    case '-':
    case '*':
    case '/':
      return arithmetic(node.op, compile(node.args[0], scene), compile(node.args[1], scene))
    case 'call':
      if (node.args[0] === 'has') return presence(node.args[1], scene)
      return call(
        node.args[0],
        node.args[1].map((each) => compileArgument(each, scene)),
        scene.parameters,
      )
    case 'rcall':
      return method(
        node.args[0],
        compile(node.args[1], scene),
        node.args[2].map((each) => compileArgument(each, scene)),
        scene.parameters,
      )
    default:
      throw wrong(`"${node.op}" cannot be asked of the facts`)
  }
}

/** A text literal keeps its value beside its SQL: durations and time zones are read when the query is made. */
const compileArgument = (node: ASTNode, scene: Scene): Sql =>
  node.op === 'value' && typeof node.args === 'string'
    ? { ...compile(node, scene), text: node.args }
    : compile(node, scene)

function truth(node: ASTNode, scene: Scene): string {
  const value = compile(node, scene)
  if (value.kind !== 'boolean') throw wrong('and, or and not stand between conditions')
  return value.sql
}

function literal(value: unknown, { parameters }: Scene): Sql {
  if (typeof value === 'string') return { kind: 'text', sql: parameters.add('String', value) }
  if (typeof value === 'boolean') return { kind: 'boolean', sql: value ? 'true' : 'false' }
  if (typeof value === 'number') return { kind: 'number', sql: parameters.add('Float64', value) }
  if (typeof value === 'bigint') return { kind: 'int', sql: parameters.add('Int64', value.toString()) }
  throw wrong('what is missing is found with has(), not with null')
}

const kinds: Record<AskField['type'], Kind> = {
  text: 'text',
  category: 'text',
  number: 'number',
  boolean: 'boolean',
  time: 'time',
  list: 'list',
}

function pathOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args
  if (node.op !== '.') return undefined
  const before = pathOf(node.args[0])
  return before === undefined ? undefined : `${before}.${node.args[1]}`
}

// In a program's conditions these stand under a name of their own; here they may be written either way.
const alike: Record<string, string> = {
  'unit.key': 'unit',
  'employee.key': 'employee',
  'response.survey': 'survey',
  'response.touchpoint': 'touchpoint',
  'response.language': 'language',
  'response.wayIn': 'wayIn',
  themes: 'theme',
}

const idOf = (path: string) =>
  path.startsWith('frozen.') ? `${path.slice('frozen.'.length)}@frozen` : (alike[path] ?? path)

const fieldAt = (path: string | undefined, { fields }: Scene): AskField | undefined =>
  path === undefined ? undefined : fields.get(idOf(path))

function fieldOf(node: ASTNode, scene: Scene): AskField {
  const path = pathOf(node)
  if (path === undefined) throw wrong('a field is written as names with points between')
  const field = fieldAt(path, scene)
  if (field) {
    scene.read.add(field)
    return field
  }
  const id = idOf(path)
  throw wrong(`there is no field "${id}" here${suggestion(id, [...scene.fields.keys()])}`)
}

function reference(node: ASTNode, scene: Scene): Sql {
  if (node.op === 'id' && node.args === 'now') return { kind: 'time', sql: scene.parameters.time(scene.now) }
  const field = fieldOf(node, scene)
  const column = identifier(field.column)
  // A list is never null in the store; an empty one is a question nobody answered.
  if (field.type === 'list') {
    return { kind: 'list', sql: column, missing: field.always ? 'false' : `empty(${column})` }
  }
  return { kind: kinds[field.type], sql: column }
}

function presence(args: readonly ASTNode[], scene: Scene): Sql {
  const [node] = args
  if (!node || args.length !== 1 || node.op !== '.')
    throw wrong('has() takes one field, such as order.deliveredAt')
  const field = fieldOf(node, scene)
  const column = identifier(field.column)
  return { kind: 'boolean', sql: field.type === 'list' ? `notEmpty(${column})` : `isNotNull(${column})` }
}

const isNumber = (kind: Kind) => kind === 'number' || kind === 'int'

function comparison(op: string, left: Sql, right: Sql): Sql {
  const comparable = left.kind === right.kind || (isNumber(left.kind) && isNumber(right.kind))
  if (!comparable) throw wrong(`${kindWords[left.kind]} cannot be compared with ${kindWords[right.kind]}`)
  if (left.kind === 'list') throw wrong('lists are asked with "in"')
  if (left.kind === 'boolean' && op !== '==' && op !== '!=')
    throw wrong(`"${op}" has no meaning for true and false`)
  return { kind: 'boolean', sql: `(${left.sql} ${comparisons[op]} ${right.sql})` }
}

/** SQL's own if() takes a missing condition for false; CEL fails. */
function choice(args: readonly [ASTNode, ASTNode, ASTNode], scene: Scene): Sql {
  const condition = truth(args[0], scene)
  const [left, right] = [compile(args[1], scene), compile(args[2], scene)]
  if (left.kind !== right.kind) throw wrong('both ends of ?: have to be of one type')
  return {
    kind: left.kind,
    sql: `if(isNull(${condition}), null, if(${condition}, ${left.sql}, ${right.sql}))`,
  }
}

function membership(value: ASTNode, list: ASTNode, scene: Scene): Sql {
  const left = compile(value, scene)
  if (list.op !== 'list') {
    const right = compile(list, scene)
    if (right.kind !== 'list' || left.kind !== 'text') throw wrong('"in" takes a list, such as ["SP", "RJ"]')
    return {
      kind: 'boolean',
      sql: `if(${right.missing} or isNull(${left.sql}), null, has(${right.sql}, assumeNotNull(${left.sql})))`,
    }
  }
  const literals = list.args.map((each) => (each.op === 'value' ? each.args : undefined))
  const text = left.kind === 'text' && literals.every((each) => typeof each === 'string')
  const numbers =
    isNumber(left.kind) && literals.every((each) => typeof each === 'number' || typeof each === 'bigint')
  if (!text && !numbers) throw wrong(`"in" takes a list of values of one type here`)
  const placeholder = text
    ? scene.parameters.add('Array(String)', literals)
    : scene.parameters.add('Array(Float64)', literals.map(Number))
  // A missing value makes IN null, as it makes CEL fail.
  return { kind: 'boolean', sql: `(${left.sql} in ${placeholder})` }
}
