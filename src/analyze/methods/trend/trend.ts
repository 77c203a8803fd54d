import type { SigmaEstimator } from '../../../stats/chart-baseline.ts'
import type { Alarm } from '../../../stats/chart-point.ts'
import { cusumChart } from '../../../stats/cusum-chart.ts'
import { ewmaChart } from '../../../stats/ewma-chart.ts'
import { individualsChart } from '../../../stats/individuals-chart.ts'
import { isNoValue } from '../../../stats/interval.ts'
import { mannKendall } from '../../../stats/mann-kendall.ts'
import { npsChart } from '../../../stats/nps-chart.ts'
import { pChart } from '../../../stats/p-chart.ts'
import { type Pettitt, pettitt } from '../../../stats/pettitt.ts'
import { theilSen } from '../../../stats/theil-sen.ts'
import { readSeries, type Series, seriesOptions } from '../../inputs/series.ts'
import { enoughAnswers, type LeftOut, leftOutText } from '../../inputs/sparse-periods.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import type { Options } from '../../options/options.ts'
import { UsageError } from '../../options/usage-error.ts'
import { count } from '../../output/paint.ts'
import { trendSchema } from './schema.ts'
import { trendSentences } from './sentences.ts'
import { type ChartName, type NamedAlarm, type TrendResult, trendText } from './text.ts'

const MOST_POINTS = 10_000
// Each point is kept with its limits in every chart, some 2 kB: 400 MB at the most.
const MOST_READ = 200_000
const ESTIMATORS: readonly SigmaEstimator[] = ['moving range', 'exact moving range', 'sd']

async function run(input: Input): Promise<Outcome> {
  const { options } = input
  const { series, cut } = withoutSparse(await readSeries(input, MOST_READ), options)
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const present = series.points.filter(
    (point): point is typeof point & { value: number } => point.value !== null,
  )
  const values = present.map(({ value }) => value)
  const times = present.map(({ time }) => time)
  const labels = present.map(({ label }) => label)
  const change = pettitt(values)
  const charts = drawCharts(series, values, options)
  const alarms = alarmList(charts, series, labels)
  const result: TrendResult = {
    kind: series.kind,
    unit: series.unit,
    level,
    points: series.points,
    cut,
    mannKendall: mannKendall(values),
    theilSen: theilSen(values, times, level),
    pettitt: isNoValue(change)
      ? change
      : { ...(change as Pettitt), labels: (change as Pettitt).after.map((k) => labels[k - 1]!) },
    charts,
    alarms,
  }
  return {
    rows: series.rows,
    used: series.used,
    dropped: series.counts.toRecord(),
    conventions: [
      ...conventionsOf(series, options, level),
      ...(cut.length > 0 ? [`Left out for having few answers (--sparse): ${leftOutText(cut, count)}.`] : []),
      ...(series.points.length > MOST_POINTS
        ? [`Points are not listed beyond ${MOST_POINTS}; alarms and figures are of all.`]
        : []),
    ],
    result: plainResult(result),
    sentences: trendSentences(result),
    text: (paint) => trendText(result, paint),
  }
}

// A sum or a count of few rows is low for nothing else; a mean, a share and a score of few answers are uncertain.
const isAveraged = ({ kind }: Series, options: Options) =>
  kind !== 'value' || options.text('stat', 'mean') === 'mean'

// The tests of a series take each period alike, also one that had just begun when the file was written.
function withoutSparse(series: Series, options: Options): { series: Series; cut: readonly LeftOut[] } {
  if (!options.has('sparse')) return { series, cut: [] }
  if (!isAveraged(series, options))
    throw new UsageError('--sparse is for means, shares and NPS: a sum or a count is what it is')
  const answered = series.points.filter(({ n }) => n > 0)
  const enough = enoughAnswers(answered, options.number('sparse', 0, 0, 1))
  const cut = answered.filter(({ n }) => n < enough)
  const points = series.points.filter((point) => !cut.includes(point))
  return { series: { ...series, points }, cut: cut.map(({ label, n }) => ({ label, n })) }
}

type Charts = TrendResult['charts']

/** Options that only some charts look at. */
const OF_CHARTS: Readonly<Record<string, readonly ChartName[]>> = {
  target: ['ewma', 'cusum'],
  sigma: ['individuals', 'ewma', 'cusum'],
  estimator: ['individuals', 'ewma', 'cusum'],
  'base-shares': ['nps'],
  width: ['p', 'nps', 'individuals'],
  lambda: ['ewma'],
  L: ['ewma'],
  k: ['cusum'],
  h: ['cusum'],
  'head-start': ['cusum'],
}

function drawCharts(series: Series, values: readonly number[], options: Options): Charts {
  const own: ChartName = series.kind === 'share' ? 'p' : series.kind === 'nps' ? 'nps' : 'individuals'
  const asked = options.list('charts') ?? [own, 'ewma', 'cusum']
  for (const name of asked) {
    const known = ['individuals', 'ewma', 'cusum', ...(own === 'individuals' ? [] : [own])]
    if (!known.includes(name))
      throw new UsageError(`--charts takes ${known.join(', ')} for this series, not "${name}"`)
  }
  for (const [name, charts] of Object.entries(OF_CHARTS))
    if (options.has(name) && !charts.some((chart) => asked.includes(chart)))
      throw new UsageError(`--${name} has no effect on ${asked.join(', ')}; it is for ${charts.join(', ')}`)
  const centre = options.number('center', undefined)
  const baselinePeriods = options.has('baseline') ? options.whole('baseline', 0, 1) : undefined
  if (baselinePeriods !== undefined && values.length > 0 && baselinePeriods > series.points.length)
    throw new UsageError(
      `--baseline ${baselinePeriods} is more than the ${series.points.length} points of the series`,
    )
  const width = options.positive('width', 3)
  const base = {
    centre,
    sigma: options.positive('sigma', undefined),
    baselinePeriods,
    estimator: options.choice('estimator', ESTIMATORS, 'moving range'),
  }
  refuseGiven(options, asked as ChartName[])
  const decision = options.positive('h', 5)
  const headStart = options.number('head-start', 0, 0)
  if (headStart >= decision)
    throw new UsageError(
      `--head-start ${headStart} is not below --h ${decision}: the sums would begin with an alarm`,
    )
  const aimed = { ...base, centre: options.number('target', undefined) ?? centre }
  const shares = options.numbers('base-shares')
  if (shares && shares.length !== 2)
    throw new UsageError('--base-shares takes two shares: promoters,detractors')
  const make: Record<ChartName, () => Charts[ChartName]> = {
    p: () =>
      pChart(
        series.points.map(({ share }) => share!),
        { centre, baselinePeriods, width },
      ),
    nps: () =>
      npsChart(
        series.points.map(({ nps }) => nps!),
        {
          centre,
          baselinePeriods,
          width,
          ...(shares && { shares: { promoters: shares[0]!, detractors: shares[1]! } }),
        },
      ),
    individuals: () => individualsChart(values, { ...base, width }),
    ewma: () =>
      ewmaChart(values, {
        ...aimed,
        lambda: options.positive('lambda', 0.2, 1),
        width: options.positive('L', 2.7),
      }),
    cusum: () =>
      cusumChart(values, {
        ...aimed,
        allowance: options.number('k', 0.5, 0),
        decision,
        headStart,
      }),
  }
  return Object.fromEntries((asked as ChartName[]).map((name) => [name, make[name]()]))
}

/** Refuses what tells how to estimate where nothing is estimated. */
function refuseGiven(options: Options, asked: readonly ChartName[]): void {
  // The limits of the ranges stand on the constant of the estimator even so.
  const ofRanges = options.text('estimator') === 'exact moving range' && asked.includes('individuals')
  if (options.has('estimator') && options.has('sigma') && !ofRanges)
    throw new UsageError('--estimator has no effect with --sigma, which is given and not estimated')
  const isGiven = (chart: ChartName) => {
    const aim = options.has('center') || (options.has('target') && (chart === 'ewma' || chart === 'cusum'))
    if (chart === 'p') return options.has('center')
    return aim && options.has(chart === 'nps' ? 'base-shares' : 'sigma')
  }
  if (options.has('baseline') && asked.every(isGiven))
    throw new UsageError(`--baseline has no effect: all that ${asked.join(', ')} would estimate is given`)
}

/** All alarms of all charts in order of time, with the names of their periods. */
function alarmList(charts: Charts, series: Series, labels: readonly string[]): NamedAlarm[] {
  // The p- and NPS charts have a place for periods without answers, the others do not.
  const all = series.points.map(({ label }) => label)
  const place = new Map(all.map((label, i) => [label, i]))
  const of = (chart: string, names: readonly string[], alarms: readonly (Alarm & { since?: number })[]) =>
    alarms.map(({ index, since, ...alarm }) => ({
      chart,
      period: names[index]!,
      ...alarm,
      ...(since !== undefined && { since: names[since]! }),
    }))
  const found = Object.entries(charts).flatMap(([name, chart]) => {
    if (!chart || isNoValue(chart)) return []
    const names = name === 'p' || name === 'nps' ? all : labels
    const ranges = 'ranges' in chart ? of('moving range', names, chart.ranges.alarms) : []
    return [...of(name, names, (chart as { alarms: readonly Alarm[] }).alarms), ...ranges]
  })
  return found.sort((a, b) => place.get(a.period)! - place.get(b.period)!)
}

function conventionsOf(series: Series, options: Options, level: number): string[] {
  const what = {
    value:
      series.period || options.has('date') || options.has('time')
        ? `Several values at one time: ${options.text('stat', 'mean')}.`
        : 'Rows in the order of the file.',
    share: 'The series is the share of yes in each period.',
    nps: 'The series is the NPS of each period.',
  }[series.kind]
  return [
    what,
    `Mann-Kendall with tie and continuity corrections; Theil-Sen with Sen's limits at ${100 * level} %, per ${series.unit}; as R's trend package.`,
    'An alarm is strictly outside the limits. Sigma of single values: mean moving range / 1.128, as R\'s qcc and the printed tables (--estimator "exact moving range" takes 2/sqrt(pi)).',
  ]
}

/** The result for JSON. The points of a very long series are left out: its alarms and figures say it all. */
function plainResult({ points, charts, ...rest }: TrendResult): object {
  const short = points.length <= MOST_POINTS
  const shown = short
    ? charts
    : Object.fromEntries(Object.entries(charts).map(([name, chart]) => [name, withoutPoints(chart)]))
  return {
    ...rest,
    charts: shown,
    points: short ? points.map(({ label, time, n, value }) => ({ label, time, n, value })) : [],
  }
}

function withoutPoints(chart: object): object {
  if (isNoValue(chart)) return chart
  const ranges = 'ranges' in chart ? { ranges: { ...(chart.ranges as object), points: [] } } : {}
  return { ...chart, points: [], ...ranges }
}

export const trendMethod: Method = {
  name: 'trend',
  summary: 'whether a series moves, when it broke, and which periods are out of control',
  options: {
    ...seriesOptions,
    sparse: {
      needs: ['date', 'time'],
      value: 'SHARE',
      text: 'periods with fewer answers than this share of the median period are left out',
      standard: '0, none',
    },
    charts: {
      value: 'NAMES',
      text: 'individuals, ewma, cusum, and p (of shares) or nps (of scores)',
      standard: 'the fitting one, ewma and cusum',
    },
    baseline: { value: 'N', text: 'estimate centre and sigma from the first N periods', standard: 'all' },
    center: {
      value: 'NUMBER',
      text: 'given centre, in the unit of the series (a share 0..1, NPS in points)',
    },
    target: { value: 'NUMBER', text: 'given target of EWMA and CUSUM, where it is not the centre' },
    sigma: { value: 'NUMBER', text: 'given standard deviation of one period (individuals, ewma, cusum)' },
    'base-shares': { value: 'P,D', text: 'given shares of promoters and detractors for the NPS chart' },
    estimator: {
      value: 'NAME',
      text: 'of sigma: moving range, exact moving range or sd',
      standard: 'moving range',
    },
    width: {
      value: 'NUMBER',
      text: 'limits of the p, nps and individuals charts in standard errors',
      standard: '3',
    },
    lambda: { value: 'NUMBER', text: 'EWMA weight of the newest value', standard: '0.2' },
    L: { value: 'NUMBER', text: 'EWMA limits in standard deviations', standard: '2.7' },
    k: { value: 'NUMBER', text: 'CUSUM allowance in sigma', standard: '0.5' },
    h: { value: 'NUMBER', text: 'CUSUM decision limit in sigma', standard: '5' },
    'head-start': { value: 'NUMBER', text: 'CUSUM start of both sums in sigma', standard: '0' },
    level: { value: 'SHARE', text: 'level of the limits of the slope', standard: '0.95' },
  },
  formulas: `- Mann-Kendall: \`S\` rising less falling pairs; \`Var S = (n(n-1)(2n+5) - Σ t(t-1)(2t+5)) / 18\` over groups of t equal values; \`z = sign(S)(|S| - 1)/sd\`; \`tau = S / sqrt((N - ties) N)\`, N = n(n-1)/2. Mann (1945), Kendall (1975). R: \`trend::mk.test\`.
- Theil-Sen: median of the slopes of all pairs per unit of time; limits are the slopes of rank \`(N ± z sd(S))/2\` (Sen 1968, JASA 63, 1379-1389; R: \`trend::sens.slope\`); intercept \`median(y) - slope median(t)\` (Conover). Times: 1, 2, 3 ... for rows, periods counted with their gaps, days between dates.
- Pettitt: \`U_k = 2 Σ ranks - k(n+1)\`, \`p ≈ 2 exp(-6 K² / (n³ + n²))\`; \`after\` is how many values lie before the change. Pettitt (1979), Applied Statistics 28, 126-135. R: \`trend::pettitt.test\`.
- p-chart: \`c ± 3 sqrt(c(1-c)/n)\`, cut at 0 and 1. NPS chart: \`c ± 3 · 100 sqrt((p + d - (p-d)²)/n)\`, cut at ±100; both with the n of each period, p and d pooled over the baseline.
- Individuals: centre ± 3 sigma, \`sigma = mean |moving range| / 1.128\`; ranges up to \`3.267\` of their mean. Montgomery, Introduction to Statistical Quality Control, 6.4; R: \`qcc(type = "xbar.one")\`.
- EWMA: \`z_i = λ x_i + (1-λ) z_(i-1)\`, \`z_0\` the centre; limits \`c ± L sigma sqrt(λ/(2-λ) (1 - (1-λ)^(2i)))\`. Roberts (1959); R: \`qcc::ewma\`.
- CUSUM: \`C+ = max(0, C+ + z - k)\`, \`C- = max(0, C- - z - k)\` in units of sigma; alarm when strictly above h, of both sums where both are (\`outside\` is then both); \`since\` is where the run began. Page (1954), Biometrika 41, 100-115; R: \`qcc::cusum(se.shift = 2k)\`.
- Each period weighs alike in these tests, in the individuals chart, EWMA and CUSUM; only the p- and NPS charts follow its n. Few answers scatter more but not to one side, so that the tests find a direction only a little too often: where nothing moves, p < 0.05 came out in 4.6 % of 20,000 series of 24 periods with as many answers each, in 6 % when one had a tenth of them, in 7 % when they grew from a tenth of the median to twice it, in 9 % when the first quarter had a tenth (answers of 1 to 5). \`--sparse 0.5\` leaves such periods out; the page leaves out those under a tenth, and tells n of a mean outside its limits that has less than half the usual answers.
- An alarm is strictly outside; a difference in the thirteenth digit does not count.`,
  schema: trendSchema,
  example: {
    csv: `month,promoters,detractors,answers\n${[
      [52, 18, 100],
      [47, 20, 96],
      [55, 19, 104],
      [50, 21, 99],
      [49, 17, 95],
      [53, 22, 108],
      [48, 20, 97],
      [51, 18, 101],
      [36, 38, 103],
      [33, 40, 98],
      [35, 37, 100],
      [31, 41, 97],
    ]
      .map((row, i) => `2025-${String(i + 1).padStart(2, '0')},${row.join(',')}`)
      .join('\n')}\n`,
    options: [
      '--promoters',
      'promoters',
      '--detractors',
      'detractors',
      '--n',
      'answers',
      '--date',
      'month',
      '--period',
      'month',
      '--baseline',
      '6',
    ],
  },
  run,
}
