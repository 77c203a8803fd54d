import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../src/base/clock.ts'
import { ask } from '../../src/insight/answer.ts'
import { improvementEffect } from '../../src/insight/improvementEffect.ts'
import { parseAsk } from '../../src/insight/parse.ts'
import { scenarioSource } from '../../src/simulate/scenario.ts'
import type { Row } from '../../src/storage/postgres.ts'
import { openRig, type Rig } from '../replay-rig.ts'
import {
  countImproved,
  countQuicksearch,
  type Figures,
  improvement,
  windowDays,
} from './quicksearch-figures.ts'

const program = resolve(import.meta.dirname, '../../programs/quicksearch')
const folder = mkdtempSync(join(tmpdir(), 'quicksearch-'))
let rig: Rig
let figures: Figures
beforeAll(async () => {
  rig = await openRig(folder, 'quicksearch')
  figures = countQuicksearch(join(program, 'scenario.jsonl'))
  await rig.play(await scenarioSource('quicksearch', program))
}, 240_000)
afterAll(async () => {
  await rig.close()
  rmSync(folder, { recursive: true, force: true })
})

const rows = <R extends Row>(sql: string) =>
  rig.parts.database.inWorkspace(rig.workspaceId, (tx) => tx.query<R>(sql))
const asked = (text: string) => ask(rig.parts, rig.workspaceId, parseAsk(text), {})
/** n and value of a share, as the answer has them. */
const share = async (text: string) => {
  const { total } = await asked(text)
  return { n: total.n, value: total.value }
}
const shareOf = ({ n, of }: { n: number; of: number }) => ({ n: of, value: of === 0 ? null : (100 * n) / of })

describe('ten weeks of service recovery, against figures counted from the scenario by other code', () => {
  it('decide about every answer: case, join, reply or nothing, by the first rule that holds', async () => {
    const decided = await rows<{ rule: string | null; handling: string; n: number }>(
      `select d.rule, d.handling, count(*) as n from recovery_decisions d
       join responses r on r.response_id = d.response_id where r.survey = 'delivery' group by 1, 2`,
    )
    const told = Object.fromEntries(decided.map(({ rule, handling, n }) => [`${rule ?? '-'} ${handling}`, n]))
    expect(told).toEqual(figures.decided)
  })

  it('contact in time, overall and of those who matter most', async () => {
    expect(await share('contactedInTime')).toEqual(shareOf(figures.inTime.all))
    expect(await share('contactedInTime where case.highValue')).toEqual(shareOf(figures.inTime.highValue))
    expect(await share('contactedInTime where case.decisionMaker')).toEqual(
      shareOf(figures.inTime.decisionMaker),
    )
    expect(await share('contactedInTime where case.hasComment')).toEqual(shareOf(figures.inTime.hasComment))
    expect(await share('contactedInTime where case.priorityTheme')).toEqual(
      shareOf(figures.inTime.priorityTheme),
    )
    expect(await share('contactedInTime where case.band in ["detractor", "strongDetractor"]')).toEqual(
      shareOf(figures.inTime.detractors),
    )
  })

  it('contact in time by each owner and each region', async () => {
    for (const [by, expected] of [
      ['case.owner', figures.byOwner],
      ['unit.region', figures.byRegion],
    ] as const) {
      const { rows: found } = await asked(`contactedInTime by ${by}`)
      const told = Object.fromEntries(found.map((row) => [row.by[0], { n: row.n, value: row.value }]))
      const counted = Object.entries(expected).map(([name, of]) => [name, shareOf(of)])
      expect(told).toEqual(Object.fromEntries(counted))
    }
  })

  it('tell what was missed, forwarded, solved, and why it happened', async () => {
    expect(await share('missed')).toEqual(shareOf(figures.missed))
    expect(await share('escalated')).toEqual(shareOf(figures.escalated))
    expect(await share('forwarded')).toEqual(shareOf(figures.forwarded))
    expect(await share('solved')).toEqual(shareOf(figures.solved))
    expect(await share('causeKnown')).toEqual(shareOf(figures.causeKnown))
    const { rows: channels } = await asked('cases by case.channel')
    const told = Object.fromEntries(channels.map((row) => [row.by[0] ?? '-', row.n]))
    expect(told).toEqual(figures.channels)
  })

  it('ask whether it was solved, and open again what was not', async () => {
    expect(await share('followedUpSolved')).toEqual(shareOf(figures.followedUp))
    expect(await rows(`select count(*) as n from cases where reopened > 0`)).toEqual([
      { n: figures.reopened },
    ])
  })

  it('mend what comes back, tell those who said so, and read the effect on what it was to change', async () => {
    const { cases, concerned, effect } = countImproved(join(program, 'scenario.jsonl'))
    const told = [...concerned].filter((customer) => !figures.waiting.has(customer)).length
    expect([cases, concerned.size, told]).toEqual([3, 17, 16])
    const [found] = await rows<{ id: string; owner: string; state: string; cause: string; doneAt: Date }>(
      `select improvement_id as id, owner, state, cause, done_at as "doneAt" from improvements`,
    )
    expect(found).toMatchObject({ owner: 'delivery', state: 'done', cause: 'carrier' })
    expect(found?.doneAt.getTime()).toBe(improvement.done)
    expect(await rows(`select count(*) as n from improvement_links where kind = 'case'`)).toEqual([
      { n: cases },
    ])
    const mails = await rows(
      `select count(*) as n, count(distinct recipient) as people, min(sent_at) as first, max(sent_at) as last
       from messages where kind = 'youSaidWeDid' and state = 'sent'`,
    )
    const at = new Date(improvement.told)
    expect(mails).toEqual([{ n: told, people: told, first: at, last: at }])
    const parts = { ...rig.parts, clock: new VirtualClock(new Date('2026-07-01T00:00:00Z')) }
    const read = await improvementEffect(parts, rig.workspaceId, found!.id, {}, { window: `P${windowDays}D` })
    const nps = ({ n, promoters, detractors }: { n: number; promoters: number; detractors: number }) =>
      (100 * (promoters - detractors)) / n
    const changes = (['own', 'others'] as const).map(
      (side) => nps(effect[side].since) - nps(effect[side].before),
    )
    expect([read.told, read.others].map((each) => each?.row.n)).toEqual([
      effect.own.since.n,
      effect.others.since.n,
    ])
    expect(read.told?.row.value).toBeCloseTo(nps(effect.own.since), 10)
    expect(read.told?.row.change?.value).toBeCloseTo(changes[0]!, 10)
    expect(read.others?.row.change?.value).toBeCloseTo(changes[1]!, 10)
    expect(read.net?.value).toBeCloseTo(changes[0]! - changes[1]!, 10)
    // So few answers prove nothing, and the page says so.
    expect(read).toMatchObject({ label: 'beforeAndAfter', complete: true, verdict: 'cannotTell' })
  })

  it('mail each reminder and each escalation when it falls due, whatever comes next in the scenario', async () => {
    const late = await rows(
      `select m.kind, m.queued_at, m.sent_at from messages m
       where m.kind in ('caseReminder', 'caseEscalated') and not (m.sent_at = m.queued_at and exists (
         select from case_events e where e.case_id = m.about_id and e.at = m.queued_at
           and e.kind = case m.kind when 'caseReminder' then 'reminded' else 'escalated' end))`,
    )
    expect(late).toEqual([])
    const [mails] = await rows(
      `select count(*) filter (where kind = 'caseReminder') as reminders,
         count(*) filter (where kind = 'caseEscalated') as escalations from messages where state = 'sent'`,
    )
    expect(mails).toEqual({ reminders: 3, escalations: 8 })
  })

  it('mail a reply to those the policy has no time for', async () => {
    expect(
      await rows(`select count(*) as n from messages where kind = 'autoReply' and state = 'sent'`),
    ).toEqual([{ n: figures.replies }])
  })
})

it('played again they change nothing: what was done with cases, plans and improvements stays done once', async () => {
  const count = () =>
    rows(`select (select count(*) from case_events) as cases, (select count(*) from plan_events) as plans,
      (select count(*) from improvement_events) as improvements, (select count(*) from messages) as mails`)
  const before = await count()
  expect((await rig.play(await scenarioSource('quicksearch', program))).changed).toBe(false)
  expect(await count()).toEqual(before)
}, 120_000)
