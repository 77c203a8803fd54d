import { namesMoment } from './column-kind.ts'
import { periodFor } from './period-choice.ts'
import { asked, type Guessed, type Roles, type Suggestion, valued } from './suggest-roles.ts'

// Periods with fewer answers than this share of the usual are left out, of the trend as of the ends of the forecast.
const SPARSE = '0.1'

/** The methods on a series: of a score or number over its dates, or of NPS from the counts of each period. */
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
    return seriesOf('NPS', [...counts, ...time], [])
  }
  const measured =
    file.outcome ?? file.scales[0] ?? file.numbers.find(({ profile }) => !namesMoment(profile.name))
  if (!measured) return []
  const { name } = measured.profile
  return measured.guess.metric === 'nps'
    ? seriesOf(asked(name), [...valued('score', name), ...time], [])
    : seriesOf(asked(name), [...valued('value', name), ...time], endsOf(measured))
}

const seriesOf = (name: string, options: readonly string[], ends: readonly string[]): Suggestion[] => [
  {
    method: 'trend',
    answers: `Has ${name} changed, and when?`,
    options: [...options, '--sparse', SPARSE],
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
