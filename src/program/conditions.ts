// For: conditions in CEL (Common Expression Language): compiling and judging them.
// In: an expression, and variables made from a context. Out: true or false; ConditionFailed when it cannot be told.
import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import type { Context, Values } from './context.ts'
import type { Program, ProgramField } from './schema.ts'
import { contactNameOf } from './scope.ts'

/** Variable name -> its value as CEL knows it: numbers are double, times are Date. */
export type Variables = Record<string, unknown>

/** A condition that cannot be judged, such as one over a field that is missing and was not guarded by has(). */
export class ConditionFailed extends Error {
  readonly condition: string
  constructor(condition: string, reason: string) {
    super(`The condition "${condition}" cannot be judged: ${reason}`)
    this.name = 'ConditionFailed'
    this.condition = condition
  }
}

export interface VariableExtras {
  answers?: Record<string, unknown>
  event?: Values
  response?: { survey: string; touchpoint: string; language: string; wayIn: string }
  /** What the response is about, with the parents of each. */
  themes?: readonly string[]
  comment?: string | null
  /** What the customer is worth; a field that is not known is no property. */
  value?: Record<string, string | number>
  now: Date
}

const arithmetic: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}

const millisecondsADay = 86_400_000

/** Numbers of fields are double in CEL. So that `order.items == 2` needs no 2.0, both kinds may be mixed. */
export function celEnvironment(unlistedVariablesAreDyn: boolean): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 2000, maxDepth: 60, maxListElements: 1000 },
  })
  for (const [operator, work] of Object.entries(arithmetic))
    for (const kinds of [`double ${operator} int`, `int ${operator} double`])
      environment.registerOperator(kinds, (a: unknown, b: unknown) => work(Number(a), Number(b)))
  environment.registerOperator('double == int', (a: unknown, b: unknown) => Number(a) === Number(b))
  environment.registerFunction(
    'daysBetween(google.protobuf.Timestamp, google.protobuf.Timestamp): double',
    (from: Date, to: Date) => (to.getTime() - from.getTime()) / millisecondsADay,
  )
  return environment
}

/** Judges everything; what the expressions may speak of was settled when the program was checked. */
const runtime = celEnvironment(true)

const reasonOf = (error: unknown) => (error as Error).message.split('\n')[0] ?? 'unknown'

/** Compiles an expression to a function of its variables, giving CEL's value.
 * @throws ConditionFailed when it is no CEL, and from the function when a part of it is missing
 */
export function compileExpression(cel: string): (variables: Variables) => unknown {
  try {
    const compiled = runtime.parse(cel)
    return (variables) => {
      // Thousands of rows may lack a field, and their stacks, which say nothing, cost several times the judging.
      const { stackTraceLimit } = Error
      Error.stackTraceLimit = 0
      try {
        return compiled(variables)
      } catch (error) {
        throw new ConditionFailed(cel, reasonOf(error))
      } finally {
        Error.stackTraceLimit = stackTraceLimit
      }
    }
  } catch (error) {
    throw new ConditionFailed(cel, reasonOf(error))
  }
}

/** As compileExpression, for a condition: anything but true or false is a failure. */
export function compileCondition(cel: string): (variables: Variables) => boolean {
  const evaluate = compileExpression(cel)
  return (variables) => {
    const result = evaluate(variables)
    if (typeof result !== 'boolean') throw new ConditionFailed(cel, 'it gives no true or false')
    return result
  }
}

/** The syntax tree of an expression, for those that translate it (to SQL) or look for what it speaks of. */
export function parseCondition(cel: string): ASTNode {
  try {
    return runtime.parse(cel).ast
  } catch (error) {
    throw new ConditionFailed(cel, reasonOf(error))
  }
}

/** Makes variables of contexts of one program; every declared name is there, so that has() can be asked of it. */
export function variableMaker(program: Program): (context: Context, extras: VariableExtras) => Variables {
  const contactName = contactNameOf(program)
  const contactTimes = timeFields(program.contacts?.fields)
  const accountTimes = timeFields(program.accounts?.fields)
  const transactionTimes = new Map(
    Object.entries(program.transactions ?? {}).map(([type, each]) => [type, timeFields(each.fields)]),
  )
  const transactionTypes = [...transactionTimes.keys()]
  const eventTimes = new Set(Object.values(program.events).flatMap((each) => timeFields(each.fields)))
  return (context, extras) => {
    const { contact, account, transaction, unit, employee } = context
    const variables: Variables = {
      [contactName]: contact
        ? withTimes(contact.fields, contactTimes, { key: contact.key, language: contact.language })
        : {},
      account: account
        ? withTimes(account.fields, accountTimes, { key: account.key, name: account.name })
        : {},
      unit: unit ?? {},
      employee: employee ? present({ key: employee.key, name: employee.name }) : {},
      answers: extras.answers ?? {},
      event: extras.event ? withTimes(extras.event, eventTimes, {}) : {},
      response: extras.response ?? {},
      themes: extras.themes ?? [],
      comment: extras.comment ?? '',
      value: extras.value ?? {},
      now: extras.now,
    }
    for (const type of transactionTypes) variables[type] = {}
    if (transaction)
      variables[transaction.type] = withTimes(
        transaction.fields,
        transactionTimes.get(transaction.type) ?? [],
        { key: transaction.key },
      )
    return variables
  }
}

export function timeFields(fields: Record<string, ProgramField> | undefined): string[] {
  return Object.entries(fields ?? {}).flatMap(([name, field]) => (field.type === 'time' ? [name] : []))
}

function withTimes(
  fields: Values,
  times: Iterable<string>,
  own: Record<string, string | undefined>,
): Record<string, unknown> {
  const all: Record<string, unknown> = { ...fields, ...present(own) }
  for (const name of times) {
    const value = all[name]
    if (typeof value === 'string') all[name] = new Date(value)
  }
  return all
}

function present(own: Record<string, string | undefined>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name in own) if (own[name] !== undefined) kept[name] = own[name]
  return kept
}
