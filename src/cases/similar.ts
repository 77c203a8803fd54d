import { type UnitScope, visibleCase } from '../people/access.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { StoredCase } from './read.ts'
import { saidOfLastClosing } from './store.ts'

export interface SimilarCase extends Row {
  caseId: string
  closedAt: Date | null
  outcome: 'solved' | 'not solved' | 'no answer' | null
  cause: string | null
  action: string | null
  channel: string | null
  learning: string | null
  solvedByCustomer: boolean | null
  comment: string | null
  unit: string | null
  themes: string[]
  /** 0..1 */
  score: number
  /** In what: theme:<id>, cause, reason, rule, unit, band. */
  alike: string[]
}

/** What being alike in each counts; together 1. */
export const likeness = { themes: 0.45, cause: 0.2, reason: 0.1, rule: 0.05, unit: 0.1, band: 0.1 } as const

const amongLatest = 2000
const shown = 5

/** The five closed cases most like this one, of the 2,000 closed last. Alike: the share of themes both have of those
 * either has (0.45), the same cause (0.2), reason (0.1), rule (0.05), unit (0.1) and band (0.1). Of equal ones those
 * that were solved come first, then the latest. What has no theme and no cause in common is not like it.
 */
export async function similarCases(tx: Tx, found: StoredCase, scope: UnitScope): Promise<SimilarCase[]> {
  const { themes, cause, reason, rule, unitKey, band, caseId } = found
  const values: unknown[] = [caseId, themes, cause, reason, rule, unitKey, band]
  const within = visibleCase(scope, 'c', values)
  const rows = await tx.query<SimilarCase & { common: string[] }>(
    `select k.case_id as "caseId", k.closed_at as "closedAt", k.outcome, k.cause, k.action, k.channel, k.learning,
       k.said as "solvedByCustomer", r.comment, coalesce(u.name, k.unit_key) as unit, k.themes, k.score,
       k.common, array_remove(array[
         case when k.cause = $3 then 'cause' end, case when k.reason = $4 then 'reason' end,
         case when k.rule = $5 then 'rule' end, case when k.unit_key = $6 then 'unit' end,
         case when k.band = $7 then 'band' end], null) as alike
     from (
       select c.*, found.common, found.said, (
           ${likeness.themes} * coalesce(cardinality(found.common)::float / nullif(
             cardinality(c.themes) + cardinality($2::text[]) - cardinality(found.common), 0), 0)
           + case when c.cause = $3 then ${likeness.cause} else 0 end
           + case when c.reason = $4 then ${likeness.reason} else 0 end
           + case when c.rule = $5 then ${likeness.rule} else 0 end
           + case when c.unit_key = $6 then ${likeness.unit} else 0 end
           + case when c.band = $7 then ${likeness.band} else 0 end
         )::float as score
       from (
         select c.case_id, c.themes, c.cause, c.action, c.reason, c.rule, c.unit_key, c.band, c.outcome, c.channel,
           c.closed_at, c.learning, c.solved_by_customer, c.solved_by_customer_at, c.response_id
         from cases c where c.state = 'closed' and c.case_id <> $1 and ${within}
         order by c.closed_at desc, c.case_id limit ${amongLatest}
       ) as c,
       lateral (select array(select unnest(c.themes) intersect select unnest($2::text[]) order by 1) as common,
         ${saidOfLastClosing('c')} as said) found
       where cardinality(found.common) > 0 or c.cause = $3
       order by score desc, coalesce(found.said, c.outcome = 'solved') desc, c.closed_at desc limit ${shown}
     ) as k
     join responses r on r.response_id = k.response_id
     left join units u on u.unit_key = k.unit_key
     order by k.score desc, coalesce(k.said, k.outcome = 'solved') desc, k.closed_at desc`,
    values,
  )
  return rows.map(({ common, alike, ...each }) => ({
    ...each,
    score: Math.round(each.score * 100) / 100,
    alike: [...common.map((theme) => `theme:${theme}`), ...alike],
  }))
}
