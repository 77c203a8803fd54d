import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../src/insight/answer.ts'
import { verifyFacts } from '../src/insight/verify.ts'
import type { Input } from '../src/simulate/input.ts'
import { olistSource } from '../src/simulate/olist.ts'
import type { ReplayReport } from '../src/simulate/replay.ts'
import { countOlist } from './olist-figures.ts'
import { openRig, type Rig } from './replay-rig.ts'

const sample = join(import.meta.dirname, 'olist-sample')
const real = resolve(import.meta.dirname, '../../shared/data/olist')
/** The real orders when this machine holds them, else invented ones of the same form. */
const data = existsSync(real) ? real : sample
const minutes = 60_000

describe(`a replay of ${data === real ? 'the real' : 'invented'} orders and reviews`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'samklang-replay-'))
  const counted = countOlist(data)
  let rig: Rig
  let report: ReplayReport

  beforeAll(async () => {
    rig = await openRig(folder, 'olist')
    report = await rig.play(await olistSource(data))
  }, 15 * minutes)
  afterAll(async () => {
    await rig.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('counts what the files hold', () => {
    if (data !== real) return expect(counted.reviews).toBeGreaterThan(150)
    expect(counted.reviews).toBe(8225)
    expect(counted.comments).toBe(4113)
    expect(counted.mean.toFixed(4)).toBe('3.2716')
    const shown = (each: { n: number; csat: number } | undefined) => `${each?.csat.toFixed(3)} of ${each?.n}`
    expect(shown(counted.all)).toBe('55.173 of 8225')
    expect(Object.values(counted.outcome).map(shown)).toEqual([
      '82.195 of 4819',
      '33.652 of 419',
      '14.597 of 2987',
    ])
    expect(['SP', 'RJ', 'MG'].map((state) => shown(counted.state[state]))).toEqual([
      '57.483 of 3488',
      '44.924 of 1182',
      '57.936 of 901',
    ])
  })

  it('records every event and every review, none refused', () => {
    expect(report.events).toEqual({ recorded: counted.events, duplicate: 0, refused: 0 })
    expect(report.totals.events).toBe(counted.events)
    expect(report.totals.keptAside).toBe(0)
    const { survey = 0, import: imported = 0, ...others } = report.totals.answers
    expect(others).toEqual({})
    expect(survey + imported).toBe(counted.reviews)
    expect(imported).toBeGreaterThan(0)
    expect(survey).toBeGreaterThan(imported)
    expect(report.totals.comments).toBe(counted.comments)
    expect(report.totals.mails.invitation).toBe(report.totals.invitations)
  })

  it('opens one case for each unhappy person, and further answers join it', async () => {
    if (data === real) expect(counted.unhappy).toEqual({ reviews: 3020, people: 2987 })
    expect(report.totals.cases).toBe(counted.unhappy.people)
    const [decided] = await rig.parts.database.inWorkspace(rig.workspaceId, (tx) =>
      tx.query(
        `select count(*) filter (where reason = 'opened') as opened, count(*) filter (where reason = 'joinedOpen') as joined,
           count(*) filter (where reason = 'noRule') as content from recovery_decisions`,
      ),
    )
    expect(decided).toEqual({
      opened: counted.unhappy.people,
      joined: counted.unhappy.reviews - counted.unhappy.people,
      content: counted.reviews - counted.unhappy.reviews,
    })
    // Nobody works there: all are missed, at their times.
    const [missed] = await rig.parts.database.inWorkspace(rig.workspaceId, (tx) =>
      tx.query(
        `select count(*) as cases, count(*) filter (where d.missed_at = c.contact_due_at and e.at = d.missed_at) as told
         from cases c join case_deadlines d on d.case_id = c.case_id left join case_events e on e.case_id = c.case_id and e.kind = 'missed'`,
      ),
    )
    expect(missed).toEqual({ cases: counted.unhappy.people, told: counted.unhappy.people })
  })

  it('gives the figures counted from the files', async () => {
    const asked = async (metric: string, by?: string) => {
      const { total, rows } = await ask(
        rig.parts,
        rig.workspaceId,
        { metric, ...(by ? { by: [by] } : {}) },
        {},
      )
      return { total, groups: new Map(rows.map((row) => [row.by[0], row])) }
    }
    const all = await asked('csat')
    expect(all.total.n).toBe(counted.all.n)
    expect(all.total.value).toBeCloseTo(counted.all.csat, 9)
    expect((await asked('score')).total.value).toBeCloseTo(counted.mean, 9)
    expect((await asked('comments')).total.value).toBe(counted.comments)

    const outcome = (await asked('csat', 'order.outcome')).groups
    const names = { onTime: 'on time', late: 'late', notDelivered: 'not delivered' } as const
    for (const [name, figure] of Object.entries(counted.outcome)) {
      const row = outcome.get(names[name as keyof typeof names])
      expect([name, row?.n]).toEqual([name, figure.n])
      expect(row?.value).toBeCloseTo(figure.csat, 9)
    }
    const states = (await asked('csat', 'customer.state')).groups
    expect(states.size).toBe(Object.keys(counted.state).length)
    for (const [state, figure] of Object.entries(counted.state)) {
      expect([state, states.get(state)?.n]).toEqual([state, figure.n])
      expect(states.get(state)?.value).toBeCloseTo(figure.csat, 9)
    }
  })

  it('sends each mail once', async () => {
    const [mailbox] = await rig.parts.database.inWorkspace(rig.workspaceId, (tx) =>
      tx.query(
        'select count(*) as n, count(distinct message_id) as ids from mailbox where workspace_id = $1',
        [rig.workspaceId],
      ),
    )
    const sent = Object.values(report.totals.mails).reduce((sum, n) => sum + n, 0)
    expect(mailbox).toEqual({ n: sent, ids: sent })
  })

  it('leaves facts that agree with the truth', async () => {
    const facts = await verifyFacts(rig.parts, rig.workspaceId)
    expect(facts.differences).toEqual([])
    expect(facts.compared).toBeGreaterThan(100)
  })

  it(
    'changes nothing the second time, and says so',
    async () => {
      const again = await rig.play(await olistSource(data))
      expect(again.changed).toBe(false)
      expect(again.events).toEqual({ recorded: 0, duplicate: counted.events, refused: 0 })
      expect(again.totals).toEqual(report.totals)
    },
    15 * minutes,
  )
})

describe('a replay in batches', () => {
  it(
    'makes the same of every input as one at a time',
    async () => {
      const lives: string[][] = []
      for (const size of [1, 1000]) {
        const folder = mkdtempSync(join(tmpdir(), 'samklang-replay-'))
        const rig = await openRig(folder, 'olist')
        const source = await olistSource(sample)
        const inputs = [...(source.inputs() as Input[])].slice(0, 260)
        const { batches } = await rig.play({ ...source, inputs: () => inputs }, { size })
        expect(batches > 260).toBe(size === 1)
        lives.push(await lifeIn(rig))
        await rig.close()
        rmSync(folder, { recursive: true, force: true })
      }
      expect(lives[0]!.length).toBeGreaterThan(200)
      expect(lives[1]).toEqual(lives[0])
    },
    15 * minutes,
  )
})

/** Decisions, invitations and answers, named by what they are about: ids and links differ between workspaces. */
async function lifeIn({ parts, workspaceId }: Rig): Promise<string[]> {
  const rows = await parts.database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ what: string }>(
      `select concat_ws(' | ', 'decision', t.transaction_key, d.trigger, d.outcome, d.reason, d.detail,
         to_json(d.decided_at), to_json(d.due_at)) as what
       from decisions d join transactions t using (workspace_id, transaction_id)
       union all
       select concat_ws(' | ', 'invitation', t.transaction_key, i.trigger, i.state, to_json(i.sent_at),
         to_json(i.expires_at), i.frozen)
       from invitations i join transactions t using (workspace_id, transaction_id)
       union all
       select concat_ws(' | ', 'answer', t.transaction_key, r.way_in, r.state, r.external_id, to_json(r.answered_at),
         r.answers, r.comment, to_json(c.contact_due_at))
       from responses r left join transactions t using (workspace_id, transaction_id)
       left join cases c on c.response_id = r.response_id
       order by 1`,
    ),
  )
  return rows.map((row) => row.what)
}
