import type { CaseItem } from '../../api/wire.ts'

type Times = Pick<
  CaseItem,
  'missedAt' | 'missedAgainAt' | 'firstContactedAt' | 'contactedAt' | 'contactDueAt'
>
interface Late {
  dueAt: string
  at: string
}

/** What became of the contact that was promised, where it was not in time: missed as long as nobody reached the customer;
 * then late, the first contact and, of a case that was opened again, the new one.
 */
export function notInTime(item: Times): { missed: boolean; first: Late | null; again: Late | null } {
  const { missedAt, missedAgainAt, firstContactedAt, contactedAt, contactDueAt } = item
  const isAgain = contactedAt !== null && contactedAt !== firstContactedAt
  return {
    missed:
      (missedAt !== null && firstContactedAt === null) || (missedAgainAt !== null && contactedAt === null),
    first: missedAt !== null && firstContactedAt !== null ? { dueAt: missedAt, at: firstContactedAt } : null,
    again:
      isAgain && Date.parse(contactedAt) > Date.parse(contactDueAt)
        ? { dueAt: contactDueAt, at: contactedAt }
        : null,
  }
}
