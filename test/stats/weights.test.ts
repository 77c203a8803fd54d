import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { nps } from '../../src/stats/nps.ts'
import { postStratify, rake } from '../../src/stats/raking.ts'
import { effectiveSize, weightedNps } from '../../src/stats/weighted-nps.ts'
import { contrastWords, words } from '../../src/stats/words.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

interface Odds {
  delta: number[]
  z: number[]
}
const r = reference<{
  cells: Record<'sex' | 'age' | 'w' | 'promoters' | 'detractors' | 'n', number[]>
  rakedNps: number
  linearisedSe: number
  rakedSe: number
  effective: number
  shares: number[]
  postNps: number
  postSe: number
  post: number[]
  words: { names: string[]; a: number[]; b: number[]; informative: Odds; strength: Odds; uniform: Odds }
}>('weights')

function known<T>(answer: OrReason<T>): T {
  if (isNoValue(answer)) throw new Error(answer.reason)
  return answer as T
}

const { sex, age, n, promoters, detractors } = r.cells
const cells = n.map((count, i) => ({ categories: [sex[i]! - 1, age[i]! - 1], count }))
const margins = [
  [0.48, 0.52],
  [0.3, 0.45, 0.25],
]
const weighted = (weights: ArrayLike<number>, raked = false) =>
  n.map((size, i) => ({
    ...(raked && { categories: [sex[i]!, age[i]!] }),
    weight: weights[i]!,
    promoters: promoters[i]!,
    detractors: detractors[i]!,
    passives: size - promoters[i]! - detractors[i]!,
  }))

describe('raking', () => {
  const raked = known(rake(cells, margins))
  it('agrees with survey::rake, Kish and svymean', () => {
    expectAllClose(raked.weights, r.cells.w, 1e-8)
    const found = known(weightedNps(weighted(raked.weights)))
    expectAllClose(
      [found.nps, found.linearisedSe, found.effective],
      [r.rakedNps, r.linearisedSe, r.effective],
      1e-8,
    )
    expectClose(found.designEffect, 300 / r.effective, 1e-8)
    expectClose(known(weightedNps(weighted(raked.weights, true))).calibratedSe, r.rakedSe, 1e-8)
  })
  it('tells an empty category, and margins that contradict each other', () => {
    expect(rake(cells, [[0.4, 0.5, 0.1], margins[1]!])).toMatchObject({ reason: 'empty group' })
    const diagonal = [
      { categories: [0, 0], count: 5 },
      { categories: [1, 1], count: 5 },
    ]
    expect(
      rake(diagonal, [
        [0.5, 0.5],
        [0.9, 0.1],
      ]),
    ).toMatchObject({ reason: 'not converged' })
    expect(rake([], [[1]])).toMatchObject({ reason: 'empty group' })
  })
  it('reaches its margins from any sample, and keeps the mean weight at 1', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 6, maxLength: 6 }), (counts) => {
        const own = counts.map((count, i) => ({ categories: [i % 2, Math.floor(i / 2)], count }))
        const { weights } = known(rake(own, margins))
        const total = counts.reduce((sum, c) => sum + c, 0)
        const sum = counts.reduce((s, c, i) => s + c * weights[i]!, 0)
        expectClose(sum, total, 1e-9)
        const first = counts.reduce((s, c, i) => s + (i % 2 === 0 ? c * weights[i]! : 0), 0)
        expectClose(first / total, 0.48, 1e-8)
      }),
    )
  })
})

describe('post-stratification', () => {
  it('agrees with survey::postStratify and its standard error', () => {
    const post = known(postStratify(n, r.shares))
    expectAllClose(post.weights, r.post, 1e-10)
    const found = known(weightedNps(weighted(post.weights)))
    expectAllClose([found.nps, found.calibratedSe], [r.postNps, r.postSe], 1e-8)
  })
})

describe('weighted NPS', () => {
  it('is the plain one when all weights are equal', () => {
    const plain = known(nps({ promoters: 50, passives: 30, detractors: 20 }))
    const found = known(weightedNps([{ weight: 3, promoters: 50, passives: 30, detractors: 20 }]))
    expectAllClose(
      [found.nps, found.kishSe, found.designEffect, found.effective],
      [plain.nps, plain.se, 1, 100],
      1e-12,
    )
  })
  it('has no value without weights, and no linearised error for one answer', () => {
    expect(weightedNps([])).toMatchObject({ reason: 'empty group' })
    expect(effectiveSize([{ n: 3, weight: 0 }])).toMatchObject({ reason: 'empty group' })
    expect(weightedNps([{ weight: 1, promoters: 1, passives: 0, detractors: 0 }])).toMatchObject({
      linearisedSe: { reason: 'too few' },
    })
  })
})

describe('weighted log-odds of words', () => {
  const first = new Map(r.words.names.map((name, i) => [name, r.words.a[i]!]))
  const second = new Map(r.words.names.map((name, i) => [name, r.words.b[i]!]))
  it('follow Monroe, Colaresi & Quinn with both priors', () => {
    for (const [prior, strength, expected] of [
      ['informative', undefined, r.words.informative],
      ['informative', 50, r.words.strength],
      ['uniform', undefined, r.words.uniform],
    ] as const) {
      const found = known(contrastWords(first, second, prior, strength))
      const byName = new Map(found.words.map((word) => [word.word, word]))
      expectAllClose(
        r.words.names.map((name) => byName.get(name)!.logOdds),
        expected.delta,
      )
      expectAllClose(
        r.words.names.map((name) => byName.get(name)!.z),
        expected.z,
      )
    }
  })
  it('turn around when the texts change places', () => {
    const one = known(contrastWords(first, second))
    const two = known(contrastWords(second, first))
    expectAllClose(
      two.words.map((word) => -word.z).reverse(),
      one.words.map((word) => word.z),
      1e-12,
    )
  })
  it('need two texts and two words', () => {
    expect(contrastWords(new Map(), second)).toMatchObject({ reason: 'empty group' })
    expect(contrastWords(new Map([['a', 1]]), new Map([['a', 2]]))).toMatchObject({ reason: 'too few' })
  })
  it('are counted by Unicode letters', () => {
    expect(words('Não gostei! L’équipe’s ÅÄÖ 24 timer, e-post и сервис')).toEqual([
      'não',
      'gostei',
      "l'équipe's",
      'åäö',
      'timer',
      'e',
      'post',
      'и',
      'сервис',
    ])
    expect(words('cafe\u0301')).toEqual(['café'])
    expect(words('12 ... !')).toEqual([])
  })
})
