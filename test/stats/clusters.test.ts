import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cell, cellRegression, type ErrorKind, jointTest } from '../../src/stats/cell-regression.ts'
import { fitsCr2, mostMakeUps } from '../../src/stats/cluster-errors.ts'
import { clusterCount, NO_CLUSTERS, poolClusters, sumClusters } from '../../src/stats/cluster-sums.ts'
import { differenceInDifferences } from '../../src/stats/difference-in-differences.ts'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { leastSquares } from '../../src/stats/linear.ts'
import { identity, type Matrix, matrixFromRows, multiply } from '../../src/stats/matrix.ts'
import { welch } from '../../src/stats/mean.ts'
import { momentsOf } from '../../src/stats/moments.ts'
import { panelOf } from '../../src/stats/panel.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}
const whole = (min: number, max: number) => fc.integer({ min, max })
const KINDS: readonly ErrorKind[] = ['classical', 'hc1', 'cr0', 'cr1', 'cr1s', 'cr2']

// R 4.2.2, clubSandwich 0.5.8: forty customers seen once or twice on each side; the calls stand in initiative.R.
const { customers } = reference<{
  customers: Record<'customer' | 'treated' | 'post' | 'y', number[]> &
    Record<ErrorKind | 'value' | 'cr2df' | 'cr2p' | 'clusters', number>
}>('initiative')

describe('clusters that are many and alike', () => {
  const panel = panelOf({
    value: customers.y,
    period: customers.post,
    treated: customers.treated,
    cluster: customers.customer,
    periods: 2,
    begin: 1,
  })
  it('have the errors that R finds cluster by cluster', () => {
    const { effect, errors, clusters } = sure(differenceInDifferences(panel))
    expect(clusters).toBe(customers.clusters)
    expectClose(effect, customers.value, 1e-10)
    for (const kind of KINDS) expectClose(sure(errors[kind]).se, customers[kind], 1e-8, 0, kind)
    expectAllClose([sure(errors.cr2).df, sure(errors.cr2).p], [customers.cr2df, customers.cr2p], 1e-7)
  })
  it('of one answer each have the errors of independent answers', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(whole(0, 3), whole(0, 10)), { minLength: 12, maxLength: 40 }), (rows) => {
        const all = [...rows, ...[0, 1, 2, 3].flatMap((cell) => [[cell, 2] as const, [cell, 5] as const])]
        const found = sure(
          differenceInDifferences(
            panelOf({
              value: all.map(([, y]) => y),
              period: all.map(([cell]) => cell % 2),
              treated: all.map(([cell]) => (cell > 1 ? 1 : 0)),
              cluster: all.map((_, i) => 3 * i),
              periods: 2,
              begin: 1,
            }),
          ),
        )
        const n = all.length
        const [hc1, cr0, cr1s] = (['hc1', 'cr0', 'cr1s'] as const).map((kind) => sure(found.errors[kind]).se)
        expectClose(cr0! * Math.sqrt(n / (n - 4)), hc1!, 1e-10)
        expectClose(cr1s!, hc1!, 1e-10)
      }),
      { numRuns: 20 },
    )
  })
  it('seen once before and once after have in CR2 the error of Welch on their changes', () => {
    const change = fc.array(fc.tuple(whole(0, 20), whole(0, 20)), { minLength: 3, maxLength: 12 })
    fc.assert(
      fc.property(change, change, (others, own) => {
        const pairs = [...others, [1, 5] as const, ...own, [2, 9] as const]
        const treated = pairs.map((_, i) => (i > others.length ? 1 : 0))
        const { errors } = sure(
          differenceInDifferences(
            panelOf({
              value: pairs.flat(),
              period: pairs.flatMap(() => [0, 1]),
              treated: treated.flatMap((arm) => [arm, arm]),
              cluster: pairs.flatMap((_, i) => [i, i]),
              periods: 2,
              begin: 1,
            }),
          ),
        )
        const moments = (arm: number) =>
          momentsOf(pairs.filter((_, i) => treated[i] === arm).map(([before, after]) => after - before))
        const test = welch(moments(0), moments(1))
        if (isNoValue(test)) return
        expectClose(sure(errors.cr2).se, (test as { se: number }).se, 1e-8, 1e-9)
      }),
      { numRuns: 20 },
    )
  })
  it('have no CR2 when too many of them differ, and keep their other errors', () => {
    const size = 300
    const most = mostMakeUps(size)
    // Two of the clusters are in each cell, the others are alike in no two of them.
    const both = Array.from({ length: size }, (_, cell) => [0, 1].map((g) => [g, cell] as const)).flat()
    const others = Array.from({ length: most }, (_, g) => [g + 2, g] as const)
    const sumsOf = (rows: readonly (readonly [number, number])[]) => {
      const columns = [rows.map(([g, cell]) => ((g + 1) * (cell + 2)) % 11), rows.map(([, cell]) => cell)]
      const cluster = rows.map(([g]) => g)
      const answers = Array.from({ length: size }, (_, own) =>
        columns[0]!.filter((_, i) => columns[1]![i] === own),
      )
      return { sums: sumClusters(columns[0]!, cluster, columns[1]!, size), cells: cellsOf(answers) }
    }
    expect(fitsCr2(sumsOf([...both, ...others.slice(1)]).sums, size)).toBe(true)
    const { sums, cells } = sumsOf([...both, ...others])
    expect(fitsCr2(sums, size)).toBe(false)
    const regression = sure(cellRegression(identity(size), cells, sums))
    const contrast = Array.from({ length: size }, (_, cell) => [1, -1][cell] ?? 0)
    expect(regression.estimate(contrast, 'cr2')).toMatchObject({ reason: 'not applicable' })
    expect(sure(regression.estimate(contrast, 'cr1s')).se).toBeGreaterThan(0)
  })
})

describe('sums of clusters', () => {
  const rows = fc.array(fc.tuple(whole(0, 6), whole(0, 4), whole(-9, 9)), { minLength: 0, maxLength: 40 })
  const of = (list: readonly (readonly [number, number, number])[], width: number) =>
    sumClusters(
      list.map(([, , y]) => y),
      list.map(([g]) => g),
      list.map(([, cell]) => cell),
      width,
    )
  it('hold each cluster with the cells it reaches, whatever the order of the rows', () => {
    expect(
      of(
        [
          [4, 1, 5],
          [0, 2, 1],
          [4, 0, 2],
          [4, 1, 7],
        ],
        3,
      ),
    ).toEqual({
      starts: Int32Array.of(0, 1, 3),
      cells: Int32Array.of(2, 0, 1),
      n: Int32Array.of(1, 1, 2),
      sum: Float64Array.of(1, 2, 12),
    })
    expect(of([], 3)).toEqual(NO_CLUSTERS)
    expect(() => sumClusters([1], [-1], [0], 1)).toThrow('cluster -1')
    expect(() => sumClusters([1], [0.5], [0], 1)).toThrow('cluster 0.5')
    expect(() => sumClusters([1], [0], [], 1)).toThrow('0 cells')
    fc.assert(
      fc.property(rows, (list) => {
        expect(of(list.toReversed(), 5)).toEqual(of(list, 5))
      }),
    )
  })
  it('pooled are those of the rows in the coarser cells; who reaches none of them is gone', () => {
    const place = [1, -1, 0, 1, -1]
    fc.assert(
      fc.property(rows, (list) => {
        const pooled = poolClusters(of(list, 5), place, 2)
        const coarse = list
          .map(([g, cell, y]) => [g, place[cell]!, y] as const)
          .filter(([, cell]) => cell >= 0)
        expect(pooled).toEqual(of(coarse, 2))
        expect(clusterCount(pooled)).toBe(new Set(coarse.map(([g]) => g)).size)
      }),
    )
  })
})

const cellsOf = (answers: readonly (readonly number[])[]): Cell[] =>
  answers.map((values) => {
    const { n, mean, squares } = momentsOf(values)
    return { n, sum: n * mean, squares }
  })

describe('least squares from cells', () => {
  const design = matrixFromRows([
    [1, 0, 0],
    [1, 1, 0],
    [1, 2, 1],
    [1, 3, 1],
    [1, 5, 0],
  ])
  const answers = fc.array(fc.array(whole(-20, 20), { minLength: 2, maxLength: 5 }), {
    minLength: 5,
    maxLength: 5,
  })
  const regress = (X: Matrix, sets: readonly (readonly number[])[]) => {
    const values = sets.flat()
    // The first answers of all cells are one cluster, the second another ...
    const cluster = sets.flatMap((set) => set.map((_, i) => i))
    const cells = sets.flatMap((set, cell) => set.map(() => cell))
    return sure(cellRegression(X, cellsOf(sets), sumClusters(values, cluster, cells, sets.length)))
  }
  it('is that of R lm, answer by answer', () => {
    // R 4.2.2: x <- c(0,0,1,1,2,2,3,3,5,5); z <- c(0,0,0,0,1,1,1,1,0,0); y <- c(1,3,2,5,4,4,9,7,8,9)
    // summary(lm(y ~ x + z))$coefficients[, 1:2]; sigma(...)^2; sqrt(diag(sandwich::vcovHC(..., "HC1")))
    const found = regress(design, [
      [1, 3],
      [2, 5],
      [4, 4],
      [9, 7],
      [8, 9],
    ])
    expectAllClose(found.coefficients, [1.90804597701149, 1.37931034482759, 0.64367816091954], 1e-10)
    expectClose(found.sigma2, 2.30870279146141, 1e-10)
    const se = (kind: ErrorKind) =>
      [0, 1, 2].map(
        (j) =>
          sure(
            found.estimate(
              [0, 1, 2].map((i) => (i === j ? 1 : 0)),
              kind,
            ),
          ).se,
      )
    expectAllClose(se('classical'), [0.838585453556408, 0.282153222708649, 0.990889553236623], 1e-9)
    expectAllClose(se('hc1'), [0.805033451188009, 0.189072630843593, 1.011873920592265], 1e-9)
  })
  it('has the coefficients of the rows, and follows the unit of the answers', () => {
    fc.assert(
      fc.property(answers, whole(2, 9), (sets, factor) => {
        const found = regress(design, sets)
        const rows = sets.flatMap((set, cell) =>
          set.map(() => [...design.data.subarray(3 * cell, 3 * cell + 3)]),
        )
        const { coefficients, rss } = leastSquares(matrixFromRows(rows), sets.flat())
        expectAllClose(found.coefficients, coefficients, 1e-8, 1e-3)
        expectClose(found.sigma2, rss / (rows.length - 3), 1e-8, 1e-6)
        const turned = regress(
          design,
          sets.map((set) => set.map((y) => factor * y + 5)),
        )
        for (const kind of KINDS) {
          const [a, b] = [found, turned].map((one) => one.estimate([0, 1, 0], kind))
          if (isNoValue(a) || isNoValue(b)) expect(a).toEqual(b)
          else
            expectAllClose([b!.value, b!.se, b!.df], [factor * a!.value, factor * a!.se, a!.df], 1e-6, 1e-6)
        }
      }),
      { numRuns: 25 },
    )
  })
  it('says the same of a contrast whatever columns span the design', () => {
    // The columns of the other design are sums of those of the first: b = M b'.
    const mix = matrixFromRows([
      [1, 2, -1],
      [0, 1, 1],
      [0, 0, 3],
    ])
    fc.assert(
      fc.property(answers, (sets) => {
        const [one, two] = [regress(design, sets), regress(multiply(design, mix), sets)]
        // What 2 b_x + b_z is in the other coordinates.
        const contrast = [0, 2, 1]
        const other = [0, 1, 2].map((j) => contrast.reduce((sum, c, i) => sum + c * mix.data[3 * i + j]!, 0))
        for (const kind of KINDS) {
          const [a, b] = [one.estimate(contrast, kind), two.estimate(other, kind)]
          if (isNoValue(a) || isNoValue(b)) expect(a).toEqual(b)
          else expectAllClose([b.value, b.se, b.df], [a.value, a.se, a.df], 1e-6, 1e-6)
        }
      }),
      { numRuns: 25 },
    )
  })
  it('tests one combination as the square of its t', () => {
    fc.assert(
      fc.property(answers, (sets) => {
        const found = regress(design, sets)
        const single = found.estimate([0, 1, -1], 'hc1')
        const joint = jointTest(found, matrixFromRows([[0, 1, -1]]), 'hc1')
        if (isNoValue(single) || isNoValue(single.t) || isNoValue(joint)) return
        expectClose(joint.f, (single.t as number) ** 2, 1e-8, 1e-9)
        expect([joint.df1, joint.df2]).toEqual([1, single.df])
      }),
      { numRuns: 25 },
    )
  })
  it('says why it cannot', () => {
    const twice = matrixFromRows([
      [1, 2],
      [1, 2],
      [1, 2],
    ])
    expect(cellRegression(twice, cellsOf([[1, 2], [3], [4]]))).toMatchObject({ reason: 'singular' })
    expect(cellRegression(design, cellsOf([[1], [2], [], [], [3]]))).toMatchObject({ reason: 'too few' })
    expect(() => cellRegression(design, cellsOf([[1], [2]]))).toThrow('5 rows of the design and 2 cells')
    const flat = sure(cellRegression(design, cellsOf([[1, 1], [1, 1], [1, 1], [1], [1]])))
    expect(sure(flat.estimate([0, 1, 0], 'classical')).t).toMatchObject({ reason: 'no variance' })
  })
})
