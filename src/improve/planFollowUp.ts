// For: telling a customer how far what was agreed with them has come.
// In: a plan and the words written. Out: a mail queued with where each item stands, or the reason why there is none.
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { newId, stableId } from '../base/ids.ts'
import { queueMessages } from '../channels/queue.ts'
import { signatureOf } from '../people/who.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { knownLanguage, localeOf } from '../program/question.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Tx } from '../storage/postgres.ts'
import type { Doing } from './doing.ts'
import { judgeReach, readReachable } from './outreach.ts'
import { lockedPlan, noteEvent, type PlanMail, type StoredPlan } from './plans.ts'
import { improveWords } from './wording.ts'

export interface FollowUp {
  subject: string
  body: string
  /** Whom at the account; the plan's own customer when left out. */
  contactId?: string
  /** Not before this time; now. */
  sendAt?: Date
}

/** Queues a mail to the customer with the words written and where each item of the plan stands. Somebody who cannot be
 * written to is kept with the reason.
 * @throws Refusal thing.unknown; plan.told when the same words about the same items were queued for them already;
 * request.malformed when nobody is named and the plan is with an account
 */
export async function followUpPlan(
  tx: Tx,
  parts: { announce: Announce; clock: Clock },
  checked: CheckedProgram,
  planId: string,
  followUp: FollowUp,
  doing: Doing,
): Promise<PlanMail['reason']> {
  const plan = await lockedPlan(tx, planId, doing.scope)
  const contactId = followUp.contactId ?? plan.contactId
  if (!contactId) throw new Refusal('request.malformed', 'Say who at the account is written to.')
  const now = doing.clock.now()
  const person = (await readReachable(tx, [contactId], now)).get(contactId)
  if (!person) throw new Refusal('thing.unknown')
  // It is about what was agreed with them, so neither consent to other mails nor the quarantine stands against it.
  const found = judgeReach(checked, person, now)
  const reason = found === 'noConsent' ? undefined : found
  // One mail for what is said, so that the same request twice sends one; of who could not be written to each try is kept.
  const mailId = reason ? newId(doing.clock) : mailIdOf(plan, contactId, followUp)
  const sendAt = followUp.sendAt && followUp.sendAt > now ? followUp.sendAt : now
  const kept = await tx.query(
    `insert into plan_mails (workspace_id, mail_id, plan_id, contact_id, subject, body, send_at, state, reason, by_actor, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning mail_id`,
    [
      ...[tx.workspaceId, mailId, planId, contactId, followUp.subject, followUp.body, sendAt],
      ...[reason ? 'withheld' : 'queued', reason ?? null, doing.actor.id, now],
    ],
  )
  if (kept.length === 0) throw new Refusal('plan.told')
  await tx.query('update plans set revision = revision + 1, changed_at = $2 where plan_id = $1', [
    planId,
    now,
  ])
  await noteEvent(tx, planId, plan.revision + 1, 'followedUp', doing, {
    mailId,
    ...(reason ? { reason } : {}),
  })
  if (reason) return reason
  const language = knownLanguage(person.language ?? checked.program.workspace.languages[0])
  const words = improveWords[language]
  const rows = plan.items
    .filter(({ state }) => state !== 'dropped')
    .map(({ what, state, dueOn }) => {
      const due = dueOn && state !== 'done' ? `, ${words.planDue(dayText(dueOn, language))}` : ''
      return [what, `${words.planRows[state]}${due}`] as const
    })
  await queueMessages(tx, parts, [
    {
      kind: 'plan',
      aboutId: mailId,
      recipient: person.email as string,
      sendAt,
      note: {
        ...{ language, subject: followUp.subject, title: followUp.subject, intro: followUp.body, rows },
        from: signatureOf(doing.actor, checked.program),
        // An answer to it lands on the case that the plan came from.
        ...(plan.caseId ? { replyCase: plan.caseId } : {}),
        consentOf: contactId,
      },
    },
  ])
  return null
}

/** A day without a time is the same everywhere. @param day YYYY-MM-DD */
const dayText = (day: string, language: string) =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString(localeOf(language), {
    dateStyle: 'medium',
    timeZone: 'UTC',
  })

/** Told by what it says, to whom, and when it is to go where that was said. */
const mailIdOf = ({ planId, items }: StoredPlan, contactId: string, { subject, body, sendAt }: FollowUp) => {
  const stand = items.map(({ what, state, dueOn }) => [what, state, dueOn])
  const said = JSON.stringify([subject, body, sendAt ?? null, stand])
  return stableId(planId, 'plan mail', contactId, said)
}
