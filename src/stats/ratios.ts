import { type Interval, noValue, type OrReason } from './interval.ts'

const BEYOND = noValue('out of range', 'beyond what a number can hold')

/** The ratio (of odds, of hazards) that a coefficient on the log scale stands for.
 * @returns 'out of range' beyond about 1.8e308
 */
export function ratioOf(coefficient: number): OrReason<number> {
  const ratio = Math.exp(coefficient)
  return Number.isFinite(ratio) ? ratio : BEYOND
}

/** The same for both limits; without a value when the upper one has none. */
export function ratiosOf([low, high]: Interval): OrReason<Interval> {
  const limits: Interval = [Math.exp(low), Math.exp(high)]
  return Number.isFinite(limits[1]) ? limits : BEYOND
}
