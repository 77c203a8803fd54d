import { subtractDuration } from '../base/clock.ts'
import type { Surroundings } from '../events/context.ts'
import type { Tx } from '../storage/postgres.ts'
import type { EarlierInvitation } from './decision.ts'

/** No quarantine reaches back further. */
const horizon = 'P2Y'

type Asked = Pick<Surroundings, 'contactId' | 'person'>

/** What people were sent before. Whoever shares a mail address is one reader, who is not to be asked by each name anew. */
export interface Earlier {
  of(asked: Asked): readonly EarlierInvitation[]
  /** Another is on its way to them. */
  sent(asked: Asked, invitation: EarlierInvitation): void
}

/** What these people, and others at their addresses, were sent before. */
export async function earlierInvitations(tx: Tx, asked: readonly Asked[], now: Date): Promise<Earlier> {
  const distinct = (texts: Array<string | undefined>) => [
    ...new Set(texts.filter((text) => text !== undefined)),
  ]
  const rows = await tx.query<{
    contact_id: string
    address: string | null
    survey: string
    transaction_id: string | null
    sent_at: Date
  }>(
    `select i.contact_id, i.survey, i.transaction_id, i.sent_at,
       (select c.address from contacts c where c.workspace_id = i.workspace_id and c.contact_id = i.contact_id) as address
     from invitations i
     where i.workspace_id = $1 and i.state in ('sent', 'uncertain') and i.sent_at > $4
       and i.contact_id = any($2::uuid[] || array(
         select s.contact_id from contacts s where s.workspace_id = $1 and s.address = any($3::text[])))`,
    [
      tx.workspaceId,
      distinct(asked.map(({ contactId }) => contactId)),
      distinct(asked.map(({ person }) => person?.address)),
      subtractDuration(now, horizon),
    ],
  )
  const found = new Map<string, EarlierInvitation[]>()
  const add = (reader: string, invitation: EarlierInvitation) => {
    const known = found.get(reader)
    if (known) known.push(invitation)
    else found.set(reader, [invitation])
  }
  for (const row of rows)
    add(row.address ?? row.contact_id, {
      survey: row.survey,
      transactionId: row.transaction_id ?? undefined,
      sentAt: row.sent_at,
    })
  const readerOf = ({ contactId, person }: Asked) => person?.address ?? contactId ?? ''
  return {
    of: (each) => found.get(readerOf(each)) ?? [],
    sent: (each, invitation) => add(readerOf(each), invitation),
  }
}
