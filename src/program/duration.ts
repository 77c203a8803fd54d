import { isDuration, isTooLong, longestDuration } from '../base/clock.ts'

/** What is wrong with a duration of a program; nothing when it can be reckoned with. */
export function durationProblem(text: string): string | undefined {
  const found = `found "${text.slice(0, 60)}"`
  if (!isDuration(text)) return `expected an ISO 8601 duration, such as P3M or PT48H; ${found}`
  if (isTooLong(text)) return `expected a duration of at most 100 years (${longestDuration}); ${found}`
  return undefined
}
