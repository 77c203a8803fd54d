// For: what conditions may speak of, and of which type each is.
// In: a program. Out: scopes: variable name -> field name -> type; the same names hold for Ask.
import type { Program, ProgramField, ProgramQuestion } from './schema.ts'

export { scaleOf } from './question.ts'

export type FieldType = ProgramField['type'] | 'list'

export interface ScopeField {
  type: FieldType
  /** The only values there are: of a category, or of a choice. */
  values?: readonly string[]
}

export type Scope = Map<string, Record<string, ScopeField>>

const text: ScopeField = { type: 'text' }

/** Names that conditions and Asks give a meaning of their own; neither contacts nor transactions may be called so. */
export const reservedNames: readonly string[] = [
  ...['account', 'unit', 'employee', 'answers', 'event', 'response', 'now', 'key', 'contact'],
  ...['themes', 'comment', 'value', 'theme', 'band', 'handling'],
  ...['survey', 'touchpoint', 'wayIn', 'language', 'version', 'decision', 'case', 'invitation', 'trigger'],
]

/** Names of fields that every contact, account, transaction has without declaring them. */
export const ownNames = {
  contact: ['key', 'language'],
  account: ['key', 'name'],
  transaction: ['key'],
} as const

export const contactNameOf = (program: Program): string => program.contacts?.as ?? 'customer'

function declared(fields: Record<string, ProgramField> | undefined): Record<string, ScopeField> {
  const each = Object.entries(fields ?? {}).map(([name, field]): [string, ScopeField] => [
    name,
    field.values ? { type: field.type, values: field.values } : { type: field.type },
  ])
  return Object.fromEntries(each)
}

/** What is there in every condition: the person, account, transactions, unit, employee; `now` stands beside. */
export function contextScope(program: Program): Scope {
  const scope: Scope = new Map()
  scope.set(contactNameOf(program), { key: text, language: text, ...declared(program.contacts?.fields) })
  scope.set('account', { key: text, name: text, ...declared(program.accounts?.fields) })
  for (const [type, transaction] of Object.entries(program.transactions ?? {}))
    scope.set(type, { key: text, ...declared(transaction.fields) })
  // A program without units may be fed any; with them, a condition on another can never hold.
  const keys = program.units && { values: program.units.list.map(({ key }) => key) }
  const levels = program.units && { values: program.units.levels }
  scope.set('unit', {
    ...{ key: { type: 'text', ...keys }, level: { type: 'text', ...levels }, name: text },
    path: { type: 'list', ...keys },
  })
  scope.set('employee', { key: text, name: text })
  return scope
}

/** The fields of one event type, as `event` in the trigger it sets off. */
export function eventScope(program: Program, type: string): Record<string, ScopeField> {
  return Object.hasOwn(program.events, type) ? declared(program.events[type]?.fields) : {}
}

export const responseScope: Record<string, ScopeField> = {
  survey: text,
  touchpoint: text,
  language: text,
  wayIn: text,
}

/** What a customer is worth, as `value` in recovery, praise and promoters; a field is absent while it is unknown. */
export const valueScope: Record<string, ScopeField> = {
  segment: text,
  ...Object.fromEntries(
    ['rlv', 'revenue', 'margin', 'rfm', 'recency', 'frequency', 'monetary', 'potential', 'churn'].map(
      (name): [string, ScopeField] => [name, { type: 'number' }],
    ),
  ),
}

/** The answers to these questions. One id asked as different kinds in two surveys has no certain type. */
export function answersScope(questions: readonly ProgramQuestion[]): Record<string, ScopeField | undefined> {
  const scope: Record<string, ScopeField | undefined> = {}
  for (const question of questions) {
    const field = answerField(question)
    const earlier = scope[question.id]
    const clash = Object.hasOwn(scope, question.id) && earlier?.type !== field.type
    scope[question.id] = clash ? undefined : field
  }
  return scope
}

export function answerField(question: ProgramQuestion): ScopeField {
  switch (question.kind) {
    case 'nps':
    case 'csat':
    case 'ces':
    case 'rating':
      return { type: 'number' }
    case 'choice':
      return { type: 'category', values: question.choices.map((choice) => choice.value) }
    case 'multiChoice':
      return { type: 'list', values: question.choices.map((choice) => choice.value) }
    case 'text':
      return { type: 'text' }
    case 'contactMe':
      return { type: 'boolean' }
  }
}
