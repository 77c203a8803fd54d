import { idOf } from '../events/apply.ts'
import { importResponses } from '../responses/import.ts'
import { recordAnswers } from '../responses/record.ts'
import type { Tx } from '../storage/postgres.ts'
import type { AnswerInput } from './input.ts'

export type AnswersIn = Parameters<typeof recordAnswers>[0] & Parameters<typeof importResponses>[0]

interface Sent {
  transactionId: string
  survey: string
  token: string
  sentAt: Date
  /** When it was answered, if it was. */
  answeredAt: Date | undefined
}

/** Hands answers in, each through the invitation it belongs to: the one sent for its transaction by then, when nobody
 * has answered that before. The others come in as found elsewhere, or not at all. Done again, each goes the same way:
 * an answer knows the invitation that it has answered by its time.
 */
export async function handIn(
  parts: AnswersIn,
  workspaceId: string,
  answers: readonly AnswerInput[],
): Promise<void> {
  const transactionOf = ({ transaction }: AnswerInput) =>
    idOf.transaction(workspaceId, transaction.type, transaction.key)
  const found = await parts.database.inWorkspace(workspaceId, (tx) =>
    invitationsFor(tx, answers.map(transactionOf)),
  )
  const invited: Array<{ answer: AnswerInput; token: string }> = []
  const uninvited: AnswerInput[] = []
  for (const answer of answers) {
    const transactionId = transactionOf(answer)
    const invitation = found.find(
      (each) =>
        each.transactionId === transactionId &&
        each.survey === answer.survey &&
        each.sentAt <= answer.at &&
        (each.answeredAt === undefined || each.answeredAt.getTime() === answer.at.getTime()),
    )
    if (invitation) {
      found.splice(found.indexOf(invitation), 1)
      invited.push({ answer, token: invitation.token })
    } else uninvited.push(answer)
  }
  const receipts = await recordAnswers(
    parts,
    workspaceId,
    invited.map(({ answer, token }) => ({
      token,
      answers: answer.answers,
      complete: true,
      at: answer.at,
      wayIn: 'survey' as const,
    })),
  )
  // A survey that had closed when the person answered takes no answer; the answer was given all the same.
  const refused = invited.filter((_, index) => 'refused' in receipts[index]!).map(({ answer }) => answer)
  await importResponses(
    parts,
    workspaceId,
    [...uninvited, ...refused].flatMap((answer) =>
      answer.otherwise
        ? [
            {
              ...answer.otherwise,
              survey: answer.survey,
              transaction: answer.transaction,
              answers: answer.answers,
              answeredAt: answer.at,
              // A second answer to what a link has been answered for stands in the data as one of its own.
              beside: true,
            },
          ]
        : [],
    ),
  )
}

async function invitationsFor(tx: Tx, transactionIds: string[]): Promise<Sent[]> {
  const rows = await tx.query<{
    transaction_id: string
    survey: string
    token: string
    sent_at: Date
    answered_at: Date | null
  }>(
    `select i.transaction_id, i.survey, i.token, i.sent_at, r.answered_at
     from invitations i left join responses r
       on r.workspace_id = i.workspace_id and r.invitation_id = i.invitation_id and r.state = 'completed'
     where i.workspace_id = $1 and i.transaction_id = any($2::uuid[]) and i.state in ('sent', 'uncertain')
     order by i.sent_at`,
    [tx.workspaceId, transactionIds],
  )
  return rows.map((row) => ({
    transactionId: row.transaction_id,
    survey: row.survey,
    token: row.token,
    sentAt: row.sent_at,
    answeredAt: row.answered_at ?? undefined,
  }))
}
