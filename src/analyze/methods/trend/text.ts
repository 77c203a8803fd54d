import type { ChartPoint, Side } from '../../../stats/chart-point.ts'
import type { CusumChart } from '../../../stats/cusum-chart.ts'
import type { EwmaChart } from '../../../stats/ewma-chart.ts'
import type { IndividualsChart } from '../../../stats/individuals-chart.ts'
import { isNoValue, type OrReason } from '../../../stats/interval.ts'
import type { MannKendall } from '../../../stats/mann-kendall.ts'
import type { NpsChart } from '../../../stats/nps-chart.ts'
import type { PChart } from '../../../stats/p-chart.ts'
import type { Pettitt } from '../../../stats/pettitt.ts'
import type { TheilSen } from '../../../stats/theil-sen.ts'
import type { SeriesPoint } from '../../inputs/series.ts'
import type { LeftOut } from '../../inputs/sparse-periods.ts'
import { count, interval, number, type Paint, pValue, sparkline, table } from '../../output/paint.ts'

export type ChartName = 'p' | 'nps' | 'individuals' | 'ewma' | 'cusum'

export interface NamedAlarm {
  readonly chart: string
  readonly period: string
  readonly side: Side
  readonly value: number
  readonly limit: number
  readonly since?: string
}

export interface TrendResult {
  readonly kind: 'value' | 'share' | 'nps'
  readonly unit: string
  readonly level: number
  readonly points: readonly SeriesPoint[]
  /** Periods left out for having few answers. */
  readonly cut: readonly LeftOut[]
  readonly mannKendall: OrReason<MannKendall>
  readonly theilSen: OrReason<TheilSen>
  readonly pettitt: OrReason<Pettitt & { readonly labels: readonly string[] }>
  readonly charts: {
    readonly p?: OrReason<PChart>
    readonly nps?: OrReason<NpsChart>
    readonly individuals?: OrReason<IndividualsChart>
    readonly ewma?: OrReason<EwmaChart>
    readonly cusum?: OrReason<CusumChart>
  }
  readonly alarms: readonly NamedAlarm[]
}

const SHOWN = 40

export function trendText(result: TrendResult, paint: Paint): string {
  const { points } = result
  const first = points[0]?.label ?? ''
  const last = points.at(-1)?.label ?? ''
  const lines = [
    `${first} ${sparkline(points.slice(-120).map(({ value }) => value))} ${last}`,
    '',
    ...testLines(result, paint),
    '',
  ]
  const main = result.charts.p ?? result.charts.nps ?? result.charts.individuals
  if (main && !isNoValue(main))
    lines.push(chartTable(result, main as PChart | NpsChart | IndividualsChart, paint), '')
  for (const [name, chart] of Object.entries(result.charts)) {
    if (isNoValue(chart))
      lines.push(`${name} chart: - (${chart.reason}${chart.detail ? `: ${chart.detail}` : ''})`)
    else
      lines.push(
        `${name} chart: ${baselineOf(chart as { centre: number; sigma?: number; alarms: readonly unknown[] })}`,
      )
  }
  lines.push('', alarmTable(result, paint))
  return lines.join('\n')
}

function testLines({ mannKendall, theilSen, pettitt, unit, level }: TrendResult, paint: Paint): string[] {
  const why = (name: string, { reason, detail }: { reason: string; detail?: string }) =>
    `${name}: - (${reason}${detail ? `: ${detail}` : ''})`
  const lines: string[] = []
  if (isNoValue(mannKendall)) lines.push(why('Mann-Kendall', mannKendall))
  else {
    const { s, tau, z, p } = mannKendall as MannKendall
    lines.push(`Mann-Kendall: S ${s}, tau ${number(tau)}, z ${number(z, 2)}, p ${paint.bold(pValue(p))}`)
  }
  if (isNoValue(theilSen)) lines.push(why('Theil-Sen', theilSen))
  else {
    const { slope, limits, intercept } = theilSen as TheilSen
    lines.push(
      `Theil-Sen: ${paint.bold(number(slope, 4))} per ${unit} (${100 * level} % limits ${interval(limits, 4)}), intercept ${number(intercept, 3)}`,
    )
  }
  if (isNoValue(pettitt)) lines.push(why('Pettitt', pettitt))
  else {
    const { statistic, p, labels, medianBefore, medianAfter } = pettitt as Pettitt & {
      labels: readonly string[]
    }
    lines.push(
      `Pettitt: change after ${labels.join(', ')} (median ${number(medianBefore, 2)}, then ${medianAfter === null ? '-' : number(medianAfter, 2)}), K ${statistic}, p ${pValue(p)}`,
    )
  }
  return lines
}

function baselineOf({
  centre,
  sigma,
  alarms,
}: {
  centre: number
  sigma?: number
  alarms: readonly unknown[]
}): string {
  return `centre ${number(centre, 3)}${sigma === undefined ? '' : `, sigma ${number(sigma, 3)}`}; ${alarms.length === 0 ? 'no alarm' : `${count(alarms.length)} alarm${alarms.length > 1 ? 's' : ''}`}`
}

function chartTable(result: TrendResult, chart: { points: readonly ChartPoint[] }, paint: Paint): string {
  const withGaps = result.charts.p !== undefined || result.charts.nps !== undefined
  const own = withGaps ? result.points : result.points.filter(({ value }) => value !== null)
  const from = Math.max(0, own.length - SHOWN)
  const rows = chart.points.slice(from).map((point, i) => {
    const { label, n } = own[from + i]!
    if (point.value === null) return [label, count(n), '-']
    const value = number(point.value, 3)
    return [
      label,
      count(n),
      point.outside ? paint.bad(value) : value,
      number(point.low ?? 0, 3),
      number(point.high ?? 0, 3),
      point.outside || '',
    ]
  })
  const cut = from > 0 ? `(the last ${SHOWN} of ${count(own.length)} periods)\n` : ''
  return cut + table(['period', 'n', 'value', 'low', 'high', 'outside'], rows, [0, 5])
}

function alarmTable({ alarms }: TrendResult, paint: Paint): string {
  if (alarms.length === 0) return 'No alarms.'
  const rows = alarms
    .slice(-SHOWN)
    .map(({ chart, period, side, value, limit, since }) => [
      period,
      chart,
      paint.bad(side),
      number(value, 3),
      number(limit, 3),
      since ?? '',
    ])
  return `${paint.bold('Alarms')}\n${table(['period', 'chart', 'side', 'value', 'limit', 'since'], rows, [0, 1, 2, 5])}`
}
