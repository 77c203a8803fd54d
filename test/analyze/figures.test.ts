import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze/command/command.ts'
import { expectAllClose, expectClose, reference } from '../stats/reference.ts'

// Files made from the data of test/reference, so that the whole way from cells to figures is held against R.
const folder = mkdtempSync(join(tmpdir(), 'samklang-figures-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Cell = string | number

function csv(name: string, columns: Record<string, readonly Cell[]>): string {
  const names = Object.keys(columns)
  const rows = columns[names[0]!]!.map((_, i) => names.map((column) => columns[column]![i]).join(','))
  const path = join(folder, `${name}.csv`)
  writeFileSync(path, `${names.join(',')}\n${rows.join('\n')}\n`)
  return path
}

async function answer(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await analyze([...argv, '--json'], {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    isTTY: false,
  })
  expect(err).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out)
}

type Row = Record<string, number>

describe('drivers', () => {
  const r = reference<
    Record<'lmg' | 'johnson' | 'coefficients' | 'se' | 'vif', number[]> & {
      data: Record<string, number[]>
      r2: number
    }
  >('drivers')
  const options = ['--outcome', 'mpg', '--drivers', 'wt,hp,qsec,drat,disp']
  it('from answers, complete cases', async () => {
    const path = csv('cars', { ...r.data, note: r.data.mpg!.map(() => 'x') })
    const { result, used } = await answer(
      'drivers',
      path,
      ...options,
      '--min-n',
      '7',
      '--bootstrap',
      '50',
      '--seed',
      '3',
    )
    expect(used).toBe(32)
    expectAllClose(
      result.drivers.map((d: Row) => d.lmg),
      r.lmg,
    )
    expectAllClose(
      result.drivers.map((d: Row) => d.johnson),
      r.johnson,
    )
    expectAllClose(
      result.drivers.map((d: Row) => d.vif),
      r.vif,
    )
    expectAllClose(
      result.regression.coefficients.map((c: Row) => c.estimate),
      r.coefficients,
    )
    expectAllClose(
      result.regression.coefficients.map((c: Row) => c.se),
      r.se,
    )
    expect(result.drivers[0].limits.lmg[0]).toBeLessThan(r.lmg[0]!)
  })
  it('withheld when there are too few rows', async () => {
    const whole = await answer('drivers', csv('cars', r.data), ...options)
    expect(whole).toMatchObject({ result: null, reason: 'too few' })
  })
  it('from a correlation matrix, with and without row names', async () => {
    const m = { a: [1, 0.6, 0.3, 0.6], b: [0.6, 1, 0.4, 0.5], c: [0.3, 0.4, 1, 0.3], y: [0.6, 0.5, 0.3, 1] }
    for (const columns of [m, { name: ['a', 'b', 'c', 'y'], ...m }]) {
      const { result } = await answer(
        'drivers',
        csv('matrix', columns),
        '--outcome',
        'y',
        '--drivers',
        'a,b,c',
        '--covariance',
      )
      expect(result.drivers.map((d: Row) => d.lmg!.toFixed(4))).toEqual(['0.2360', '0.1241', '0.0367'])
      expectClose(result.r2, 0.39678, 1e-4)
    }
  })
})

describe('correlate', () => {
  const r = reference<{
    mtcars: Record<'mpg' | 'hp' | 'am', number[]>
    mpgHp: Row
    mpgAm: Row
    chick: { weight: number[]; feed: number[] }
    anova: Row
    welch: Row
    kruskal: Row
    table: { counts: number[][] } & Record<'x2' | 'v' | 'corrected', number>
  }>('associations')
  const test = (result: { pairs: { tests: Row[] }[] }, pair: number, index: number) =>
    result.pairs[pair]!.tests[index]!
  it('numbers, and a number with two classes in words', async () => {
    const path = csv('cars', { ...r.mtcars, gear: r.mtcars.am.map((x) => (x ? 'manual' : 'automatic')) })
    const { result } = await answer(
      'correlate',
      path,
      '--x',
      'mpg',
      '--o',
      'hp,gear',
      '--correction',
      'bonferroni',
    )
    expectAllClose(
      [0, 1, 2].map((k) => test(result, 0, k).effect),
      [r.mpgHp.r!, r.mpgHp.rho!, r.mpgHp.tau!],
    )
    expectAllClose(
      [0, 1, 2].map((k) => test(result, 0, k).p),
      [r.mpgHp.p!, r.mpgHp.rhoP!, r.mpgHp.tauP!],
    )
    expectClose(test(result, 1, 0).effect, r.mpgAm.r!)
    expectClose(result.pairs[0].pCorrected, 2 * r.mpgHp.p!)
  })
  it('a number by categories', async () => {
    const path = csv('chick', { weight: r.chick.weight, feed: r.chick.feed.map((f) => `feed ${f}`) })
    const { result } = await answer('correlate', path, '--x', 'weight', '--o', 'feed')
    expectAllClose([test(result, 0, 0).f, test(result, 0, 0).etaSquared], [r.anova.f!, r.anova.eta!])
    expectAllClose([test(result, 0, 1).f, test(result, 0, 2).h], [r.welch.f!, r.kruskal.h!])
    const coded = csv('coded', { weight: r.chick.weight, feed: r.chick.feed })
    const again = await answer('correlate', coded, '--x', 'weight', '--o', 'feed', '--categories', 'feed')
    expectClose(test(again.result, 0, 0).f, r.anova.f!)
  })
  it('categories by categories', async () => {
    const hair: string[] = []
    const eye: string[] = []
    r.table.counts.forEach((row, i) => {
      row.forEach((n, j) => {
        for (let k = 0; k < n; k++) {
          hair.push(`hair ${i}`)
          eye.push(`eye ${j}`)
        }
      })
    })
    const { result } = await answer('correlate', csv('hair', { hair, eye }), '--x', 'hair', '--o', 'eye')
    expectAllClose(
      [test(result, 0, 0).chiSquare, test(result, 0, 0).v, test(result, 0, 0).vCorrected],
      [r.table.x2, r.table.v, r.table.corrected],
    )
  })
})

describe('penalty-reward', () => {
  const { penalty: r } = reference<{
    penalty: Record<'s1' | 's2' | 's3' | 'y' | 'b' | 'se' | 'hc3', number[]>
  }>('associations')
  it('agrees with lm and HC3', async () => {
    const path = csv('marks', { y: r.y, s1: r.s1, s2: r.s2, s3: r.s3 })
    const { result } = await answer('penalty-reward', path, '--outcome', 'y', '--drivers', 's1,s2,s3')
    const impacts = [
      result.intercept,
      ...result.factors.flatMap((f: { penalty: Row; reward: Row }) => [f.penalty, f.reward]),
    ]
    expectAllClose(
      impacts.map((i: Row) => i.estimate),
      r.b,
    )
    expectAllClose(
      impacts.map((i: Row) => i.se),
      r.se,
    )
    expectAllClose(
      impacts.map((i: Row) => i.hc3Se),
      r.hc3,
    )
  })
  it('takes 4-5 for high', async () => {
    const path = csv('marks', { y: r.y, s1: r.s1 })
    const { result } = await answer(
      'penalty-reward',
      path,
      '--outcome',
      'y',
      '--drivers',
      's1',
      '--high',
      '4-5',
    )
    expect(result.factors[0].high).toBe(r.s1.filter((x) => x >= 4).length)
  })
})

describe('units, agreement, weight and words', () => {
  it('units agree with lmer from the answers themselves', async () => {
    const r = reference<
      Record<'n' | 'mean' | 'squares', number[]> & { reml: { tau2: number; sigma2: number } }
    >('pooling')
    // Answers with the n, mean and squares of each unit.
    const unit: string[] = []
    const score: number[] = []
    r.n.forEach((n, i) => {
      const step = n > 1 ? Math.sqrt((12 * r.squares[i]!) / (n * (n * n - 1))) : 0
      for (let k = 0; k < n; k++) {
        unit.push(`unit ${i}`)
        score.push(r.mean[i]! + (k - (n - 1) / 2) * step)
      }
    })
    const { result } = await answer(
      'units',
      csv('units', { unit, score }),
      '--unit',
      'unit',
      '--score',
      'score',
    )
    expectAllClose([result.between, result.sigma2], [r.reml.tau2, r.reml.sigma2], 1e-5)
  })
  it('agreement agrees with psych and vcd', async () => {
    const r = reference<{
      table: number[][]
      kappa: number
      linear: number
      quadratic: number
      quadraticAse: number
    }>('agreement')
    const a: string[] = []
    const b: string[] = []
    r.table.forEach((row, i) => {
      row.forEach((n, j) => {
        for (let k = 0; k < n; k++) {
          a.push(`c${i}`)
          b.push(`c${j}`)
        }
      })
    })
    const { result } = await answer('agreement', csv('raters', { a, b }), '--raters', 'a,b')
    expectAllClose(
      result.cohen.map((k: Row) => k.kappa),
      [r.kappa, r.linear, r.quadratic],
    )
    expectClose(result.cohen[2].se, r.quadraticAse)
    expect(result.krippendorff[2]).toMatchObject({
      alpha: null,
      reason: 'not applicable',
    })
  })
  it('weight agrees with survey::rake, and tells an empty category', async () => {
    const r = reference<{
      cells: Record<'sex' | 'age' | 'w' | 'promoters' | 'detractors' | 'n', number[]>
      rakedNps: number
      rakedSe: number
      linearisedSe: number
    }>('weights')
    const rows = r.cells.n.flatMap((n, i) =>
      Array.from({ length: n }, (_, k) => {
        const score =
          k < r.cells.promoters[i]! ? 10 : k < r.cells.promoters[i]! + r.cells.detractors[i]! ? 0 : 8
        return { sex: `s${r.cells.sex[i]}`, age: `a${r.cells.age[i]}`, score }
      }),
    )
    const path = csv('weights', {
      sex: rows.map((x) => x.sex),
      age: rows.map((x) => x.age),
      score: rows.map((x) => x.score),
    })
    const margins = ['--margin', 'sex=s1:0.48,s2:0.52', '--margin', 'age=a1:0.3,a2:0.45,a3:0.25']
    const { result } = await answer('weight', path, ...margins, '--score', 'score')
    expectAllClose(
      [result.nps.nps, result.nps.linearisedSe, result.nps.calibratedSe],
      [r.rakedNps, r.linearisedSe, r.rakedSe],
    )
    const empty = await answer('weight', path, '--margin', 'sex=s1:0.4,s2:0.4,s3:0.2')
    expect(empty.result.cells[0]).toMatchObject({
      weight: null,
      reason: 'empty group',
    })
    const targets = csv('targets', {
      variable: ['sex', 'sex', 'age', 'age', 'age'],
      category: ['s1', 's2', 'a1', 'a2', 'a3'],
      share: [48, 52, 30, 45, 25],
    })
    const fromFile = await answer('weight', path, '--targets', targets, '--score', 'score')
    expectClose(fromFile.result.nps.nps, r.rakedNps, 1e-8)
  })
  it('words follow Monroe, Colaresi & Quinn', async () => {
    const { words: r } = reference<{
      words: { names: string[]; a: number[]; b: number[]; informative: { z: number[] } }
    }>('weights')
    const text = (counts: number[]) =>
      r.names.flatMap((name, i) => Array<string>(counts[i]!).fill(name)).join(' ')
    const path = csv('words', { side: ['one', 'two'], text: [text(r.a), text(r.b)] })
    const { result } = await answer('words', path, '--text', 'text', '--by', 'side', '--top', '0')
    const all: { word: string; z: number }[] = [
      ...result.contrasts[0].firstWords,
      ...result.contrasts[0].secondWords,
    ]
    expectAllClose(
      r.names.map((name) => all.find((w) => w.word === name)!.z),
      r.informative.z,
    )
  })
  it('words are told per language and pooled', async () => {
    const path = csv('languages', {
      score: [10, 1, 10, 1],
      lang: ['sv', 'sv', 'en', 'en'],
      text: ['bra snabb', 'dålig sen', 'good quick', 'bad late'],
    })
    const { result } = await answer('words', path, '--text', 'text', '--score', 'score', '--language', 'lang')
    expect(
      result.contrasts.map((c: { language: string; vocabulary: number }) => [c.language, c.vocabulary]),
    ).toEqual([
      ['pooled', 8],
      ['en', 4],
      ['sv', 4],
    ])
  })
})

describe('csat and ces', () => {
  it('compare two groups by pooled z and Welch', async () => {
    const b = reference<{ two: { z2: number; p: number } }>('basics')
    const make = (group: string, satisfied: number, n: number) =>
      Array.from({ length: n }, (_, i) => ({ group, score: i < satisfied ? 5 : 1 }))
    const rows = [...make('a', 60, 100), ...make('b', 45, 120)]
    const path = csv('csat', { group: rows.map((x) => x.group), score: rows.map((x) => x.score) })
    const { result } = await answer('csat', path, '--score', 'score', '--by', 'group')
    expectClose(result.differences[0].top.z ** 2, b.two.z2)
    expectClose(result.differences[0].top.p, b.two.p)
    expect(result.groups[0]).toMatchObject({ group: 'a', n: 100, counts: [40, 0, 0, 0, 60] })
  })
  it('ces counts 5 to 7', async () => {
    const { result, dropped } = await answer(
      'ces',
      csv('ces', { score: [1, 4, 5, 6, 7, 8, ''], x: [1, 1, 1, 1, 1, 1, 1] }),
      '--score',
      'score',
    )
    expect(result.groups[0]).toMatchObject({ n: 5, top: { count: 3 }, bottom: { count: 1 } })
    expect(dropped).toEqual({ 'score blank': 1, 'score not a whole number 1..7': 1 })
  })
  it('nps per month compares the last two', async () => {
    const path = csv('months', {
      date: ['2026-01-03', '2026-02-01', '2026-02-20', 'soon'],
      score: [10, 0, 9, 9],
    })
    const { result, dropped } = await answer('nps', path, '--score', 'score', '--date', 'date')
    expect(result.differences[0]).toMatchObject({
      first: { period: '2026-01' },
      second: { period: '2026-02' },
    })
    expect(dropped).toEqual({ 'date not understood': 1 })
  })
})
