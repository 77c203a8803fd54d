/** A value of a declared field. Times are ISO 8601 text in UTC with milliseconds. */
export type Value = string | number | boolean
export type Values = Record<string, Value>

/** O-data around one person and one transaction, as of `at`. Frozen on the invitation, or at the answer. */
export interface Context {
  at: string
  contact?: { key: string; language?: string; fields: Values }
  account?: { key: string; name?: string; fields: Values }
  transaction?: { type: string; key: string; fields: Values }
  unit?: { key: string; level: string; name: string; path: string[] }
  employee?: { key: string; name?: string }
}
