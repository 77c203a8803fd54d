import { type ColumnGuess, namesDuration, namesLeaving, namesMoney, namesQuestion } from './column-kind.ts'
import type { ColumnProfile } from './column-profile.ts'
import { toFlag } from './flags.ts'
import { periodFor } from './period-choice.ts'

/** A method that fits a file, with the options to run it. */
export interface Suggestion {
  readonly method: string
  /** What it would answer here, one sentence. */
  readonly answers: string
  readonly options: readonly string[]
}

export interface Guessed {
  readonly profile: ColumnProfile
  readonly guess: ColumnGuess
}

/** The methods that fit a file with these columns, those that tell most first. */
export function suggest(columns: readonly Guessed[]): Suggestion[] {
  const file = new Roles(columns)
  return [
    ...ofScores(file),
    ...ofRelations(file),
    ...ofNumbers(file),
    ...ofTime(file),
    ...ofCustomers(file),
    ...ofWords(file),
  ]
}

const least = 8

class Roles {
  readonly scales: readonly Guessed[]
  readonly numbers: readonly Guessed[]
  readonly groups: readonly Guessed[]
  readonly flags: readonly Guessed[]
  readonly texts: readonly Guessed[]
  readonly ids: readonly Guessed[]
  readonly date: Guessed | undefined
  readonly outcome: Guessed | undefined
  readonly dateOptions: readonly string[]

  readonly columns: readonly Guessed[]

  constructor(columns: readonly Guessed[]) {
    this.columns = columns
    const of = (kind: ColumnGuess['kind']) =>
      columns.filter(({ guess, profile }) => guess.kind === kind && profile.present >= least)
    const categories = of('category')
    this.scales = of('scale')
    this.numbers = of('number')
    this.flags = categories.filter(({ profile }) => profile.distinct === 2)
    this.groups = categories.filter(({ profile }) => profile.distinct >= 2 && profile.distinct <= 40)
    this.texts = of('text').filter(({ profile }) => profile.spaced > 0.2)
    this.ids = columns.filter(({ guess }) => guess.kind === 'id' || guess.kind === 'category')
    const dates = of('date')
    this.date = dates.find(({ profile }) => /creat|answer|date|time|purchase/i.test(profile.name)) ?? dates[0]
    const rank = { nps: 0, csat: 1, ces: 2, rating: 3 }
    this.outcome = this.scales.toSorted((a, b) => rank[a.guess.metric!] - rank[b.guess.metric!])[0]
    const order = this.date?.profile.dateOrder
    this.dateOptions = this.date
      ? ['--date', this.date.profile.name, ...(order && order !== 'ymd' ? ['--date-format', order] : [])]
      : []
  }

  /** Everything that may move the outcome, at most a dozen. */
  get drivers(): string[] {
    const others = [...this.scales, ...this.numbers].filter((column) => column !== this.outcome)
    return others
      .filter(({ profile }) => (profile.range?.sd ?? 0) > 0)
      .map(({ profile }) => profile.name)
      .slice(0, 12)
  }
}

const names = (columns: readonly string[]) => columns.join(',')

function ofScores(file: Roles): Suggestion[] {
  const group = file.groups.find(({ profile }) => profile.distinct <= 12)?.profile.name
  const by = group ? ['--by', group] : []
  return file.scales.flatMap(({ profile, guess }): Suggestion[] => {
    if (guess.metric === 'nps')
      return [
        {
          method: 'nps',
          answers: `Who recommends us${group ? `, by ${group}` : ''}?`,
          options: ['--score', profile.name, ...by],
        },
      ]
    if (guess.metric === 'ces')
      return [
        {
          method: 'ces',
          answers: `How easy is it${group ? `, by ${group}` : ''}?`,
          options: ['--score', profile.name, ...by],
        },
      ]
    return [
      {
        method: 'csat',
        answers: `How many are satisfied (${profile.name})${group ? `, by ${group}` : ''}?`,
        options: ['--score', profile.name, ...pointsOf(profile), ...by],
      },
    ]
  })
}

function ofRelations(file: Roles): Suggestion[] {
  const { outcome, drivers } = file
  if (!outcome || drivers.length === 0) return []
  const name = outcome.profile.name
  const asked = file.scales.filter((column) => column !== outcome).map(({ profile }) => profile.name)
  const rows = Math.min(
    outcome.profile.present,
    ...file.columns
      .filter(({ profile }) => drivers.includes(profile.name))
      .map(({ profile }) => profile.present),
  )
  return [
    ...(drivers.length >= 2 && rows >= Math.max(100, 15 * drivers.length)
      ? [
          {
            method: 'drivers',
            answers: `What goes with ${name} most?`,
            options: ['--outcome', name, '--drivers', names(drivers)],
          },
        ]
      : []),
    ...(asked.length >= 1
      ? [
          {
            method: 'penalty-reward',
            answers: `What is expected, and what delights?`,
            options: [
              '--outcome',
              name,
              '--drivers',
              names(asked),
              ...marksOf(file.scales.filter((column) => column !== outcome)),
            ],
          },
        ]
      : []),
    {
      method: 'correlate',
      answers: `What goes together with ${name}?`,
      options: [
        '--x',
        name,
        '--o',
        names([...drivers, ...file.groups.map(({ profile }) => profile.name)].slice(0, 20)),
      ],
    },
  ]
}

// Without an answer on a scale: what goes with a column that is named as a question, else everything with everything.
function ofNumbers({ outcome, numbers, groups }: Roles): Suggestion[] {
  if (outcome) return []
  const varied = numbers.filter(({ profile }) => (profile.range?.sd ?? 0) > 0)
  const asked = varied.find(({ profile }) => namesQuestion(profile.name))
  if (asked) {
    const others = [...varied, ...groups].filter((column) => column !== asked).slice(0, 20)
    if (others.length === 0) return []
    const name = asked.profile.name
    const with_ = names(others.map(({ profile }) => profile.name))
    return [
      {
        method: 'correlate',
        answers: `What goes together with ${name}?`,
        options: ['--x', name, '--o', with_],
      },
    ]
  }
  const all = names([...varied, ...groups].slice(0, 8).map(({ profile }) => profile.name))
  if (varied.length + groups.length < 2) return []
  return [{ method: 'correlate', answers: 'What goes together?', options: ['--x', all, '--o', all] }]
}

function ofTime(file: Roles): Suggestion[] {
  const measured = file.outcome ?? file.numbers[0]
  if (!file.date || !measured) return []
  const period = periodFor(file.date.profile)
  const value = [
    measured.guess.metric === 'nps' ? '--score' : '--value',
    measured.profile.name,
    ...file.dateOptions,
    '--period',
    period,
  ]
  return [
    { method: 'trend', answers: `Has ${measured.profile.name} changed, and when?`, options: value },
    {
      method: 'forecast',
      answers: `Where is ${measured.profile.name} going?`,
      options: [...value, '--gaps', 'linear', '--ends', '0.1'],
    },
  ]
}

function ofCustomers(file: Roles): Suggestion[] {
  return [...ofLeaving(file), ...ofInitiative(file), ...ofMoney(file), ...ofUnits(file)]
}

/** The options that name a yes/no column, with the word for yes where it is not a plain one. */
function flagOptions(name: string, { profile, guess }: Guessed, valueName: string): string[] | undefined {
  const plain = profile.values.every(({ value }) => !Number.isNaN(toFlag(value)))
  if (plain) return [`--${name}`, profile.name]
  return guess.yes === undefined ? undefined : [`--${name}`, profile.name, `--${valueName}`, guess.yes.trim()]
}

function ofLeaving(file: Roles): Suggestion[] {
  const left = file.flags.find(({ profile, guess }) => namesLeaving(profile.name) && guess.yes !== undefined)
  const event = left && flagOptions('event', left, 'event-value')
  const outcome = left && flagOptions('outcome', left, 'event-value')
  if (!left || !event || !outcome) return []
  const time = file.numbers.find(
    ({ profile }) => namesDuration(profile.name) && (profile.range?.low ?? -1) >= 0,
  )
  const small = file.groups.filter((column) => column !== left && column.profile.distinct <= 8)
  const by = small[0] ? ['--by', small[0].profile.name] : []
  const predictors = [...file.scales, ...file.numbers, ...small]
    .map(({ profile }) => profile.name)
    .slice(0, 12)
  return [
    ...(time
      ? [
          {
            method: 'survival',
            answers: 'How long do customers stay?',
            options: ['--time', time.profile.name, ...event, ...by],
          },
        ]
      : []),
    ...(predictors.length > 0
      ? [
          {
            method: 'churn',
            answers: 'Who is likely to leave?',
            options: [...outcome, '--predictors', names(predictors)],
          },
        ]
      : []),
  ]
}

function ofInitiative(file: Roles): Suggestion[] {
  const treated = file.flags.find(({ profile }) => /treat|arm|group|test|pilot|variant/i.test(profile.name))
  const post = file.flags.find(
    (column) => column !== treated && /post|after|period/i.test(column.profile.name),
  )
  const outcome = file.outcome ?? file.numbers[0]
  const arm = treated && flagOptions('treated', treated, 'treated-value')
  const time = post && flagOptions('post', post, 'post-value')
  if (!outcome || !arm || !time) return []
  const options = ['--outcome', outcome.profile.name, ...arm, ...time]
  const unit = unitOf(file)
  return [
    {
      method: 'initiative',
      answers: 'Did it help?',
      options: [...options, ...(unit ? ['--cluster', unit] : [])],
    },
  ]
}

function ofMoney(file: Roles): Suggestion[] {
  const customer = file.ids.find(({ profile }) =>
    /customer|client|user|member|account|contact|kund/i.test(profile.name),
  )
  const money = file.numbers.find(({ profile }) => namesMoney(profile.name))
  if (!customer || !money || !file.date) return []
  const options = ['--customer', customer.profile.name, ...file.dateOptions, '--amount', money.profile.name]
  return [{ method: 'value', answers: 'Which customers are worth most?', options }]
}

function ofUnits(file: Roles): Suggestion[] {
  const unit = unitOf(file)
  if (!file.outcome || !unit) return []
  const options = ['--score', file.outcome.profile.name, '--unit', unit]
  return [{ method: 'units', answers: 'Which units differ by more than chance?', options }]
}

const unitOf = (file: Roles) =>
  file.columns.find(
    ({ guess, profile }) =>
      guess.kind === 'category' &&
      profile.distinct >= 5 &&
      profile.distinct <= 2000 &&
      /store|unit|team|region|branch|shop|seller|office|state|city|butik|site/i.test(profile.name),
  )?.profile.name

function ofWords(file: Roles): Suggestion[] {
  const text = file.texts.toSorted((a, b) => b.profile.meanLength - a.profile.meanLength)[0]
  if (!text || !file.outcome) return []
  return [
    {
      method: 'words',
      answers: `Which words go with good and with bad answers?`,
      options: ['--text', text.profile.name, '--score', file.outcome.profile.name, ...sidesOf(file.outcome)],
    },
  ]
}

// Five points are the command's own standard.
function pointsOf({ range }: ColumnProfile): string[] {
  const high = range?.high ?? 5
  if (high <= 5) return []
  return ['--points', high <= 7 ? String(high) : '10']
}

// Low and high marks of attributes that were asked on more than five points.
function marksOf(scales: readonly Guessed[]): string[] {
  const high = Math.max(...scales.map(({ profile }) => profile.range?.high ?? 5))
  if (high <= 5) return []
  return high <= 7 ? ['--low', '1-2', '--high', '6-7'] : ['--low', '0-4', '--high', '9-10']
}

// Low and high answers on the scale that was used; the command's own standard is that of NPS.
function sidesOf({ guess, profile }: Guessed): string[] {
  if (guess.metric === 'nps') return []
  return (profile.range?.high ?? 5) > 5 ? ['--low', '3', '--high', '5'] : ['--low', '2', '--high', '4']
}

/** The command line of a suggestion, quoted where a shell needs it. */
export function commandLine(file: string, { method, options }: Suggestion): string {
  const quote = (word: string) =>
    /^[\w.,:=/@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
  return ['samklang', 'analyze', method, file, ...options].map(quote).join(' ')
}
