import type { SbgFit } from './fit-sbg.ts'
import { type Interval, isNoValue, noValue, type OrReason, requireLevel } from './interval.ts'
import { normalQuantile } from './normal.ts'
import { derl, type SbgSpread } from './sbg.ts'

/** Limits of a positive quantity of a fitted shifted beta-geometric model, by the delta method on logs.
 *
 * On a = log alpha and b = log beta the score is 0 at the fit, so that the information there is that of alpha and beta
 * times alpha², beta², alpha beta; the limits are v exp(± z se(log v)).
 * @param quantity of the spread, such as a discounted lifetime
 * @returns the reason of the quantity when it has no value near the fit; 'singular' when the information has none
 * @see Fader & Hardie 2007, appendix B (likelihood); Casella & Berger 2002, 5.5.4 (delta method)
 */
export function sbgInterval(
  fit: SbgFit,
  quantity: (spread: SbgSpread) => OrReason<number>,
  level = 0.95,
): OrReason<Interval> {
  requireLevel(level)
  const { alpha, beta } = fit
  const information = informationOfLogs(fit)
  const det = information.aa * information.bb - information.ab ** 2
  if (!(det > 0 && information.aa > 0)) return noValue('singular')
  const at = (a: number, b: number) => quantity({ alpha: alpha * Math.exp(a), beta: beta * Math.exp(b) })
  const step = 1e-4
  const values = [at(0, 0), at(step, 0), at(-step, 0), at(0, step), at(0, -step)]
  const missing = values.find(isNoValue)
  if (missing) return missing
  const [value, aUp, aDown, bUp, bDown] = values as [number, number, number, number, number]
  if (value === 0) return [0, 0]
  const da = Math.log(aUp / aDown) / (2 * step)
  const db = Math.log(bUp / bDown) / (2 * step)
  const variance = (information.bb * da * da - 2 * information.ab * da * db + information.aa * db * db) / det
  const reach = Math.exp(normalQuantile((1 + level) / 2) * Math.sqrt(variance))
  return [value / reach, value * reach]
}

/** Limits of the discounted expected residual lifetime of one who has made n payments. */
export const derlInterval = (fit: SbgFit, n: number, discount: number, level = 0.95): OrReason<Interval> =>
  sbgInterval(fit, (spread) => derl(spread, n, discount), level)

function informationOfLogs({ alpha, beta, renewals }: SbgFit) {
  let [aa, bb, ab] = [0, 0, 0]
  renewals.forEach(({ atRisk, renewed }, i) => {
    const shared = atRisk / (alpha + beta + i) ** 2
    aa += (atRisk - renewed) / alpha ** 2 - shared
    bb += renewed / (beta + i) ** 2 - shared
    ab -= shared
  })
  return { aa: aa * alpha * alpha, bb: bb * beta * beta, ab: ab * alpha * beta }
}
