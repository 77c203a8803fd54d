import { scales, type WordScale } from './answer-scales.ts'
import { isBlank } from './cells.ts'

// Answers that were exported as words ("Strongly agree") or with words beside the number ("10 - Very likely").
// In: the different values of a column. Out: the number that each stands for, or why that is in doubt.

/** How the answers of one column are read. */
export interface Reading {
  /** The number of each cell. */
  readonly numbers: ReadonlyMap<string, number>
  /** Of words alone: how many points their scale has. */
  readonly points?: number
  /** Set where the numbers run against their words: the sum of a number and the one that it is read as. */
  readonly turned?: number
}

/** Why answers that look like those of a scale are not read as numbers; goes on from "... is not read as a scale: ". */
export interface Doubt {
  readonly doubt: string
}

/** Words without case, marks and doubled blanks. */
export const plainWords = (text: string) =>
  text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .trim()

const LEAST_WORDS = 3
const MOST_WORDS = 12
const NO_OPINION =
  /^(i )?(don'?t know|do not know|not sure|unsure|no opinion|no answer|not applicable|does not apply|prefer not to (say|answer)|rather not say|refused|dk|vet (ej|inte)|(ej|inte) (aktuellt|relevant)|(har )?ingen (åsikt|uppfattning)|(ej|inget) svar|(vill|kan) (ej|inte) svara|vet ikke|ikke aktuelt|ikke relevant|ingen mening|ønsker ikke å svare|ønsker ikke at svare|ved ikke|wei(ß|ss) nicht|wei(ß|ss) ich nicht|keine angaben?|nicht zutreffend|ne sait pas|je ne sais pas|sans opinion|no sabe|no sé|no contesta|ns nc|k a|weet niet|weet ik niet|geen mening|en osaa sanoa|ei mielipidettä|en tiedä)( .*)?$/

/** Whether a cell says in words that there is no answer: "Don't know", "Vet ej", "9 - No opinion". */
export function isNoOpinion(cell: string): boolean {
  if (cell.length > 60) return false
  return NO_OPINION.test(plainWords(cell).replace(/^\d+ /, ''))
}

/** The number of each answer in words, 1 for the lowest point of its scale.
 * @returns a doubt when they are answers but not those of one known scale, each on a point of its own; undefined when
 *   they are none
 */
export function wordedAnswers(values: readonly string[]): Reading | Doubt | undefined {
  const known = values.filter((value) => !isBlank(value) && !isNoOpinion(value))
  const words = [...new Set(known.map(plainWords))]
  if (words.length < LEAST_WORDS || words.length > MOST_WORDS) return undefined
  const fits = scales.filter((scale) => isScaleOf(scale, words))
  const textOf = (word: string) => known.find((value) => plainWords(value) === word)!.trim()
  if (fits.length === 0) return doubtOf(words, textOf)
  // Five of five points are a better fit than five of seven.
  const fewest = Math.min(...fits.map(({ points }) => points))
  const best = fits.filter(({ points }) => points === fewest)
  const open = words.find((word) => best.some(({ of }) => of.get(word) !== best[0]!.of.get(word)))
  if (open !== undefined) {
    const places = [...new Set(best.map(({ of }) => of.get(open)!))].sort((a, b) => a - b)
    return { doubt: `its words fit more than one scale ("${textOf(open)}" may be ${places.join(' or ')})` }
  }
  const { of, points } = best[0]!
  return { numbers: new Map(known.map((value) => [value, of.get(plainWords(value))!])), points }
}

// Four and six points are rare: they are that where every one was used.
const isScaleOf = ({ of, points }: WordScale, words: readonly string[]) =>
  words.every((word) => of.has(word)) &&
  new Set(words.map((word) => of.get(word))).size === words.length &&
  (points === 5 || points === 7 || words.length === points)

// Half of the words known to one scale are no chance.
function doubtOf(words: readonly string[], textOf: (word: string) => string): Doubt | undefined {
  const knownOf = ({ of }: WordScale) => words.filter((word) => of.has(word))
  const closest = scales.map(knownOf).reduce((most, known) => (known.length > most.length ? known : most))
  if (closest.length < 2 || 2 * closest.length < words.length) return undefined
  const stray = words.filter((word) => !closest.includes(word))
  const named = stray
    .slice(0, 3)
    .map((word) => `"${textOf(word)}"`)
    .join(', ')
  return {
    doubt:
      stray.length > 0
        ? `${named} and "${textOf(closest[0]!)}" are no points of one scale that is known`
        : 'two of its words may stand for the same point',
  }
}

const NUMBER_FIRST = /^\s*(\d{1,2})\s*(?:[-–—:=.)(]+\s*|\s)\s*(\p{L}.*)$/su
const NUMBER_LAST = /^\s*(\p{L}.*?)\s*\(\s*(\d{1,2})\s*\)\s*$/su
const PLAIN = /^\s*(\d{1,2})\s*$/
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
  if (labels.size === 0 || found.size > 2 * MOST_POINTS || points.size < LEAST_WORDS) return undefined
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

const BAD =
  /dissatisf|unsatisf|disagree|unlikely|difficult|\bhard\b|poor|\bbad\b|worst|terrible|not at all|never|\bunhappy|missnöjd|dålig|inte alls|otrolig|osannolik|svårt|aldrig|sämst|misfornøyd|uenig|usannsynlig|vanskelig|dårlig|ikke i det hele|utilfreds|usandsynlig|unzufrieden|unwahrscheinlich|schwierig|schlecht|nicht zu|überhaupt nicht|ungenügend|mangelhaft|insatisf|pas du tout|difficile|mauvais|ontevreden|oneens|desacuerdo|tyytymätön|eri mieltä/i
const GOOD =
  /satisf|agree|likely|\beasy|good|excellent|\bbest\b|perfect|happy|always|nöjd|\bbra\b|trolig|sannolik|\blätt|enkel|instämmer|alltid|bäst|utmärkt|fornøyd|enig|sannsynlig|\blett\b|alltid|tilfreds|sandsynlig|zufrieden|wahrscheinlich|einfach|\bgut\b|stimme|d'accord|facile|tevreden|eens|acuerdo|tyytyväinen|samaa mieltä/i

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
