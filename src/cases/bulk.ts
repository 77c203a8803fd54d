// For: doing one thing with many cases, each by its own revision.
// In: up to five hundred cases and what to do with them. Out: a receipt for each, in their order.
import type { Refusal } from '../base/errors.ts'
import type { Principal } from '../base/principal.ts'
import { findAssignee } from '../people/staff.ts'
import { actingAs } from './actor.ts'
import { type CaseWarning, unseenBy, warnedOf } from './assign.ts'
import type { CaseAction } from './case.ts'
import { type LetterParts, writeMany } from './letters.ts'
import type { CaseOutcome, CaseRecord } from './standing.ts'
import { type ChangeReceipt, changeCases, type SeenCase } from './store.ts'

export type BulkDeed =
  | { do: 'take' }
  | { do: 'reply'; template: string }
  | { do: 'assign'; to: string; note?: string }
  | ({ do: 'close'; outcome: CaseOutcome; note?: string } & CaseRecord)

export interface BulkReceipt {
  caseId: string
  status: 'done' | 'refused'
  revision?: number
  code?: string
  message?: string
}

/** One that is refused does not hold up the others; a case that stands twice is done once. Warnings are of all of them.
 * @throws Refusal person.unknown
 */
export async function actOnMany(
  parts: LetterParts,
  principal: Principal,
  items: readonly SeenCase[],
  deed: BulkDeed,
): Promise<{ receipts: BulkReceipt[]; warnings: CaseWarning[] }> {
  if (deed.do === 'reply') {
    const receipts = await writeMany(parts, principal, items, deed.template)
    return { receipts: receipts.map(receiptOf), warnings: [] }
  }
  const { actor, scope, checked, at } = await actingAs(parts, principal)
  const given = deed.do === 'assign' ? deed.to : deed.do === 'take' ? 'me' : undefined
  const to = given === undefined ? undefined : await findAssignee(parts.database, principal, given)
  const { do: kind, ...rest } = deed
  const action = {
    ...rest,
    kind,
    ...(to && kind === 'assign' ? { to: { id: to.id, name: to.name } } : {}),
  } as CaseAction
  return parts.database.inWorkspace(principal.workspaceId, async (tx) => {
    const ids = items.map(({ caseId }) => caseId)
    const unseen = to ? await unseenBy(tx, to, ids) : new Map<string, Refusal>()
    const seen = items.filter(({ caseId }) => !unseen.has(caseId))
    const done = await changeCases(
      tx,
      parts,
      seen.map(({ caseId, revision }) => ({ caseId, revision, action, actor, at })),
      { scope, checked },
    )
    const waiting = [...done]
    const receipts = items.map(({ caseId }) => {
      const refusal = unseen.get(caseId)
      return refusal ? refused(caseId, refusal) : receiptOf(waiting.shift() as ChangeReceipt)
    })
    const isGiven = to && receipts.some(({ status }) => status === 'done')
    return { receipts, warnings: isGiven ? await warnedOf(tx, to, { me: actor.id, at }) : [] }
  })
}

const receiptOf = (receipt: ChangeReceipt): BulkReceipt =>
  receipt.status === 'done'
    ? { caseId: receipt.caseId, status: 'done', revision: receipt.standing.revision }
    : refused(receipt.caseId, receipt.refusal)

const refused = (caseId: string, { code, message }: Refusal): BulkReceipt => ({
  caseId,
  status: 'refused',
  code,
  message,
})
