import { describe, expect, it } from 'vitest'
import { leftWithin } from '../../src/value/history.ts'
import { dayMs, type ValuePlan } from '../../src/value/value.ts'

const plan: ValuePlan = {
  value: { of: 'contact', payments: [], period: 'P30D', discount: 0.1, churn: { after: 'P40D' } },
  kind: 'contact',
  periodDays: 30,
  afterDays: 40,
  withinDays: 90,
  slackDays: 3,
  discount: 0.1,
  currency: 'SEK',
}
const left = (days: number[], at: number) =>
  leftWithin(
    days.map((day) => day * dayMs),
    at * dayMs,
    plan,
  )

describe('a customer who pays every thirty days, asked on day 100, and looked after ninety days on', () => {
  it('has left when the payments of those days stop', () => {
    expect(left([40, 70, 95], 100)).toBe(true)
    expect(left([40, 70, 95, 125, 155], 100)).toBe(true)
  })
  it('has not left when what is not paid falls due later', () => {
    expect(left([40, 70, 95, 125, 155, 185], 100)).toBe(false)
    expect(left([40, 70, 95, 125, 165], 100)).toBe(false)
  })
  it('has left also when they come back much later', () => {
    expect(left([95, 140], 100)).toBe(true)
    expect(left([95, 135, 170], 100)).toBe(false)
  })
  it('was no customer when they had paid nothing for long, or not yet', () => {
    expect(left([10, 50], 100)).toBeUndefined()
    expect(left([110, 140], 100)).toBeUndefined()
    expect(left([], 100)).toBeUndefined()
  })
})
