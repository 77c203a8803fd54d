import { afterAll, beforeAll, expect, it } from 'vitest'
import { VirtualClock } from '../../src/base/clock.ts'
import { stableId } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { createMailer, deliverMessages } from '../../src/channels/deliver.ts'
import { createHookSender, deliverHooks } from '../../src/channels/hooks/deliver.ts'
import { createWebhook } from '../../src/channels/hooks/endpoints.ts'
import { openPoster } from '../../src/channels/hooks/post.ts'
import { type Mailbox, openMailbox } from '../../src/channels/mailbox.ts'
import { openTransport, type Transport } from '../../src/channels/transport.ts'
import { sendDigests } from '../../src/notify/digest.ts'
import { sendPraise } from '../../src/notify/praise.ts'
import { createWorkspace } from '../../src/people/workspaces.ts'
import { openPrograms } from '../../src/program/store.ts'
import { type JobStore, openJobs } from '../../src/storage/jobs.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { type Database, openPostgres } from '../../src/storage/postgres.ts'
import { openReceiver, type Receiver } from '../channels/receiver.ts'
import { startPostgres } from '../postgres.ts'
import { salesProgram } from './rig.ts'

// Two processes at work on one PostgreSQL, each with connections, deliverers and claims of its own.
let postgres: Awaited<ReturnType<typeof startPostgres>>
const databases: Database[] = []
let jobs: JobStore
let mailbox: Mailbox
let receiver: Receiver
const transports: Transport[] = []
const clock = new VirtualClock(new Date('2026-03-02T09:00:00Z'))
const answers = 60

beforeAll(async () => {
  postgres = await startPostgres()
  databases.push(openPostgres(postgres.url, clock), openPostgres(postgres.url, clock))
  await migrate(databases[0] as Database)
  jobs = await openJobs(databases[0] as Database, silentLog)
  receiver = await openReceiver()
})
afterAll(async () => {
  for (const transport of transports) transport.close()
  await mailbox?.close()
  await jobs?.close()
  for (const database of databases) await database.close()
  await receiver?.stop()
  await postgres.stop()
})

it('two processes tell each reader and each receiver once', async () => {
  const lane = await jobs.lane('live', clock, false)
  const [database] = databases as [Database]
  mailbox = await openMailbox({ database, clock }, 0)
  const processes = databases.map((own) => {
    const transport = openTransport(mailbox.url)
    transports.push(transport)
    return {
      database: own,
      clock,
      announce: lane.announce,
      programs: openPrograms(own, clock),
      log: silentLog,
      publicUrl: 'https://feedback.example.org',
      mailer: createMailer({ transport, toMailbox: true, mailFrom: 'feedback@example.org', sole: false }),
      hooks: createHookSender({ poster: openPoster({ allowPrivate: true }), sole: false }),
    }
  })
  const [first] = processes as [(typeof processes)[number]]
  const { id } = await createWorkspace(first, 'Sales')
  const text = salesProgram('  digests: [{ id: day, every: day, at: "10:30", to: [unitManager] }]')
  const { version } = await first.programs.push(id, [{ path: 'program.yaml', text }])
  const responseIds = Array.from({ length: answers }, (_, at) => stableId('response', String(at)))
  await database.inWorkspace(id, async (tx) => {
    const { problem } = first.hooks.poster
    await createWebhook(tx, clock, { url: receiver.url, events: ['praise.given'] }, problem)
    await tx.query(
      `insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
         answered_at, answers, context, version, employee_key, unit_key)
       select $1, value::uuid, 'call', 'call', 'survey', 'completed', 'sv', $2, $2, '{"recommend": 10}', '{}', $3,
         's1', 'south' from json_array_elements_text($4::json)`,
      [id, clock.now(), version, JSON.stringify(responseIds)],
    )
  })
  await Promise.all([...processes, ...processes].map((each) => sendPraise(each, id, responseIds)))
  await sendDigests(first, id)
  clock.moveTo(new Date('2026-03-02T09:30:00Z'))
  await Promise.all(processes.map((each) => sendDigests(each, id)))
  await Promise.all([...processes, ...processes].map((each) => deliverMessages(each, id)))
  await Promise.all([...processes, ...processes].map((each) => deliverHooks(each, id)))

  const mails = await database.inWorkspace(id, (tx) =>
    tx.query<{ recipient: string; n: number; ids: number }>(
      `select recipient, count(*) as n, count(distinct message_id) as ids from mailbox group by recipient order by 1`,
    ),
  )
  // Each answer to the employee and the manager; one digest to the manager and the head.
  expect(mails).toEqual([
    { recipient: 'head@example.se', n: 1, ids: 1 },
    { recipient: 's1@example.se', n: answers, ids: answers },
    { recipient: 'sm@example.se', n: answers + 1, ids: answers + 1 },
  ])
  const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
  expect([ids.length, new Set(ids).size]).toEqual([answers, answers])
  const sequences = receiver.received
    .map(({ body }) => JSON.parse(body).sequence as number)
    .sort((a, b) => a - b)
  expect(sequences).toEqual(Array.from({ length: answers }, (_, at) => at + 1))
})
