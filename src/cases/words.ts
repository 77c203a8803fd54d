import type { Tx } from '../storage/postgres.ts'

/** More of a case's words is not searched: what is longer the stores keep elsewhere, where reading it costs. */
const lettersKept = 1500

/** SQL of the words that case `c` is found by: names, key and address of the customer and the account, and what was
 * written, the latest first, in lower case. What is renamed later is found by its name of then until the next answer.
 */
const wordsSql = `left(lower(concat_ws(' ',
    (select concat_ws(' ', p.name, p.contact_key, p.email) from contacts p
     where p.workspace_id = c.workspace_id and p.contact_id = c.contact_id),
    (select concat_ws(' ', a.name, a.account_key) from accounts a
     where a.workspace_id = c.workspace_id and a.account_id = c.account_id),
    (select string_agg(r.comment, ' ' order by r.answered_at desc) from case_responses j
     join responses r on r.workspace_id = j.workspace_id and r.response_id = j.response_id
     where j.workspace_id = c.workspace_id and j.case_id = c.case_id))), ${lettersKept})`

/** Writes anew what these cases are found by; to be called when they were opened and when an answer joined. */
export async function rewriteWords(tx: Tx, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return
  await tx.query(
    `update cases c set words = ${wordsSql} where c.workspace_id = $1 and c.case_id = any($2::uuid[])`,
    [tx.workspaceId, [...caseIds]],
  )
}
