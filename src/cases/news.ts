// For: telling those who are kept informed of a case what became of it, and anybody of what would be a mail for each.
// In: events of cases. Out: rows of case_news, and from them one mail a person, at most once an hour.
import type { Clock } from '../base/clock.ts'
import { queueMessages } from '../channels/queue.ts'
import { maySeeCase } from '../people/access.ts'
import { type Reader, readReaders } from '../people/readers.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { fromCustomer, newsNote, type ToldCase } from './newsNote.ts'
import { mailAt, recipientsOf } from './notify.ts'
import type { CaseEvent, CaseEventKind } from './standing.ts'

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
/** As many of a piece of news are named in the mail. */
export const namedAtMost = 10
const hour = 3_600_000

/** Something to be told, of one case or of many. */
export interface CaseNews {
  person: string
  change: CaseEventKind
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
    ids: caseIds.slice(0, namedAtMost),
  }))
  await tx.query(
    `insert into case_news (workspace_id, person, change, cases, case_ids, at)
     select $1::uuid, r.person, r.change, r.n, r.ids, r.at
     from json_to_recordset($2::json) as r(person text, change text, n int, ids uuid[], at timestamptz)`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
  await announce(tx, { kind: 'caseNews.due', workspaceId: tx.workspaceId as string })
}

/** Notes for those who are kept informed what others have done, and for the owner too what came from the customer; for
 * the managers what a system has taken. Who did it, and whom it was given or escalated to, know.
 */
export async function keepNews(
  tx: Tx,
  parts: { announce: Announce },
  events: ReadonlyArray<CaseEvent & { caseId: string }>,
): Promise<void> {
  const forOwners = (event: CaseEvent) => fromCustomer.has(event.kind) || goesToSystem(event)
  const told = events.filter((event) => toldOf.has(event.kind) || forOwners(event))
  if (told.length === 0) return
  const casesOf = (some: readonly (CaseEvent & { caseId: string })[]) => [
    ...new Set(some.map(({ caseId }) => caseId)),
  ]
  const informed = await readInformed(tx, casesOf(told))
  const owners = await recipientsOf(tx, casesOf(told.filter(forOwners)), 'owner', 'all')
  if (informed.size === 0 && owners.length === 0) return
  const ownersOf = Map.groupBy(owners, ({ caseId }) => caseId)
  const hearing = told.map((event) => {
    const knowing = new Set([event.actor, event.detail?.to, ...escalatedTo(event)])
    const unaware = (people: readonly string[]) => people.filter((person) => !knowing.has(person))
    const hears = toldOf.has(event.kind) || fromCustomer.has(event.kind)
    const owning = forOwners(event) ? (ownersOf.get(event.caseId) ?? []) : []
    return {
      event,
      informed: unaware(hears ? (informed.get(event.caseId) ?? []) : []),
      owners: unaware(owning.map(({ person }) => person)),
    }
  })
  const sees = await whoSees(
    tx,
    hearing.flatMap(({ event, informed }) => informed.map((person) => ({ id: event.caseId, person }))),
  )
  const news = new Map<string, { person: string; change: CaseEventKind; caseIds: string[]; at: Date }>()
  for (const { event, informed, owners } of hearing)
    for (const person of new Set([...informed.filter((each) => sees(event.caseId, each)), ...owners])) {
      const change = goesToSystem(event) ? 'taken' : event.kind
      const key = `${change} ${person}`
      const found = news.get(key) ?? { person, change, caseIds: [], at: event.at }
      found.caseIds.push(event.caseId)
      news.set(key, found)
    }
  await noteNews(tx, parts, [...news.values()])
}

async function readInformed(tx: Tx, caseIds: readonly string[]): Promise<Map<string, string[]>> {
  // Each by its key, however many there are: a plan that is made while the table grows would read it whole.
  const rows = await tx.query<{ id: string; people: string[] }>(
    `select k.id, array_agg(p.person) as people
     from unnest($1::uuid[]) as k(id), lateral (
       select person from case_people where workspace_id = $2 and case_id = k.id offset 0
     ) p group by 1`,
    [caseIds, tx.workspaceId],
  )
  return new Map(rows.map(({ id, people }) => [id, people]))
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

interface Waiting extends Row, Omit<CaseNews, 'caseIds'> {
  id: number
  cases: number
  caseIds: string[]
}

/** Mails what waits: what came from customers in a mail of its own, at the end of the reader's quiet hours; all else
 * together in another, an hour after the one before at the soonest, unless a system took a case. Running it again, or
 * twice at once, tells nothing twice. Who has left is told nothing.
 */
export async function tellCaseNews(
  parts: { database: Database; clock: Clock; announce: Announce; programs: Programs },
  workspaceId: string,
): Promise<void> {
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const now = parts.clock.now()
    const waiting = await tx.query<Waiting>(
      `select news_id as id, person, change, cases, case_ids as "caseIds", at from case_news
       where told_at is null order by news_id limit 5000 for update skip locked`,
    )
    if (waiting.length === 0) return
    const people = [...new Set(waiting.map(({ person }) => person))]
    const readers = await readReaders(tx, people)
    const last = await lastTold(tx, people)
    const { program } = await parts.programs.activeIn(tx)
    const due = (reader: Reader, news: readonly Waiting[]) => {
      const urgent = news.some(({ change }) => fromCustomer.has(change) || change === 'taken')
      const after = urgent
        ? now.getTime()
        : Math.max(now.getTime(), (last.get(reader.person)?.getTime() ?? 0) + hour)
      // Of what may come in quiet hours none waits for the rest.
      const kinds = news.map(({ change }) => mailKinds[change] ?? 'case')
      return Math.min(...kinds.map((kind) => mailAt(program, kind, reader, new Date(after)).getTime()))
    }
    const telling: Array<[Reader, Waiting[]]> = []
    const later = new Set<number>()
    const over: number[] = []
    const mails = Map.groupBy(waiting, ({ person, change }) => `${fromCustomer.has(change)} ${person}`)
    for (const news of mails.values()) {
      const reader = readers.get(news[0]!.person)
      const at = reader ? due(reader, news) : now.getTime()
      if (at > now.getTime()) later.add(at)
      else {
        over.push(...news.map(({ id }) => id))
        if (reader) telling.push([reader, news])
      }
    }
    const cases = await readTold(
      tx,
      telling.flatMap(([, news]) => news.flatMap(({ caseIds }) => caseIds)),
    )
    await queueMessages(
      tx,
      parts,
      telling.map(([reader, news]) => ({
        kind: 'caseNews',
        aboutId: news[0]!.caseIds[0]!,
        recipient: reader.email,
        occasion: String(news[0]!.id),
        note: newsNote(program, reader, news, cases),
      })),
    )
    await tx.query('update case_news set told_at = $2 where news_id = any($1::bigint[])', [over, now])
    await tx.query('delete from case_news where told_at < $1', [new Date(now.getTime() - hour)])
    for (const at of later) await parts.announce(tx, { kind: 'caseNews.due', workspaceId }, new Date(at))
    if (waiting.length === 5000) await parts.announce(tx, { kind: 'caseNews.due', workspaceId })
  })
}

/** The program may let these through quiet hours. */
const mailKinds: Partial<Record<CaseEventKind, 'caseReminder' | 'caseEscalated'>> = {
  reminded: 'caseReminder',
  escalated: 'caseEscalated',
}

async function lastTold(tx: Tx, people: readonly string[]): Promise<Map<string, Date>> {
  const rows = await tx.query<{ person: string; at: Date }>(
    `select person, max(told_at) as at from case_news where told_at is not null and person = any($1::text[])
       and change <> all($2::text[]) group by 1`,
    [people, [...fromCustomer]],
  )
  return new Map(rows.map(({ person, at }) => [person, at]))
}

async function readTold(tx: Tx, caseIds: readonly string[]): Promise<Map<string, ToldCase>> {
  if (caseIds.length === 0) return new Map()
  const rows = await tx.query<ToldCase & Row & { id: string }>(
    `select c.case_id as id, coalesce(p.name, p.contact_key) as customer, coalesce(u.name, c.unit_key) as unit,
       c.owner_name as owner, c.outcome
     from cases c left join contacts p on p.contact_id = c.contact_id left join units u on u.unit_key = c.unit_key
     where c.case_id = any($1::uuid[])`,
    [[...new Set(caseIds)]],
  )
  return new Map(rows.map(({ id, ...told }) => [id, told]))
}
