// For: fields that are computed from others of the same contact, account or transaction.
// In: the values, and the program's derivations in CEL. Out: the values with the derived ones made anew.
import type { ASTNode } from '@marcbachmann/cel-js'
import { compileExpression, parseCondition, timeFields } from './conditions.ts'
import type { Value, Values } from './context.ts'
import { oncePerProgram } from './once.ts'
import type { Program, ProgramField } from './schema.ts'
import { contactNameOf } from './scope.ts'

/** 'contact', 'account', or a transaction type. */
export type FieldScope = string

interface Derivation {
  name: string
  field: ProgramField
  evaluate(variables: Record<string, unknown>): unknown
}

interface Plan {
  variable: string
  times: string[]
  derivations: Derivation[]
}

const planOf = oncePerProgram(makePlan)

/** Recomputes the derived fields of one contact, account or transaction.
 * @param fields values as stored; those of derived fields are thrown away first
 * @param now what `now` means in a derivation
 * @returns all fields; one whose derivation fails, or does not give the declared type, is left out
 */
export function deriveFields(program: Program, scope: FieldScope, fields: Values, now: Date): Values {
  const plan = planOf(program, scope)
  if (plan.derivations.length === 0) return fields
  const result: Values = { ...fields }
  for (const { name } of plan.derivations) delete result[name]
  const subject: Record<string, unknown> = { ...result }
  for (const name of plan.times) {
    const value = subject[name]
    if (typeof value === 'string') subject[name] = new Date(value)
  }
  const variables = { [plan.variable]: subject, now }
  for (const { name, field, evaluate } of plan.derivations) {
    let computed: unknown
    try {
      computed = evaluate(variables)
    } catch {
      // A part of it is not known yet; the field comes when it is.
      continue
    }
    const value = storable(computed, field)
    if (value === undefined) continue
    result[name] = value
    subject[name] = field.type === 'time' ? computed : value
  }
  return result
}

export function fieldsOf(program: Program, scope: FieldScope): Record<string, ProgramField> {
  if (scope === 'contact') return program.contacts?.fields ?? {}
  if (scope === 'account') return program.accounts?.fields ?? {}
  const { transactions = {} } = program
  return Object.hasOwn(transactions, scope) ? (transactions[scope]?.fields ?? {}) : {}
}

/** The fields of `variable` that an expression speaks of. */
export function fieldsSpokenOf(ast: ASTNode, variable: string): Set<string> {
  const found = new Set<string>()
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each)
      return
    }
    if (typeof node !== 'object' || node === null || !('op' in node)) return
    const { op, args } = node as { op: string; args: unknown }
    if ((op === '.' || op === '[]') && Array.isArray(args)) {
      const [subject, field] = args as [
        { op?: string; args?: unknown },
        string | { op?: string; args?: unknown },
      ]
      const name = typeof field === 'string' ? field : field.op === 'value' ? field.args : undefined
      if (subject.op === 'id' && subject.args === variable && typeof name === 'string') found.add(name)
    }
    visit(args)
  }
  visit(ast)
  return found
}

/** Derived fields, each after those it needs; those that need each other in a circle are told apart. */
export function derivationOrder(
  fields: Record<string, ProgramField>,
  variable: string,
): { order: string[]; circles: string[][] } {
  const needs = new Map<string, string[]>()
  for (const [name, { derive }] of Object.entries(fields)) {
    if (derive === undefined) continue
    try {
      needs.set(name, [...fieldsSpokenOf(parseCondition(derive), variable)])
    } catch {
      needs.set(name, [])
    }
  }
  const order: string[] = []
  const circles: string[][] = []
  const done = new Set<string>()
  const visit = (name: string, trail: string[]): void => {
    if (!needs.has(name) || done.has(name)) return
    const at = trail.indexOf(name)
    if (at >= 0) {
      circles.push([...trail.slice(at), name])
      return
    }
    for (const needed of needs.get(name)!) visit(needed, [...trail, name])
    if (!done.has(name)) order.push(name)
    done.add(name)
  }
  for (const name of needs.keys()) visit(name, [])
  return { order, circles }
}

function makePlan(program: Program, scope: FieldScope): Plan {
  const fields = fieldsOf(program, scope)
  const variable = scope === 'contact' ? contactNameOf(program) : scope
  const derivations = derivationOrder(fields, variable).order.map((name): Derivation => {
    const field = fields[name]!
    return { name, field, evaluate: compileExpression(field.derive!) }
  })
  return { variable, times: timeFields(fields), derivations }
}

function storable(value: unknown, field: ProgramField): Value | undefined {
  switch (field.type) {
    case 'number': {
      const number = typeof value === 'bigint' ? Number(value) : value
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'time':
      return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined
    case 'text':
    case 'category':
      if (typeof value !== 'string' || value === '') return undefined
      return field.values && !field.values.includes(value) ? undefined : value
  }
}
