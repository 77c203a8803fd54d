import { isNoOpinion } from '../cells/no-answers.ts'
import type { Reading } from './words.ts'

const OUT_OF =
  /^(\d{1,2})\s*(?:\/|out of|of|av|von|van|sur|de|su)\s*(\d{1,2})(?:\s*(?:stars?|stjärnor|stjerner|sterne|étoiles|estrellas|sterren|stelle))?$/i
const STARS = /^[★⭐☆✩✰]+$/u
const FULL = /[★⭐]/gu
const OF_POINTS = new Set([4, 5, 6, 7, 10])
const VARIATION = /[\ufe0f\s]/g

/** The number in answers such as "4/5", "4 out of 5" and "★★★★☆".
 * @returns undefined where one is none, or they are out of different numbers, as days of months are
 */
export function ratedAnswers(values: readonly string[]): Reading | undefined {
  const numbers = new Map<string, number>()
  const ends = new Set<number>()
  for (const value of values) {
    if (value.trim() === '' || isNoOpinion(value)) continue
    const [number, end] = outOf(value) ?? starsOf(value) ?? []
    if (number === undefined || end === undefined || number > end) return undefined
    numbers.set(value, number)
    ends.add(end)
  }
  const [end = 0] = ends
  if (numbers.size < 2 || ends.size > 1 || !OF_POINTS.has(end)) return undefined
  // Of ten there are eleven points where somebody gave 0: the numbers tell.
  const isPlain = end === 10 || [...numbers.values()].includes(0)
  return { numbers, ...(!isPlain && { points: end }) }
}

function outOf(value: string): [number, number] | undefined {
  const found = OUT_OF.exec(value.trim())
  return found ? [Number(found[1]), Number(found[2])] : undefined
}

// Five stars are usual: those that are not given are often not written.
function starsOf(value: string): [number, number] | undefined {
  const text = value.replace(VARIATION, '')
  if (!STARS.test(text)) return undefined
  return [text.match(FULL)?.length ?? 0, Math.max(5, [...text].length)]
}
