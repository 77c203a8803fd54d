// For: finding cases by words and themes among a hundred thousand.
// In: what was written, and how the customer and the account are called. Out: the words of each case, kept beside it; a
// question to them, and the cases that answer it.
import type { Row, Tx } from '../storage/postgres.ts'

/** More different words of a case are not searched, and of a word no more letters. */
const wordsKept = 300
const lettersKept = 60
/** Words of a search that count. */
const wordsAsked = 10
/** What more cases have than this is common: it is met soon in any order, and not worth gathering first. */
export const usualCommon = 5000

/** The words of a text: letters and digits, in lower case, each once. */
export function wordsIn(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  return [...new Set(words.map((word) => [...word].slice(0, lettersKept).join('')))]
}

interface Written extends Row {
  id: string
  themes: string[]
  text: string
}

/** Writes anew what these cases are found by: names, key and address of the customer and the account, the comments, the
 * latest first, and the themes. To be called when they were opened, when an answer joined and when themes changed. What
 * is renamed later is found by its name of then until the next answer.
 */
export async function rewriteWords(tx: Tx, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return
  const written = await tx.query<Written>(
    `select c.case_id as id, c.themes, concat_ws(' ', p.name, p.contact_key, p.email, a.name, a.account_key,
       (select string_agg(r.comment, ' ' order by r.answered_at desc) from case_responses j
        join responses r on r.workspace_id = j.workspace_id and r.response_id = j.response_id
        where j.workspace_id = c.workspace_id and j.case_id = c.case_id)) as text
     from cases c
     left join contacts p on p.workspace_id = c.workspace_id and p.contact_id = c.contact_id
     left join accounts a on a.workspace_id = c.workspace_id and a.account_id = c.account_id
     where c.workspace_id = $1 and c.case_id = any($2::uuid[])`,
    [tx.workspaceId, [...caseIds]],
  )
  const rows = written.map(({ id, themes, text }) => ({
    id,
    words: [...themes.map((theme) => `#${theme}`), ...wordsIn(text).slice(0, wordsKept)].map((word) =>
      lexeme(tx, word),
    ),
  }))
  await tx.query(
    `insert into case_words (workspace_id, case_id, words)
     select $1::uuid, r.id, array_to_tsvector(r.words) from json_to_recordset($2::json) as r(id uuid, words text[])
     on conflict (workspace_id, case_id) do update set words = excluded.words`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
}

/** A word as it is kept: behind the first letters of the workspace's id. */
const lexeme = (tx: Tx, word: string) => `${tx.workspaceId?.slice(0, 8)} ${word}`

/** What is looked for: all of these words, or what they are the beginnings of, and one of the themes.
 * @returns a tsquery; undefined when nothing is asked for, null when nothing can be found
 */
export function searchFor(
  tx: Tx,
  asked: { text?: string; themes?: readonly string[] },
): string | null | undefined {
  const words = wordsIn(asked.text ?? '').slice(0, wordsAsked)
  if ((asked.text?.trim() && words.length === 0) || asked.themes?.length === 0) return null
  const quoted = (word: string) => `'${lexeme(tx, word).replace(/['\\]/g, '$&$&')}'`
  const parts = words.map((word) => `${quoted(word)}:*`)
  if (asked.themes) parts.push(`(${asked.themes.map((theme) => quoted(`#${theme}`)).join(' | ')})`)
  return parts.length === 0 ? undefined : parts.join(' & ')
}

/** Cases among which is looked: a condition of `c`, the table of cases, with its values. */
export interface Among {
  where: string
  values: readonly unknown[]
}

/** What was found: the cases that answer, wherever they are looked for, or that they are common. */
export type Found =
  | { common: false; ids: string }
  | {
      common: true
      /** Of the first ones that answer, those that are among what is looked at, but no more than `most`. */
      among: number
    }

/** @param search from searchFor
 * @param common what as many cases have is common
 * @param most further ones are not counted
 * @returns ids as the text of a uuid[], since only the store reads them
 */
export async function findCases(
  tx: Tx,
  search: string,
  common: number,
  { where, values }: Among,
  most: number,
): Promise<Found> {
  const asked = `$${values.length + 1}::tsquery, $${values.length + 2}::int`
  // All in one statement: thousands of ids cost more on their way out and back than the reading of them.
  const [row] = await tx.query<{ ids: string | null; among: number | null }>(
    `with found as materialized (select find_cases(${asked}) as id)
     select case when f.n < $${values.length + 2}::int then f.ids::text end as ids,
       case when f.n = $${values.length + 2}::int then (
         select count(*) from (select 1 from found join cases c on c.case_id = found.id where ${where} limit ${most}) m
       ) end as among
     from (select count(*) as n, coalesce(array_agg(id), '{}') as ids from found) f`,
    [...values, search, common],
  )
  return row?.ids == null ? { common: true, among: row?.among ?? 0 } : { common: false, ids: row.ids }
}
