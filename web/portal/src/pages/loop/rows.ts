import type { LoopMetricId } from '../../ask/fields.ts'

/** What the loop is asked, in the order one tells it: reached, ended, on the way, how. */
export const sections = {
  reached: ['contactedInTime', 'contacted', 'missed', 'handled', 'hoursToContact', 'attemptsToContact'],
  ended: ['solved', 'followedUpSolved', 'causeKnown', 'churnReduced', 'learned', 'quoted'],
  way: ['escalated', 'forwarded', 'reopened'],
  how: ['contactedByPhone', 'contactedByMail', 'contactedByMeeting', 'contactedByMessage'],
} as const satisfies Record<string, readonly LoopMetricId[]>
type Section = keyof typeof sections
export const sectionNames = Object.keys(sections) as Section[]
/** What is asked of those who are content. */
export const promoterShares = [
  'promotersActivated',
  'referencesAccepted',
  'reviewsFollowed',
  'referralLeads',
  'upsellsWon',
] as const satisfies readonly LoopMetricId[]

/** Of these less is better, so that a rise is no good news. */
export const lessIsBetter = new Set<string>([
  'missed',
  'escalated',
  'forwarded',
  'reopened',
  'hoursToContact',
  'attemptsToContact',
])

/** What stands in a table by group, in this order. */
export const groupColumns = [
  'cases',
  'contactedInTime',
  'contacted',
  'missed',
  'solved',
  'causeKnown',
  'escalated',
  'forwarded',
  'hoursToContact',
] as const
/** Of these a case counts for whoever had it when contact was due: who takes over what others were late with is not late. */
export const contactColumns: ReadonlySet<string> = new Set<(typeof groupColumns)[number]>([
  'contactedInTime',
  'missed',
  'hoursToContact',
])
export const whoseColumns = ['contactedInTime', 'contacted', 'missed', 'solved'] as const
