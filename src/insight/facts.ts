// For: the layout of the facts: one wide table for each kind, with typed columns made from the program's fields.
// In: a program; a row of the truth as `truth.ts` reads it.
// Out: columns with their ClickHouse type and how each is read from the truth; table names; a hash of the layout.
import { sha256 } from '../base/ids.ts'
import type { Context, Values } from '../program/context.ts'
import type { Program, ProgramField, ProgramQuestion } from '../program/schema.ts'
import type { FactKind } from '../storage/outbox.ts'
import { scoredAnswer } from '../value/loyalty.ts'

/** A row of the truth, joined with what surrounds it now. */
export interface TruthRow {
  key: string
  at: Date
  survey: string
  contact_id: string | null
  account_id: string | null
  transaction_id: string | null
  unit_key: string | null
  unit_path: string[] | null
  frozen: Context | null
  now_contact: Values | null
  now_account: Values | null
  now_type: string | null
  now_transaction: Values | null
  answers?: Record<string, unknown>
  [column: string]: unknown
}

export interface FactColumn {
  name: string
  /** ClickHouse type. */
  type: string
  read(row: TruthRow): unknown
}

export const factKinds: readonly FactKind[] = ['response', 'decision', 'case']
const tableNames: Record<FactKind, string> = { response: 'responses', decision: 'decisions', case: 'cases' }

/** Each generation has tables of its own, so that a new one is filled while the old one is read. */
export function factTable(workspaceId: string, kind: FactKind, generation: number): string {
  if (!/^[0-9a-f-]{36}$/.test(workspaceId)) throw new Error('a workspace id is a UUID')
  return `w_${workspaceId.replaceAll('-', '')}_${tableNames[kind]}_${generation}`
}

const time = "DateTime64(3,'UTC')"
const word = 'LowCardinality(String)'
const nullableWord = 'LowCardinality(Nullable(String))'

export type FieldType = 'text' | 'category' | 'number' | 'boolean' | 'time'

const types: Record<FieldType, string> = {
  text: 'Nullable(String)',
  category: nullableWord,
  number: 'Nullable(Float64)',
  boolean: 'Nullable(Bool)',
  time: `Nullable(${time})`,
}

// A value of another type than declared becomes null: one bad value must not hold up the block it stands in.
const readers: Record<FieldType, (value: unknown) => unknown> = {
  text: (value) => (typeof value === 'string' ? value : null),
  category: (value) => (typeof value === 'string' ? value : null),
  number: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null),
  boolean: (value) => (typeof value === 'boolean' ? value : null),
  time: (value) => (typeof value === 'string' ? timeText(new Date(value)) : null),
}

const earliest = Date.UTC(1900, 0, 1)
const latest = Date.UTC(2299, 0, 1)

/** ISO 8601 in UTC with milliseconds; null when it lies outside what the column store can hold. */
export function timeText(at: Date | null | undefined): string | null {
  const milliseconds = at?.getTime() ?? Number.NaN
  return milliseconds >= earliest && milliseconds < latest ? (at as Date).toISOString() : null
}

/** The scopes that have fields, with the fields that may leave the truth: personal ones do not. */
export function fieldScopes(
  program: Program,
): Array<{ scope: string; fields: Array<[string, ProgramField]> }> {
  const open = (fields: Record<string, ProgramField> | undefined) =>
    Object.entries(fields ?? {}).filter(([, field]) => !field.personal)
  return [
    { scope: 'contact', fields: open(program.contacts?.fields) },
    { scope: 'account', fields: open(program.accounts?.fields) },
    ...Object.entries(program.transactions ?? {}).map(([scope, type]) => ({
      scope,
      fields: open(type.fields),
    })),
  ]
}

/** Column of a field: as frozen at the invitation (or at the answer), or as it is now. */
export const fieldColumn = (view: 'frozen' | 'now', scope: string, field: string) =>
  `${view}_${scope}_${field}`
export const answerColumn = (survey: string, question: string) => `q_${survey}_${question}`
export const levelColumn = (level: string) => `unit_${level}`

function frozenFields(context: Context | null, scope: string): Values | undefined {
  if (scope === 'contact') return context?.contact?.fields
  if (scope === 'account') return context?.account?.fields
  return context?.transaction?.type === scope ? context.transaction.fields : undefined
}

function nowFields(row: TruthRow, scope: string): Values | null | undefined {
  if (scope === 'contact') return row.now_contact
  if (scope === 'account') return row.now_account
  return row.now_type === scope ? row.now_transaction : undefined
}

function fieldColumns(program: Program): FactColumn[] {
  return fieldScopes(program).flatMap(({ scope, fields }) =>
    fields.flatMap(([name, field]): FactColumn[] => {
      const type = field.type as FieldType
      return [
        {
          name: fieldColumn('frozen', scope, name),
          type: types[type],
          read: (row) => readers[type](frozenFields(row.frozen, scope)?.[name]),
        },
        {
          name: fieldColumn('now', scope, name),
          type: types[type],
          read: (row) => readers[type](nowFields(row, scope)?.[name]),
        },
      ]
    }),
  )
}

function unitColumns(program: Program): FactColumn[] {
  const levelOf = new Map(program.units?.list.map((unit) => [unit.key, unit.level]))
  const pathOf = (row: TruthRow) => row.unit_path ?? row.frozen?.unit?.path ?? []
  return [
    { name: 'unit', type: nullableWord, read: (row) => row.unit_key },
    ...(program.units?.levels ?? []).map((level) => ({
      name: levelColumn(level),
      type: nullableWord,
      read: (row: TruthRow) => pathOf(row).find((key) => levelOf.get(key) === level) ?? null,
    })),
  ]
}

/** Type and reader of an answer, or undefined for free text, which stays in the truth. */
function answerKind(question: ProgramQuestion): { type: string; read(value: unknown): unknown } | undefined {
  switch (question.kind) {
    case 'text':
      return undefined
    case 'choice':
      return { type: nullableWord, read: readers.text }
    case 'contactMe':
      return { type: types.boolean, read: readers.boolean }
    case 'multiChoice':
      return {
        type: `Array(${word})`,
        read: (value) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []),
      }
    default:
      // All scales are whole numbers 0 to 10: one byte, nine times less to read than a Float64 with its null map.
      return {
        type: 'Nullable(UInt8)',
        read: (value) =>
          typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255 ? value : null,
      }
  }
}

function answerColumns(program: Program): FactColumn[] {
  return Object.entries(program.surveys).flatMap(([survey, { questions }]) =>
    questions.flatMap((question): FactColumn[] => {
      const kind = answerKind(question)
      if (!kind) return []
      // A partial response does not count before it is completed; as its answers are not here, no query has to ask.
      const read = (row: TruthRow) =>
        kind.read(row.survey === survey && row.state === 'completed' ? row.answers?.[question.id] : undefined)
      return [{ name: answerColumn(survey, question.id), type: kind.type, read }]
    }),
  )
}

const same = (name: string, type: string): FactColumn => ({ name, type, read: (row) => row[name] ?? null })
const moment = (name: string, type = `Nullable(${time})`): FactColumn => ({
  name,
  type,
  read: (row) => timeText(row[name] as Date | null),
})
const flag = (name: string): FactColumn => ({ name, type: 'Bool', read: (row) => row[name] === true })
const perhaps = (name: string): FactColumn => ({
  name,
  type: types.boolean,
  read: (row) => readers.boolean(row[name]),
})
const texts = (name: string): FactColumn => ({
  name,
  type: `Array(${word})`,
  read: (row) => (Array.isArray(row[name]) ? row[name] : []),
})
const amount = (name: string): FactColumn => ({
  name,
  type: types.number,
  read: (row) => readers.number(row[name]),
})

const common: FactColumn[] = [
  // A time beyond the column's range still has to be a time; it stands at the range's beginning.
  { name: 'at', type: time, read: (row) => timeText(row.at) ?? new Date(earliest).toISOString() },
  same('survey', word),
  same('touchpoint', nullableWord),
  same('version', word),
  same('contact_id', 'Nullable(UUID)'),
  same('account_id', 'Nullable(UUID)'),
  same('transaction_id', 'Nullable(UUID)'),
  same('employee', nullableWord),
]

/** What is true or not of every case, as truth.ts reads it. */
const caseFlags = [
  ...['has_comment', 'decision_maker', 'high_value', 'priority_theme'],
  ...['missed', 'missed_again', 'escalated', 'forwarded', 'reopened', 'joined', 'has_learning', 'has_quote'],
]
const caseAmounts = ['attempts', 'hours_to_contact', 'churn_before', 'churn_after', 'priority']

const own: Record<FactKind, FactColumn[]> = {
  response: [
    moment('started_at'),
    same('trigger', nullableWord),
    same('way_in', word),
    same('language', word),
    same('state', word),
    texts('questions'),
    same('last_question', nullableWord),
    flag('has_comment'),
    same('handling', nullableWord),
    same('handling_reason', nullableWord),
    flag('handled'),
    flag('praised'),
    amount('leads'),
    texts('promoted'),
    texts('promoted_to'),
  ],
  decision: [
    same('trigger', word),
    same('outcome', word),
    same('reason', nullableWord),
    same('invitation_state', nullableWord),
    moment('due_at'),
    moment('sent_at'),
    flag('answered'),
    flag('begun'),
  ],
  case: [
    same('rule', word),
    same('state', word),
    same('outcome', nullableWord),
    same('case_reason', word),
    same('band', nullableWord),
    same('channel', nullableWord),
    same('recommended', nullableWord),
    same('owner', nullableWord),
    same('cause', nullableWord),
    same('action', nullableWord),
    same('value_segment', nullableWord),
    same('trial', nullableWord),
    same('trial_arm', nullableWord),
    moment('contact_due_at'),
    moment('taken_at'),
    moment('contacted_at'),
    moment('closed_at'),
    ...caseFlags.map(flag),
    perhaps('in_time'),
    perhaps('solved_by_customer'),
    ...caseAmounts.map(amount),
  ],
}

/** Loyalty by the score of an answer, as its case would have it. */
const bandColumn = (program: Program): FactColumn => ({
  name: 'band',
  type: nullableWord,
  read: (row) =>
    row.state === 'completed' ? (scoredAnswer(program, row.answers ?? {}, row.survey)?.band ?? null) : null,
})

/** The themes of an answer with all they are part of: whoever asks about delivery also means late delivery. */
function themeColumn(program: Program): FactColumn {
  const parents = new Map(program.themes?.map((theme) => [theme.id, theme.parent]))
  const withParents = (theme: string, found = new Set<string>()): Set<string> => {
    if (found.has(theme)) return found
    found.add(theme)
    const parent = parents.get(theme)
    return parent === undefined ? found : withParents(parent, found)
  }
  return {
    name: 'themes',
    type: `Array(${word})`,
    read: (row) => {
      const themes = Array.isArray(row.themes) ? (row.themes as unknown[]) : []
      const all = new Set<string>()
      for (const theme of themes) if (typeof theme === 'string') withParents(theme, all)
      return [...all].sort()
    },
  }
}

/** All columns of a kind of fact besides key, batch and sign. */
export function factColumns(program: Program, kind: FactKind): FactColumn[] {
  return [
    ...common,
    ...own[kind],
    ...unitColumns(program),
    ...(kind === 'decision' ? [] : [themeColumn(program)]),
    ...(kind === 'response' ? [bandColumn(program), ...answerColumns(program)] : []),
    ...fieldColumns(program),
  ]
}

export interface Layout {
  columns: Record<FactKind, FactColumn[]>
  /** Changes when a column is new or has another type, when units or themes moved, or with the time zone. */
  hash: string
  /** The beginning of the hash: when it changes, adding columns is not enough. */
  base: string
  /** Days and periods are those of the program's time zone. */
  zone: string
}

// Raised when tables made by an earlier edition of this file have to be built anew.
const layoutEdition = 5

export function layoutOf(program: Program): Layout {
  const columns = {
    response: factColumns(program, 'response'),
    decision: factColumns(program, 'decision'),
    case: factColumns(program, 'case'),
  }
  const zone = program.workspace.timeZone
  const themes = program.themes?.map(({ id, parent }) => [id, parent ?? null]) ?? []
  const base = sha256(JSON.stringify([layoutEdition, zone, program.units ?? null, themes])).slice(0, 16)
  const shape = factKinds.map((kind) => columns[kind].map(({ name, type }) => `${name} ${type}`))
  return { columns, base, zone, hash: `${base}-${sha256(JSON.stringify(shape)).slice(0, 16)}` }
}

/** Rows are linear in sign: a changed row is one of sign -1 as it was and one of sign 1 as it is, and collapsing
 * only frees room, so that nothing has to wait for it and nothing needs FINAL. `day` is stored because cutting 10 M
 * times into months of a time zone costs more than all the rest of such a question. A block is on the disk before its
 * outbox rows are deleted, so that a power cut loses none.
 */
export function createTableSql(table: string, columns: readonly FactColumn[], zone: string): string {
  if (!/^[A-Za-z0-9_+/-]+$/.test(zone)) throw new Error(`no time zone is called ${zone}`)
  const typed = columns.map(({ name, type }) => `\`${name}\` ${type}`)
  return `create table if not exists ${table} (
    key UUID, batch UInt64, sign Int8, ${typed.join(', ')},
    day Date materialized toDate(at, '${zone}'),
    index by_batch batch type minmax granularity 1,
    index by_key key type bloom_filter(0.001) granularity 1
  ) engine = CollapsingMergeTree(sign) order by (at, key)
  settings non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`
}

/** The row of the column store that a row of the truth becomes, without batch and sign. */
export function factRow(columns: readonly FactColumn[], truth: TruthRow): Record<string, unknown> {
  const row: Record<string, unknown> = { key: truth.key }
  for (const column of columns) row[column.name] = column.read(truth)
  return row
}
