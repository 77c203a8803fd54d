// For: who wants no more mails. It holds for the person, whatever address they get later, and for the address, whoever
// else is reached there.
// In: the contact whose link was followed. Out: the one condition by which everything that mails customers asks.
import type { Tx } from '../storage/postgres.ts'

/** SQL: since when this contact is not to be mailed, or null. As a value, which is read by the key for each contact: all
 * addresses of a workspace may be many.
 * @param contact the alias of `contacts` in the statement; of no contact it is null
 */
export const unsubscribedSince = (contact: string) =>
  `coalesce(${contact}.unsubscribed_at, (select n.at from unsubscribed_addresses n
     where n.workspace_id = ${contact}.workspace_id and n.address = ${contact}.address))`

/** SQL: whether this contact is not to be mailed. */
export const isUnsubscribed = (contact: string) => `${unsubscribedSince(contact)} is not null`

/** The mail with the link that was followed. */
type MailAbout = { invitationId: string } | { messageId: string }

/** Keeps that a contact wants no more mails, and all who are reached at their address, or at the one that the mail with
 * this link went to. Done twice it changes nothing.
 */
export async function keepUnsubscribed(
  tx: Tx,
  { contactId, mail }: { contactId: string; mail: MailAbout },
  at: Date,
): Promise<void> {
  const rows = await tx.query<{ address: string }>(
    `insert into unsubscribed_addresses (workspace_id, address, at)
     select $1::uuid, a.address, $4::timestamptz from (
       select c.address from contacts c where c.workspace_id = $1 and c.contact_id = $2 and c.address is not null
       union
       select mail_address(m.recipient) from messages m
       where m.workspace_id = $1 and ${'invitationId' in mail ? "m.kind = 'invitation' and m.about_id" : 'm.message_id'} = $3
     ) a
     on conflict (workspace_id, address) do update set at = unsubscribed_addresses.at returning address`,
    [tx.workspaceId, contactId, 'invitationId' in mail ? mail.invitationId : mail.messageId, at],
  )
  await tx.query(
    `update contacts set unsubscribed_at = $4 where workspace_id = $1
       and (contact_id = $2 or address = any($3::text[])) and unsubscribed_at is null`,
    [tx.workspaceId, contactId, rows.map(({ address }) => address), at],
  )
}
