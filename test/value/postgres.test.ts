import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { idOf } from '../../src/events/apply.ts'
import { recordEvents } from '../../src/events/intake.ts'
import { importResponses } from '../../src/responses/import.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { noteLoyalty } from '../../src/value/note.ts'
import { priorityOf } from '../../src/value/priority.ts'
import { refreshValues } from '../../src/value/refresh.ts'
import { startPostgres } from '../postgres.ts'
import { ask, startTestServer, type TestServer } from '../server.ts'
import { club, yearly } from './club.ts'

let postgres: Awaited<ReturnType<typeof startPostgres>>
let server: TestServer
beforeAll(async () => {
  postgres = await startPostgres()
  server = await startTestServer({ database: openPostgres(postgres.url, systemClock) })
})
afterAll(async () => {
  await server?.close()
  await postgres?.stop()
})

it('reckons the same on PostgreSQL, also several refreshes at once', async () => {
  const { parts } = server
  const { workspaceId, key } = await server.workspace('club')
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)
  await parts.programs.push(workspaceId, [{ path: 'club.yaml', text: club(yearly) }])
  const paid = (member: number, days: number) => ({
    specversion: '1.0',
    id: `${member} ${days}`,
    source: 'till',
    type: 'fee.paid',
    time: daysAgo(days).toISOString(),
    data: { member: `m${member}`, amount: 2000, hall: 'east', fee: `${member} ${days}` },
  })
  const events = Array.from({ length: 10 }, (_, i) => [paid(i, 740), ...(i < 8 ? [paid(i, 375)] : [])])
  await recordEvents(parts, workspaceId, [...events.flat(), paid(99, 0)])
  const answers = [{ member: 'm0', score: 2 }].map(({ member, score }) => ({
    source: 'letters',
    externalId: member,
    survey: 'mood',
    contactKey: member,
    answers: { recommend: score },
    answeredAt: daysAgo(1),
  }))
  await importResponses(parts, workspaceId, answers)
  await Promise.all([1, 2, 3].map(() => refreshValues(parts, workspaceId)))
  const contactId = idOf.contact(workspaceId, 'm0')
  const { value } = (await ask(server, key, 'GET', `/v1/customers/${contactId}`)).json()
  expect(value.rlv.value).toBeCloseTo(2666.67, 2)
  expect(value).toMatchObject({ churn: 0.5, frequency: 2, model: 'constant' })
  const { quadrants } = (await ask(server, key, 'GET', '/v1/value/matrix')).json()
  expect(quadrants[0]).toMatchObject({ quadrant: 'save', customers: 1 })
  const { items } = (await ask(server, key, 'GET', '/v1/value/people?quadrant=save')).json()
  expect(items).toMatchObject([{ key: 'm0' }])
  const checked = await parts.programs.active(workspaceId)
  const [response] = await parts.database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ id: string }>('select response_id as id from responses'),
  )
  await noteLoyalty(parts, workspaceId, [response!.id])
  const item = { responseId: response!.id, contactId, band: 'strongDetractor', channel: 'mail' } as const
  const found = await parts.database.inWorkspace(workspaceId, (tx) =>
    priorityOf(tx, checked, [{ ...item, context: { at: '' }, answers: { recommend: 2 } }]),
  )
  expect(found![0]!.expected).toBeCloseTo(0.5 * (8000 / 3) * 0.3 - 20, 2)
})
