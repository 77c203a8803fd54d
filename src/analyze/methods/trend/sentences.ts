import { isNoValue } from '../../../stats/interval.ts'
import type { MannKendall } from '../../../stats/mann-kendall.ts'
import type { Pettitt } from '../../../stats/pettitt.ts'
import type { TheilSen } from '../../../stats/theil-sen.ts'
import { enoughAnswers, leftOutText } from '../../inputs/sparse-periods.ts'
import { count, interval, number, pValue } from '../../output/paint.ts'
import type { TrendResult } from './text.ts'

/** The trend in plain words: the direction, the break, the periods out of control. */
export function trendSentences({
  kind,
  mannKendall,
  theilSen,
  pettitt,
  alarms,
  unit,
  level,
  cut,
  points,
}: TrendResult): string[] {
  if (isNoValue(mannKendall) || isNoValue(theilSen)) return []
  const what = { value: 'The series', share: 'The share', nps: 'NPS' }[kind]
  const { p, n, s } = mannKendall as MannKendall
  const aside = cut.length > 0 ? [`Left out for having few answers: ${leftOutText(cut, count)}.`] : []
  if (n < LEAST_POINTS)
    return [
      `${count(n)} points are too few to tell a direction: at least ${LEAST_POINTS} are needed.`,
      ...aside,
    ]
  const { slope, limits } = theilSen as TheilSen
  const decimals = kind === 'share' ? 5 : 3
  const figures = `${number(slope, decimals)} per ${unit} (${100 * level} % limits ${interval(limits, decimals)}; Mann-Kendall p ${pValue(p)}, ${count(n)} points)`
  const lines = [
    p < 0.05
      ? `${what} has ${s > 0 ? 'risen' : 'fallen'}: ${figures}.`
      : `${what} shows no steady direction: ${figures}.`,
    ...aside,
  ]
  const change = isNoValue(pettitt) ? undefined : (pettitt as Pettitt & { labels: readonly string[] })
  if (change && change.p < 0.05 && change.medianAfter !== null) {
    lines.push(
      `Its level changed after ${change.labels[0]}: median ${number(change.medianBefore, 2)} before, ${number(change.medianAfter, 2)} since (Pettitt p ${pValue(change.p)}).`,
    )
  }
  // EWMA and CUSUM stay outside long after a change; single points are told from the chart of the values.
  const own = alarms.filter(({ chart }) => chart === 'p' || chart === 'nps' || chart === 'individuals')
  const periods = [...new Set(own.map(({ period }) => period))]
  // Limits are those of a series that keeps one level; where it does not they say nothing about single points.
  if (periods.length > Math.max(3, MANY_OUTSIDE * n)) {
    lines.push(
      `It keeps no one level: ${count(periods.length)} of ${count(n)} points lie outside the limits that a steady series would keep to, so no single one stands out.${lastRun(own, points)}`,
    )
    return lines
  }
  lines.push(
    periods.length > 0
      ? `${count(periods.length)} of ${count(n)} points ${periods.length === 1 ? 'lies' : 'lie'} outside the control limits: ${lastOf(periods.map(kind === 'value' ? namedBy(points) : String))}.`
      : 'No single point lies outside the control limits.',
  )
  return lines
}

/** The points outside at the very end, one after the other on one side: they are news, whatever was before. */
function lastRun(own: TrendResult['alarms'], points: TrendResult['points']): string {
  const sides = new Map(own.map(({ period, side }) => [String(period), side]))
  const answered = points.filter(({ n }) => n > 0).map(({ label }) => label)
  const side = sides.get(answered.at(-1) ?? '')
  const before = answered.findLastIndex((label) => sides.get(label) !== side)
  const run = answered.slice(before + 1)
  return side === undefined || run.length < 2
    ? ''
    : ` The last ${count(run.length)}, ${run[0]} to ${run.at(-1)}, all lie ${side} them.`
}

const lastOf = (periods: readonly string[]) =>
  periods.length > 6 ? `the last are ${periods.slice(-6).join(', ')}` : periods.join(', ')

// The limits of means take each period alike; those of shares and NPS follow the answers of each.
function namedBy(points: TrendResult['points']): (label: string) => string {
  const few = enoughAnswers(
    points.filter(({ n }) => n > 0),
    0.5,
  )
  const own = new Map(points.map(({ label, n }) => [label, n]))
  return (label) => (own.get(label)! < few ? `${label} (n ${count(own.get(label)!)})` : label)
}

const MANY_OUTSIDE = 0.2
// Of four points even four that rise have a p of 0.09.
const LEAST_POINTS = 5
