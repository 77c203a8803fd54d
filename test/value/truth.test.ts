import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../src/events/apply.ts'
import { randomFrom } from '../../src/stats/random.ts'
import { priorityOf } from '../../src/value/priority.ts'
import { refreshValues } from '../../src/value/refresh.ts'
import { readModel, type StoredModel } from '../../src/value/store.ts'
import { dayMs } from '../../src/value/value.ts'
import { closeHouse } from '../workshop.ts'
import { type Club, openClub, type Paid, yearly } from './club.ts'

afterAll(closeHouse)

/** Members pay each year until they leave: with a chance of their own for the first years, and by what they think. */
const truth = { alpha: 1, beta: 3, intercept: 1.5, perPoint: -0.45, east: 0.8 }
const now = new Date('2026-03-01T00:00:00Z')
const year = 365.2425 * dayMs
const chance = (score: number, hall: string) =>
  1 / (1 + Math.exp(-(truth.intercept + truth.perPoint * score + (hall === 'east' ? truth.east : 0))))

const members = 1500
let club: Club
let model: StoredModel

beforeAll(async () => {
  const random = randomFrom(2024)
  const program = yearly.replace('within: P1Y', 'within: P380D, features: [score, customer.hall]')
  club = await openClub(now.toISOString(), program)
  const fees: Paid[] = []
  const answers: Array<{ member: string; at: Date; score: number }> = []
  const pay = (member: string, years: number) => {
    const at = new Date(now.getTime() - years * year)
    fees.push({ member, at, amount: 1000, hall: hallOf(member) })
  }
  const hallOf = (member: string) => (Number(member.slice(1)) % 2 === 0 ? 'east' : 'west')
  for (let i = 0; i < members; i++) {
    // Some came six years ago and only pay; the others came two years ago and say what they think as they do.
    const member = `m${i}`
    if (i < members / 2) {
      const churn = 1 - random() ** (1 / 3)
      pay(member, 6.3)
      for (let k = 1; k <= 6 && random() >= churn; k++) pay(member, 6.3 - k)
      continue
    }
    const score = Math.floor(random() * 11)
    pay(member, 2.4)
    answers.push({ member, at: new Date(now.getTime() - 1.6 * year), score })
    if (random() >= chance(score, hallOf(member))) pay(member, 1.4)
  }
  fees.push({ member: 'today', at: now, amount: 1000 })
  await club.pay(fees)
  await club.say(answers)
  await refreshValues(club, club.workspaceId)
  model = (await club.database.inWorkspace(club.workspaceId, readModel))!.model
}, 120_000)

describe('what was planted is found', () => {
  it('in who leaves', () => {
    const { churn } = model
    if (!('coefficients' in churn.model)) throw new Error('no model was learned')
    const { coefficients, n, left } = churn.model
    expect(n).toBe(members / 2)
    expect(left).toBeGreaterThan(50)
    const byName = new Map(coefficients.map((each) => [each.name, each]))
    const score = byName.get('score')!
    expect(score.low!).toBeLessThan(truth.perPoint)
    expect(score.high!).toBeGreaterThan(truth.perPoint)
    // Held against the commoner hall, whichever that is.
    const [name, hall] = [...byName].find(([each]) => each.startsWith('customer.hall'))!
    const effect = name.endsWith('east') ? truth.east : -truth.east
    expect(hall.low!).toBeLessThan(effect)
    expect(hall.high!).toBeGreaterThan(effect)
  })

  it('in how well chances foretell', () => {
    const { calibration } = model.churn
    expect(calibration).toMatchObject({ of: 'crossValidated', n: members / 2 })
    expect(calibration!.auc!.low!).toBeGreaterThan(0.65)
    expect(calibration!.brier).toBeLessThan(0.25)
    // Ten 95 % intervals: two misses are a chance of 9 %, four of 0.1 %.
    const misses = calibration!.deciles.filter(
      ({ predicted, low, high }) => predicted < low || predicted > high,
    )
    expect(calibration!.deciles.length).toBeGreaterThan(7)
    expect(misses.length).toBeLessThan(4)
  })

  it('in the chance of a new answer, within its limits', async () => {
    const checked = await club.programs.active(club.workspaceId)
    const items = [2, 8].map((score) => ({
      responseId: String(score),
      contactId: idOf.contact(club.workspaceId, 'today'),
      band: score === 2 ? ('strongDetractor' as const) : ('passive' as const),
      answers: { recommend: score },
      context: { at: now.toISOString(), contact: { key: 'x', fields: { hall: 'east' } } },
      channel: 'phone',
    }))
    const found = await club.database.inWorkspace(club.workspaceId, (tx) => priorityOf(tx, checked, items))
    for (const [at, score] of [2, 8].entries()) {
      const { pChurn } = found![at]!.terms
      expect(pChurn).toMatchObject({ source: 'churn.model', n: members / 2 })
      if (pChurn.value === null) throw new Error('the chance is unknown')
      expect(pChurn.low!).toBeLessThan(chance(score, 'east'))
      expect(pChurn.high!).toBeGreaterThan(chance(score, 'east'))
      expect(pChurn.low! < pChurn.value && pChurn.value < pChurn.high!).toBe(true)
    }
  })

  it('in how retention rises with tenure', () => {
    // Among those of six years ago; the others mix other chances in at their first renewal alone.
    const old = model.retention.cohorts[0]!
    expect(old.customers).toBe(members / 2)
    const [first, , third] = old.renewals
    expect(first!.renewed / first!.atRisk).toBeCloseTo(truth.beta / (truth.alpha + truth.beta), 1)
    expect(third!.renewed / third!.atRisk).toBeCloseTo((truth.beta + 2) / (truth.alpha + truth.beta + 2), 1)
    expect(model.retention.sbg).not.toHaveProperty('reason')
  })
})
