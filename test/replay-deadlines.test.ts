import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import type { Step } from '../src/loop.ts'
import type { Input } from '../src/simulate/input.ts'
import type { Source } from '../src/simulate/replay.ts'
import { recoveryShop } from './cases/recovery.ts'
import { openRig, type Rig } from './replay-rig.ts'

/** An answer that opens a case, a reminder, a deadline that is missed, two steps of escalation; then nothing for weeks. */
const program = `${recoveryShop(`recovery:
  rules:
    - id: detractor
      when: answers.recommend <= 6
      owner: [unitManager]
      firstContact: PT24H
      remind: [PT4H]
      escalate: [{ after: PT0S, to: managerAbove }, { after: PT8H, to: function.productOwner }]
`)}notify:
  quietHours: { from: "20:00", to: "07:00" }
`
const reported = (time: string, type: string, data: Record<string, string>): Input => ({
  kind: 'event',
  at: new Date(time),
  person: data.customer as string,
  event: { specversion: '1.0', id: `${type} ${data.repair}`, source: 'shop', type, time, data },
})
const ordered = (time: string, customer: string, repair: string) =>
  reported(time, 'repair.ordered', {
    ...{ customer, repair, email: `${customer}@example.org`, language: 'en', unit: 'team1', kind: 'pump' },
  })
const lines: Input[] = [
  ordered('2025-03-03T09:00:00Z', 'c1', 'r1'),
  reported('2025-03-03T10:00:00Z', 'repair.done', { customer: 'c1', repair: 'r1', visits: '1' }),
  {
    ...{ kind: 'answer', at: new Date('2025-03-04T12:00:00Z'), person: 'c1', survey: 'repair' },
    ...{ transaction: { type: 'repair', key: 'r1' }, answers: { recommend: 2 } },
  },
  ordered('2025-03-28T09:00:00Z', 'c2', 'r2'),
]
const source: Source = {
  ...{ name: 'shop', fingerprint: 'shop', inputs: () => lines, count: lines.length, exact: true },
}

const folder = mkdtempSync(join(tmpdir(), 'samklang-deadlines-'))
let rig: Rig
beforeEach(async ({ task }) => {
  rig = await openRig(join(folder, task.id), 'shop', [{ path: 'shop.yaml', text: program }])
}, 120_000)
afterEach(() => rig.close())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is told by mail: kind, reader, when it was queued, and when it was sent. */
async function mails(): Promise<string[]> {
  const found = await rig.parts.database.inWorkspace(rig.workspaceId, (tx) =>
    tx.query<{ kind: string; reader: string; queuedAt: Date; sentAt: Date | null; held: number }>(
      `select kind, split_part(recipient, '@', 1) as reader, queued_at as "queuedAt", sent_at as "sentAt",
         (select count(*) from mailbox b where b.message_id like '%' || m.message_id || '%') as held
       from messages m order by queued_at, sent_at, kind, reader`,
    ),
  )
  const told = (at: Date | null) => at?.toISOString().slice(5, 16)
  return found.map(
    ({ kind, reader, queuedAt, sentAt, held }) =>
      `${kind} ${reader} ${told(queuedAt)} ${told(sentAt)}${held === 1 ? '' : `, ${held} times`}`,
  )
}

const lived = [
  'invitation c1 03-04T10:00 03-04T10:00',
  'case kari 03-04T12:00 03-04T12:00',
  'caseReminder kari 03-05T08:00 03-05T08:00',
  'caseEscalated nora 03-05T12:00 03-05T12:00',
  // It is 21:00 there: mails wait for the morning.
  'caseEscalated pia 03-05T20:00 03-06T06:00',
  'caseNews nora 03-06T06:00 03-06T06:00',
]

it('mails what falls due between two lines of a scenario at its own time, not when the next line comes', async () => {
  await rig.play(source)
  expect(await mails()).toEqual(lived)
  const events = await rig.parts.database.inWorkspace(rig.workspaceId, (tx) =>
    tx.query<{ kind: string; at: Date; noted: string | null }>(
      `select kind, at, detail->>'noted' as noted from case_events order by at, kind desc`,
    ),
  )
  expect(events.map(({ kind, at, noted }) => [kind, at.toISOString().slice(5, 16), noted])).toEqual([
    ['opened', '03-04T12:00', null],
    ['reminded', '03-05T08:00', null],
    ['missed', '03-05T12:00', null],
    ['escalated', '03-05T12:00', null],
    ['escalated', '03-05T20:00', null],
  ])
})

it('goes on where it was stopped between two lines, and tells nothing twice, late or never', async () => {
  const stoppedAt: string[] = []
  /** Stops the replay the first time that this is done at a time, when all that follows from it is written down. */
  const stop: Step = async ({ clock }, _workspace, news) => {
    const place = `${news[0]!.kind} ${clock.now().toISOString().slice(5, 16)}`
    if (stoppedAt.includes(place)) return
    stoppedAt.push(place)
    throw new Error('stopped')
  }
  const also = { 'cases.due': [stop], 'invitation.due': [stop], 'message.queued': [stop] }
  const stopped = () =>
    rig.play(source, { also }).then(
      () => false,
      () => true,
    )
  while (await stopped());
  expect(stoppedAt).toEqual(
    expect.arrayContaining([
      ...['invitation.due 03-04T10:00', 'cases.due 03-05T08:00', 'message.queued 03-05T08:00'],
      ...['cases.due 03-05T12:00', 'message.queued 03-05T12:00', 'message.queued 03-06T06:00'],
    ]),
  )
  expect(await mails()).toEqual(lived)
})
