import { type Marks, toNumber } from '../cells/cells.ts'
import { namesId, surelyAsked } from '../columns/kind.ts'
import { asTyped } from '../output/typed.ts'

// Columns whose numbers stand for names: 1 to 4 under "region", as survey tools and SPSS write them.
// In: the names and the first rows. Out: which columns those are, and what to tell of them.

// The word that a heading ends with, or all of it.
const GROUP =
  /^(?:region|gender|sex|kön|kjønn|køn|geschlecht|sexe|country|land|länd|hemland|pays|país|nationality|nationalitet|county|län|kommun|municipality|district|distrikt|market|marknad|marked|markt|segment|group|grupp|gruppe|department|dept|wave|våg|language|språk|sprache|type|typ|category|kategori|kategorie|channel|kanal|plan|industry|bransch|sector|sektor|brand|varumärke|occupation|yrke|marital[_\s]?status|civilstånd|ethnicity|race|religion|device|platform|city|stad|ort|employment|marital|state|version|cohort|cluster|kluster|zone|zon|shift|skift|märke|party|parti|bostadsform|sysselsättning|betalsätt|betalningssätt)$/
const ENDING =
  /(?:segment|region|grupp|gruppe|kategori|kategorie|category|kanal|typ|type|avdelning|abteilung|butik)$/
// How many there are of something is an amount.
const COUNTED =
  /(^|[\s_(])(number|num|no|nr|count|total)[\s_]*(of|_)|^#|^num(?=[A-Z_\s])|^n_|antal|anzahl|nombre de|visited/i
// What may be rated as well as numbered.
const RATED =
  /^(?:store|shop|butik|filial|branch|avdelning|avdeling|afdeling|abteilung|team|site|product|produkt|produkte|prodotto|producto|office|kontor|manager|chef|enhet|affär|variant|model|modell|education|utbildning)$/
const ASKS_WHICH =
  /^(?:\W|q?\d)*(?:which|what|vilken|vilket|vilka|hvilken|hvilket|welche[rs]?|quelle?)\s(?:[\p{L}]+\s){0,3}?(?:region|gender|sex|kön|country|land|county|län|kommun|market|segment|department|avdelning|language|språk|industry|bransch|store|shop|butik|plan|channel|kanal)(?=[\s?,.]|$)/iu
const NUMBER = /^\s*(?:\d{1,2}(?:\.0)?|-\d{1,2})\s*$/
const [LEAST, MOST] = [3, 20]
// Where nearly every row has its own, they are a series or ids.
const LEAST_EACH = 2
const RATINGS = ['1-5', '1-7', '1-10', '0-10']
const LEAST_RATED = 2
const MOST_NAMED = 4

const lastWord = (name: string) => {
  const words = name
    .trim()
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_.:-]+/)
    .filter((word) => word !== '')
  if (/^(?:code|kod|kode|nummer|num|nr|no)$/.test(words.at(-1) ?? '') && words.length > 1) words.pop()
  return words.at(-1) ?? ''
}

interface Columns {
  readonly names: readonly string[]
  readonly questions: readonly string[]
  readonly body: readonly (readonly string[])[]
  readonly marks: Marks
  /** Whether a column is read by a scale. */
  readonly isScale: (column: number) => boolean
}

/** The places of the columns whose whole numbers, 3 to 20 different ones that repeat, stand for names. A product or a
 * shop is rated where two other columns are on the same points from 1 to 5, 7 or 10. */
export function namedCodes({ names, questions, body, marks, isScale }: Columns): Set<number> {
  const seen = names.map((_, j) => pointsOf(body, j, marks))
  const runOf = (j: number) => {
    const points = seen[j]
    return points ? `${Math.min(...points)}-${Math.max(...points)}` : ''
  }
  return new Set(
    names.flatMap((name, j) => {
      if (!seen[j] || isScale(j) || namesId(name) || surelyAsked(name) || COUNTED.test(name)) return []
      const word = lastWord(name)
      if (GROUP.test(word) || ASKS_WHICH.test(name) || ASKS_WHICH.test(questions[j] ?? '')) return [j]
      if (!RATED.test(word) && !ENDING.test(word)) return []
      const alike = names.filter(
        (other, k) => k !== j && runOf(k) === runOf(j) && !GROUP.test(lastWord(other)),
      )
      return RATINGS.includes(runOf(j)) && alike.length >= LEAST_RATED ? [] : [j]
    }),
  )
}

// The different numbers of a column that holds a few whole ones and nothing else.
function pointsOf(body: Columns['body'], j: number, marks: Marks): ReadonlySet<number> | undefined {
  const points = new Set<number>()
  let present = 0
  for (const row of body) {
    const cell = row[j] ?? ''
    if (cell.trim() === '') continue
    if (!NUMBER.test(cell) || points.add(toNumber(cell, marks)).size > MOST) return undefined
    present++
  }
  return points.size >= LEAST && present >= LEAST_EACH * points.size ? points : undefined
}

/** What to tell of such columns. */
export function toldOfCodes(
  names: readonly string[],
  body: Columns['body'],
  codes: ReadonlySet<number>,
): string[] {
  const [first] = codes
  if (first === undefined) return []
  const named = [...codes].map((j) => names[j]!)
  const more = named.length - MOST_NAMED
  const values = new Set(body.map((row) => (row[first] ?? '').trim()).filter((cell) => cell !== ''))
  const scale = `${named[0]}=${[...values].sort((a, b) => Number(a) - Number(b)).join(',')}`
  return [
    `${named.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''} ${named.length === 1 ? 'is' : 'are'} read as codes: numbers that stand for names, and no amounts; --scale ${asTyped(scale)} reads ${named.length === 1 ? 'it' : 'the first'} as numbers.`,
  ]
}
