// For: the loop's own numbers, one definition each: docs/loop.md says the same in words.
// In: when it is asked. Out: for each metric what is summed over the facts of cases and answers.
import type { loopMetricNames } from '../program/schema-recovery.ts'
import type { PlanAt } from './plan.ts'

export type LoopMetric = (typeof loopMetricNames)[number]

const n = { of: 'sign' }

/** A share of the cases for which `where` holds. */
const shareOf =
  (where: (now: () => string) => string[], top: (now: () => string) => string): PlanAt =>
  (now) => ({
    kind: 'share',
    unit: 'percent',
    fact: 'case',
    where: where(now),
    n,
    top: { of: 'sign', where: top(now) },
    time: 'at',
  })

const all = () => ['1']
const closed = () => [`state = 'closed'`]
/** What was found out when it was closed stays known of a case that was opened again. */
const wasClosed = () => [`(state = 'closed' or reopened)`]
const contacted = () => ['isNotNull(contacted_at)']
/** Cases about which can be said whether first contact was made: it was, or its time is over. */
const due = (now: () => string) => [`(isNotNull(contacted_at) or missed or contact_due_at <= ${now()})`]

/** Of a duration, or of a number of times. */
const meanOf = (value: string): PlanAt => {
  const sums = { sum: { of: `sign * ${value}` }, squares: { of: `sign * ${value} * ${value}` } }
  return () => ({
    kind: 'mean',
    unit: 'mean',
    least: 0,
    fact: 'case',
    where: [`isNotNull(${value})`],
    n,
    ...sums,
    time: 'at',
  })
}

/** A share of completed answers. */
const ofAnswers = (where: string, top: string): PlanAt => {
  const share = { kind: 'share', unit: 'percent', fact: 'response', n, time: 'at' } as const
  return () => ({ ...share, where: [`state = 'completed'`, where], top: { of: 'sign', where: top } })
}
const counted = { kind: 'count', unit: 'count', fact: 'response', time: 'at' } as const

const by = (channel: string) => shareOf(contacted, () => `channel = '${channel}'`)

/** Every share the loop can be held to (program/schema-recovery.ts) is here under its name. */
export const loopMetrics: Record<LoopMetric, PlanAt> = {
  contactedInTime: shareOf(due, () => 'in_time = true'),
  contacted: shareOf(due, () => 'isNotNull(contacted_at)'),
  // A case nobody has judged yet since its deadline is missed all the same.
  missed: shareOf(
    due,
    (now) => `in_time = false or (isNull(contacted_at) and state != 'closed' and contact_due_at <= ${now()})`,
  ),
  solved: shareOf(closed, () => `outcome = 'solved'`),
  followedUpSolved: shareOf(
    () => ['isNotNull(solved_by_customer)'],
    () => 'solved_by_customer = true',
  ),
  causeKnown: shareOf(wasClosed, () => 'isNotNull(cause)'),
  learned: shareOf(wasClosed, () => 'has_learning'),
  quoted: shareOf(wasClosed, () => 'has_quote'),
  churnReduced: shareOf(
    () => [...wasClosed(), 'isNotNull(churn_before)', 'isNotNull(churn_after)'],
    () => 'churn_after < churn_before',
  ),
  escalated: shareOf(all, () => 'escalated'),
  forwarded: shareOf(all, () => 'forwarded'),
  reopened: shareOf(wasClosed, () => 'reopened'),
  contactedByPhone: by('phone'),
  contactedByMail: by('mail'),
  contactedByMeeting: by('meeting'),
  contactedByMessage: by('message'),
  hoursToContact: meanOf('hours_to_contact'),
  attemptsToContact: (now) => ({ ...meanOf('attempts')(now), where: contacted() }),
  handled: ofAnswers('1', 'handled'),
  praiseSent: () => ({ ...counted, where: ['praised'], n }),
  promotersActivated: ofAnswers(`band = 'promoter'`, 'notEmpty(promoted)'),
  referencesAccepted: ofAnswers(`has(promoted, 'reference')`, `has(promoted_to, 'accepted')`),
  reviewsFollowed: ofAnswers(`has(promoted, 'review')`, `has(promoted_to, 'clicked')`),
  upsellsWon: ofAnswers(`has(promoted, 'upsell')`, `has(promoted_to, 'won')`),
  referralLeads: () => ({ ...counted, where: ['leads > 0'], n: { of: 'sign * leads' } }),
}
