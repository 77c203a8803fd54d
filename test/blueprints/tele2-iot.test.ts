import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliverMessages } from '../../src/channels/deliver.ts'
import { changePlan, createPlan, followUpPlan, readPlan } from '../../src/improve/plans.ts'
import { ask } from '../../src/insight/answer.ts'
import { parseAsk } from '../../src/insight/parse.ts'
import { scenarioSource } from '../../src/simulate/scenario.ts'
import type { Row } from '../../src/storage/postgres.ts'
import { openRig, type Rig } from '../replay-rig.ts'

const program = resolve(import.meta.dirname, '../../programs/tele2-iot')
const folder = mkdtempSync(join(tmpdir(), 'tele2-'))
let rig: Rig
beforeAll(async () => {
  rig = await openRig(folder, 'tele2-iot')
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

  it('asks those who recommend whether they may be named, each once', async () => {
    expect(await total('promotersActivated')).toEqual([21, 100])
    const mails = await rows(
      `select count(*) as n, count(distinct recipient) as people from messages where kind = 'promoter' and state = 'sent'`,
    )
    expect(mails).toEqual([{ n: 21, people: 21 }])
  })

  it('makes an action plan with a customer, and follows it up with them', async () => {
    const { parts, workspaceId } = rig
    const doing = { actor: { id: 'a1', name: 'Rikard Holm' }, scope: {}, clock: parts.clock }
    const [unhappy] = await rows<{ caseId: string; contactId: string }>(
      `select case_id as "caseId", contact_id as "contactId" from cases where rule = 'unhappy' and state = 'closed'
       order by opened_at limit 1`,
    )
    if (!unhappy) throw new Error('nobody is unhappy')
    const checked = await parts.programs.active(workspaceId)
    const item = { what: 'Tell before we take the API down', who: 'platform', whoName: 'Priya Nair' }
    await parts.database.inWorkspace(workspaceId, async (tx) => {
      const planId = await createPlan(
        tx,
        {
          ...unhappy,
          title: 'Never down unannounced',
          owner: 'a1',
          ownerName: 'Rikard Holm',
          items: [{ ...item, dueOn: '2026-06-30', state: 'doing' }],
        },
        doing,
      )
      const plan = await readPlan(tx, planId, {})
      const items = plan.items.map((each) => ({ ...each, state: 'done' as const }))
      await changePlan(tx, planId, { items, state: 'closed' }, plan.revision, doing)
      const words = { subject: 'How it went', body: 'We said we would tell you beforehand. Now we do.' }
      expect(await followUpPlan(tx, parts, checked, planId, words, doing)).toBeNull()
    })
    await deliverMessages(parts, workspaceId)
    const [mail] = await rows<{ raw: string }>(`select raw from mailbox where subject = 'How it went'`)
    expect(mail?.raw).toContain('Tell before we take the API down')
  })
})
