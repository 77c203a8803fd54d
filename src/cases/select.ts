// For: opening cases by hand, for customers somebody picked out.
// In: people, accounts or answers, who picks them and why. Out: a receipt for each: opened, open already, or refused.

import { type ErrorCode, Refusal } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Principal } from '../base/principal.ts'
import { type UnitScope, unitScope, visibleCase } from '../people/access.ts'
import { actorOf } from '../people/who.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type Candidate, type Choice, readChosen, takeTurns } from './candidates.ts'
import { draft, judgeBy } from './judge.ts'
import { keepCases } from './keep.ts'
import { makeCases } from './make.ts'
import type { OpenParts } from './open.ts'
import { ruleByHand, selected } from './policy.ts'
import { rankCases } from './rank.ts'

/** `open`: they have a case already, whatever it is about, and get no second one. Its id is told to who may see it. */
export interface SelectReceipt {
  status: 'opened' | 'open' | 'refused'
  caseId?: string
  code?: ErrorCode
  message?: string
}

type Chosen = Candidate & { place: number }

/** Opens a case for each, by the rule that holds for the answer; owner, deadline and priority are as of any case. Nobody
 * gets a second call: who has an open case keeps it, so that asking again opens nothing more.
 * @returns receipts in the order of the choices; `case.noAnswer` for those without an answer within the unit of who asks
 */
export async function openSelected(
  parts: OpenParts,
  principal: Principal,
  choices: readonly Choice[],
  note?: string,
): Promise<SelectReceipt[]> {
  const { workspaceId } = principal
  const scope = unitScope(principal)
  return parts.database.inWorkspace(workspaceId, async (tx) => {
    await takeTurns(tx)
    const chosen = await readChosen(tx, choices, scope)
    const known = await readOpen(tx, choices, chosen, scope)
    const fresh: Array<{ candidate: Chosen; caseId: string }> = []
    const receipts = choices.map((): SelectReceipt => {
      const { code, message } = new Refusal('case.noAnswer')
      return { status: 'refused', code, message }
    })
    for (const candidate of chosen) {
      const keys = keysOf(choices[candidate.place] as Choice, candidate)
      const has = keys.map((key) => known.get(key)).find((found) => found !== undefined)
      if (has) receipts[candidate.place] = { status: 'open', ...(has.seen ? { caseId: has.caseId } : {}) }
      else {
        const caseId = newId(parts.clock)
        fresh.push({ candidate, caseId })
        for (const key of keys) known.set(key, { caseId, seen: true })
        receipts[candidate.place] = { status: 'opened', caseId }
      }
    }
    const checked = await parts.programs.activeIn(tx)
    const at = parts.clock.now()
    const judged = await judgeBy(
      tx,
      parts,
      fresh.map(({ candidate }) => candidate),
      async () => ({ checked, at }),
    )
    const drafts = judged.map((each, index) =>
      draft({ ...each, rule: ruleByHand(each.rule) }, fresh[index]!.caseId, selected),
    )
    const cases = await makeCases(tx, await rankCases(tx, drafts), () => ({ from: at }))
    await keepCases(tx, parts, cases, { actor: actorOf(principal), note })
    return receipts
  })
}

interface OpenRow extends Row {
  caseId: string
  contactId: string | null
  accountId: string | null
  responseId: string
  seen: boolean
}

/** Open cases by whom they are of. */
async function readOpen(
  tx: Tx,
  choices: readonly Choice[],
  chosen: readonly Chosen[],
  scope: UnitScope,
): Promise<Map<string, { caseId: string; seen: boolean }>> {
  const ids = [...new Set(chosen.flatMap((each) => keysOf(choices[each.place] as Choice, each)))]
  const values: unknown[] = [ids]
  const rows = await tx.query<OpenRow>(
    `select c.case_id as "caseId", c.contact_id as "contactId", c.account_id as "accountId",
       c.response_id as "responseId", ${visibleCase(scope, 'c', values)} as seen
     from cases c where c.state <> 'closed'
       and (c.contact_id = any($1::uuid[]) or c.account_id = any($1::uuid[]) or c.response_id = any($1::uuid[]))
     order by c.opened_at`,
    values,
  )
  return new Map(
    rows.flatMap(({ caseId, seen, contactId, accountId, responseId }) =>
      [contactId, accountId, responseId].flatMap((id) =>
        id === null ? [] : [[id, { caseId, seen }] as const],
      ),
    ),
  )
}

/** Whose open case stands for this choice: the person's; the account's, when it was the account that was picked. */
const keysOf = (choice: Choice, { contactId, responseId }: Chosen): string[] =>
  [contactId ?? responseId, 'accountId' in choice ? choice.accountId : null].filter((id) => id !== null)
