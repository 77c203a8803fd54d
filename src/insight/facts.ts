// For: the layout of the facts: one wide table for each kind, with typed columns made from the program's fields.
// In: a program; a row of the truth as `truth.ts` reads it.
// Out: columns with their ClickHouse type and how each is read from the truth; table names; a hash of the layout.
import { sha256 } from '../base/ids.ts'
import type { Program } from '../program/schema.ts'
import type { FactKind } from '../storage/outbox.ts'
import { scoredAnswer } from '../value/loyalty.ts'
import {
  earliest,
  type FactColumn,
  nullableWord,
  readers,
  type TruthRow,
  time,
  timeText,
  types,
  word,
} from './factColumn.ts'
import { answerColumns, fieldColumns, unitColumns } from './programColumns.ts'

export const factKinds: readonly FactKind[] = ['response', 'decision', 'case']
const tableNames: Record<FactKind, string> = { response: 'responses', decision: 'decisions', case: 'cases' }

/** Each generation has tables of its own, so that a new one is filled while the old one is read. */
export function factTable(workspaceId: string, kind: FactKind, generation: number): string {
  if (!/^[0-9a-f-]{36}$/.test(workspaceId)) throw new Error('a workspace id is a UUID')
  return `w_${workspaceId.replaceAll('-', '')}_${tableNames[kind]}_${generation}`
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
    same('due_owner', nullableWord),
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
const layoutEdition = 6

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
