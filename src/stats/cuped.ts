import { noValue, type OrReason, SampleInvalid } from './interval.ts'
import { type TTest, welch } from './mean.ts'
import { type Moments, momentsOf } from './moments.ts'

/** Sufficient statistics of two columns side by side. */
export interface PairMoments {
  readonly x: Moments
  readonly y: Moments
  /** Sum of products of the deviations from the means. */
  readonly cross: number
}

export interface Cuped {
  /** Slope of the outcome on the earlier value, over both arms together. */
  readonly theta: number
  /** Correlation of outcome and earlier value over both arms together. */
  readonly correlation: number
  /** Share of the outcome's variance that the adjustment takes away: the squared correlation. */
  readonly varianceReduction: number
  readonly controlMean: number
  readonly treatedMean: number
  /** Welch's test on the adjusted outcome, treated less control. */
  readonly effect: OrReason<TTest>
  /** The same without the adjustment. */
  readonly plain: OrReason<TTest>
}

/** Moments of two columns side by side; both must be present.
 * @throws SampleInvalid when the lengths differ
 */
export function pairMoments(x: ArrayLike<number>, y: ArrayLike<number>): PairMoments {
  if (x.length !== y.length) throw new SampleInvalid(`${x.length} and ${y.length} values`)
  const mx = momentsOf(x)
  const my = momentsOf(y)
  let cross = 0
  for (let i = 0; i < x.length; i++) cross += (x[i]! - mx.mean) * (y[i]! - my.mean)
  return { x: mx, y: my, cross }
}

/** CUPED: the outcome less theta x (earlier value - its mean), with theta over both arms, then Welch's test.
 * @param control, treated x is the value before the initiative, y the outcome; one a unit
 * @returns 'empty group', 'too few' (fewer than 2 units in an arm), 'no variance' when the earlier value is constant
 * @see Deng, Xu, Kohavi & Walker 2013, WSDM; theta is cov(y, x) / var(x), pooled over the arms
 */
export function cuped(control: PairMoments, treated: PairMoments, level = 0.95): OrReason<Cuped> {
  const n0 = control.y.n
  const n1 = treated.y.n
  if (n0 === 0 || n1 === 0) return noValue('empty group')
  if (n0 < 2 || n1 < 2) return noValue('too few', 'each arm needs at least 2 units')
  const weight = (n0 * n1) / (n0 + n1)
  const shiftX = treated.x.mean - control.x.mean
  const shiftY = treated.y.mean - control.y.mean
  const sxx = control.x.squares + treated.x.squares + weight * shiftX * shiftX
  const syy = control.y.squares + treated.y.squares + weight * shiftY * shiftY
  const sxy = control.cross + treated.cross + weight * shiftX * shiftY
  if (!(sxx > 0)) return noValue('no variance', 'the earlier value is the same for all')
  const theta = sxy / sxx
  const correlation = syy > 0 ? sxy / Math.sqrt(sxx * syy) : 0
  const mean = (n0 * control.x.mean + n1 * treated.x.mean) / (n0 + n1)
  const adjust = ({ x, y, cross }: PairMoments): Moments => {
    const left = y.squares - 2 * theta * cross + theta * theta * x.squares
    return {
      n: y.n,
      mean: y.mean - theta * (x.mean - mean),
      // Where the earlier value tells all, what is left of the squares is rounding.
      squares: left > 1e-13 * y.squares ? left : 0,
    }
  }
  const adjusted = [adjust(control), adjust(treated)] as const
  return {
    theta,
    correlation,
    varianceReduction: correlation * correlation,
    controlMean: adjusted[0].mean,
    treatedMean: adjusted[1].mean,
    effect: welch(adjusted[0], adjusted[1], level),
    plain: welch(control.y, treated.y, level),
  }
}
