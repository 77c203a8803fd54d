import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { promoterOutcomes } from '../../src/improve/acts.ts'
import { ask } from '../../src/insight/answer.ts'
import { parseAsk } from '../../src/insight/parse.ts'
import { scenarioSource } from '../../src/simulate/scenario.ts'
import type { Row } from '../../src/storage/postgres.ts'
import { openRig, type Rig } from '../replay-rig.ts'
import { countTele2, type Tele2Figures } from './tele2-figures.ts'

const program = resolve(import.meta.dirname, '../../programs/tele2-iot')
const folder = mkdtempSync(join(tmpdir(), 'tele2-'))
let rig: Rig
let figures: Tele2Figures
beforeAll(async () => {
  rig = await openRig(folder, 'tele2-iot')
  figures = countTele2(join(program, 'scenario.jsonl'))
  await rig.play(await scenarioSource('tele2-iot', program))
}, 240_000)
afterAll(async () => {
  await rig.close()
  rmSync(folder, { recursive: true, force: true })
})

const rows = <R extends Row>(sql: string) =>
  rig.parts.database.inWorkspace(rig.workspaceId, (tx) => tx.query<R>(sql))
const asked = (text: string) => ask(rig.parts, rig.workspaceId, parseAsk(text), {})
const total = async (text: string) => {
  const { total: found } = await asked(text)
  return [found.n, found.value]
}

describe('a relationship survey whose words are read with care', () => {
  it('finds seven of ten who recommend', async () => {
    // 21 promoters, 6 passives and 3 detractors of 30.
    expect(await total('nps')).toEqual([30, 60])
  })

  it('reads in both languages what they are about, and scores each theme', async () => {
    const { rows: themes } = await asked('nps by theme')
    expect(Object.fromEntries(themes.map((row) => [row.by[0], [row.n, row.value]]))).toEqual({
      support: [12, 100],
      coverage: [9, 100],
      platform: [6, -50],
      price: [3, 0],
    })
  })

  it('gives each customer who is less than content to the owner of the account, in time but for two', async () => {
    expect(await total('cases')).toEqual([9, 9])
    expect(await total('contactedInTime')).toEqual([9, (100 * 7) / 9])
    expect(await total('solved')).toEqual([7, 100])
    const owners = await rows(`select owner, count(*) as n from cases group by 1 order by 1`)
    expect(owners).toEqual([
      { owner: 'a1', n: 2 },
      { owner: 'a2', n: 4 },
      { owner: 'a3', n: 3 },
    ])
  })

  it('tells the owner of the platform of those it failed, and the heads of the one whom nobody called', async () => {
    const stakeholders = await rows(
      `select p.person, count(*) as n from case_people p where p.part = 'stakeholder' group by 1`,
    )
    expect(stakeholders).toEqual([{ person: 'platform', n: 3 }])
    const escalated = await rows(
      `select p.person from case_people p join cases c on c.case_id = p.case_id
       where p.part = 'escalated' and c.rule = 'unhappy' order by 1`,
    )
    expect(escalated).toEqual([{ person: 'head' }, { person: 'nordicHead' }])
  })

  it('asks those who recommend for something, each once', async () => {
    expect(await total('promotersActivated')).toEqual([21, 100])
    const mails = await rows(
      `select p.kind, count(*) as n, count(distinct m.recipient) as people
       from messages m join promoter_acts p on p.act_id = m.about_id
       where m.kind = 'promoter' and m.state = 'sent' group by 1 order by 1`,
    )
    expect(mails).toEqual([
      { kind: 'reference', n: 15, people: 15 },
      { kind: 'referral', n: 6, people: 6 },
    ])
  })

  it('enters those who say yes into the register of ambassadors, and tells leads to the managers', async () => {
    const { asked: n, accepted, declined } = figures.references
    expect([n, accepted, declined]).toEqual([15, 9, 2])
    expect(await total('referencesAccepted')).toEqual([n, (100 * accepted) / n])
    const states = await rows(
      `select state, count(*) as n from promoter_acts where kind = 'reference' group by 1 order by 1`,
    )
    expect(states).toEqual([
      { state: 'accepted', n: accepted },
      { state: 'declined', n: declined },
      { state: 'sent', n: n - accepted - declined },
    ])
    expect(await rows(`select state, count(*) as n from ambassadors group by 1`)).toEqual([
      { state: 'active', n: accepted },
    ])
    expect(await total('referralLeads')).toEqual([2, 2])
    const outcomes = await rig.parts.database.inWorkspace(rig.workspaceId, (tx) =>
      promoterOutcomes(tx, {}, {}),
    )
    const { won, lost, value } = figures.leads
    expect([won, lost, value]).toEqual([1, 1, 12_000])
    expect(outcomes.find(({ kind }) => kind === 'referral')).toMatchObject({
      ...{ acted: 6, leads: won + lost, value },
      leadsWon: { n: won + lost, value: (100 * won) / (won + lost) },
    })
    const told = await rows(
      `select m.recipient from messages m join referral_leads l on l.lead_id = m.about_id where m.state = 'sent' order by 1`,
    )
    expect(told).toHaveLength(2)
  })

  it('makes an action plan with each customer something is mended for, and follows it up with them', async () => {
    expect(figures.plans).toEqual({ open: 1, closed: 3 })
    expect(figures.items).toEqual({ doing: 1, done: 6, dropped: 1 })
    const plans = await rows(
      `select p.state, count(*) as n from plans p join cases c on c.case_id = p.case_id and c.contact_id = p.contact_id
       group by 1 order by 1`,
    )
    expect(plans).toEqual([
      { state: 'closed', n: figures.plans.closed },
      { state: 'open', n: figures.plans.open },
    ])
    const items = await rows<{ state: string; n: number }>(
      'select state, count(*) as n from plan_items group by 1',
    )
    expect(Object.fromEntries(items.map(({ state, n }) => [state, n]))).toEqual(figures.items)
    const late = await rows('select 1 from plan_items where state = $$done$$ and done_at::date > due_on')
    expect(late).toEqual([])
    const mails = await rows<{ raw: string; subject: string }>(
      `select subject, raw from mailbox where subject in ('How far we are', 'How it went')`,
    )
    expect(mails).toHaveLength(figures.planMails)
    expect(figures.planMails).toBe(7)
    const ended = mails.find(({ subject }) => subject === 'How it went')
    expect(ended?.raw).toContain('Tell before we change anything')
  })

  it('asks two weeks after whether it is better', async () => {
    const { yes, of } = figures.followedUp
    expect([yes, of]).toEqual([5, 5])
    expect(await total('followedUpSolved')).toEqual([of, (100 * yes) / of])
  })
})
