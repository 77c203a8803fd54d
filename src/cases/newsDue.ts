// For: when somebody is told news of cases by mail, and with what else in one mail.
// In: what waits to be told, and when each was told last. Out: for each piece a time; which of them share a mail.
import type { CaseMailKind } from '../channels/queue.ts'
import { type Reader, readReaders } from '../people/readers.ts'
import type { Program } from '../program/schema.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { floodChanges, fromCustomer, isOfFlood, type NewsChange, urgent } from './newsNote.ts'
import { mailAt } from './notify.ts'

const minute = 60_000
const hour = 60 * minute
/** After a customer's letter was told, further ones of that case come together, one mail for so long. */
const customerEvery = 15 * minute
/** A flood is told when it has had this time to come in, so that the mail says how much of it there is. */
export const floodWait = minute
/** So many mails about a case each one person gets at once; more come as one. */
export const mailsEach = 25
/** How long it must be known that something was told. */
export const longestApart = hour

/** News of one voice share a mail: what came from customers, what was set aside, what came in floods, what others did. */
export type Voice = 'customer' | 'aside' | 'flood' | 'others'
export const voiceOf = (change: NewsChange): Voice =>
  fromCustomer.has(change)
    ? 'customer'
    : change === 'aside'
      ? 'aside'
      : isOfFlood(change)
        ? 'flood'
        : 'others'

export interface WaitingNews extends Row {
  id: number
  person: string
  change: NewsChange
  cases: number
  caseIds: string[]
  at: Date
}

/** What each of these would have been; reminders and escalations the program may let through quiet hours. */
export const mailKinds: Partial<Record<NewsChange, CaseMailKind>> = {
  opened: 'case',
  informed: 'caseInformed',
  dueSoon: 'caseReminder',
  handedUp: 'caseEscalated',
  escalated: 'caseEscalated',
}

/** When each is to be told; a reader who has left is none, and theirs fall due at once. */
export async function newsDue(
  tx: Tx,
  program: Program,
  waiting: readonly WaitingNews[],
  now: Date,
): Promise<{ readers: Map<string, Reader>; due: Map<WaitingNews, Date> }> {
  const people = [...new Set(waiting.map(({ person }) => person))]
  const readers = await readReaders(tx, people)
  const last = await lastTold(tx, people)
  const due = new Map<WaitingNews, Date>()
  const ofOthers = Map.groupBy(waiting, (each) => `${voiceOf(each.change)} ${each.person}`)
  for (const news of ofOthers.values()) {
    const reader = readers.get(news[0]!.person)
    const isUrgent = news.some(({ change }) => urgent.has(change))
    const times = news.map((each) => {
      if (!reader) return now.getTime()
      const after = isUrgent ? now.getTime() : Math.max(now.getTime(), soonest(each, last))
      return mailAt(program, mailKinds[each.change] ?? 'case', reader, new Date(after)).getTime()
    })
    // What others did comes together, and what came in floods: of what may come in quiet hours none waits for the rest.
    const together = Math.min(...times)
    const voice = voiceOf(news[0]!.change)
    const isTogether = voice === 'others' || voice === 'flood'
    for (const [place, each] of news.entries()) due.set(each, new Date(isTogether ? together : times[place]!))
  }
  for (const [each, at] of due) due.set(each, afterFlood(each, at, due))
  return { readers, due }
}

/** Nobody hears what others did with cases before the mail that tells of these cases. */
function afterFlood(news: WaitingNews, at: Date, due: ReadonlyMap<WaitingNews, Date>): Date {
  if (voiceOf(news.change) !== 'others') return at
  const floods = [...due].filter(
    ([{ person, change }]) => person === news.person && voiceOf(change) === 'flood',
  )
  return new Date(Math.max(at.getTime(), ...floods.map(([, told]) => told.getTime())))
}

/** By what was told last alone. */
function soonest({ person, change, caseIds, at }: WaitingNews, last: ReadonlyMap<string, Date>): number {
  const told = (key: string) => last.get(key)?.getTime() ?? Number.NEGATIVE_INFINITY
  const voice = voiceOf(change)
  // What would have been a mail for each waits for the rest of its flood, and for no hour.
  if (voice === 'flood') return at.getTime() + floodWait
  if (voice === 'others') return told(`others ${person}`) + hour
  const ofCases = Math.min(...caseIds.map((id) => told(`${change} ${person} ${id}`)))
  return voice === 'aside' ? Math.max(at.getTime() + floodWait, ofCases + hour) : ofCases + customerEvery
}

/** What others did by person; a customer's letters, answers, and what was set aside by person and case. */
async function lastTold(tx: Tx, people: readonly string[]): Promise<Map<string, Date>> {
  const rows = await tx.query<{ key: string; at: Date }>(
    `select case when change = any($2::text[]) then change || ' ' || person || ' ' || c.id else 'others ' || person end
       as key, max(told_at) as at
     from case_news, unnest(case_ids) as c(id)
     where told_at is not null and person = any($1::text[]) and not change = any($3::text[]) group by 1`,
    [people, [...fromCustomer, 'aside'], floodChanges],
  )
  return new Map(rows.map(({ key, at }) => [key, at]))
}
