import { namesDuration, namesLeaving, namesMoney, namesQuestion } from './column-kind.ts'
import { toFlag } from './flags.ts'
import { type Guessed, least, names, type Roles, type Suggestion } from './suggest-roles.ts'

/** The methods on customers and units: who stays, what helped, what they are worth, which units differ. */
export function ofCustomers(file: Roles): Suggestion[] {
  return [
    ...ofLeaving(file),
    ...ofStay(file),
    ...ofInitiative(file),
    ...ofPanel(file),
    ...ofMoney(file),
    ...ofUnits(file),
  ]
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

// Two dates a row, when it began and when it ended, the second blank where it goes on.
function ofStay({ columns }: Roles): Suggestion[] {
  const dates = columns.filter(({ guess, profile }) => guess.kind === 'date' && profile.present >= 2)
  const end = dates.find(({ profile }) => profile.missing > 0 && ENDED.test(profile.name))
  const start = dates.find(
    (column) => column !== end && column.profile.present >= least && BEGAN.test(column.profile.name),
  )
  if (!start || !end || start.profile.dateOrder !== end.profile.dateOrder) return []
  const order = start.profile.dateOrder
  const options = ['--start', start.profile.name, '--end', end.profile.name]
  return [
    {
      method: 'survival',
      answers: 'How long do customers stay?',
      options: [...options, ...(order === 'ymd' ? [] : ['--date-format', order])],
    },
  ]
}

const BEGAN = /start|begin|began|join|sign|since|open|creat|from|first|came|register|activat|subscri/i
const ENDED = /end|left|leave|cancel|churn|clos|stop|until|(^|_)to($|_)|last|expir|terminat/i

// Arms and numbered periods: when it began is not in the file.
function ofPanel(file: Roles): Suggestion[] {
  const treated = file.flags.find(({ profile }) => ARM.test(profile.name))
  const period = file.columns.find(
    ({ profile }) =>
      /^(period|wave|month|week|quarter|year|time|round|t)$/i.test(profile.name) &&
      profile.whole &&
      profile.numbers === profile.present &&
      profile.distinct >= 3 &&
      profile.distinct <= 200,
  )
  const arm = treated && flagOptions('treated', treated, 'treated-value')
  const outcome = file.outcome ?? file.numbers.find((column) => column !== period && column !== treated)
  const unit = unitOf(file)
  if (!arm || !period?.profile.range || !outcome || outcome === period) return []
  const { low, high } = period.profile.range
  const start = String(Math.ceil((low + high + 1) / 2))
  const options = ['--outcome', outcome.profile.name, ...arm, '--time', period.profile.name]
  return [
    {
      method: 'initiative',
      answers: `Did it help? (put the ${period.profile.name} in which it began after --start)`,
      options: [...options, '--start', start, ...(unit ? ['--unit', unit] : [])],
      assumes: true,
    },
  ]
}

const ARM = /treat|arm|group|test|pilot|variant/i

function ofInitiative(file: Roles): Suggestion[] {
  const treated = file.flags.find(({ profile }) => ARM.test(profile.name))
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
  const score =
    file.outcome ??
    file.numbers.find(({ profile }) => profile.name !== unit && namesQuestion(profile.name)) ??
    file.numbers.find(({ profile }) => profile.name !== unit)
  if (!score || !unit) return []
  const options = ['--score', score.profile.name, '--unit', unit]
  return [{ method: 'units', answers: 'Which units differ by more than chance?', options }]
}

// Named as a unit, and with rows enough for a mean of each.
const unitOf = (file: Roles) =>
  file.columns.find(
    ({ guess, profile }) =>
      (guess.kind === 'category' || guess.kind === 'id' || (guess.kind === 'number' && profile.whole)) &&
      profile.distinct >= 5 &&
      profile.distinct <= 2000 &&
      profile.present >= 2 * profile.distinct &&
      UNIT.test(profile.name),
  )?.profile.name

const UNIT =
  /store|unit|team|region|branch|shop|seller|office|state|city|butik|site|agent|clinic|hospital|school|department|avdelning|kontor|center|location|hotel|restaurant|dealer|market|country/i
