import { describe, expect, it } from 'vitest'
import { checkedProgram } from '../program/checked.ts'
import type { Program } from '../program/schema.ts'
import { segment, type Valued } from './segments.ts'
import type { ValuePlan } from './value.ts'

const program: Program = {
  samklang: 1,
  workspace: { name: 'X', languages: ['en'], timeZone: 'UTC' },
  events: {},
  touchpoints: {},
  metrics: {},
  surveys: {},
}
const checked = checkedProgram(program, 'v1')
const plan = { value: {} } as ValuePlan
const worth = (margin: number, leftAt: number | null = null) =>
  ({ margin, leftAt, residual: { value: null } }) as Valued
const segmentsOf = (customers: Valued[]) => segment(checked, plan, customers).map((each) => each.segment)

describe('without segments of its own a program ranks customers by thirds', () => {
  it('when nine have not left', () => {
    const nine = [9, 8, 7, 6, 5, 4, 3, 2, 1].map((margin) => worth(margin))
    expect(segmentsOf(nine).join('')).toBe('AAABBBCCC')
    expect(segmentsOf([...nine, worth(100, 1)]).at(-1)).toBe('C')
  })

  it('and not when they are fewer, since one customer alone is neither good nor bad', () => {
    const eight = Array.from({ length: 8 }, (_, at) => worth(at))
    for (const few of [eight, [worth(5)], [...eight, worth(9, 1), worth(10, 1)]]) {
      expect(new Set(segmentsOf(few))).toEqual(new Set(['unranked']))
      expect(segment(checked, plan, few).some((each) => each.high)).toBe(false)
    }
  })
})
