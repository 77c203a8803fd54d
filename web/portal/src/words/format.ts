// For: numbers, times and the program's own texts as the reader writes them. In: a value. Out: text.
import { meanDigits } from '../../../../src/insight/digits.ts'
import type { Scalar, Text } from '../api/wire.ts'
import type { Words } from './shape.ts'
import { type Language, useSpeech } from './words.ts'

const locales: Record<Language, string> = { en: 'en-GB', sv: 'sv-SE', nb: 'nb-NO' }
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export type MetricUnit = 'points' | 'percent' | 'mean' | 'count'

export function formats(language: Language, words: Words) {
  const locale = locales[language]
  const plain = (value: number, digits = 0) =>
    new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      // What rounds to nothing has no sign.
      signDisplay: 'negative',
    })
      .format(value)
      .replace('−', '-')
      .replace('-', '−')
  const upTo = (value: number, digits: number) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value).replace('-', '−')
  const date = (value: string | Date, style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, style).format(new Date(value))

  /** A metric's value: whole points and percent, means with two decimals, more below 1; `digits` for others. */
  const metric = (value: number | null, unit: MetricUnit, digits?: number) => {
    if (value === null) return '–'
    if (unit === 'percent') return `${plain(value, digits ?? 0)} %`
    if (unit === 'mean') return plain(value, meanDigits(value, digits ?? 2))
    return plain(value, digits ?? 0)
  }
  /** With its sign; of a change too small for whole numbers the first decimal. */
  const signed = (value: number, unit: MetricUnit) => {
    const size = Math.abs(value)
    const text = plain(size, unit === 'mean' ? meanDigits(size, 2) : size < 0.95 ? 1 : 0)
    return `${value < 0 ? '−' : '+'}${text}`
  }
  /** An interval: 81 to 83 %. */
  const range = ([low, high]: [number, number], unit: MetricUnit, digits?: number) => {
    if (unit === 'mean') {
      const shown = meanDigits(Math.max(Math.abs(low), Math.abs(high)), digits ?? 2)
      return words.number.to(plain(low, shown), plain(high, shown))
    }
    return words.number.to(
      unit === 'percent' ? plain(low, digits ?? 0) : metric(low, unit, digits),
      metric(high, unit, digits),
    )
  }
  /** p as statisticians write it: .004 in English, 0,004 elsewhere. */
  const p = (value: number) => {
    const write = (number: number, digits: number) =>
      language === 'en' ? plain(number, digits).replace(/^0/, '') : plain(number, digits)
    if (value < 0.001) return words.number.pBelow(write(0.001, 3))
    return words.number.p(write(value, value < 0.1 ? 3 : 2))
  }
  const ago = (value: string, now = Date.now()) => {
    const past = now - new Date(value).getTime()
    const relative = (style: 'short' | 'long') =>
      new Intl.RelativeTimeFormat(locale, { numeric: 'always', style })
    if (past < minute && past > -minute) return words.time.now
    if (Math.abs(past) < hour) return relative('short').format(-Math.round(past / minute), 'minute')
    if (Math.abs(past) < day) return relative('short').format(-Math.round(past / hour), 'hour')
    // In Swedish and Norwegian a short day is a mere d.
    if (Math.abs(past) < 7 * day) return relative('long').format(-Math.round(past / day), 'day')
    return date(value, { day: 'numeric', month: 'short', year: 'numeric' })
  }
  const left = (due: string, now = Date.now()) => {
    const rest = new Date(due).getTime() - now
    const late = rest < 0
    const size = Math.abs(rest)
    const say = (amount: number, kind: 'minutes' | 'hours' | 'days') =>
      words.time[`${kind}${late ? 'Late' : 'Left'}`](plain(amount))
    if (late && size < minute) return { late, text: words.time.momentLate }
    if (size < hour) return { late, text: say(Math.floor(size / minute), 'minutes') }
    if (size < 3 * day) return { late, text: say(Math.floor(size / hour), 'hours') }
    return { late, text: say(Math.floor(size / day), 'days') }
  }
  /** An ISO 8601 duration as people say it: P90D is 90 days. */
  const duration = (iso: string) => {
    const units = {
      Y: 'year',
      M: 'month',
      W: 'week',
      D: 'day',
      TH: 'hour',
      TM: 'minute',
      TS: 'second',
    } as const
    const [dates = '', times = ''] = iso.replace(/^P/, '').split('T')
    const part = (text: string, prefix: '' | 'T') =>
      [...text.matchAll(/(\d+)([YMWDHS])/g)].map(([, amount, letter]) => {
        const unit = units[`${prefix}${letter}` as keyof typeof units]
        return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(
          Number(amount),
        )
      })
    return [...part(dates, ''), ...part(times, 'T')].join(' ') || iso
  }
  /** A number with the unit its field declares: 61,000 SEK, 4 minutes. */
  const quantity = (value: number, unit: string) => {
    const single = unit.replace(/s$/, '')
    if (/^[A-Z]{3}$/.test(unit))
      return new Intl.NumberFormat(locale, {
        ...{ style: 'currency', currency: unit, currencyDisplay: 'code' },
        ...{ minimumFractionDigits: 0, maximumFractionDigits: 2 },
      })
        .format(value)
        .replace('-', '−')
    return ['minute', 'hour', 'day', 'week', 'month', 'year'].includes(single)
      ? new Intl.NumberFormat(locale, {
          ...{ style: 'unit', unit: single, unitDisplay: 'long', maximumFractionDigits: 2 },
        }).format(value)
      : `${upTo(value, 2)}\u00a0${unit}`
  }
  return {
    plain,
    upTo,
    duration,
    metric,
    signed,
    range,
    p,
    ago,
    left,
    /** Money in whole units of its currency; without one a plain number. */
    money: (value: number, currency?: string | null) =>
      (currency
        ? new Intl.NumberFormat(locale, {
            style: 'currency',
            currency,
            currencyDisplay: 'code',
            maximumFractionDigits: value !== 0 && Math.abs(value) < 10 ? 2 : 0,
          })
        : new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
      )
        .format(value)
        .replace('-', '−'),
    /** A sum of money in few signs, such as 1.2M, where its currency stands nearby. */
    shortMoney: (value: number) =>
      new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 })
        .format(value)
        .replace('-', '−'),
    day: (value: string | Date) => date(value, { day: 'numeric', month: 'short', year: 'numeric' }),
    moment: (value: string | Date) => date(value, { dateStyle: 'medium', timeStyle: 'short' }),
    exact: (value: string | Date) => date(value, { dateStyle: 'medium', timeStyle: 'medium' }),
    month: (value: string | Date) => date(value, { month: 'short', year: 'numeric', timeZone: 'UTC' }),
    utcDay: (value: string | Date) => date(value, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
    /** Text of the program in the reader's language, else in any it has. */
    text: (text: Text | null | undefined, otherwise = '') => {
      if (!text) return otherwise
      if (typeof text === 'string') return text
      return text[language] ?? text.en ?? Object.values(text)[0] ?? otherwise
    },
    /** A value of O-data: times as dates, numbers by locale and with the field's unit, yes and no, names made readable. */
    value: (value: Scalar | Scalar[] | null | undefined, unit?: string): string => {
      if (value === null || value === undefined || value === '') return '–'
      if (Array.isArray(value)) return value.map(String).join(', ')
      if (typeof value === 'boolean') return value ? words.common.yes : words.common.no
      if (typeof value === 'number') return unit ? quantity(value, unit) : upTo(value, 2)
      // Midnight in UTC is how a date without a time of day is kept.
      if (/^\d{4}-\d\d-\d\d(T00:00:00(\.000)?Z)?$/.test(value))
        return date(value, { dateStyle: 'medium', timeZone: 'UTC' })
      if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value))
        return date(value, { dateStyle: 'medium', timeStyle: 'short' })
      return worded(value)
    },
  }
}

export type Formats = ReturnType<typeof formats>

export function useFormats(): Formats {
  const { language, words } = useSpeech()
  return formats(language, words)
}

/** A value that is a name of the program's, such as decisionMaker, in words; any other as it is. */
export const worded = (value: string): string =>
  /^[a-z]+([A-Z][a-z]+)+$/.test(value) ? readable(value) : value

/** A name of the program made readable when it carries no label: deliveredAt becomes Delivered at. */
export function readable(name: string): string {
  const words = name
    .replace(/[._]/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
