import { type Marks, toNumber } from '../cells/cells.ts'
import { isNoOpinion, plainWords } from '../cells/no-answers.ts'
import { namesAmount, namesComment, namesGrade, surelyAsked } from '../columns/kind.ts'
import type { ColumnValues } from './column-values.ts'
import { scales } from './scales.ts'
import type { Doubt } from './words.ts'

// Denials alone are no degrees: "Inte klar" and "Nicht aktiv" are states.
const DEGREE =
  /(?:^|\s)(?:not at all|not (?:so|very|really|particularly)|very|extremely|somewhat|slightly|moderately|fairly|quite|rather|strongly|completely|totally|entirely|mostly|partly|hardly|below|above|worse|better|always|never|inte (?:alls|så|särskilt)|mycket|ganska|särskilt|delvis|helt|väldigt|någorlunda|utsträckning|grad|sämre|bättre|aldrig|alltid|ikke (?:i det|så|særlig)|slet ikke|svært|veldig|meget|ganske|delvist|litt|lidt|aldri|alltid|altid|gar nicht|überhaupt|eher|sehr|teilweise|ziemlich|völlig|kaum|immer|niet (?:zo|erg)|heel|zeer|enigszins|helemaal|tamelijk|nooit|altijd|pas (?:du tout|vraiment|très)|très|plutôt|assez|peu|tout à fait|jamais|toujours|nada|muy|algo|bastante|poco|totalmente|nunca|siempre|ei (?:lainkaan|kovin|ollenkaan)|erittäin|melko|hyvin|täysin|jokseenkin|per niente|molto|abbastanza|completamente|sempre)(?=[\s.,!]|$)/i
// "How satisfied ...", "To what extent ...": asked for a degree, and not for a thing.
const ASKS_DEGREE =
  /^(?:\W|\d)*(?:how do you (?:rate|feel|find|like)|how (?!did|do |does|many|much|old|long|far)|to what (?:extent|degree)|hur (?!många|mycket|gammal|länge|fick|hörde)|i vilken (?:utsträckning|grad|mån)|hvor(?:dan)? (?!mange|mye|meget|gammel|lenge|længe)|i hvilken grad|wie (?!viele?|alt|lange|haben|sind)|inwieweit|hoe (?!veel|oud|lang|heeft|bent)|in hoeverre|dans quelle mesure|à quel point|en qué medida|kuinka (?!monta|paljon|vanha)|missä määrin|quanto (?!tempo|spesso)|in che misura)/i
const SORTED = /categor|kategori|group|grupp|segment|bucket|band$|type$|typ$|status|class|klass/i
const SIGNS = /^(?:\p{Extended_Pictographic}|\ufe0f)+$/u
const [LEAST, MOST] = [2, 7]
const LEAST_EACH = 3

/** Why a column of few words, none of which is known, is told: they carry words of degree, or the heading asks for one.
 * Categories do neither.
 * @returns undefined where they are categories
 */
export function unknownWords({ name, question, values }: ColumnValues, marks: Marks): Doubt | undefined {
  const words = [...values.keys()].filter((value) => !isNoOpinion(value))
  if (words.length < LEAST || words.length > MOST) return undefined
  if (words.some((word) => !Number.isNaN(toNumber(word, marks)) || /\d/.test(word))) return undefined
  if (namesComment(name) || namesAmount(name) || namesGrade(name) || SORTED.test(name)) return undefined
  const rows = words.reduce((sum, word) => sum + values.get(word)!, 0)
  if (rows < LEAST_EACH * words.length) return undefined
  const degrees = words.filter((word) => DEGREE.test(word.trim())).length
  const asks = surelyAsked(name) || ASKS_DEGREE.test(name) || ASKS_DEGREE.test(question)
  // "Good" and "Bad" are on many a scale, and alone on none.
  const part = scales.find(({ of }) => words.every((word) => of.has(plainWords(word))))
  const isPart = part !== undefined
  const isSmiley = words.length > LEAST && words.every((word) => SIGNS.test(word.trim()))
  const isAnswer = isSmiley || degrees > 1 || (asks && (degrees > 0 || words.length > LEAST)) || isPart
  if (!isAnswer) return undefined
  const pointOf = (word: string) => part?.of.get(plainWords(word)) ?? 0
  const texts = words.toSorted((a, b) => pointOf(a) - pointOf(b)).map((word) => word.trim())
  const none = [...values.keys()]
    .filter((value) => !words.includes(value))
    .map((value) => `"${value.trim()}"`)
  const mark = texts.some((text) => text.includes(',')) ? '|' : ','
  return {
    doubt:
      isPart && words.length === LEAST
        ? 'too few different answers were given to know it by'
        : 'its answers are in words that are not known',
    remedy: `--scale '${name}=${texts.join(mark)}' reads them once they stand in order, the worst first${none.length > 0 ? `, and leaves ${none.join(', ')} out as no answer` : ''}.`,
  }
}
