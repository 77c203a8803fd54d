import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import type { Answers, KnownAnswers, Showing } from '../program/survey.ts'
import type { Prepared, Tx } from '../storage/postgres.ts'

/** An invitation as an answer needs it, with what was answered so far. */
export interface Invited {
  workspaceId: string
  invitationId: string
  token: string
  survey: string
  touchpoint: string
  language: string
  state: string
  dueAt: Date
  expiresAt: Date | null
  frozen: Context | null
  known: KnownAnswers
  version: string
  contactId: string
  transactionId: string | null
  accountId: string | null
  unitKey: string | null
  employeeKey: string | null
  responseState: 'partial' | 'completed' | null
  /** The response that came in from elsewhere and closed the link; the state is that of an answer by the link itself. */
  answeredBy: string | null
  answers: Answers | null
  startedAt: Date | null
  answeredAt: Date | null
}

/** Links are 22 characters of URL-safe base64; nothing else is looked up. */
export const isToken = (text: string) => /^[A-Za-z0-9_-]{22}$/.test(text)

// Token by token, so that one plan serves any number of them and need not be made anew for each. An answer is found
// by its invitation's id, which no two workspaces share: see migration 0009. As one value of JSON, since two dozen
// columns cost more to describe and to read than the answer takes to find.
const ofTokens = (name: string, lock: string): Prepared => ({
  name,
  text: `select to_json(found) as invited from json_array_elements_text($2::json) as asked(token) cross join lateral (
    select i.workspace_id as "workspaceId", i.invitation_id as "invitationId", i.token, i.survey, i.touchpoint,
      i.language, i.state, i.due_at as "dueAt", i.expires_at as "expiresAt", i.frozen, i.known, i.version,
      i.contact_id as "contactId", i.transaction_id as "transactionId", i.account_id as "accountId",
      i.unit_key as "unitKey", i.employee_key as "employeeKey",
      i.answered_by as "answeredBy", r.state as "responseState", r.answers, r.started_at as "startedAt", r.answered_at as "answeredAt"
    from samklang.invitations i
    left join samklang.responses r on r.invitation_id = i.invitation_id
    where i.token = asked.token and ($1::uuid is null or i.workspace_id = $1::uuid)
    limit 1 ${lock}) as found`,
})
const readInvited = ofTokens('read invited', '')
const lockInvited = ofTokens('lock invited', 'for update of i')

/** The invitations behind these links, in the order of the links, so that two who lock some do so in one order: those
 * of the transaction's workspace, or of all when it is the owner's, since a link is what tells the workspace. They are
 * found by the index of the whole token, so the time of an answer tells nothing about how near a guess was.
 * @param lock other answers to the same invitations wait until this transaction ends
 */
export async function findInvited(
  tx: Pick<Tx, 'workspaceId' | 'query'>,
  tokens: readonly string[],
  lock: boolean,
): Promise<Invited[]> {
  const list = JSON.stringify(tokens.filter(isToken).sort())
  const rows = await tx.query<{ invited: InvitedJson }>(lock ? lockInvited : readInvited, [
    tx.workspaceId ?? null,
    list,
  ])
  return rows.map(({ invited }) => ({
    ...invited,
    dueAt: new Date(invited.dueAt),
    expiresAt: dateOf(invited.expiresAt),
    startedAt: dateOf(invited.startedAt),
    answeredAt: dateOf(invited.answeredAt),
  }))
}

type Times = 'dueAt' | 'expiresAt' | 'startedAt' | 'answeredAt'
type InvitedJson = Omit<Invited, Times> & { dueAt: string } & Record<Exclude<Times, 'dueAt'>, string | null>

const dateOf = (time: string | null) => (time === null ? null : new Date(time))

/** Whether this invitation takes answers: it was sent, and has not expired. */
export function isOpen(invited: Invited, at: Date): boolean {
  const sent = invited.state !== 'scheduled' && invited.state !== 'withheld'
  return sent && (invited.expiresAt === null || at < invited.expiresAt)
}

/** The survey as this person is shown it; undefined when the program has it no more. */
export function showingOf(invited: Invited, checked: CheckedProgram, now: Date): Showing | undefined {
  const survey = checked.program.surveys[invited.survey]
  if (!survey) return undefined
  const context = invited.frozen ?? { at: invited.dueAt.toISOString() }
  return { checked, survey, context, known: invited.known, now }
}

/** What was answered so far without what O-data had answered. */
export function ownAnswers(invited: Invited): Answers {
  const entries = Object.entries(invited.answers ?? {})
  return Object.fromEntries(entries.filter(([id]) => !Object.hasOwn(invited.known, id)))
}
