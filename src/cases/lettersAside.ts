import type { Tx } from '../storage/postgres.ts'

/** How many letters of each case were set aside as too many and wait for somebody's judgement. */
export async function lettersAside(tx: Tx, caseIds: readonly string[]): Promise<Map<string, number>> {
  if (caseIds.length === 0) return new Map()
  const rows = await tx.query<{ id: string; n: number }>(
    `select case_id as id, count(*)::int as n from case_mails
     where aside = 'tooMany' and settled is null and case_id = any($1::uuid[]) group by 1`,
    [[...caseIds]],
  )
  return new Map(rows.map(({ id, n }) => [id, n]))
}
