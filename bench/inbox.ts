// For: how fast the inbox is read when a hundred thousand cases are open, and answered to over HTTP.
// In: an engine. Out: rows of the bench table: one page of each tab and order, as processor time, which holds on a busy machine too.
import { systemClock } from '../src/base/clock.ts'
import { createLog } from '../src/base/log.ts'
import { type InboxFilter, readInbox } from '../src/cases/inbox.ts'
import { rewriteWords } from '../src/cases/words.ts'
import { createServer } from '../src/http/server.ts'
import { createApiKey } from '../src/people/apiKeys.ts'
import { createWorkspace } from '../src/people/workspaces.ts'
import { openPrograms } from '../src/program/store.ts'
import { openJobs } from '../src/storage/jobs.ts'
import { migrate } from '../src/storage/migrate.ts'
import { type Database, openPglite, openPostgres } from '../src/storage/postgres.ts'
import { startPostgres } from '../test/postgres.ts'
import { shopProgram } from '../test/program.ts'
import { cpuSeconds } from './bare.ts'
import type { Engine } from './hosted.ts'
import type { BenchRow } from './table.ts'

const open = 100_000
const closed = 50_000
const rounds = 9

const fill = `
  with n as (select i, md5(i::text) as h, ('x' || substr(md5(i::text), 1, 7))::bit(28)::int as x from generate_series(1, $2) i),
  contacts_made as (
    insert into contacts (workspace_id, contact_id, contact_key, name, email, account_key, created_at)
    select $1, md5('contact' || i)::uuid, 'c' || i, 'Customer ' || substr(h, 1, 6), h || '@example.com', 'a' || i % 5000, $3
    from n),
  responses_made as (
    insert into responses (workspace_id, response_id, survey, touchpoint, contact_id, unit_key, way_in, state, language,
      started_at, answered_at, answers, comment, context, version)
    select $1, md5('response' || i)::uuid, 'delivery', 'delivery', md5('contact' || i)::uuid,
      case when x % 3 = 0 then 'bergen' else 'malmo' end, 'survey', 'completed', 'en', $3, $3, '{"satisfaction": 1}',
      'It came late and the box was ' || h || ', ' || repeat('nobody answered when I called. ', x % 6), '{}', $5 from n),
  joined as (
    insert into case_responses (workspace_id, case_id, response_id, joined_at)
    select $1, md5('case' || i)::uuid, md5('response' || i)::uuid, $3 from n),
  deadlines as (
    insert into case_deadlines (workspace_id, case_id, unit_key, open, escalated_at)
    select $1, md5('case' || i)::uuid, case when x % 3 = 0 then 'bergen' else 'malmo' end, i <= $4, case when x % 11 = 0 then $3::timestamptz end from n)
  insert into cases (workspace_id, case_id, rule, reason, response_id, contact_id, unit_key, state, owner, owner_name,
    outcome, opened_at, contact_due_at, contacted_at, closed_at, band, themes, priority, value_segment,
    last_answer_at, version)
  select $1, md5('case' || i)::uuid, 'unhappy', 'unhappy', md5('response' || i)::uuid, md5('contact' || i)::uuid,
    case when x % 3 = 0 then 'bergen' else 'malmo' end,
    case when i > $4 then 'closed' when x % 5 = 0 then 'contacted' when x % 5 = 1 then 'taken' else 'open' end,
    case when x % 7 > 1 then 'agent' || x % 40 end, 'Agent',
    case when i > $4 then 'solved' end, $3::timestamptz - make_interval(secs => x % 2000000),
    $3::timestamptz + make_interval(secs => x % 400000 - 200000),
    case when x % 5 = 0 then $3::timestamptz end, case when i > $4 then $3::timestamptz - make_interval(secs => x % 900000) end,
    'detractor',
    case x % 4 when 0 then '{late}' when 1 then '{late,staff}' when 2 then '{price}' else '{}' end::text[],
    case when x % 10 > 0 then (x % 100000) / 7.0 end, 'segment ' || x % 4, $3, $5
  from n`

const pages: Array<[name: string, filter: Omit<InboxFilter, 'limit'>]> = [
  ['open, by deadline', { tab: 'open' }],
  ['open, by priority', { tab: 'open', sort: 'priority' }],
  ['open, newest', { tab: 'open', sort: 'newest' }],
  ['mine (of 40 agents)', { tab: 'mine' }],
  ['mine, by priority', { tab: 'mine', sort: 'priority' }],
  ['unassigned', { tab: 'unassigned' }],
  ['overdue', { tab: 'overdue' }],
  ['due within a day', { tab: 'dueSoon' }],
  ['escalated, by priority', { tab: 'escalated', sort: 'priority' }],
  ['one theme, one unit', { tab: 'open', themes: ['price'], unit: 'bergen', sort: 'priority' }],
  ['a theme nobody has', { tab: 'open', themes: ['nothing'] }],
  ['a word most have', { tab: 'open', text: 'answered' }],
  ['two words, one theme', { tab: 'open', text: 'answer customer', themes: ['late'] }],
  ['a word one has', { tab: 'open', text: '4a8a08f09d37b73795649038408b5f33' }],
  ['closed', { tab: 'closed' }],
]

export async function benchInbox(engine: Engine): Promise<BenchRow[]> {
  const postgres = engine === 'Postgres' ? await startPostgres() : undefined
  const database = postgres
    ? openPostgres(postgres.url, systemClock)
    : await openPglite(undefined, systemClock)
  try {
    await migrate(database)
    return await measure(database, engine)
  } finally {
    await database.close()
    await postgres?.stop()
  }
}

async function measure(database: Database, engine: Engine): Promise<BenchRow[]> {
  const log = createLog('error', false)
  const jobs = await openJobs(database, log)
  const lane = await jobs.lane('live', systemClock, true)
  const programs = openPrograms(database, systemClock)
  const parts = {
    database,
    clock: systemClock,
    announce: lane.announce,
    programs,
    log,
    publicUrl: 'http://localhost:4000',
  }
  const { id: workspaceId } = await createWorkspace(parts, 'Bench')
  const { version } = await programs.push(workspaceId, [{ path: 'shops.yaml', text: shopProgram }])
  const now = new Date()
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(fill, [workspaceId, open + closed, now, open, version]),
  )
  const ids = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ id: string }>('select case_id as id from cases'),
  )
  for (let from = 0; from < ids.length; from += 5000)
    await database.inWorkspace(workspaceId, (tx) =>
      rewriteWords(
        tx,
        ids.slice(from, from + 5000).map(({ id }) => id),
      ),
    )
  for (const table of ['cases', 'case_deadlines', 'case_words', 'responses', 'contacts', 'case_responses'])
    await database.script(`vacuum (analyze) samklang.${table}`)
  const rows: BenchRow[] = []
  const asker = { me: 'agent7', scope: {}, now }
  const row = async (name: string, work: () => Promise<unknown>) => {
    await work()
    const before = await cpuSeconds(database)
    for (let round = 0; round < rounds; round++) await work()
    const value = (((await cpuSeconds(database)) - before) * 1000) / rounds
    rows.push({ name: `inbox of ${open} open: ${name} (${engine})`, value, unit: 'ms of CPU', target: '100' })
    console.error(`${name}: ${value.toFixed(0)} ms`)
  }
  for (const [name, filter] of pages)
    await row(name, () =>
      database.inWorkspace(workspaceId, (tx) => readInbox(tx, { ...filter, limit: 50 }, asker)),
    )
  const app = await createServer(parts, {
    publicUrl: 'http://localhost:4000',
    secret: 'a secret of at least 32 characters',
    trustProxy: false,
    portalFolder: 'no-portal',
  })
  const { key } = await database.inWorkspace(workspaceId, (tx) =>
    createApiKey(tx, systemClock, { name: 'bench', scopes: ['cases:read'] }),
  )
  await row('GET /v1/cases?tab=open', async () => {
    const answer = await app.inject({
      url: '/v1/cases?tab=open&limit=50',
      headers: { authorization: `Bearer ${key}` },
    })
    if (answer.statusCode !== 200) throw new Error(answer.body)
  })
  await app.close()
  await jobs.close()
  return rows
}
