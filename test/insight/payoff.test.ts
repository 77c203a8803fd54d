import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../src/base/clock.ts'
import { stableId } from '../../src/base/ids.ts'
import { type CaseOutcome, harmOfTrial } from '../../src/cases/outcomes.ts'
import { compareOutcomes, payoffOf } from '../../src/insight/payoff.ts'
import type { CheckedProgram } from '../../src/program/checked.ts'
import type { Program } from '../../src/program/schema.ts'
import { type Random, randomFrom } from '../../src/stats/random.ts'
import { migrate } from '../../src/storage/migrate.ts'
import type { Database } from '../../src/storage/postgres.ts'
import { openStore } from '../cluster.ts'
import { visitProgram, ws } from './workspace.ts'

/** Customers with a known truth: how likely each stays, whether they can be reached, and what contact at once adds. */
function population(seed: number, n: number, effect: number): CaseOutcome[] {
  const random = randomFrom(seed)
  return Array.from({ length: n }, (_, index) => {
    const warm = random() < 0.5
    const arm = random() < 0.5 ? 'now' : 'later'
    const stays = random() < (warm ? 0.7 : 0.4) + (arm === 'now' ? effect : 0)
    // The warm answer their phone: whoever is reached would have stayed anyhow.
    const contact = random() < (warm ? 0.9 : 0.4) ? (arm === 'now' ? 'inTime' : 'late') : 'never'
    const margin = stays ? 500 + 1000 * random() : 0
    return { customer: String(index), contact, arm, paid: stays, stayed: stays, margin } as CaseOutcome
  })
}
const byLot = (rows: CaseOutcome[]) =>
  compareOutcomes(
    rows.filter((row) => row.arm === 'now'),
    rows.filter((row) => row.arm === 'later'),
    { money: true },
  )
const byContact = (rows: CaseOutcome[]) =>
  compareOutcomes(
    rows.filter((row) => row.contact !== 'never'),
    rows.filter((row) => row.contact === 'never'),
    { money: true },
  )
const seeds = Array.from({ length: 400 }, (_, index) => index + 1)
const holds = (interval: [number, number] | null | undefined, truth: number) =>
  Boolean(interval && interval[0] <= truth && truth <= interval[1])

describe('the effect by lot', () => {
  for (const effect of [0, 0.1]) {
    const tries = seeds.map((seed) => byLot(population(seed, 400, effect)))
    const covered = (share: number) => {
      expect(share).toBeGreaterThan(0.92)
      expect(share).toBeLessThan(0.98)
    }
    it(`holds the planted effect of ${effect * 100} points in 95 of 100 intervals`, () => {
      covered(tries.filter(({ retained }) => holds(retained.interval, effect * 100)).length / seeds.length)
    })
    it(`and what it is worth, ${effect * 1000} a customer`, () => {
      covered(tries.filter(({ margin }) => holds(margin?.interval, effect * 1000)).length / seeds.length)
    })
  }
  it('finds nothing where nothing is planted, and cannot tell with few', () => {
    const nothing = seeds.map((seed) => byLot(population(seed, 400, 0)).retained.verdict)
    expect(nothing.filter((verdict) => verdict !== 'cannotTell').length / seeds.length).toBeLessThan(0.08)
    expect(byLot(population(1, 20, 0.1)).retained.verdict).toBe('cannotTell')
    expect(byLot([]).retained).toEqual({ value: null, interval: null, verdict: 'cannotTell' })
  })
  it('while contacted against missed tells of an effect there is not: hence its label', () => {
    const naive = seeds.map((seed) => byContact(population(seed, 400, 0)).retained)
    expect(naive.filter(({ verdict }) => verdict === 'more').length / seeds.length).toBeGreaterThan(0.8)
    expect(naive.filter(({ interval }) => holds(interval, 0)).length / seeds.length).toBeLessThan(0.2)
  })
})

describe('what is read of customers', () => {
  let database: Database
  const clock = new VirtualClock(new Date('2027-06-01T00:00:00Z'))
  const program: Program = {
    ...visitProgram(),
    recovery: {
      rules: [],
      trial: {
        ...{ id: 'wait', rules: ['unhappy'], share: 0.5, delay: 'P7D', priorityBelow: 100 },
        ...{ never: 'case.highValue', stop: { cases: 1000, harm: 5 } },
      },
    },
  }
  const payoff = (wish = {}, scope = {}) =>
    database.inWorkspace(ws, (tx) => payoffOf(tx, { program }, wish, clock.now(), scope))

  beforeAll(async () => {
    database = await openStore(undefined, clock)
    await migrate(database)
    await database.inWorkspace(ws, async (tx) => {
      await tx.query(`insert into units values ($1, 'se', null, 'market', 'Sweden', '{se}')`, [ws])
      await plant(randomFrom(7))
      async function plant(random: Random) {
        for (let i = 0; i < 120; i++) {
          const contact = stableId(ws, 'contact', String(i))
          const arm = i % 2 === 0 ? 'now' : 'later'
          // Two cases each; the first one counts. The last twenty have a window that still runs.
          for (const [again, day] of ['2026-01-10', '2026-03-10'].entries()) {
            const opened = new Date(`${i < 100 ? day : '2027-01-10'}T00:00:00Z`)
            const contacted =
              i % 4 < 2 ? new Date(opened.getTime() + (i % 4 === 0 ? 1 : 5) * 86_400_000) : null
            await tx.query(
              `insert into cases (workspace_id, case_id, rule, reason, response_id, contact_id, unit_key, state,
                 opened_at, contact_due_at, contacted_at, trial, trial_arm, version)
               values ($1, $2, 'unhappy', $3, $2, $4, $5, 'open', $6::timestamptz, $6::timestamptz + interval '2 days', $7,
                 'wait', $8, 'v1')`,
              [
                ...[ws, stableId(ws, 'case', `${i} ${again}`), `reason${again}`, contact],
                ...[i < 60 ? 'se' : null, opened, contacted, arm],
              ],
            )
          }
          await tx.query(
            `insert into case_deadlines (workspace_id, case_id, missed_at)
             select workspace_id, case_id, case when contacted_at > contact_due_at then contacted_at end from cases
             where contact_id = $1`,
            [contact],
          )
          // Who was contacted at once comes back within the year, and half of the others; some before their case only.
          const back = arm === 'now' || random() < 0.5
          await tx.query(
            `insert into transactions (workspace_id, transaction_id, type, transaction_key, contact_id, fields, field_times,
               started_at, changed_at) values ($1, $2, 'visit', $3, $4, '{"price": 100}', '{}', $5, $5)`,
            [ws, stableId(ws, 'visit', String(i)), String(i), contact, back ? '2026-06-01' : '2025-12-01'],
          )
        }
      }
    })
  })
  afterAll(() => database.close())

  it('counts each once, by the first case whose window is over', async () => {
    const { observed, window, of } = await payoff()
    expect([window, of, observed.label]).toEqual(['P1Y', 'contact', 'selectionBiased'])
    const sizes = Object.fromEntries(observed.groups.map(({ id, n }) => [id, n]))
    expect(sizes).toEqual({ contacted: 50, inTime: 25, late: 25, missed: 50 })
    expect(observed.groups.find(({ id }) => id === 'inTime')?.repurchased.value).toBe(100)
    expect(observed.contactedAgainstMissed.margin).toBeNull()
  })

  it('within the window, the time and the unit asked for', async () => {
    expect((await payoff({ window: 'P30D' })).observed.groups[1]?.repurchased.value).toBe(0)
    expect((await payoff({ window: 'P90D' })).observed.groups[0]?.n).toBe(60)
    expect((await payoff({ from: new Date('2026-02-01') })).observed.groups[0]?.n).toBe(50)
    expect((await payoff({ to: new Date('2026-01-01') })).observed.groups[0]?.n).toBe(0)
    expect((await payoff({}, { unitKey: 'se' })).observed.groups[0]?.n).toBe(30)
  })

  it('by lot, with its guard rails and what stops it', async () => {
    const { trial } = await payoff()
    expect(trial).toMatchObject({ id: 'wait', delay: 'P7D', priorityBelow: 100, never: 'case.highValue' })
    expect(trial?.taking).toEqual([
      { arm: 'now', customers: 60, cases: 120 },
      { arm: 'later', customers: 60, cases: 120 },
    ])
    expect(trial?.arms.map(({ id, n }) => [id, n])).toEqual([
      ['now', 50],
      ['later', 50],
    ])
    expect(trial?.effect.retained.verdict).toBe('more')
    expect(trial?.stop.reason).toBe('harm')
    expect(trial?.stop.harmAtLeast).toBeGreaterThan(5)
  })

  it('by the payments and the margin of the program, where it tells them', async () => {
    const checked = {
      program: {
        ...program,
        value: {
          ...{ of: 'contact', payments: [{ transaction: 'visit', amount: 'price' }], margin: 0.5 },
          ...{ period: 'P1Y', discount: 0.1, churn: { after: 'P6M' } },
        },
      } as Program,
    }
    const [missed] = await database.inWorkspace(ws, (tx) =>
      tx.query<{ id: string }>(
        `select contact_id as id from cases c where contacted_at is null and trial_arm = 'later' and opened_at < '2026-02-01'
         and not exists (select from transactions t where t.contact_id = c.contact_id and t.started_at > '2026-01-01')
         order by 1 limit 1`,
      ),
    )
    await database.inWorkspace(ws, (tx) =>
      tx.query(
        `insert into transactions (workspace_id, transaction_id, type, transaction_key, contact_id, fields, field_times,
           started_at, changed_at)
         values ($1, $2, 'visit', 'back', $2, '{"price": -40}', '{}', '2026-05-01', '2026-05-01')`,
        [ws, missed!.id],
      ),
    )
    await database.inWorkspace(ws, (tx) =>
      tx.query(`update transactions set contact_id = $2 where transaction_key = $1`, ['back', missed!.id]),
    )
    const read = (wish = {}) => database.inWorkspace(ws, (tx) => payoffOf(tx, checked, wish, clock.now()))
    const { observed, window, pays, trial } = await read()
    expect([window, pays]).toEqual(['P6M', ['visit']])
    const of = (id: string) => observed.groups.find((group) => group.id === id)
    expect(of('inTime')).toMatchObject({ n: 25, repurchased: { value: 100 } })
    expect(of('inTime')?.margin?.value).toBe(50)
    // What was given back is no purchase, but it is missing from the margin.
    const before = of('missed')!
    const back = Math.round((before.repurchased.value! * before.n) / 100)
    expect(before.margin?.value).toBeCloseTo((50 * back - 20) / before.n, 10)
    expect(trial?.effect.margin?.verdict).toBe('more')
  })

  it('and stops the lots when waiting harms', async () => {
    const harm = (borne: number) =>
      database.inWorkspace(ws, (tx) => {
        const trial = { ...program.recovery!.trial!, stop: { harm: borne } }
        return harmOfTrial(tx, { program } as CheckedProgram, trial, clock.now())
      })
    expect(await harm(5)).toBe(true)
    expect(await harm(60)).toBe(false)
  })
})
