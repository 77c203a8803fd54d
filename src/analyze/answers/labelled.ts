import { isBlank } from '../cells/cells.ts'
import { isNoOpinion, plainWords } from '../cells/no-answers.ts'
import { BAD, GOOD } from './judgements.ts'
import { type Doubt, type Reading, wordedAnswers } from './words.ts'

// Answers with words beside their number ("10 - Very likely").
// In: the different values of a column. Out: the number that each stands for, or why that is in doubt.

const NUMBER_FIRST = /^\s*(\d{1,2})\s*(?:[-–—:=.)(]+\s*|\s)\s*(\p{L}.*)$/su
const NUMBER_LAST = /^\s*(\p{L}.*?)\s*\(\s*(\d{1,2})\s*\)\s*$/su
const PLAIN = /^\s*(\d{1,2})\s*$/
const LEAST_POINTS = 3
const MOST_POINTS = 11

/** The number in each answer that has words beside it: "10 - Very likely", "5 = Very satisfied", "4 stars",
 * "Agree (4)". Some have to be plain numbers, or the name has to be that of a question, or all of them to be words of
 * a scale, or the numbers to be those of one without a gap and the words to speak of one thing: "2. Private" is a
 * category. Where the numbers run against the words, the words win.
 * @param isAsked whether the column is named as a question
 * @returns a doubt also where only one of those two holds
 */
export function labelledAnswers(values: readonly string[], isAsked: boolean): Reading | Doubt | undefined {
  const found = new Map<string, number>()
  const labels = new Map<string, number>()
  let plain = 0
  for (const value of values) {
    if (isBlank(value) || isNoOpinion(value)) continue
    const alone = PLAIN.exec(value)
    const first = alone ? null : NUMBER_FIRST.exec(value)
    const last = alone || first ? null : NUMBER_LAST.exec(value)
    const digits = alone?.[1] ?? first?.[1] ?? last?.[2]
    if (digits === undefined || Number(digits) > 10) return undefined
    if (alone) plain++
    else labels.set(first?.[2] ?? last![1]!, Number(digits))
    found.set(value, Number(digits))
  }
  const points = new Set(found.values())
  if (labels.size === 0 || found.size > 2 * MOST_POINTS || points.size < LEAST_POINTS) return undefined
  const worded = wordedAnswers([...labels.keys()])
  const isWorded = worded !== undefined && 'numbers' in worded
  if (plain === 0 && !isAsked && !isWorded) {
    const [isRun, isOne] = [isWholeRun(points), speakOfOne(labels)]
    if (!isRun && !isOne) return undefined
    if (!isRun) return { doubt: 'the numbers beside its words are not those of one scale without a gap' }
    if (!isOne) return { doubt: 'the numbers beside its words may be those of categories' }
  }
  const way = isWorded ? wayOf(labels, worded.numbers) : wayOfEnds(labels)
  if (way === 'along') return { numbers: found }
  const sum = way === 'against' ? sumOf(labels, isWorded ? worded.numbers : undefined, points) : undefined
  if (sum === undefined)
    return {
      doubt:
        way === 'against'
          ? 'its numbers run against their words, and where they end cannot be told'
          : 'the order of its numbers is not that of their words',
    }
  return { numbers: new Map([...found].map(([value, number]) => [value, sum - number])), turned: sum }
}

function isWholeRun(points: ReadonlySet<number>): boolean {
  const [low, high] = [Math.min(...points), Math.max(...points)]
  return (low === 1 || (low === 0 && high === 10)) && ENDS.has(high) && points.size === high - low + 1
}

// "Much worse than expected" and "As expected" share a word and categories seldom do; or the ends are bad and good.
function speakOfOne(labels: ReadonlyMap<string, number>): boolean {
  const sorted = [...labels].sort((a, b) => a[1] - b[1]).map(([label]) => label)
  const [low, high] = [sorted[0]!, sorted.at(-1)!]
  if (BAD.test(low) !== BAD.test(high) && (GOOD.test(low) || GOOD.test(high))) return true
  const times = new Map<string, number>()
  for (const label of sorted)
    for (const word of new Set(plainWords(label).split(' ')))
      if (word.length >= 4) times.set(word, (times.get(word) ?? 0) + 1)
  return Math.max(0, ...times.values()) >= Math.max(3, sorted.length / 2)
}

type Way = 'along' | 'against' | 'neither'

function wayOf(labels: ReadonlyMap<string, number>, worded: ReadonlyMap<string, number>): Way {
  const sorted = [...labels].sort((a, b) => worded.get(a[0])! - worded.get(b[0])!)
  const steps = sorted.slice(1).map(([, number], i) => number - sorted[i]![1])
  if (steps.every((step) => step > 0)) return 'along'
  return steps.every((step) => step < 0) ? 'against' : 'neither'
}

// Labels that are on no known scale, as those of the two ends alone.
function wayOfEnds(labels: ReadonlyMap<string, number>): Way {
  const sorted = [...labels].sort((a, b) => a[1] - b[1])
  const [low, high] = [sorted[0]![0], sorted.at(-1)![0]]
  const isBad = (label: string) => BAD.test(label)
  const isGood = (label: string) => !isBad(label) && GOOD.test(label)
  return labels.size > 1 && isGood(low) && isBad(high) ? 'against' : 'along'
}

const ENDS = new Set([4, 5, 6, 7, 10])

// What a number and the one it is read as add up to: by the words, else by the ends that were used.
function sumOf(
  labels: ReadonlyMap<string, number>,
  worded: ReadonlyMap<string, number> | undefined,
  points: ReadonlySet<number>,
): number | undefined {
  const sums = new Set([...labels].map(([label, number]) => number + (worded?.get(label) ?? Number.NaN)))
  if (sums.size === 1 && !sums.has(Number.NaN)) return [...sums][0]!
  const [low, high] = [Math.min(...points), Math.max(...points)]
  return low <= 1 && ENDS.has(high) ? low + high : undefined
}
