// For: one answer to one question about one visit, whether it comes by a link or from elsewhere.
// In: answers about to be handed in. Out: which of them a link has answered already; links closed, invitations withheld.
import { handedInElsewhere, waitForSending } from '../invitations/elsewhere.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Row, Tx } from '../storage/postgres.ts'

/** An answer that is handed in, as far as it matters whom and what it is about. */
export interface About {
  id: string
  survey: string
  contact: string | undefined
  transaction: string | undefined
  source: string
  answered_at: string
}

interface Asked extends Row {
  id: string
  decision: string
  survey: string
  contact: string
  transaction: string | null
  state: 'scheduled' | 'sending' | 'sent' | 'uncertain'
  closed: boolean
  /** When it was sent; of one still to be sent, when it was decided. */
  since: Date | null
}

/** The invitations these answers may be about, none of which is answered or sent before the transaction ends. */
export interface Links {
  /** The response that a link has given about the same visit, with the same survey; undefined when there is none. */
  answered(about: About): string | undefined
  /** Closes the open links of what these answers are about, so that nobody answers twice, and withholds invitations that
   * are still to be sent: those of the survey about the transaction, whenever the answer was given; of an answer about no
   * transaction those sent or decided before it was given, since an old one says nothing of what was asked later. What was
   * begun by a link is kept as it is. The question whether a case was solved is about the case, and stays open.
   */
  close(stored: readonly About[]): Promise<void>
}

/** Finds and holds the invitations that these answers may be about.
 * @param now links that have expired by then need no closing
 */
export async function holdLinks(tx: Tx, abouts: readonly About[], now: Date): Promise<Links> {
  await waitForSending(tx)
  const distinct = (ids: Array<string | undefined>) => [...new Set(ids.filter((id) => id !== undefined))]
  // Locked in the order of tokens, as answers by links lock them, so that neither waits for the other in a circle.
  const asked = await tx.query<Asked>(
    `select i.invitation_id as id, i.decision_id as decision, i.survey, i.contact_id as contact,
       i.transaction_id as transaction, i.state, i.answered_by is not null or i.expires_at <= $4 as closed,
       coalesce(i.sent_at, (select d.decided_at from decisions d
         where d.workspace_id = $1 and d.decision_id = i.decision_id)) as since
     from invitations i
     where i.workspace_id = $1 and i.case_id is null and i.state in ('scheduled', 'sending', 'sent', 'uncertain')
       and (i.transaction_id = any($2::uuid[]) or i.contact_id = any($3::uuid[]) and i.transaction_id is null)
     order by i.token for update of i`,
    [
      tx.workspaceId,
      distinct(abouts.map(({ transaction }) => transaction)),
      distinct(abouts.map(({ contact, transaction }) => (transaction === undefined ? contact : undefined))),
      now,
    ],
  )
  // Only now, behind the lock: an answer that has just come by one of these links is seen.
  const given =
    asked.length === 0
      ? []
      : await tx.query<{ response: string; invitation: string }>(
          `select response_id as response, invitation_id as invitation from responses
           where invitation_id = any($1::uuid[]) and state = 'completed'`,
          [asked.map(({ id }) => id)],
        )
  const responseOf = new Map(given.map(({ response, invitation }) => [invitation, response]))
  const isOpen = (each: Asked) => each.closed !== true && !responseOf.has(each.id)
  const of = new Map<string, Asked[]>()
  for (const each of asked) {
    const key = keyOf(each.survey, each.transaction ?? each.contact)
    of.set(key, [...(of.get(key) ?? []), each])
  }
  const concerned = ({ survey, contact, transaction, answered_at }: About) =>
    (of.get(keyOf(survey, transaction ?? contact)) ?? []).filter((each) =>
      transaction === undefined
        ? each.transaction === null && each.since !== null && each.since <= new Date(answered_at)
        : contact === undefined || each.contact === contact,
    )
  return {
    answered: (about) =>
      about.transaction === undefined
        ? undefined
        : concerned(about).flatMap(({ id }) => responseOf.get(id) ?? [])[0],
    async close(stored) {
      const closing = new Map(
        stored.flatMap((about) =>
          concerned(about)
            .filter(isOpen)
            .map((each) => [each.id, { ...each, response: about.id, source: about.source }] as const),
        ),
      )
      const rows = [...closing.values()]
      if (rows.length === 0) return
      const parameters = [tx.workspaceId, JSON.stringify(rows)]
      await tx.query(
        `update invitations i set answered_by = r.response,
           state = case when i.state = 'scheduled' then 'withheld' else i.state end
         from json_to_recordset($2::json) as r(id uuid, response uuid)
         where i.workspace_id = $1 and i.invitation_id = r.id`,
        parameters,
      )
      const withheld = rows.filter(({ state }) => state === 'scheduled')
      if (withheld.length === 0) return
      await tx.query(
        `update decisions d set outcome = 'withheld', reason = '${handedInElsewhere}', detail = r.source
         from json_to_recordset($2::json) as r(decision uuid, source text, state text)
         where d.workspace_id = $1 and d.decision_id = r.decision and r.state = 'scheduled'`,
        parameters,
      )
      await appendOutbox(
        tx,
        'decision',
        withheld.map(({ decision }) => decision),
      )
    },
  }
}

const keyOf = (survey: string, about: string | undefined) => `${survey} ${about}`
