import {
  type Guessed,
  namesCustomerLeaving,
  namesDuration,
  namesLeaving,
  namesMoment,
  namesQuestion,
  namesTenure,
} from '../columns/kind.ts'
import { periodFor } from '../columns/period-choice.ts'
import { toFlag } from '../inputs/flags.ts'
import { ofMoney } from './purchases.ts'
import { asked, least, named, type Roles, type Suggestion, valued } from './roles.ts'

/** The methods on customers and units: who stays, what helped, what they are worth, which units differ. */
export function ofCustomers(file: Roles): Suggestion[] {
  return [
    ...ofLeaving(file),
    ...ofStay(file),
    ...ofInitiative(file),
    ...ofPanel(file),
    ...ofRenewals(file),
    ...ofMoney(file),
    ...ofUnits(file),
  ]
}

interface Flag {
  readonly options: readonly string[]
  /** Which value means yes is a guess that the reader has to judge. */
  readonly assumes?: true
}

/** The options that name a yes/no column, with the word for yes where it is not a plain one. Of 1 and 2 the second is
 * taken, as R's Surv does, but not run: nobody knows. */
function flagOf(name: string, { profile, guess }: Guessed, valueName: string): Flag | undefined {
  const plain = profile.values.every(({ value }) => !Number.isNaN(toFlag(value)))
  if (plain) return { options: valued(name, profile.name) }
  if (guess.yes !== undefined)
    return { options: [...valued(name, profile.name), ...valued(valueName, guess.yes.trim())] }
  const codes = profile.values.map(({ value }) => Number(value)).sort((a, b) => a - b)
  if (codes[0] !== 1 || codes[1] !== 2) return undefined
  return { options: [...valued(name, profile.name), `--${valueName}`, '2'], assumes: true }
}

function ofLeaving(file: Roles): Suggestion[] {
  const left = file.flags.find((column) => namesLeaving(column.profile.name) && flagOf('x', column, 'y'))
  const event = left && flagOf('event', left, 'event-value')
  const outcome = left && flagOf('outcome', left, 'event-value')
  if (!left || !event || !outcome) return []
  const times = file.numbers.filter(
    ({ profile }) => namesDuration(profile.name) && (profile.range?.low ?? -1) >= 0,
  )
  const time = times.find(({ profile }) => namesTenure(profile.name)) ?? times[0]
  const small = file.groups.filter((column) => column !== left && column.profile.distinct <= 8)
  // The time until it happened is no cause of its happening, and those who left early had less of it.
  const predictors = [...file.scales, ...file.numbers, ...small]
    .filter((column) => column !== time)
    .map(({ profile }) => profile.name)
    .slice(0, 12)
  const certain = event.assumes ? ` (put the value that means it after --event-value)` : ''
  const customers = namesCustomerLeaving(left.profile.name)
  const guessed = event.assumes && { assumes: event.assumes }
  return [
    ...(time
      ? staying(
          {
            method: 'survival',
            answers: `${customers ? 'How long do customers stay?' : `How long until ${asked(left.profile.name)}?`}${certain}`,
            options: [...valued('time', time.profile.name), ...event.options],
            ...guessed,
          },
          small,
        )
      : []),
    ...(predictors.length > 0
      ? [
          {
            method: 'churn',
            answers: `${customers ? 'Who is likely to leave?' : `What goes with ${asked(left.profile.name)}?`}${certain}`,
            options: [...outcome.options, ...named('predictors', predictors)],
            ...guessed,
          },
        ]
      : []),
  ]
}

// By what was bought, where a column is named so, else by the first; what the others tell has its command.
function staying(one: Suggestion, groups: readonly Guessed[]): Suggestion[] {
  const [first, ...others] = groups.toSorted((a, b) => Number(isBought(b)) - Number(isBought(a)))
  if (!first) return [one]
  const by = ({ profile }: Guessed) => [...one.options, ...valued('by', profile.name)]
  return [
    { ...one, options: by(first) },
    ...(one.assumes ? [] : others.slice(0, MOST_FURTHER)).map((other) => ({
      ...one,
      options: by(other),
      furthers: 'How long they stay, by other categories',
    })),
  ]
}

const MOST_FURTHER = 6
const isBought = ({ profile }: Guessed) => BOUGHT.test(profile.name)
const BOUGHT = /plan|tier|package|contract|subscription|product|abonn|paket|avtal|produkt|tarif|vertrag/i

// Two dates a row, when it began and when it ended, the second blank where it goes on.
function ofStay({ columns, groups }: Roles): Suggestion[] {
  const dates = columns.filter(({ guess, profile }) => guess.kind === 'date' && profile.present >= 2)
  const end = dates.find(({ profile }) => profile.missing > 0 && ENDED.test(profile.name))
  const start = dates.find(
    (column) => column !== end && column.profile.present >= least && BEGAN.test(column.profile.name),
  )
  if (!start || !end || start.profile.dateOrder !== end.profile.dateOrder) return []
  const order = start.profile.dateOrder
  const options = [...valued('start', start.profile.name), ...valued('end', end.profile.name)]
  // Whether they left, and why, is known from the end itself.
  const known = (column: Guessed) =>
    namesLeaving(column.profile.name) ||
    STATUS.test(column.profile.name) ||
    column.profile.missing >= 0.5 * end.profile.missing
  return staying(
    {
      method: 'survival',
      answers: 'How long do customers stay?',
      options: [...options, ...(order === 'ymd' ? [] : ['--date-format', order])],
    },
    groups.filter((column) => column.profile.distinct <= 8 && !known(column)),
  )
}

const STATUS = /status|active|aktiv/i
const BEGAN =
  /start|begin|began|hire|employ|join|sign|since|open|creat|from|first|came|register|activat|subscri|anställ|ansatt|från|tilltr|eintritt|beginn|sedan|siden|seit|registrer/i
const ENDED =
  /end|left|leave|cancel|churn|clos|stop|until|(^|_)to($|_)|last|expir|terminat|slut|upphör|avgång|austritt|ende|uppsag|uppsäg|avslut|oppsagt|gekündigt/i

function ofRenewals({ cohorts }: Roles): Suggestion[] {
  if (!cohorts) return []
  const options = [
    ...valued('active', cohorts.active.profile.name),
    ...valued('renewal', cohorts.renewal.profile.name),
    ...(cohorts.cohort ? valued('cohort', cohorts.cohort.profile.name) : []),
  ]
  return [{ method: 'value', answers: 'How many stay from one renewal to the next?', options }]
}

// Arms and numbered periods or dates: when it began is not in the file.
function ofPanel(file: Roles): Suggestion[] {
  const arm = armOf(file)
  const period = file.columns.find(
    ({ profile }) =>
      /^(period|wave|month|week|quarter|year|time|round|t)$/i.test(profile.name) &&
      profile.whole &&
      profile.numbers === profile.present &&
      profile.distinct >= 3 &&
      profile.distinct <= 200,
  )
  const outcome =
    file.outcome ?? file.numbers.find((column) => column !== period && !namesMoment(column.profile.name))
  const unit = unitOf(file)
  if (!arm || !outcome || outcome === period) return []
  if (!period?.profile.range) return ofDatedPanel(file, outcome, arm)
  const { low, high } = period.profile.range
  const start = String(Math.ceil((low + high + 1) / 2))
  const options = [
    ...valued('outcome', outcome.profile.name),
    ...arm.options,
    ...valued('time', period.profile.name),
  ]
  return [
    {
      method: 'initiative',
      answers: `Did it help? (put the ${period.profile.name} in which it began after --start)`,
      options: [...options, '--start', start, ...(unit ? valued('unit', unit) : [])],
      assumes: true,
    },
  ]
}

function ofDatedPanel(file: Roles, outcome: Guessed, arm: Flag): Suggestion[] {
  const range = file.date?.profile.dateRange
  const isAfter = file.flags.some(({ profile }) => POST.test(profile.name))
  if (!file.date || !range || isAfter) return []
  const period = periodFor(file.date.profile)
  const middle = new Date((Date.parse(range.first) + Date.parse(range.last)) / 2)
  // The first day of the month nearest to the middle, where the file spans several.
  const month = new Date(
    Date.UTC(middle.getUTCFullYear(), middle.getUTCMonth() + (middle.getUTCDate() > 15 ? 1 : 0), 1),
  )
  const start = (period === 'day' || period === 'week' ? middle : month).toISOString().slice(0, 10)
  const unit = unitOf(file)
  return [
    {
      method: 'initiative',
      answers: `Did it help? (put the day on which it began after --start)`,
      options: [
        ...valued('outcome', outcome.profile.name),
        ...arm.options,
        ...file.dateOptions,
        ...(period === 'month' ? [] : ['--period', period]),
        '--start',
        start,
        ...(unit ? valued('cluster', unit) : []),
      ],
      assumes: true,
    },
  ]
}

const POST = /post|after|period/i
const ARM = /treat|arm|group|test|pilot|variant/i
const CONTROL =
  /^(control|controls|control[ _-]group|kontroll|kontrollgrupp(en)?|kontrollgruppe|kontrol|placebo|untreated|unexposed|obehandlad(e)?|referens|reference|comparison|jämförelse)$/i

// Who got the initiative: of two words the one that stands against a control, whatever the column is called.
function armOf({ flags }: Roles): (Flag & { readonly column: Guessed }) | undefined {
  for (const column of flags) {
    const got = column.profile.values.filter(({ value }) => !CONTROL.test(value.trim()))
    const [arm] = got
    if (arm && got.length === 1) {
      const options = [
        ...valued('treated', column.profile.name),
        ...valued('treated-value', arm.value.trim()),
      ]
      return { column, options }
    }
  }
  const column = flags.find(({ profile }) => ARM.test(profile.name))
  const flag = column && flagOf('treated', column, 'treated-value')
  return flag && { ...flag, column }
}

function ofInitiative(file: Roles): Suggestion[] {
  const arm = armOf(file)
  const post = file.flags.find((column) => column !== arm?.column && POST.test(column.profile.name))
  const outcome = file.outcome ?? file.numbers.find(({ profile }) => !namesMoment(profile.name))
  const time = post && flagOf('post', post, 'post-value')
  if (!outcome || !arm || !time) return []
  const options = [...valued('outcome', outcome.profile.name), ...arm.options, ...time.options]
  const unit = unitOf(file)
  return [
    {
      method: 'initiative',
      answers: 'Did it help?',
      options: [...options, ...(unit ? valued('cluster', unit) : [])],
      ...((arm.assumes || time.assumes) && { assumes: true as const }),
    },
  ]
}

function ofUnits(file: Roles): Suggestion[] {
  const unit = unitOf(file)
  const score =
    file.outcome ??
    file.numbers.find(({ profile }) => profile.name !== unit && namesQuestion(profile.name)) ??
    file.numbers.find(({ profile }) => profile.name !== unit && !namesMoment(profile.name))
  if (!score || !unit) return []
  const options = [...valued('score', score.profile.name), ...valued('unit', unit)]
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
