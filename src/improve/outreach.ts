// For: whether somebody may be written to with a mail that is no survey. A list of named steps, each giving one reason.
// In: people, what they were mailed lately, the program's rules. Out: for each, that they may, or why not.
import { addDuration } from '../base/clock.ts'
import { loadContexts } from '../events/context.ts'
import { defaultQuarantine } from '../invitations/decision.ts'
import { isUnsubscribed } from '../people/unsubscribed.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { ConditionFailed, type Variables } from '../program/conditions.ts'
import type { Context } from '../program/context.ts'
import type { Row, Tx } from '../storage/postgres.ts'

/** Why somebody is not written to. */
export const outreachReasons = [
  'noAddress',
  'unsubscribed',
  'noConsent',
  'openCase',
  'told',
  'askedBefore',
  'tooOld',
  'recentMail',
] as const
export type OutreachReason = (typeof outreachReasons)[number]

/** Somebody who might be written to. */
export interface Reachable extends Row {
  contactId: string
  name: string | null
  email: string | null
  phone: string | null
  language: string | null
  unsubscribed: boolean
  /** The latest mail of any kind to them, or to somebody who shares their address. */
  mailedAt: Date | null
  /** The latest of those that was no survey. */
  reachedAt: Date | null
  openCase: boolean
  context: Context
}

/** Between two mails that are no surveys. */
const usualApart = 'P7D'

/** Reads people by id, with what was sent to them; in no certain order. */
export async function readReachable(
  tx: Tx,
  contactIds: readonly string[],
  now: Date,
): Promise<Map<string, Reachable>> {
  const ids = [...new Set(contactIds)]
  if (ids.length === 0) return new Map()
  const rows = await tx.query<Reachable>(
    `select c.contact_id as "contactId", c.name, c.email, c.phone, c.language, ${isUnsubscribed('c')} as unsubscribed,
       greatest(
         (select max(i.sent_at) from invitations i where i.workspace_id = c.workspace_id and i.contact_id = any(near.ids)),
         (select max(t.at) from improvement_tellings t where t.workspace_id = c.workspace_id
           and t.contact_id = any(near.ids) and t.state = 'queued'),
         (select max(p.at) from promoter_acts p where p.workspace_id = c.workspace_id
           and p.contact_id = any(near.ids) and p.kind <> 'upsell' and p.state <> 'withheld')
       ) as "mailedAt",
       greatest(
         (select max(t.at) from improvement_tellings t where t.workspace_id = c.workspace_id
           and t.contact_id = any(near.ids) and t.state = 'queued'),
         (select max(p.at) from promoter_acts p where p.workspace_id = c.workspace_id
           and p.contact_id = any(near.ids) and p.kind <> 'upsell' and p.state <> 'withheld')
       ) as "reachedAt",
       exists (select from cases k where k.workspace_id = c.workspace_id and k.contact_id = c.contact_id
         and k.state <> 'closed') as "openCase"
     from contacts c cross join lateral (
       select array(select s.contact_id from contacts s where s.workspace_id = c.workspace_id and s.address = c.address)
         || c.contact_id as ids offset 0) near
     where c.workspace_id = $1 and c.contact_id = any($2::uuid[])`,
    [tx.workspaceId, ids],
  )
  const contexts = await loadContexts(
    tx,
    rows.map(({ contactId }) => ({ contactId })),
    now,
  )
  return new Map(rows.map((row, index) => [row.contactId, { ...row, context: contexts[index] as Context }]))
}

type Step = (checked: CheckedProgram, person: Reachable, now: Date) => OutreachReason | undefined

const requireAddress: Step = (_, { email }) => (email ? undefined : 'noAddress')
const respectUnsubscription: Step = (_, { unsubscribed }) => (unsubscribed ? 'unsubscribed' : undefined)

/** A condition that cannot be judged is no consent. */
const requireConsent: Step = (checked, { context }, now) => {
  const consent = checked.program.outreach?.consent
  if (consent === undefined) return undefined
  return holds(checked, consent, checked.variables(context, { now })) ? undefined : 'noConsent'
}

/** Whoever still waits for somebody to mend what went wrong is not told how well we have done. */
const awaitNoMending: Step = (_, { openCase }) => (openCase ? 'openCase' : undefined)

/** Mails that are no surveys keep apart from each other, and from all others by what the quarantine says. */
const keepApart: Step = (checked, person, now) =>
  now < writableFrom(checked, person) ? 'recentMail' : undefined

/** From when on nothing that was sent lately stands against a mail. */
export function writableFrom({ program }: CheckedProgram, { mailedAt, reachedAt }: Reachable): Date {
  const zone = program.workspace.timeZone
  const between = program.quarantine?.betweenMails ?? defaultQuarantine.betweenMails
  const times = [
    mailedAt && addDuration(mailedAt, between, zone),
    reachedAt && addDuration(reachedAt, program.outreach?.apart ?? usualApart, zone),
  ]
  return new Date(Math.max(0, ...times.map((time) => time?.getTime() ?? 0)))
}

/** Whether somebody may be written to at all; a recent mail only puts it off. */
export const judgeReach = judge([requireAddress, respectUnsubscription, requireConsent])
/** Whether somebody may be told of something now. */
export const judgeNow = judge([
  requireAddress,
  respectUnsubscription,
  requireConsent,
  awaitNoMending,
  keepApart,
])

function judge(steps: readonly Step[]) {
  return (checked: CheckedProgram, person: Reachable, now: Date): OutreachReason | undefined => {
    for (const step of steps) {
      const reason = step(checked, person, now)
      if (reason) return reason
    }
    return undefined
  }
}

/** A condition that cannot be judged, since something it speaks of is missing, does not hold. */
export function holds(checked: CheckedProgram, cel: string, variables: Variables): boolean {
  try {
    return checked.condition(cel)(variables)
  } catch (error) {
    if (error instanceof ConditionFailed) return false
    throw error
  }
}
