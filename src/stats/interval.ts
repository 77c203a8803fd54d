// What every statistic speaks: intervals, and the reasons for having no value.
// In: nothing. Out: the types and the one error that all of src/stats share.
// A value that cannot be computed is returned as a reason, never as NaN; a call that makes no sense throws.

/** Lower and upper limit, in the unit of the statistic itself. */
export type Interval = readonly [low: number, high: number]

/** Why there is no value. Closed: every reason has words in the user interface. */
export type Reason =
  | 'too few'
  | 'no variance'
  | 'empty group'
  | 'singular'
  | 'not converged'
  | 'perfect separation'
  | 'not reached'
  | 'not applicable'
  | 'out of range'

/** The place of a value that cannot be computed. `detail` is one English clause for the reader. */
export interface NoValue {
  readonly value: null
  readonly reason: Reason
  readonly detail?: string
}

/** A value, or the reason why there is none. */
export type OrReason<T> = T | NoValue

/** Makes the place-holder of a value that cannot be computed. */
export function noValue(reason: Reason, detail?: string): NoValue {
  return detail === undefined ? { value: null, reason } : { value: null, reason, detail }
}

/** True when there is no value but a reason. */
export function isNoValue(answer: unknown): answer is NoValue {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'reason' in answer &&
    'value' in answer &&
    answer.value === null
  )
}

/** True when there is a value. */
export function hasValue<T>(answer: OrReason<T>): answer is T {
  return !isNoValue(answer)
}

/** A sample that no caller should have passed: negative counts, unequal lengths, a share outside 0..1. */
export class SampleInvalid extends Error {
  override readonly name = 'SampleInvalid'
}

/** @throws SampleInvalid unless `count` is a whole number >= `least` */
export function requireCount(name: string, count: number, least = 0): void {
  if (!Number.isInteger(count) || count < least) {
    throw new SampleInvalid(`${name} must be a whole number of at least ${least}, got ${count}`)
  }
}

/** @throws SampleInvalid unless 0 < level < 1 */
export function requireLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new SampleInvalid(`level must lie between 0 and 1, got ${level}`)
}
