import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auc } from '../../src/stats/auc.ts'
import { bestThreshold, brier, calibration, logLoss, thresholdTable } from '../../src/stats/classification.ts'
import type { Interval, OrReason } from '../../src/stats/interval.ts'
import { logistic } from '../../src/stats/logistic.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

type Names = 'coef' | 'se' | 'z' | 'p' | 'low' | 'high' | 'fitted' | 'at30' | 'at50'
type Singles =
  | 'deviance'
  | 'nullDeviance'
  | 'aic'
  | 'mcFadden'
  | 'auc'
  | 'aucLow'
  | 'aucHigh'
  | 'aucSe'
  | 'tiedAuc'
  | 'tiedLow'
  | 'tiedHigh'
  | 'brier'
  | 'logLoss'
  | 'youden'
// R 4.2.2 glm, pROC 1.18.0; test/reference/churn.R holds the calls.
const stored = reference<
  Record<Names, number[]> &
    Record<Singles, number> & {
      data: Record<'tenure' | 'nps' | 'plus' | 'pro' | 'spend' | 'left', number[]>
      calibration: { n: number[]; events: number[]; mean: number[]; chisq: number; p: number }
      heavy: { weights: number[]; coef: number[]; se: number[]; deviance: number }
    }
>('churn')
const { tenure, nps, plus, pro, spend, left } = stored.data
const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}

it('a constant predictor explains exactly nothing', () => {
  for (const constant of [1, 7.3, 1e6, -0.1]) {
    const fit = sure(logistic([left.map(() => constant)], left))
    expect(fit.mcFadden).toBe(0)
  }
})

describe('logistic regression agrees with R glm', () => {
  const fit = sure(logistic([tenure, nps, plus, pro, spend], left))
  const all = [fit.intercept, ...fit.coefficients.map(sure)]
  it('in coefficients, errors and limits', () => {
    expectAllClose(
      all.map(({ estimate }) => estimate),
      stored.coef,
      1e-8,
    )
    expectAllClose(
      all.map(({ se }) => se),
      stored.se,
      1e-8,
    )
    expectAllClose(
      all.map(({ z }) => z),
      stored.z,
      1e-8,
    )
    expectAllClose(
      all.map(({ p }) => p),
      stored.p,
      1e-7,
    )
    expectAllClose(
      all.map(({ interval }) => interval[0]),
      stored.low,
      1e-8,
    )
    expectAllClose(
      all.map(({ oddsInterval }) => (oddsInterval as Interval)[1]),
      stored.high.map(Math.exp),
      1e-8,
    )
  })
  it('in fit', () => {
    for (const key of ['deviance', 'nullDeviance', 'aic', 'mcFadden'] as const)
      expectClose(fit[key], stored[key], 1e-10)
    expectAllClose(fit.fitted, stored.fitted, 1e-8)
  })
  it('where rows weigh differently', () => {
    const { weights, coef, se, deviance } = stored.heavy
    const heavy = sure(logistic([tenure, nps], left, { weights }))
    const found = [heavy.intercept, ...heavy.coefficients.map(sure)]
    expectAllClose(
      found.map(({ estimate }) => estimate),
      coef,
      1e-8,
    )
    expectAllClose(
      found.map((coefficient) => coefficient.se),
      se,
      1e-8,
    )
    expectClose(heavy.deviance, deviance, 1e-10)
    // A weight is so many rows.
    const rows = weights.flatMap((weight, i) => Array<number>(weight).fill(i))
    const pick = (column: number[]) => rows.map((i) => column[i]!)
    expectClose(sure(logistic([pick(tenure), pick(nps)], pick(left))).deviance, deviance, 1e-10)
  })
})

describe('judging chances agrees with R', () => {
  it('AUC with DeLong limits', () => {
    const area = sure(auc(stored.fitted, left))
    expectAllClose(
      [area.auc, area.se, ...sure(area.interval)],
      [stored.auc, stored.aucSe, stored.aucLow, stored.aucHigh],
      1e-10,
    )
    const tied = sure(
      auc(
        nps.map((score) => -score),
        left,
      ),
    )
    expectAllClose(
      [tied.auc, ...sure(tied.interval)],
      [stored.tiedAuc, stored.tiedLow, stored.tiedHigh],
      1e-10,
    )
  })
  it('Brier and log loss', () => {
    expectClose(brier(stored.fitted, left), stored.brier, 1e-12)
    expectClose(logLoss(stored.fitted, left), stored.logLoss, 1e-12)
  })
  it('thresholds', () => {
    const [at30, at50] = thresholdTable(stored.fitted, left, [0.3, 0.5])
    for (const [row, expected] of [
      [at30!, stored.at30],
      [at50!, stored.at50],
    ] as const) {
      const { truePositives, falsePositives, trueNegatives, falseNegatives } = row
      expect([truePositives, falsePositives, trueNegatives, falseNegatives]).toEqual(expected)
      expectClose(row.sensitivity, truePositives / (truePositives + falseNegatives), 1e-12)
      expectClose(row.accuracy, (truePositives + trueNegatives) / left.length, 1e-12)
    }
    expectClose(sure(bestThreshold(stored.fitted, left)).youden, stored.youden, 1e-10)
  })
  it('calibration by tenths and the test of Hosmer and Lemeshow', () => {
    const { bins, hosmerLemeshow } = sure(calibration(stored.fitted, left))
    expectAllClose(
      bins.map(({ n }) => n),
      stored.calibration.n,
    )
    expectAllClose(
      bins.map(({ events }) => events),
      stored.calibration.events,
    )
    expectAllClose(
      bins.map(({ meanChance }) => meanChance),
      stored.calibration.mean,
      1e-10,
    )
    const test = sure(hosmerLemeshow)
    expectAllClose(
      [test.chiSquare, test.df, test.p],
      [stored.calibration.chisq, 8, stored.calibration.p],
      1e-8,
    )
  })
})

describe('says why it cannot', () => {
  const names = ['score', 'other']
  it('tell the outcomes apart perfectly, quite or nearly', () => {
    const complete = logistic([[1, 2, 3, 4, 5, 6]], [0, 0, 0, 1, 1, 1], { names })
    expect(complete).toMatchObject({ reason: 'perfect separation', detail: expect.stringContaining('score') })
    // Quasi-complete: one level of a category has one outcome only.
    const level = [0, 0, 0, 0, 0, 1, 1, 1]
    const other = [3, 1, 2, 5, 4, 1, 3, 2]
    const quasi = logistic([other, level], [0, 1, 0, 1, 1, 1, 1, 1], { names: ['other', 'level'] })
    expect(quasi).toMatchObject({ reason: 'perfect separation', detail: expect.stringContaining('level') })
    expect((quasi as { detail: string }).detail).not.toContain('other')
    // Overlap by one row is no separation, however steep.
    expect(logistic([[1, 2, 3, 4, 5, 6, 7, 8]], [0, 0, 0, 1, 0, 1, 1, 1])).not.toHaveProperty('reason')
  })
  it('fit with too few rows, or equal outcomes, or none', () => {
    expect(logistic([[1, 2]], [0, 1])).toMatchObject({ reason: 'too few' })
    expect(logistic([[1, 2, 3]], [1, 1, 1])).toMatchObject({ reason: 'no variance' })
    expect(logistic([[]], [])).toMatchObject({ reason: 'empty group' })
    expect(auc([0.1, 0.2], [1, 1])).toMatchObject({ reason: 'empty group' })
    expect(sure(auc([0.1, 0.2], [0, 1])).se).toMatchObject({ reason: 'too few' })
    expect(brier([], [])).toMatchObject({ reason: 'empty group' })
    expect(logLoss([0], [1])).toMatchObject({ reason: 'out of range' })
    expect(sure(calibration([0.4, 0.4, 0.4], [0, 1, 0])).hosmerLemeshow).toMatchObject({ reason: 'too few' })
  })
  it('estimate a column that is constant or follows from others', () => {
    const y = [0, 1, 0, 1, 1, 0]
    const x = [1, 3, 2, 5, 4, 6]
    const fit = sure(logistic([x, [7, 7, 7, 7, 7, 7], x.map((value) => 3 * value + 1)], y))
    expect(fit.coefficients[1]).toMatchObject({ reason: 'singular' })
    expect(fit.coefficients[2]).toMatchObject({ reason: 'singular' })
    expectClose(
      sure(fit.coefficients[0]!).estimate,
      sure(sure(logistic([x], y)).coefficients[0]!).estimate,
      1e-10,
    )
  })
  it('take outcomes that are not 0 or 1', () => {
    expect(() => logistic([[1]], [2])).toThrow('0 or 1')
    expect(() => logistic([[1, 2]], [1])).toThrow('values')
  })
})

const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 10 }), fc.constantFrom(0, 1)), {
  minLength: 12,
  maxLength: 60,
})

describe('a category of levels', () => {
  const codes = plus.map((is, i) => (is ? 1 : pro[i] ? 2 : 0))
  it('is fitted as its columns of 0 and 1 are, between other columns and with weights', () => {
    const weights = left.map((_, i) => 1 + (i % 3))
    for (const options of [{}, { weights }]) {
      const apart = sure(logistic([tenure, plus, pro, nps], left, options))
      const joined = sure(logistic([tenure, { codes, levels: 3 }, nps], left, options))
      const figures = ({ intercept, coefficients }: typeof apart) =>
        [intercept, ...coefficients.map(sure)].flatMap(({ estimate, se }) => [estimate, se])
      expectAllClose(figures(joined), figures(apart), 1e-9)
      expectClose(joined.deviance, apart.deviance, 1e-12)
    }
  })
  it('names levels that no row has, that follow from others, and that tell perfectly', () => {
    const unseen = sure(logistic([{ codes, levels: 5 }], left))
    expect(unseen.coefficients.map((one) => 'reason' in one && one.reason)).toEqual([
      false,
      false,
      'singular',
      'singular',
    ])
    const nested = sure(logistic([{ codes, levels: 3 }, plus], left))
    expect(nested.coefficients[2]).toMatchObject({ reason: 'singular' })
    const gone = logistic([{ codes: [0, 0, 0, 0, 1, 1, 1], levels: 2 }], [0, 1, 0, 1, 1, 1, 1], {
      names: ['plan=b'],
    })
    expect(gone).toMatchObject({ reason: 'perfect separation' })
    expect((gone as { detail: string }).detail).toContain('plan=b')
  })
})

describe('holds for any rows', () => {
  it('the mean fitted chance is the share of events, and everybody twice halves the variance', () => {
    fc.assert(
      fc.property(rows, (rows) => {
        const x = rows.map(([x]) => x)
        const y = rows.map(([, y]) => y as number)
        const fit = logistic([x], y)
        if ('reason' in fit) return
        const { fitted, events, n, coefficients } = sure(fit)
        expectClose(
          fitted.reduce((sum, chance) => sum + chance, 0),
          events,
          1e-8,
        )
        const twice = sure(logistic([[...x, ...x]], [...y, ...y]))
        const [once, again] = [coefficients[0]!, twice.coefficients[0]!]
        if ('reason' in once) {
          expect(again).toHaveProperty('reason')
          return
        }
        expectClose(sure(again).estimate, sure(once).estimate, 1e-6, 1e-6)
        expectClose(sure(again).se, sure(once).se / Math.SQRT2, 1e-6)
        expect(twice.n).toBe(2 * n)
      }),
    )
  })
  it('AUC counts pairs, and is turned round with the score', () => {
    fc.assert(
      fc.property(rows, (rows) => {
        const found = auc(
          rows.map(([x]) => x),
          rows.map(([, y]) => y as number),
        )
        if ('reason' in found) return
        let wins = 0
        let pairs = 0
        for (const [a, ya] of rows)
          for (const [b, yb] of rows)
            if (ya === 1 && yb === 0) {
              pairs++
              wins += a > b ? 1 : a === b ? 0.5 : 0
            }
        expectClose(sure(found).auc, wins / pairs, 1e-12)
        expectClose(
          sure(
            auc(
              rows.map(([x]) => -x),
              rows.map(([, y]) => y as number),
            ),
          ).auc,
          1 - wins / pairs,
          1e-9,
          1e-6,
        )
      }),
    )
  })
})
