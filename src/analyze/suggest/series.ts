import { dayNumber, parseDate } from '../cells/dates.ts'
import { type Guessed, namesMoment, namesQuestion } from '../columns/kind.ts'
import { periodFor } from '../columns/period-choice.ts'
import { purchasesIn } from './purchases.ts'
import { asked, type Roles, type Suggestion, valued } from './roles.ts'

// Periods with fewer answers than this share of the usual are left out, of the trend as of the ends of the forecast.
const SPARSE = '0.1'

/** The methods on a series: of a score or number over its dates, or of NPS from the counts of each period; and the
 * trend of every other measure of the file, run where the rows are the periods. */
export function ofTime(file: Roles): Suggestion[] {
  if (!file.date) return []
  const time = [...file.dateOptions, '--period', periodFor(file.date.profile)]
  if (file.tallies) {
    const { promoters, detractors, answers } = file.tallies
    const counts = [
      ...valued('promoters', promoters.profile.name),
      ...valued('detractors', detractors.profile.name),
      ...valued('n', answers.profile.name),
    ]
    return [...seriesOf('NPS', [...counts, ...time], []), ...ofOthers(file, [], time)]
  }
  const sold = file.scales.length === 0 ? purchasesIn(file) : undefined
  // Of purchases the money of a period is its sum; their mean is the size of a line.
  if (sold) {
    const { name } = sold.money.profile
    return [
      ...seriesOf(`the sum of ${asked(name)}`, [...valued('value', name), '--stat', 'sum', ...time], [], []),
      ...ofOthers(file, [sold.money], time),
    ]
  }
  const measured = file.outcome ?? file.scales[0] ?? measuredNumber(file)
  if (!measured) return []
  return [...ofMeasure(measured, time), ...ofOthers(file, [measured], time)]
}

function ofMeasure(measured: Guessed, time: readonly string[]): Suggestion[] {
  const { name } = measured.profile
  return measured.guess.metric === 'nps'
    ? seriesOf(asked(name), [...valued('score', name), ...time], [])
    : seriesOf(asked(name), [...valued('value', name), ...time], endsOf(measured))
}

// One file holds several series as often as one. Where each day stands once its rows are the periods of them all, and
// the first ones are followed; of answers and orders each has its command.
function ofOthers(file: Roles, told: readonly Guessed[], time: readonly string[]): Suggestion[] {
  const others = [...file.scales, ...file.numbers].filter(
    (column) =>
      !told.includes(column) &&
      (column.profile.range?.sd ?? 0) > 0 &&
      !namesMoment(column.profile.name) &&
      !LINES.test(column.profile.name),
  )
  const followed = file.scales.length === 0 && isOnePerDay(file.date!) ? MOST_FOLLOWED : 0
  const named = others.slice(0, followed + MOST_NAMED)
  const left = others.length - named.length
  const heading = `Over time, the other columns${left > 0 ? ` (${named.length} of ${others.length})` : ''}`
  return named.map((column, i) => {
    const [trend] = ofMeasure(column, time)
    return i < followed ? trend! : { ...trend!, furthers: heading }
  })
}

function isOnePerDay({ profile: { values, dateOrder, present } }: Guessed): boolean {
  const days = new Set(values.map(({ value }) => dayOf(value, dateOrder)))
  return days.size >= 0.9 * present
}

const dayOf = (value: string, order: Guessed['profile']['dateOrder']) => {
  const date = parseDate(value, order)
  return date && dayNumber(date)
}

const MOST_FOLLOWED = 3
const MOST_NAMED = 12

// What was asked comes first, and how many answered, which line it was or when last.
function measuredNumber({ numbers }: Roles): Guessed | undefined {
  const all = numbers.filter(({ profile }) => !namesMoment(profile.name))
  return (
    all.find(({ profile }) => namesQuestion(profile.name)) ??
    all.find(({ profile }) => !COUNTS.test(profile.name) && !LINES.test(profile.name)) ??
    all[0]
  )
}

const COUNTS = /^(n|antal|antall|anzahl|counts?)$|response|respondent|antal[\s_]?svar/i
const LINES = /(line|row|rad)[\s_]?(no|nr|number)?$/i

const seriesOf = (
  name: string,
  options: readonly string[],
  ends: readonly string[],
  // A sum is what it is, however many rows make it.
  sparse: readonly string[] = ['--sparse', SPARSE],
): Suggestion[] => [
  {
    method: 'trend',
    answers: `Has ${name} changed, and when?`,
    options: [...options, ...sparse],
  },
  {
    method: 'forecast',
    answers: `Where is ${name} going?`,
    options: [...options, '--gaps', 'linear', '--ends', SPARSE, ...ends],
  },
]

// A mean of answers from 1 to 5 lies between them, and so does what is to be expected of it.
function endsOf({ guess, profile }: Guessed): string[] {
  if (guess.kind !== 'scale' || !profile.range) return []
  const { low, high } = profile.range
  const top = [3, 5, 7, 10].find((end) => end >= high && (end > 3 || high === 3)) ?? high
  return ['--within', `${Math.min(low, 1)},${top}`]
}
