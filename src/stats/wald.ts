import type { Interval } from './interval.ts'
import { normalTwoSided } from './normal.ts'

/** A coefficient held against 0 by its standard error. */
export interface Wald {
  readonly estimate: number
  readonly se: number
  readonly z: number
  /** Two-sided. */
  readonly p: number
  readonly interval: Interval
}

/** Wald test and limits of a coefficient fitted by maximum likelihood.
 * @param se above 0
 * @param z quantile of the normal distribution for the limits
 * @see Wald 1943, Transactions of the AMS 54:426; R summary.glm, summary.coxph
 */
export function wald(estimate: number, se: number, z: number): Wald {
  return {
    estimate,
    se,
    z: estimate / se,
    p: normalTwoSided(estimate / se),
    interval: [estimate - z * se, estimate + z * se],
  }
}
