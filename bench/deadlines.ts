// For: what judging the deadlines of many open cases takes. In: the store, and how many there are.
// Out: seconds for a usual round, in which few are due, and for one after a standstill, in which all are missed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '../src/base/clock.ts'
import { silentLog } from '../src/base/log.ts'
import { judgeDeadlines } from '../src/cases/deadlines.ts'
import { createWorkspace } from '../src/people/workspaces.ts'
import { openPrograms } from '../src/program/store.ts'
import { openJobs } from '../src/storage/jobs.ts'
import { migrate } from '../src/storage/migrate.ts'
import { type Database, openPglite, openPostgres } from '../src/storage/postgres.ts'
import { startPostgres } from '../test/postgres.ts'
import { cpuSeconds } from './bare.ts'
import type { Engine } from './hosted.ts'
import type { BenchRow } from './table.ts'

const program = `
samklang: 1
workspace: { name: Bench, languages: [en], timeZone: Europe/Stockholm }
units:
  levels: [team]
  list: [{ key: team, level: team, name: Team }]
employees:
  - { key: boss, name: Boss, email: boss@bench.invalid, unit: team, role: manager }
  - { key: agent, name: Agent, email: agent@bench.invalid, unit: team }
events: {}
touchpoints: { visit: { name: Visit } }
metrics: {}
surveys:
  visit: { name: Visit, touchpoint: visit, kind: transactional, questions: [{ id: recommend, kind: nps }] }
hours:
  usual: { days: { mon: 08:00-17:00, tue: 08:00-17:00, wed: 08:00-17:00, thu: 08:00-17:00, fri: 08:00-17:00 } }
recovery:
  rules:
    - { id: business, when: answers.recommend <= 3, hours: business, firstContact: PT16H, remind: [PT4H], escalate: [{ after: PT0S, to: unitManager }, { after: PT8H, to: unitManager }] }
    - { id: clock, when: answers.recommend <= 6, remind: [PT4H], escalate: [{ after: PT0S, to: unitManager }] }
`
const start = new Date('2026-03-02T09:00:00Z')

/** @param cases open ones; half by each rule, their deadlines spread over a hundred hours */
export async function benchDeadlines(engine: Engine, cases = 100_000): Promise<BenchRow[]> {
  const clock = new VirtualClock(start)
  const server = engine === 'Postgres' ? await startPostgres({ durable: true }) : undefined
  const folder = mkdtempSync(join(tmpdir(), 'samklang-bench-'))
  const store = server ? openPostgres(server.url, clock) : await openPglite(folder, clock)
  await migrate(store)
  const jobs = await openJobs(store, silentLog)
  try {
    const lane = await jobs.lane('bench', clock, true)
    const programs = openPrograms(store, clock)
    const parts = { database: store, clock, programs, announce: lane.announce }
    const { id } = await createWorkspace(parts, 'Bench')
    const { version } = await programs.push(id, [{ path: 'bench.yaml', text: program }])
    await fill(store, id, version, cases)
    const round = async (at: string) => {
      clock.moveTo(new Date(at))
      const cpu = await cpuSeconds(store)
      const began = performance.now()
      await judgeDeadlines(parts, id)
      const seconds = (performance.now() - began) / 1000
      return { seconds, cpu: (await cpuSeconds(store)) - cpu }
    }
    const few = await round('2026-03-04T10:00:00Z')
    const rest = await round('2026-03-20T09:00:00Z')
    const [missed] = await store.script(
      'select count(*) as n from samklang.case_deadlines where missed_at is not null',
    )
    if (missed?.n !== cases) throw new Error(`${missed?.n} of ${cases} were missed`)
    const named = `of ${cases.toLocaleString('en')} open cases on ${engine}`
    return [
      { name: `deadlines, one in a hundred due, ${named}`, value: few.seconds, unit: 's', target: '10 s' },
      {
        name: `deadlines, all missed and escalated, ${named}`,
        value: rest.seconds,
        unit: 's',
        target: '10 s',
      },
      { name: 'the same, in processor time', value: rest.cpu, unit: 's' },
    ]
  } finally {
    await jobs.close()
    await store.close()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Responses and their cases; each is to be looked at when its reminder comes. */
async function fill(store: Database, id: string, version: string, cases: number) {
  await store.inWorkspace(id, async (tx) => {
    await tx.query(
      `insert into responses (workspace_id, response_id, survey, touchpoint, unit_key, way_in, state, language,
         started_at, answered_at, answers, context, version)
       select $1::uuid, md5(n::text)::uuid, 'visit', 'visit', 'team', 'api', 'completed', 'en', $2, $2,
         '{"recommend":2}', '{}', $3 from generate_series(1, $4::int) as n`,
      [id, start, version, cases],
    )
    await tx.query(
      `insert into cases (workspace_id, case_id, rule, reason, response_id, contact_id, unit_key, state, owner,
         owner_name, assigned_at, opened_at, contact_due_at, last_answer_at, version)
       select $1::uuid, md5('case' || n)::uuid, case when n % 2 = 0 then 'business' else 'clock' end, 'unhappy',
         md5(n::text)::uuid, md5('customer' || n)::uuid, 'team', 'open', 'agent', 'Agent', $2, $2,
         $2::timestamptz + interval '52 hours' + (n % 100) * interval '1 hour', $2, $3
       from generate_series(1, $4::int) as n`,
      [id, start, version, cases],
    )
    await tx.query(
      `insert into case_deadlines (workspace_id, case_id, unit_key, next_check_at)
       select workspace_id, case_id, unit_key, contact_due_at - interval '4 hours' from cases where workspace_id = $1`,
      [id],
    )
    await tx.query(
      `insert into case_events (workspace_id, case_id, revision, at, kind)
       select workspace_id, case_id, 1, opened_at, 'opened' from cases where workspace_id = $1`,
      [id],
    )
  })
  await store.script('analyze')
}
