// For: showing the one who gave an answer what it changed, behind the old link, from the day that was decided.
// In: the invitation they answered, and a language. Out: what was said and what came of it, or how far it has come.
import type { LetterSubject } from '../cases/template.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type Answered, readAnswered, variablesOf } from './concerned.ts'
import { filledFor } from './named.ts'
import { holds } from './outreach.ts'
import { usualSince } from './tell.ts'
import { improveWords } from './wording.ts'

/** What an answer changed, as the one who gave it may read it. */
export interface AnswerReceiptItem {
  said: string
  /** What was done; of what is not done yet, how far it has come. */
  did: string
  done: boolean
}

interface Found extends Row {
  responseId: string
  said: string
  did: string | null
  state: 'decided' | 'doing' | 'done'
  doneAt: Date | null
  createdAt: Date
  concerns: string | null
  /** It is tied to the answer or its case, or the person was to be told of it by this answer. */
  tied: boolean
}

const shownAtMost = 10

/** Improvements an answer led to: those it is tied to, those the person was told of by it, also when the mail was left
 * out, and those it is concerned by. Only what is written for customers in their language, and not before it was decided.
 */
export async function readReceipt(
  tx: Tx,
  checked: CheckedProgram,
  invitationId: string,
  language: LanguageCode,
  now: Date,
): Promise<AnswerReceiptItem[]> {
  const found = await tx.query<Found>(
    `select r.response_id as "responseId", i.said ->> $3 as said, i.did ->> $3 as did, i.state, i.done_at as "doneAt",
       i.created_at as "createdAt", i.concerns,
       exists (select from improvement_links l where l.workspace_id = i.workspace_id
         and l.improvement_id = i.improvement_id and l.kind = 'response' and l.link_id = r.response_id)
       or exists (select from case_responses c join improvement_links l on l.workspace_id = c.workspace_id
         and l.kind = 'case' and l.link_id = c.case_id
         where c.workspace_id = r.workspace_id and c.response_id = r.response_id and l.improvement_id = i.improvement_id)
       or exists (select from improvement_tellings t where t.workspace_id = i.workspace_id
         and t.improvement_id = i.improvement_id and t.response_id = r.response_id) as tied
     from (select response_id as id from responses where invitation_id = $2
       union all select answered_by from invitations where invitation_id = $2 and answered_by is not null) a
     join responses r on r.response_id = a.id join improvements i on i.workspace_id = r.workspace_id
     where r.workspace_id = $1 and r.state = 'completed'
       and i.state in ('decided', 'doing', 'done')
       and coalesce(i.said ->> $3, '') <> '' and (i.state <> 'done' or coalesce(i.did ->> $3, '') <> '')
     order by i.state = 'done' desc, i.changed_at desc, i.improvement_id`,
    [tx.workspaceId, invitationId, language],
  )
  const judged = found.some(({ tied, concerns }) => !tied && concerns !== null)
  const named = found.some(({ said, did }) => `${said}${did}`.includes('{{'))
  const [answered] = judged || named ? await readAnswered(tx, [found[0]!.responseId]) : []
  const customer = named ? await customerOf(tx, answered) : undefined
  const { receipt } = improveWords[language]
  const filled = (words: { said: string; did: string }) =>
    named ? filledFor(checked, words, { context: answered?.context, customer }, language) : words
  return found
    .filter((each) => each.tied || (answered !== undefined && concerns(checked, each, answered, now)))
    .slice(0, shownAtMost)
    .map(({ said, did, state }) => ({
      ...filled({ said, did: state === 'done' ? (did as string) : receipt[state] }),
      done: state === 'done',
    }))
}

async function customerOf(tx: Tx, answered: Answered | undefined): Promise<LetterSubject['customer']> {
  const [customer] = await tx.query<NonNullable<LetterSubject['customer']> & Row>(
    'select name, email, phone from contacts where contact_id = $1',
    [answered?.contactId ?? null],
  )
  return customer
}

/** Whom telling would find by the condition. An answer given once it was done changed nothing any more. */
function concerns(checked: CheckedProgram, found: Found, answered: Answered, now: Date): boolean {
  const { answeredAt } = answered
  if (found.concerns === null || answeredAt.getTime() < found.createdAt.getTime() - usualSince) return false
  if (found.doneAt !== null && answeredAt > found.doneAt) return false
  return holds(checked, found.concerns, variablesOf(checked, answered, now))
}
