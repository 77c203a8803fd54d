import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliverMessages } from '../../src/channels/deliver.ts'
import { ask } from '../../src/insight/answer.ts'
import { parseAsk } from '../../src/insight/parse.ts'
import { payoffOf } from '../../src/insight/payoff.ts'
import { releaseHeld } from '../../src/notify/release.ts'
import { scenarioSource } from '../../src/simulate/scenario.ts'
import type { Row } from '../../src/storage/postgres.ts'
import { openRig, type Rig } from '../replay-rig.ts'
import { countMild } from './uc-figures.ts'

const folder = mkdtempSync(join(tmpdir(), 'uc-'))
let rig: Rig
beforeAll(async () => {
  rig = await openRig(folder, 'uc')
  await rig.play(await scenarioSource('uc', join(import.meta.dirname, '../../programs/uc')))
}, 240_000)
afterAll(async () => {
  await rig.close()
  rmSync(folder, { recursive: true, force: true })
})

const rows = <R extends Row>(sql: string) =>
  rig.parts.database.inWorkspace(rig.workspaceId, (tx) => tx.query<R>(sql))
/** How many mails of a kind each person was sent. */
const mails = async (kind: string) =>
  Object.fromEntries(
    (
      await rows<{ to: string; n: number }>(
        `select split_part(recipient, '@', 1) as to, count(*) as n from messages
         where kind = '${kind}' and state = 'sent' group by 1 order by 1`,
      )
    ).map(({ to, n }) => [to, n]),
  )

describe('four weeks of sales calls, in which only the good goes out', () => {
  it('are asked about, each once, and scored to the digit', async () => {
    expect(await rows('select count(*) as n from responses')).toEqual([{ n: 40 }])
    const { total } = await ask(rig.parts, rig.workspaceId, parseAsk('nps'), {})
    // 20 promoters and 12 detractors of 40.
    expect([total.n, total.value]).toEqual([40, 20])
  })

  it('give each seller their praise at once, and the managers that of their team', async () => {
    expect(await mails('praise')).toEqual({
      'ebba.ros': 4,
      'gustav.wik': 8,
      'ida.lam': 4,
      'kalle.dahl': 4,
      'mirja.koski': 12,
      'noor.rahimi': 4,
      'petter.hall': 4,
    })
    const late = await rows(
      `select 1 from messages m join notifications n on n.notification_id = m.about_id
       join responses r on r.response_id = n.response_id where m.sent_at > r.answered_at + interval '1 minute'`,
    )
    expect(late).toEqual([])
  })

  it('hold the criticism, with its reason', async () => {
    expect(await mails('criticism')).toEqual({})
    const held = await rows(
      `select reader_key as reader, reason, count(*) as n from notifications where state = 'held' group by 1, 2 order by 1`,
    )
    expect(held).toEqual([
      { reader: 'middleHead', reason: 'praiseFirst', n: 8 },
      { reader: 'smallHead', reason: 'praiseFirst', n: 4 },
    ])
  })

  it('open a case for each unhappy customer all the same, and tell the head of those nobody called', async () => {
    const cases = await rows(
      `select state, missed_at is not null as missed, count(*) as n from cases join case_deadlines using (workspace_id, case_id) group by 1, 2 order by 1`,
    )
    expect(cases).toEqual([
      { state: 'closed', missed: false, n: 10 },
      { state: 'open', missed: true, n: 2 },
    ])
    expect(await mails('case')).toEqual({ 'gustav.wik': 8, 'mirja.koski': 4 })
    expect(await mails('caseEscalated')).toEqual({ 'johan.lager': 2 })
    const { total } = await ask(rig.parts, rig.workspaceId, parseAsk('contactedInTime'), {})
    expect([total.n, total.value]).toEqual([12, (100 * 10) / 12])
  })

  it('let the lot decide who of the mildly unhappy is called two days later, and count who comes back', async () => {
    const { parts, workspaceId } = rig
    const drawn = await rows<{ arm: 'now' | 'later'; customer: string; told: number }>(
      `select c.trial_arm as arm, p.contact_key as customer,
         (select extract(epoch from min(m.sent_at) - c.opened_at) / 3600 from messages m
          where m.kind = 'case' and m.about_id = c.case_id)::float8 as told
       from cases c join contacts p on p.contact_id = c.contact_id where c.trial = 'atOnce'`,
    )
    const { mild, back } = countMild(join(import.meta.dirname, '../../programs/uc/scenario.jsonl'))
    expect([mild.size, back.size]).toEqual([8, 4])
    expect(new Set(drawn.map(({ customer }) => customer))).toEqual(mild)
    for (const { arm, told } of drawn) if (arm === 'later') expect(told).toBeGreaterThanOrEqual(48)
    // Each draws its own lots, so that what is expected is counted by the lots that were drawn.
    const counted = (arm: 'now' | 'later') => {
      const own = drawn.filter((each) => each.arm === arm)
      const n = own.length
      const yes = own.filter(({ customer }) => back.has(customer)).length
      return { id: arm, n, repurchased: { n, value: n === 0 ? null : (100 * yes) / n } }
    }
    const expected = [counted('now'), counted('later')] as const
    const checked = await parts.programs.active(workspaceId)
    const { trial, window } = await parts.database.inWorkspace(workspaceId, (tx) =>
      payoffOf(tx, checked, {}, new Date('2027-06-01T00:00:00Z')),
    )
    expect([window, trial?.id, trial?.stop.reason]).toEqual(['P1Y', 'atOnce', null])
    expect(trial?.arms).toMatchObject(expected)
    const [now, later] = expected.map(({ repurchased }) => repurchased.value)
    const effect = trial?.effect.repurchased
    if (now == null || later == null) expect(effect?.value).toBeNull()
    else expect(effect?.value).toBeCloseTo(now - later, 10)
  })

  it('are summed up each Monday for the managers, and once a month for each seller, without criticism', async () => {
    expect(await mails('digest')).toEqual({
      'ebba.ros': 1,
      'gustav.wik': 4,
      'ida.lam': 1,
      'johan.lager': 4,
      'kalle.dahl': 1,
      'mirja.koski': 4,
      'noor.rahimi': 1,
      'petter.hall': 1,
    })
    const told = await rows<{ text: string }>(
      `select content::text as text from messages where kind = 'digest'`,
    )
    expect(told.filter(({ text }) => /Kritik|påstridig|Stressad/.test(text))).toEqual([])
    const times = await rows<{ day: string }>(
      `select distinct to_char(sent_at, 'YYYY-MM-DD') as day from messages where kind = 'digest' order by 1`,
    )
    const days = ['2026-03-09', '2026-03-16', '2026-03-23', '2026-03-30', '2026-04-01']
    expect(times.map(({ day }) => day)).toEqual(days)
  })

  it('give the managers what was held when the team is ready, and never the sellers', async () => {
    const { parts, workspaceId } = rig
    const released = await parts.database.inWorkspace(workspaceId, (tx) =>
      releaseHeld(tx, parts, { by: 'head', scope: {} }),
    )
    expect(released).toBe(12)
    // The machine's own clock stands at one in the night in Stockholm; the managers wait until it is morning.
    await parts.database.inWorkspace(workspaceId, (tx) =>
      tx.query(`update messages set try_at = $1 where kind = 'criticism'`, [parts.clock.now()]),
    )
    await deliverMessages(parts, workspaceId)
    expect(await mails('criticism')).toEqual({ 'gustav.wik': 8, 'mirja.koski': 4 })
  })
})
