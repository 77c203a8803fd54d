// For: what a column of the facts is: its ClickHouse type, and how it is read.
// In: a value of a row of the truth. Out: one that the type holds, or null.
import type { Context, Values } from '../program/context.ts'

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

export const time = "DateTime64(3,'UTC')"
export const word = 'LowCardinality(String)'
export const nullableWord = 'LowCardinality(Nullable(String))'

export type FieldType = 'text' | 'category' | 'number' | 'boolean' | 'time'

export const types: Record<FieldType, string> = {
  text: 'Nullable(String)',
  category: nullableWord,
  number: 'Nullable(Float64)',
  boolean: 'Nullable(Bool)',
  time: `Nullable(${time})`,
}

// A value of another type than declared becomes null: one bad value must not hold up the block it stands in.
export const readers: Record<FieldType, (value: unknown) => unknown> = {
  text: (value) => (typeof value === 'string' ? value : null),
  category: (value) => (typeof value === 'string' ? value : null),
  number: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null),
  boolean: (value) => (typeof value === 'boolean' ? value : null),
  time: (value) => (typeof value === 'string' ? timeText(new Date(value)) : null),
}

export const earliest = Date.UTC(1900, 0, 1)
const latest = Date.UTC(2299, 0, 1)

/** ISO 8601 in UTC with milliseconds; null when it lies outside what the column store can hold. */
export function timeText(at: Date | null | undefined): string | null {
  const milliseconds = at?.getTime() ?? Number.NaN
  return milliseconds >= earliest && milliseconds < latest ? (at as Date).toISOString() : null
}
