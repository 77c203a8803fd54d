import { isBlank } from './cells.ts'

// Answers that were exported as words ("Strongly agree") or with words beside the number ("10 - Very likely").
// In: the different values of a column. Out: the number that each stands for, where all of them fit one scale.

// Lowest first; alternatives stand for the same point. A question is read by the first list that
// holds all its answers.
const LISTS: readonly string[] = [
  'strongly disagree|disagree|neutral,neither,neither agree nor disagree,undecided,neither disagree nor agree|agree|strongly agree',
  'strongly disagree|somewhat disagree|neutral,neither,neither agree nor disagree|somewhat agree|strongly agree',
  'completely disagree|disagree|neutral,neither agree nor disagree|agree|completely agree',
  'strongly disagree|disagree|somewhat disagree,slightly disagree|neutral,neither agree nor disagree|somewhat agree,slightly agree|agree|strongly agree',
  'very dissatisfied|dissatisfied|neutral,neither,neither satisfied nor dissatisfied,ok|satisfied|very satisfied',
  'very dissatisfied,extremely dissatisfied|somewhat dissatisfied|neutral,neither satisfied nor dissatisfied|somewhat satisfied|very satisfied,extremely satisfied',
  'very unsatisfied|unsatisfied|neutral|satisfied|very satisfied',
  'not at all satisfied|slightly satisfied|moderately satisfied|very satisfied|extremely satisfied',
  'very unlikely|unlikely|neutral,neither likely nor unlikely|likely|very likely',
  'not at all likely|slightly likely|moderately likely|very likely|extremely likely',
  'very difficult|difficult|neutral,neither easy nor difficult|easy|very easy',
  'very poor|poor|average,fair,ok,neutral|good|very good,excellent',
  'poor|fair|good|very good|excellent',
  'never|rarely,seldom|sometimes|often|always',
  'not at all important|slightly important|moderately important|very important|extremely important',
  'instämmer inte alls,tar helt avstånd|instämmer inte,instämmer delvis inte,tar delvis avstånd|varken eller,neutral,varken instämmer eller inte|instämmer,instämmer delvis|instämmer helt',
  'instämmer inte alls|instämmer delvis|varken eller,neutral|instämmer|instämmer helt',
  'mycket missnöjd|missnöjd,ganska missnöjd|varken nöjd eller missnöjd,varken eller,neutral|nöjd,ganska nöjd|mycket nöjd',
  'mycket dåligt,mycket dålig|dåligt,dålig|varken bra eller dåligt,neutral,godkänt|bra|mycket bra',
  'aldrig|sällan|ibland|ofta|alltid',
  'helt uenig|uenig,delvis uenig,litt uenig|verken eller,nøytral,hverken enig eller uenig,verken enig eller uenig|enig,delvis enig,litt enig|helt enig',
  'svært misfornøyd,meget misfornøyd|misfornøyd,ganske misfornøyd|verken eller,nøytral,verken fornøyd eller misfornøyd|fornøyd,ganske fornøyd|svært fornøyd,meget fornøyd',
  'meget utilfreds|utilfreds|hverken eller,neutral|tilfreds|meget tilfreds',
  'aldri|sjelden|av og til,noen ganger|ofte|alltid',
  'stimme überhaupt nicht zu,stimme gar nicht zu|stimme nicht zu,stimme eher nicht zu|neutral,teils teils,weder noch|stimme zu,stimme eher zu|stimme voll zu,stimme völlig zu',
  'sehr unzufrieden|unzufrieden,eher unzufrieden|neutral,teils teils,weder noch|zufrieden,eher zufrieden|sehr zufrieden',
  "pas du tout d'accord|pas d'accord,plutôt pas d'accord|neutre,ni d'accord ni pas d'accord|d'accord,plutôt d'accord|tout à fait d'accord",
  'très insatisfait|insatisfait,plutôt insatisfait|neutre|satisfait,plutôt satisfait|très satisfait',
]

const SCALES = LISTS.map((list) => {
  const points = list.split('|')
  return new Map(points.flatMap((words, i) => words.split(',').map((word) => [word, i + 1] as const)))
})

const plainWords = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[\s/_-]+/g, ' ')
    .replace(/[.!]+$/, '')

const LEAST_WORDS = 3
const NO_OPINION =
  /^(don'?t know|do not know|not sure|unsure|no opinion|not applicable|prefer not to (say|answer)|refused|vet (ej|inte)|ej aktuellt|vet ikke|ikke aktuelt|ønsker ikke å svare|weiß nicht|keine angabe|ne sait pas|no answer)$/

/** The number of each answer in words, 1 for the lowest point of its scale; undefined when they are no such scale. */
export function wordedAnswers(values: readonly string[]): ReadonlyMap<string, number> | undefined {
  const known = values.filter((value) => !isBlank(value) && !NO_OPINION.test(plainWords(value)))
  const words = new Set(known.map(plainWords))
  if (words.size < LEAST_WORDS) return undefined
  const scale = SCALES.find((points) => [...words].every((word) => points.has(word)))
  return scale && new Map(known.map((value) => [value, scale.get(plainWords(value))!]))
}

const NUMBER_FIRST = /^\s*(\d{1,2})\s*(?:[-–—:=.)(]+\s*|\s)\s*(\p{L}.*)$/su
const NUMBER_LAST = /^\s*(\p{L}.*?)\s*\(\s*(\d{1,2})\s*\)\s*$/su
const PLAIN = /^\s*(\d{1,2})\s*$/
const MOST_POINTS = 11

/** The number in each answer that has words beside it: "10 - Very likely", "5 = Very satisfied", "4 stars",
 * "Agree (4)". Some have to be plain numbers, or the name has to be that of a question, or all of them to be words of
 * a scale: "2. Private" is a category.
 * @param isAsked whether the column is named as a question
 */
export function labelledAnswers(
  values: readonly string[],
  isAsked: boolean,
): ReadonlyMap<string, number> | undefined {
  const found = new Map<string, number>()
  const labels: string[] = []
  let plain = 0
  for (const value of values) {
    if (isBlank(value) || NO_OPINION.test(plainWords(value))) continue
    const alone = PLAIN.exec(value)
    const first = alone ? null : NUMBER_FIRST.exec(value)
    const last = alone || first ? null : NUMBER_LAST.exec(value)
    const digits = alone?.[1] ?? first?.[1] ?? last?.[2]
    if (digits === undefined || Number(digits) > 10) return undefined
    if (alone) plain++
    else labels.push(first?.[2] ?? last![1]!)
    found.set(value, Number(digits))
  }
  const points = new Set(found.values())
  if (labels.length === 0 || found.size > 2 * MOST_POINTS || points.size < LEAST_WORDS) return undefined
  return plain > 0 || isAsked || wordedAnswers(labels) ? found : undefined
}
