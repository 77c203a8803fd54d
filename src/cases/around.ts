// For: what is so around the answers that are judged: cases of their customers, and how many a day has seen.
// In: the candidates with their rules. Out: a picture that is read once and kept up while they are decided in turn.
import { addDuration, dayIn, startOfDay } from '../base/clock.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { Candidate } from './candidates.ts'
import { type Circumstances, isTooOld, type NoReply, reasonOf } from './policy.ts'

export const usualReopenWithin = 'P30D'

export interface Ruled {
  candidate: Candidate
  checked: CheckedProgram
  rule: RecoveryRule | undefined
  /** When it is decided. */
  at: Date
}

interface CaseRow extends Row {
  caseId: string
  contactId: string
  reason: string
  closedAt: Date | null
}

/** What is so, kept up as cases are opened in the order of the answers. */
export interface Around {
  of(ruled: Ruled): Circumstances
  /** A case was opened, or opened again, for this answer. */
  opened(ruled: Ruled, caseId: string, isNew: boolean): void
}

export async function readAround(tx: Tx, judged: readonly Ruled[]): Promise<Around> {
  const cases = await readCases(tx, judged)
  const counts = await readCounts(tx, judged)
  const keyOf = ({ candidate, rule }: Ruled) =>
    candidate.contactId === null || !rule ? undefined : `${candidate.contactId} ${reasonOf(rule)}`
  const open = new Map<string, string>()
  const closed = new Map<string, CaseRow & { closedAt: Date }>()
  for (const row of cases) {
    const key = `${row.contactId} ${row.reason}`
    if (row.closedAt === null) open.set(key, row.caseId)
    else if (row.closedAt > (closed.get(key)?.closedAt ?? new Date(0)))
      closed.set(key, { ...row, closedAt: row.closedAt })
  }
  return {
    of(ruled) {
      const { rule, checked, candidate } = ruled
      const key = keyOf(ruled) ?? ''
      const last = closed.get(key)
      return {
        rule,
        noReply: noReplyTo(candidate),
        tooOld: isTooOld(checked.program, candidate, ruled.at),
        openCase: open.get(key),
        closedCase: last && isRecent(checked, last.closedAt, candidate.answeredAt) ? last.caseId : undefined,
        opened: rule?.cap ? (counts.get(capKey(rule, candidate.unitKey, dayOf(ruled))) ?? 0) : 0,
      }
    },
    opened(ruled, caseId, isNew) {
      const key = keyOf(ruled)
      if (key) {
        open.set(key, caseId)
        closed.delete(key)
      }
      if (!isNew || !ruled.rule) return
      const cap = capKey(ruled.rule, ruled.candidate.unitKey, dayOf(ruled))
      counts.set(cap, (counts.get(cap) ?? 0) + 1)
    },
  }
}

function noReplyTo({ contactId, email }: Candidate): NoReply | undefined {
  if (contactId === null) return 'noCustomer'
  return email ? undefined : 'noMail'
}

function isRecent({ program }: CheckedProgram, closedAt: Date, answeredAt: Date): boolean {
  const within = program.recovery?.reopenWithin ?? usualReopenWithin
  return answeredAt <= addDuration(closedAt, within, program.workspace.timeZone)
}

/** One team's share of a cap is its unit's; `program` counts all units together. */
const capKey = (rule: RecoveryRule, unitKey: string | null, day: string) =>
  rule.cap?.per === 'program' ? `${rule.id} ${day}` : `${rule.id} ${day} ${unitKey ?? ''}`

const dayOf = ({ checked, at }: Ruled) => dayIn(checked.program.workspace.timeZone, at)

async function readCases(tx: Tx, judged: readonly Ruled[]): Promise<CaseRow[]> {
  const contacts = judged.flatMap(({ candidate, rule }) => (rule ? (candidate.contactId ?? []) : []))
  if (contacts.length === 0) return []
  return tx.query<CaseRow>(
    `select case_id as "caseId", contact_id as "contactId", reason, closed_at as "closedAt"
     from cases where contact_id = any($1::uuid[])`,
    [[...new Set(contacts)]],
  )
}

/** Cases of each capped rule by day of the workspace and by unit, from the first day that is decided about. */
async function readCounts(tx: Tx, judged: readonly Ruled[]): Promise<Map<string, number>> {
  const capped = judged.filter(({ rule }) => rule?.cap)
  const rules = new Map(capped.map(({ rule }) => [rule!.id, rule!]))
  const counts = new Map<string, number>()
  const [first] = capped
  if (!first) return counts
  const zone = first.checked.program.workspace.timeZone
  const [from = ''] = capped.map(dayOf).sort()
  const rows = await tx.query<{ rule: string; unit: string | null; day: string; n: number }>(
    `select rule, unit_key as unit, (decided_at at time zone $3)::date::text as day, count(*) as n
     from recovery_decisions where handling = 'case' and rule = any($1::text[]) and decided_at >= $2
     group by 1, 2, 3`,
    [[...rules.keys()], startOfDay(zone, from), zone],
  )
  for (const { rule, unit, day, n } of rows) {
    const key = capKey(rules.get(rule)!, unit, day)
    counts.set(key, (counts.get(key) ?? 0) + n)
  }
  return counts
}
