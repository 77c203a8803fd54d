import { describe, expect, it } from 'vitest'
import { harmStop } from '../../src/stats/harm-stop.ts'
import { isNoValue } from '../../src/stats/interval.ts'
import { newcombe } from '../../src/stats/newcombe.ts'
import { randomFrom } from '../../src/stats/random.ts'

describe("Newcombe's interval of a difference", () => {
  const limits = (a: number, n: number, b: number, m: number) => {
    const found = newcombe({ successes: b, n: m }, { successes: a, n })
    if (isNoValue(found)) throw new Error(found.reason)
    return (found as { interval: readonly number[] }).interval.map((each) => Number(each.toFixed(4)))
  }
  it('gives the figures of his table II, method 10', () => {
    expect(limits(56, 70, 48, 80)).toEqual([0.0524, 0.3339])
    expect(limits(9, 10, 3, 10)).toEqual([0.1705, 0.809])
    expect(limits(6, 7, 2, 7)).toEqual([0.0582, 0.8062])
    expect(limits(5, 56, 0, 29)).toEqual([-0.0381, 0.1926])
    expect(limits(10, 10, 0, 20)).toEqual([0.6791, 1])
    expect(limits(10, 10, 0, 10)).toEqual([0.6075, 1])
  })
  it('has no value with an empty group', () => {
    expect(newcombe({ successes: 0, n: 0 }, { successes: 1, n: 2 })).toEqual({
      value: null,
      reason: 'empty group',
    })
  })
})

describe('the harm stop', () => {
  /** Looks after every pair of people, up to 1000 in each arm. */
  const everStops = (seed: number, now: number, later: number, harm: number) => {
    const random = randomFrom(seed)
    const arms = { now: { successes: 0, n: 0 }, later: { successes: 0, n: 0 } }
    for (let i = 0; i < 1000; i++) {
      arms.now = { successes: arms.now.successes + (random() < now ? 1 : 0), n: i + 1 }
      arms.later = { successes: arms.later.successes + (random() < later ? 1 : 0), n: i + 1 }
      const judged = harmStop(arms.now, arms.later, harm)
      if (!isNoValue(judged) && (judged as { stop: boolean }).stop) return true
    }
    return false
  }
  const share = (times: number, now: number, later: number, harm: number) => {
    let stopped = 0
    for (let seed = 1; seed <= times; seed++) if (everStops(seed, now, later, harm)) stopped++
    return stopped / times
  }
  it('rarely stops when waiting harms no more than is borne, however often one looks', () => {
    expect(share(300, 0.7, 0.7, 0)).toBeLessThanOrEqual(0.05)
    expect(share(300, 0.75, 0.7, 0.05)).toBeLessThanOrEqual(0.05)
    expect(share(300, 0.97, 0.97, 0)).toBeLessThanOrEqual(0.05)
  })
  it('stops when waiting harms more', () => {
    expect(share(100, 0.8, 0.6, 0.05)).toBeGreaterThan(0.9)
  })
  it('says nothing about a handful', () => {
    expect(harmStop({ successes: 19, n: 19 }, { successes: 0, n: 300 }, 0)).toEqual({
      value: null,
      reason: 'too few',
    })
  })
})
