import Type from 'typebox'
import { Nullable, oneOf, Time } from '../base/wire.ts'

/** A letter on a case, out or in. */
export const MailShape = Type.Object({
  mailId: Type.String(),
  caseId: Type.String(),
  direction: oneOf(['out', 'in']),
  at: Time,
  from: Type.String({ description: 'of one that goes out: the name it is signed with' }),
  to: Type.String(),
  subject: Type.String(),
  text: Type.String({ description: 'of one that came in: without what it quotes' }),
  automatic: Type.Boolean({ description: 'no person wrote it: an absence note, a bounce' }),
  otherSender: Type.Boolean({
    description: 'it came from an address that is neither the customer’s nor one the case was written to',
  }),
  attachments: Type.Array(
    Type.Object({ name: Type.String(), type: Type.String(), size: Type.Integer({ description: 'bytes' }) }),
  ),
  actor: Nullable(Type.Object({ id: Type.String(), name: Nullable(Type.String()) })),
  state: Nullable(oneOf(['queued', 'sending', 'sent', 'failed', 'uncertain'])),
  error: Nullable(Type.String()),
  aside: Nullable(oneOf(['forged', 'loop', 'tooMany'])),
})
