import { isBlank } from '../cells/cells.ts'
import { isNoOpinion, plainWords } from '../cells/no-answers.ts'
import { BAD, GOOD } from './judgements.ts'
import { scales, type WordScale } from './scales.ts'

// Answers that were exported as words ("Strongly agree").
// In: the different values of a column. Out: the number that each stands for, or why that is in doubt.

/** How the answers of one column are read. */
export interface Reading {
  /** The number of each cell. */
  readonly numbers: ReadonlyMap<string, number>
  /** Of words alone: how many points their scale has. */
  readonly points?: number
  /** Whether those are the points without a middle, which nobody gave. */
  readonly isHalved?: boolean
  /** Whether nobody gave the middle, nor all the other points: there may be none. */
  readonly isMiddleOpen?: boolean
  /** Words among them that are taken for no answer. */
  readonly strays?: readonly string[]
  /** Set where the numbers run against their words: the sum of a number and the one that it is read as. */
  readonly turned?: number
}

/** Why answers that look like those of a scale are not read as numbers. */
export interface Doubt {
  /** Goes on from "... is not read as a scale: ". */
  readonly doubt: string
  /** What reads it, where that is more than the order of the answers: a whole sentence. */
  readonly remedy?: string
  /** Set where all answers but these words are on one scale: its points, the lowest first, and the words. */
  readonly open?: { readonly points: readonly string[]; readonly words: readonly string[] }
}

const LEAST_WORDS = 3
const MOST_WORDS = 16
// Below that the middle of a scale may have been given by nobody, and the scale has it all the same.
const LEAST_HALVED = 30
const MOST_STRAYS = 3
// Of the answers: a commoner word is as likely a point.
const MOST_STRAY_SHARE = 0.1

/** The number of each answer in words, 1 for the lowest point of its scale.
 * @param times how often each stands; from 30 answers on a scale whose middle nobody gave has none
 * @returns a doubt when they are answers but not those of one known scale, each on a point of its own; undefined when
 *   they are none
 */
export function wordedAnswers(
  values: readonly string[],
  times: ReadonlyMap<string, number> = new Map(),
): Reading | Doubt | undefined {
  const known = values.filter((value) => !isBlank(value) && !isNoOpinion(value))
  const rowsOf = (some: readonly string[]) => some.reduce((sum, value) => sum + (times.get(value) ?? 0), 0)
  const n = rowsOf(values)
  const words = [...new Set(known.map(plainWords))]
  if (words.length < LEAST_WORDS || words.length > MOST_WORDS) return undefined
  const textOf = (word: string) => known.find((value) => plainWords(value) === word)!.trim()
  const readingOf = ({ of, points, isHalved, isMiddleOpen }: Points): Reading => ({
    numbers: new Map(
      known.flatMap((value) => {
        const point = of.get(plainWords(value))
        return point === undefined ? [] : [[value, point] as const]
      }),
    ),
    points,
    ...(isHalved && { isHalved }),
    ...(isMiddleOpen && { isMiddleOpen }),
  })
  for (const keys of keysOf(words)) {
    const found = onOneScale(words, keys, n)
    if (!found) continue
    if ('open' in found)
      return {
        doubt: `its words fit more than one scale ("${textOf(found.open)}" may be ${found.places.join(' or ')})`,
      }
    return readingOf(found)
  }
  const spoken = inLanguages(words)
  if (spoken) return readingOf(spoken)
  const full = besideStrays(words)
  if (full) {
    const strays = known.filter((value) => !full.of.has(plainWords(value)))
    if (full.areStrays && areFew(rowsOf(strays), rowsOf(known))) return { ...readingOf(full), strays }
    const points = [...full.of].sort((a, b) => a[1] - b[1]).map(([word]) => textOf(word))
    return { doubt: 'it holds words that are no points of its scale', open: { points, words: strays } }
  }
  return doubtOf(words, textOf)
}

const NEITHER =
  /^ (?:neither .*nor |varken .*eller |h?verken .*eller |weder .*noch |ni .* ni |né .*né |e[in] .*e[in]kä |niet .* niet |neutral[ei]? |neutraali? |neutre |nøytral )/

// The words as they stand; with one word for all ways to say neither; and with a star for what they all speak of, so
// that "not at all clear" and "very clear" are as good as any adjective. Categories speak of one thing as well: there
// has to be a word for none of it.
function keysOf(words: readonly string[]): string[][] {
  const isNeither = (word: string) => NEITHER.test(` ${word} `)
  const others = words.filter((word) => !isNeither(word)).map((word) => word.split(' '))
  let shared = 0
  const [first = [], ...rest] = others
  while (
    shared < first.length &&
    rest.every((word) => word.length > shared && word.at(-1 - shared) === first.at(-1 - shared))
  )
    shared++
  const neutral = words.map((word) => (isNeither(word) ? '~' : word))
  const starred = words.map((word) =>
    isNeither(word) ? '~' : [...word.split(' ').slice(0, word.split(' ').length - shared), '*'].join(' '),
  )
  return [words.slice(), neutral, ...(shared > 0 && others.length >= LEAST_WORDS ? [starred] : [])]
}

interface Points {
  readonly of: ReadonlyMap<string, number>
  readonly points: number
  readonly isHalved?: boolean
  readonly isMiddleOpen?: boolean
}

function onOneScale(
  words: readonly string[],
  keys: readonly string[],
  n: number,
): Points | { open: string; places: readonly number[] } | undefined {
  const isStarred = keys.some((key) => key.endsWith('*'))
  const fits = scales.filter(
    (scale) =>
      isScaleOf(scale, keys) &&
      (!scale.isHalved || n >= LEAST_HALVED) &&
      (!isStarred || isStarredScale(scale, keys)),
  )
  if (fits.length === 0) return undefined
  // Five of five points are a better fit than five of seven.
  const fewest = Math.min(...fits.map(({ points }) => points))
  const best = fits.filter(({ points }) => points === fewest)
  const open = keys.findIndex((key) => best.some(({ of }) => of.get(key) !== best[0]!.of.get(key)))
  if (open >= 0) {
    const places = [...new Set(best.map(({ of }) => of.get(keys[open]!)!))].sort((a, b) => a - b)
    return { open: words[open]!, places }
  }
  return {
    of: new Map(words.map((word, i) => [word, best[0]!.of.get(keys[i]!)!])),
    points: fewest,
    isHalved: best.every(({ isHalved }) => isHalved),
    isMiddleOpen: n >= LEAST_HALVED && best.every((scale) => mayLackMiddle(scale, keys)),
  }
}

// A scale that is another without its middle holds the same words, each where it would be then.
const mayLackMiddle = ({ of, points }: WordScale, keys: readonly string[]) =>
  scales.some(
    (other) =>
      other.isHalved &&
      other.points === points - 1 &&
      keys.every((key) => {
        const point = of.get(key)!
        return point !== (points + 1) / 2 && other.of.get(key) === (2 * point > points ? point - 1 : point)
      }),
  )

// With any adjective there has to be a word for none of it, and the middle: without it the points may be four.
const isStarredScale = ({ of, points }: WordScale, keys: readonly string[]) =>
  keys.some((key) => of.get(key) === 1) &&
  (keys.length === points || keys.some((key) => of.get(key) === (points + 1) / 2))

// Four and six points are rare: they are that where every one was used.
const isScaleOf = ({ of, points }: WordScale, words: readonly string[]) =>
  words.every((word) => of.has(word)) &&
  new Set(words.map((word) => of.get(word))).size === words.length &&
  (points === 5 || points === 7 || words.length === points)

const LEAST_OF_LANGUAGE = 2
const MOST_WAYS = 4

// One question asked in two languages or three: each word known in its own, on scales of as many points.
function inLanguages(words: readonly string[]): Points | undefined {
  const parts: { language: string; points: number; of: ReadonlyMap<string, number> }[] = []
  for (const { language, points, of, isHalved } of scales) {
    const known = words.filter((word) => of.has(word))
    if (isHalved || (points !== 5 && points !== 7) || known.length < LEAST_OF_LANGUAGE) continue
    // "Neutral" is a word of many languages: where one has two words for a point, either is its own.
    let ways: string[][] = [[]]
    for (let point = 1; point <= points; point++) {
      const own = known.filter((word) => of.get(word) === point)
      if (own.length > 0) ways = ways.flatMap((way) => own.map((word) => [...way, word]))
    }
    for (const way of ways.slice(0, MOST_WAYS))
      if (way.length >= LEAST_OF_LANGUAGE)
        parts.push({ language, points, of: new Map(way.map((word) => [word, of.get(word)!])) })
  }
  const found = new Map<string, Points>()
  const cover = (of: ReadonlyMap<string, number>, points: number, spoken: readonly string[]): void => {
    const next = words.find((word) => !of.has(word))
    if (next === undefined) {
      if (spoken.length > 1) found.set(words.map((word) => of.get(word)).join(' '), { of, points })
      return
    }
    for (const part of parts) {
      if (!part.of.has(next) || spoken.includes(part.language) || (points > 0 && part.points !== points))
        continue
      if ([...part.of].some(([word, point]) => (of.get(word) ?? point) !== point)) continue
      cover(new Map([...of, ...part.of]), part.points, [...spoken, part.language])
    }
  }
  cover(new Map(), 0, [])
  // As with one language five points are a better fit than seven.
  const fewest = Math.min(...[...found.values()].map(({ points }) => points))
  const best = [...found.values()].filter(({ points }) => points === fewest)
  return best.length === 1 ? best[0] : undefined
}

/** Whether words that no language knows are seldom enough to be taken for no answer. */
export const areFew = (rows: number, answers: number) => rows <= MOST_STRAY_SHARE * answers

// All points of a scale with a middle, and a few words: no answer to the question where they have nothing in common
// with it.
function besideStrays(words: readonly string[]): (Points & { readonly areStrays: boolean }) | undefined {
  const found = new Map<string, Points & { readonly areStrays: boolean }>()
  for (const { points, of, isHalved } of scales) {
    const known = words.filter((word) => of.has(word))
    const strays = words.filter((word) => !of.has(word))
    if (isHalved || points % 2 === 0 || known.length !== points || strays.length > MOST_STRAYS) continue
    if (new Set(known.map((word) => of.get(word))).size < points) continue
    const own = new Map(known.map((word) => [word, of.get(word)!]))
    const areStrays = strays.every((word) => isStray(word, known))
    found.set([...own].join(' '), { of: own, points, areStrays })
  }
  return found.size === 1 ? [...found.values()][0] : undefined
}

const MEASURE =
  /(?:^| )(?:not|very|extremely|somewhat|slightly|fairly|quite|rather|too|much|none|all|inte|mycket|ganska|väldigt|lite|helt|delvis|alla?|ingen|inga|ikke|svært|meget|veldig|ganske|lidt|litt|sehr|eher|gar|nicht|kein|ziemlich|très|plutôt|assez|peu|pas|muy|poco|algo|nada|bastante|zeer|heel|niet|erittäin|melko|hyvin|molto|poco|abbastanza|so|middle|average|ok|okay|lagom|medel|mittel|moyen|both|både|sowohl|mixed|blandat|varierande|depends|beror)(?: |$)/

// What people feel and how they judge is an answer, however seldom.
const FEELING =
  /delight|furious|awesome|\blov(?:e|ed|ing)\b|\bhate|\blik(?:e|ed)\b|dislike|enjoy|prefer|pleas|thrill|ecstatic|glad\b|\bsad\b|\bmad\b|angry|annoy|upset|irritat|disappoint|frustrat|amaz|awful|horri|lousy|dreadful|crap|suck|fantas|wonderful|super|great|brilliant|outstanding|impress|\bwow\b|\bmeh\b|\bfine\b|nice|toppen|kass|urusel|\busel|värdelös|suverän|grym|strålande|lysande|härlig|underbar|älskar?|hatar?\b|ledsen|\barg\b|besvik|nöje|\bkul\b|tråkig|elsker|herlig|elendig|skuffe|nydelig|genial|begeister|enttäusch|verärger|\bliebe|\bhasse|klasse|spitze|\btoll\b|furchtbar|schrecklich|adore|détest|génial|déçu|furieu|magnifique|encanta|\bodio|decepcion|furios|mahtava|surkea|rakast|geweldig|verschrikkelijk|teleurgesteld|orribil|delus|adoro/

/** Whether a word has nothing to do with the answers beside it: on no scale, of no feeling, with no word of measure and
 * none of theirs.
 * @param word, others as `plainWords` gives them
 */
export function isStray(word: string, others: readonly string[]): boolean {
  if (MEASURE.test(word) || FEELING.test(word) || BAD.test(word) || GOOD.test(word)) return false
  if (scales.some(({ of }) => of.has(word))) return false
  const own = word.split(' ').filter((part) => part.length >= 4)
  return !others.some((other) => other.split(' ').some((part) => own.includes(part)))
}

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
