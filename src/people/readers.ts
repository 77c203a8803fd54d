import type { Row, Tx } from '../storage/postgres.ts'

/** Somebody whom a case names, with the address they are told at. */
export interface Reader extends Row {
  /** Employee key, else `user:<id>` of a member. */
  person: string
  name: string | null
  email: string
  unitKey: string | null
  /** Null: nobody knows; the workspace's first. */
  language: string | null
}

/** Those of these people who can be told by mail. Who has left the program or is no member any more is not among them. */
export async function readReaders(tx: Tx, people: readonly string[]): Promise<Map<string, Reader>> {
  if (people.length === 0) return new Map()
  const rows = await tx.query<Reader>(
    `select person, name, email, unit_key as "unitKey", language from case_readers
     where email is not null and person = any($1::text[])`,
    [[...new Set(people)]],
  )
  return new Map(rows.map((row) => [row.person, row]))
}
