// For: telling those who are kept informed of a case what became of it, and anybody of what would be a mail for each.
// In: events of cases. Out: rows of case_news, and from them one mail a person, at most once an hour.
import type { Clock } from '../base/clock.ts'
import type { Note } from '../channels/note.ts'
import { noteWithdrawn, queueMessages, type WithdrawnMessage } from '../channels/queue.ts'
import { maySeeCase } from '../people/access.ts'
import type { Reader } from '../people/readers.ts'
import type { Program } from '../program/schema.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { floodNote } from './floodNote.ts'
import { lettersAside } from './lettersAside.ts'
import { longestApart, mailKinds, newsDue, voiceOf, type WaitingNews } from './newsDue.ts'
import {
  asideNote,
  fromCustomer,
  isOfFlood,
  type NewsChange,
  namedAtMost,
  newsNote,
  type ToldCase,
} from './newsNote.ts'
import { recipientsOrLeads } from './notify.ts'
import type { CaseEvent, CaseEventKind } from './standing.ts'
import { type LeftOut, stillTrue } from './stillTrue.ts'

/** Changes that those who are kept informed hear of. */
const toldOf: ReadonlySet<string> = new Set<CaseEventKind>([
  'contacted',
  'escalated',
  'forwarded',
  'closed',
  'reopened',
])
/** A system that works with a key has it now, whom no mail reaches: the managers look after it from here on, as they get
 * its reminders, and hear so at once.
 */
const goesToSystem = ({ kind, actor, detail }: CaseEvent) =>
  (kind === 'taken' ? actor : kind === 'assigned' || kind === 'forwarded' ? detail?.to : undefined)
    ?.toString()
    .startsWith('key:') ?? false
/** So many are kept until they are told: to be judged again then, and so that one of which there is news twice counts once. */
const judgedAtMost = 200
/** Of new cases all are kept, also when they are told or untrue by then: telling them may be tried again (tellOpened.ts). */
const isOfNewCases = (change: NewsChange) => change === 'opened' || change === 'informed'

/** Something to be told, of one case or of many. */
export interface CaseNews {
  person: string
  change: NewsChange
  /** In the order of time; the first are named, the rest are counted. */
  caseIds: readonly string[]
  at: Date
}

/** Notes what somebody is to be told and announces it. */
export async function noteNews(
  tx: Tx,
  { announce }: { announce: Announce },
  news: readonly CaseNews[],
): Promise<void> {
  if (news.length === 0) return
  const rows = news.map(({ caseIds, ...each }) => ({
    ...each,
    n: caseIds.length,
    ids: isOfNewCases(each.change) ? caseIds : caseIds.slice(0, judgedAtMost),
  }))
  await tx.query(
    `insert into case_news (workspace_id, person, change, cases, case_ids, at)
     select $1::uuid, r.person, r.change, r.n, r.ids, r.at
     from json_to_recordset($2::json) as r(person text, change text, n int, ids uuid[], at timestamptz)`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
  await announce(tx, { kind: 'caseNews.due', workspaceId: tx.workspaceId as string })
}

/** Whose a case was that somebody else has taken or given away. */
const lostBy = ({ kind, actor, detail }: CaseEvent): string[] =>
  (kind === 'taken' || kind === 'assigned' || kind === 'forwarded') &&
  actor !== null &&
  typeof detail?.from === 'string'
    ? [detail.from]
    : []

/** What a colleague did with somebody's case: whoever calls the customer has to know. */
const isColleagues = ({ kind, actor }: CaseEvent) =>
  actor !== null && (kind === 'contacted' || kind === 'closed')

/** A step of the policy that has reached nobody is no news. */
const reachedNobody = (event: CaseEvent) =>
  event.kind === 'escalated' && event.actor === null && escalatedTo(event).length === 0

const isForOwners = (event: CaseEvent) =>
  fromCustomer.has(event.kind) || goesToSystem(event) || isColleagues(event)

/** Whether anybody hears of it but those whom it comes from and goes to. */
export const isTold = (event: CaseEvent) =>
  (toldOf.has(event.kind) && !reachedNobody(event)) || isForOwners(event) || lostBy(event).length > 0

/** Notes for those who are kept informed what others have done, and for the owner too what came from the customer; for
 * the managers what a system has taken, and for the owner that a colleague has reached the customer or closed the case;
 * for whoever had it that somebody else has it now. Who did it, and whom it was given or escalated to, know.
 * @param informed who is kept informed of each case, before these events
 */
export async function keepNews(
  tx: Tx,
  parts: { announce: Announce },
  events: ReadonlyArray<CaseEvent & { caseId: string }>,
  informed: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const told = events.filter(isTold)
  if (told.length === 0) return
  const ofOwners = new Set(told.filter(isForOwners).map(({ caseId }) => caseId))
  const owners = await recipientsOrLeads(tx, [...ofOwners], 'owner', 'all')
  if (informed.size === 0 && owners.length === 0 && told.every((event) => lostBy(event).length === 0)) return
  const ownersOf = Map.groupBy(owners, ({ caseId }) => caseId)
  const hearing = told.map((event) => {
    const knowing = new Set([event.actor, event.detail?.to, ...escalatedTo(event)])
    const unaware = (people: readonly string[]) => people.filter((person) => !knowing.has(person))
    const hears = toldOf.has(event.kind) || fromCustomer.has(event.kind)
    const owning = isForOwners(event) ? (ownersOf.get(event.caseId) ?? []) : []
    return {
      event,
      informed: unaware(hears ? (informed.get(event.caseId) ?? []) : []),
      owners: unaware(owning.map(({ person }) => person)),
      before: unaware(lostBy(event)),
    }
  })
  const sees = await whoSees(
    tx,
    hearing.flatMap(({ event, informed, before }) =>
      [...informed, ...before].map((person) => ({ id: event.caseId, person })),
    ),
  )
  const news = new Map<string, { person: string; change: NewsChange; caseIds: string[]; at: Date }>()
  const often = new Map<string, number>()
  const tell = ({ caseId, at }: (typeof told)[number], person: string, change: NewsChange) => {
    // What has come twice of one case stands in another row, so that a row counts its cases.
    const nth = (often.get(`${change} ${person} ${caseId}`) ?? 0) + 1
    often.set(`${change} ${person} ${caseId}`, nth)
    const key = `${change} ${person} ${nth}`
    const found = news.get(key) ?? { person, change, caseIds: [], at }
    found.caseIds.push(caseId)
    news.set(key, found)
  }
  for (const { event, informed, owners, before } of hearing) {
    const seeing = (people: readonly string[]) => people.filter((each) => sees(event.caseId, each))
    for (const person of new Set([...seeing(informed), ...owners]))
      tell(event, person, goesToSystem(event) ? 'taken' : event.kind)
    for (const person of seeing(before)) tell(event, person, 'takenFrom')
  }
  await noteNews(tx, parts, [...news.values()])
}

/** Whether somebody may still be told of a case. Whoever knows already need not be asked for: of thousands of deadlines
 * that pass together that is nearly everybody.
 */
async function whoSees(tx: Tx, asked: ReadonlyArray<{ id: string; person: string }>) {
  if (asked.length === 0) return () => false
  const rows = await tx.query<{ id: string; people: string[] }>(
    `select a.id, array_agg(a.person) as people
     from json_to_recordset($2::json) as a(id uuid, person text), lateral (
       select unit_key, employee_key from cases where workspace_id = $1 and case_id = a.id limit 1
     ) c
     where ${maySeeCase('a.person', 'c')} group by 1`,
    [tx.workspaceId, JSON.stringify(asked)],
  )
  const people = new Map(rows.map(({ id, people }) => [id, people]))
  return (caseId: string, person: string) => people.get(caseId)?.includes(person) ?? false
}

const escalatedTo = ({ detail }: CaseEvent): string[] =>
  ((detail?.people ?? []) as Array<{ id: string }>).map(({ id }) => id)

/** Mails what waits: what came from customers, what was set aside, and what others did each in a mail of its own, when it
 * is due (see newsDue.ts). Running it again, or twice at once, tells nothing twice. Who has left is told nothing.
 */
export async function tellCaseNews(
  parts: { database: Database; clock: Clock; announce: Announce; programs: Programs },
  workspaceId: string,
): Promise<void> {
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const now = parts.clock.now()
    const waiting = await tx.query<WaitingNews>(
      `select news_id as id, person, change, cases, case_ids as "caseIds", at from case_news
       where told_at is null order by news_id limit 5000 for update skip locked`,
    )
    if (waiting.length === 0) return
    const { program } = await parts.programs.activeIn(tx)
    const { readers, due } = await newsDue(tx, program, waiting, now)
    const over = waiting.filter((each) => due.get(each)! <= now)
    const { told, leftOut } = await stillTrue(tx, over, now)
    const later = new Set(waiting.flatMap((each) => (due.get(each)! > now ? due.get(each)!.getTime() : [])))
    const idsOf = (some: readonly WaitingNews[]) => some.flatMap(({ caseIds }) => caseIds)
    const cases = await readTold(tx, idsOf(told))
    const aside = await lettersAside(tx, idsOf(told.filter(({ change }) => change === 'aside')))
    const mails = Map.groupBy(told, ({ person, change }) => `${voiceOf(change)} ${person}`)
    await queueMessages(
      tx,
      parts,
      [...mails.values()].flatMap((news) => {
        const reader = readers.get(news[0]!.person)
        const note = reader && noteOf(program, reader, news, { cases, aside })
        const about = { kind: 'caseNews' as const, aboutId: news[0]!.caseIds[0]! }
        return note ? [{ ...about, recipient: reader.email, occasion: String(news[0]!.id), note }] : []
      }),
    )
    await settle(tx, over, told, now)
    await noteWithdrawn(tx, now, leftOut.flatMap(withdrawnOf(readers)))
    const forgotten = new Date(now.getTime() - longestApart)
    await tx.query('delete from case_news where told_at < $1', [forgotten])
    for (const at of later) await parts.announce(tx, { kind: 'caseNews.due', workspaceId }, new Date(at))
    if (waiting.length === 5000) await parts.announce(tx, { kind: 'caseNews.due', workspaceId })
  })
}

/** What each case that was left out of a flood would have been a mail of, for its history. */
const withdrawnOf =
  (readers: ReadonlyMap<string, Reader>) =>
  ({ news: { id, person, change }, caseId, why }: LeftOut): WithdrawnMessage[] => {
    const recipient = readers.get(person)?.email
    const kind = mailKinds[change]
    if (!isOfFlood(change) || recipient === undefined || kind === undefined) return []
    return [{ kind, aboutId: caseId, recipient, occasion: `flood ${id}`, why }]
  }

/** Notes what was told of which cases; what was told to nobody, since they know, holds up nothing that comes later. */
async function settle(
  tx: Tx,
  over: readonly WaitingNews[],
  told: readonly WaitingNews[],
  now: Date,
): Promise<void> {
  const named = told.filter(({ change }) => !isOfNewCases(change))
  const kept = [
    ...named.map(({ id, caseIds }) => ({ id, caseIds: caseIds.slice(0, namedAtMost) })),
    ...over.filter(({ change }) => isOfNewCases(change)),
  ]
  await tx.query(
    `update case_news n set told_at = $3, case_ids = r."caseIds"
     from json_to_recordset($2::json) as r(id bigint, "caseIds" uuid[]) where n.workspace_id = $1 and n.news_id = r.id`,
    [tx.workspaceId, JSON.stringify(kept), now],
  )
  const settled = new Set(kept.map(({ id }) => id))
  const unsaid = over.flatMap(({ id }) => (settled.has(id) ? [] : [id]))
  if (unsaid.length > 0) await tx.query('delete from case_news where news_id = any($1::bigint[])', [unsaid])
}

/** @returns nothing when all that was set aside has been judged meanwhile */
function noteOf(
  program: Program,
  reader: Reader,
  news: readonly WaitingNews[],
  { cases, aside }: { cases: ReadonlyMap<string, ToldCase>; aside: ReadonlyMap<string, number> },
): Note | undefined {
  const voice = voiceOf(news[0]!.change)
  if (voice === 'flood') return floodNote(program, reader, news, cases)
  if (voice !== 'aside') return newsNote(program, reader, news, cases)
  const counted = [...new Set(news.flatMap(({ caseIds }) => caseIds))].flatMap((id) => {
    const letters = aside.get(id)
    return letters ? [{ letters, told: cases.get(id) }] : []
  })
  return counted.length > 0 ? asideNote(program, reader, counted) : undefined
}

async function readTold(tx: Tx, caseIds: readonly string[]): Promise<Map<string, ToldCase>> {
  if (caseIds.length === 0) return new Map()
  const rows = await tx.query<ToldCase & Row & { id: string }>(
    `select c.case_id as id, coalesce(p.name, p.contact_key) as customer, coalesce(u.name, c.unit_key) as unit,
       c.owner_name as owner, c.outcome, c.contact_due_at as due
     from cases c left join contacts p on p.contact_id = c.contact_id left join units u on u.unit_key = c.unit_key
     where c.case_id = any($1::uuid[])`,
    [[...new Set(caseIds)]],
  )
  return new Map(rows.map(({ id, ...told }) => [id, told]))
}
