import { isSeasonal } from '../../../stats/exponential-smoothing.ts'
import type { FitOptions, SmoothingFit } from '../../../stats/fit-smoothing.ts'
import { isNoValue, noValue, type OrReason } from '../../../stats/interval.ts'
import { usualCycle } from '../../cells/period-index.ts'
import { readSeries, type Series, seriesOptions } from '../../inputs/series.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import type { Options } from '../../options/options.ts'
import { UsageError } from '../../options/usage-error.ts'
import {
  type Candidate,
  type Criterion,
  choose,
  givenStart,
  leastValues,
  MODELS,
  type ModelName,
  type Plan,
  tryModel,
} from './candidates.ts'
import { cutAt, endsOf } from './ends.ts'
import { type Filled, fillGaps } from './gaps.ts'
import { forecastSchema } from './schema.ts'
import { forecastSentences } from './sentences.ts'
import { type ForecastResult, forecastText } from './text.ts'

// Every model is fitted anew before each cut of the backtest: beyond this it takes minutes.
const MOST_READ = 20_000

async function run(input: Input): Promise<Outcome> {
  const { options } = input
  const series = await readSeries(input, MOST_READ)
  const ends = endsOf(series, options)
  const filled = fillGaps(series, options)
  const { values, labels, refusal } = filled
  const plan = { ...planOf(series, values, options), observed: filled.observed }
  const asked = options.choice('model', ['auto', ...MODELS], 'auto')
  if (SEASONAL.includes(asked as ModelName) && plan.cycle < 2)
    throw new UsageError(`--model ${asked} needs a cycle: --season N of 2 or more, or --date with --period`)
  if (options.has('test-horizon') && values.length > 0 && plan.testHorizon >= values.length)
    throw new UsageError(
      `--test-horizon ${plan.testHorizon} leaves nothing of the ${values.length} values to learn from`,
    )
  const criterion = options.choice<Criterion>('criterion', ['mae', 'rmse', 'mape', 'mase'], 'mae')
  const tried = isNoValue(refusal) ? [] : asked === 'auto' ? modelsFor(plan, values) : [asked]
  refuseUseless(options, asked, tried)
  const candidates = tried.map((model) => tryModel(model, values, comparable(plan, tried, values)))
  const chosen: OrReason<ModelName> = isNoValue(refusal)
    ? refusal
    : asked === 'auto'
      ? choose(candidates, criterion)
      : asked
  const winner = candidates.find(({ model }) => model === chosen)
  const names = Array.from({ length: plan.horizon }, (_, i) => series.nameAt(filled.last + i + 1))
  const result: ForecastResult = {
    n: values.length,
    cycle: plan.cycle,
    level: plan.level,
    criterion,
    labels,
    values,
    chosen,
    winner,
    candidates,
    names,
    unit: series.unit,
    kind: series.kind,
    ends,
    filled,
  }
  return {
    rows: series.rows,
    used: series.used,
    dropped: series.counts.toRecord(),
    conventions: [
      `Cycle of ${plan.cycle} ${series.unit}${plan.cycle === 1 ? ' (no season)' : 's'}; recursions and start values as R's HoltWinters: gamma weighs the value against the new level.`,
      `Weights by the least sum of squared one-step errors. Limits at ${100 * plan.level} % assume normal errors that stay alike; the backtest says how many values they held.`,
      ...(asked === 'auto'
        ? [
            `Chosen by ${criterion} of a backtest with a rolling origin: each model is fitted anew before each cut, all on the same cuts.`,
          ]
        : []),
      ...(plan.limits === 'R' && !tried.includes('multiplicative')
        ? ["R's limits differ from the proper ones in the multiplicative model alone."]
        : []),
      ...(ends ? [`Forecasts and limits are cut at ${ends[0]} and ${ends[1]}, the ends of the scale.`] : []),
      ...gapConventions(filled, options.text('gaps') ?? 'refuse'),
    ],
    result: plainResult(result),
    sentences: forecastSentences(result),
    text: (paint) => forecastText(result, paint),
  }
}

const LEVELLED: readonly ModelName[] = ['simple', 'holt', 'additive', 'multiplicative']
const TRENDED: readonly ModelName[] = ['holt', 'additive', 'multiplicative']
const SEASONAL: readonly ModelName[] = ['additive', 'multiplicative']

/** Options that only some models look at. */
const OF_MODELS: Readonly<Record<string, readonly ModelName[]>> = {
  alpha: LEVELLED,
  start: LEVELLED,
  'start-level': LEVELLED,
  first: LEVELLED,
  beta: TRENDED,
  'start-trend': TRENDED,
  gamma: SEASONAL,
  'start-season': SEASONAL,
}

function refuseUseless(options: Options, asked: string, tried: readonly ModelName[]): void {
  if (tried.length === 0) return
  for (const [name, models] of Object.entries(OF_MODELS))
    if (options.has(name) && !models.some((model) => tried.includes(model)))
      throw new UsageError(
        asked === 'auto'
          ? `--${name} has no effect here: the series and --season leave ${tried.join(', ')} to try, and it is for ${models.join(', ')}`
          : `--${name} has no effect with --model ${asked}; it is for ${models.join(', ')}`,
      )
  if (asked !== 'auto' && options.has('criterion'))
    throw new UsageError('--criterion chooses among models and has no effect with --model')
}

function gapConventions({ missing, observed, cut }: Filled, gaps: string): string[] {
  const made = observed.filter((own) => !own).length
  return [
    ...(missing > 0
      ? [
          made > 0
            ? `${missing} of ${observed.length} periods have no values and were filled (--gaps ${gaps}); fit and backtest are scored on the others alone.`
            : `${missing} of ${observed.length} periods have no rows and count as zero.`,
        ]
      : []),
    ...(cut.length > 0
      ? [
          `Left out at the ends for having few answers (--ends): ${cut.map(({ label, n }) => `${label} (n ${n})`).join(', ')}.`,
        ]
      : []),
  ]
}

function planOf(series: Series, values: Float64Array, options: Options): Plan {
  const period = series.period ?? (options.has('date') && isDaily(series) ? 'day' : undefined)
  const cycle = options.whole('season', period ? usualCycle[period] : 1, 1)
  const half = Math.max(1, Math.floor(values.length / 2))
  const horizon = options.whole('horizon', Math.min(cycle > 1 ? cycle : 6, half), 1, 10_000)
  const weight = (name: 'alpha' | 'beta' | 'gamma') => {
    const given = options.number(name, undefined, 0, 1)
    return given === undefined ? {} : { [name]: given }
  }
  const kind = options.choice('start', ['heuristic', 'fitted'], 'heuristic')
  const season = options.numbers('start-season') ?? []
  const first = options.whole('first', 1, 1) - 1
  const start = givenStart(
    options.number('start-level', undefined),
    options.number('start-trend', 0),
    season,
    first,
  )
  if (start && options.has('start'))
    throw new UsageError('--start and --start-level cannot both be: the start values are found, or given')
  if (!start && (season.length > 0 || options.has('start-trend') || options.has('first')))
    throw new UsageError('given start values need --start-level')
  if (season.length > 0 && season.length !== cycle)
    throw new UsageError(`--start-season takes ${cycle} numbers, one a period of the cycle`)
  const fit: FitOptions = {
    period: cycle,
    weights: { ...weight('alpha'), ...weight('beta'), ...weight('gamma') },
    start: start ?? kind,
  }
  return {
    cycle,
    horizon,
    fit,
    level: options.number('level', 0.95, 0.5, 0.9999),
    limits: options.choice('limits', ['proper', 'R'], 'proper'),
    testHorizon: options.whole(
      'test-horizon',
      Math.min(horizon, Math.max(1, Math.floor(values.length / 8))),
      1,
    ),
    origins: options.whole('origins', 24, 1, 1000),
  }
}

// Dates without a period are points of their own; where each is the day after the last, the week is their cycle.
const isDaily = ({ points }: Series) =>
  points.length > 1 && points.every(({ time }, i) => i === 0 || time === points[i - 1]!.time + 1)

/** The models worth trying: those with a season only where two cycles and some more are there to learn from. */
function modelsFor(plan: Plan, values: Float64Array): ModelName[] {
  const seasonal = plan.cycle > 1 && values.length >= 2 * plan.cycle + 3 + plan.testHorizon
  const positive = values.every((value) => value > 0)
  const given = typeof plan.fit.start === 'object' ? plan.fit.start : undefined
  return MODELS.filter((model) => {
    if (model === 'naive') return values.length > plan.cycle
    if (!isSeasonal(model)) return given === undefined || given.season.length === 0
    return seasonal && (model === 'additive' || positive) && (given === undefined || given.season.length > 0)
  })
}

/** All models are cut where the most demanding of those tried can be cut, if the series is long enough for that. */
function comparable(plan: Plan, tried: readonly ModelName[], values: Float64Array): Plan {
  const least = Math.max(...tried.map((model) => leastValues(model, plan)))
  return values.length - plan.testHorizon >= least ? { ...plan, least } : plan
}

function plainResult(result: ForecastResult): object {
  const {
    winner,
    names,
    chosen,
    candidates,
    values,
    labels,
    filled,
    ends,
    unit: _,
    kind: __,
    ...rest
  } = result
  const limits = (candidate: Candidate, i: number) => {
    if (isNoValue(candidate.reach)) return { low: candidate.reach, high: candidate.reach }
    const middle = (candidate.forecast as readonly number[])[i]!
    const reach = (candidate.reach as readonly number[])[i]!
    return { low: cutAt(middle - reach, ends), high: cutAt(middle + reach, ends) }
  }
  const ahead = (candidate: Candidate | undefined) =>
    !candidate || isNoValue(candidate.forecast)
      ? []
      : (candidate.forecast as readonly number[]).map((value, i) => ({
          period: names[i],
          value: cutAt(value, ends),
          ...limits(candidate, i),
        }))
  return {
    ...rest,
    missing: filled.missing,
    cut: filled.cut,
    ...(ends && { ends }),
    chosen,
    forecast: winner ? ahead(winner) : isNoValue(chosen) ? chosen : noValue('not applicable'),
    models: candidates.map((candidate) => ({
      model: candidate.model,
      fit: plainFit(candidate),
      accuracy: candidate.accuracy,
      backtest: candidate.backtest,
      fittedFrom: candidate.fitted.findIndex((value) => value !== null) + 1,
      fitted: candidate.fitted.filter((value) => value !== null),
      forecast: ahead(candidate),
    })),
    series: labels.map((label, i) => ({
      period: label,
      value: values[i],
      observed: filled.observed[i],
    })),
  }
}

function plainFit({ fit }: Candidate): unknown {
  if (isNoValue(fit) || !('model' in (fit as object))) return isNoValue(fit) ? fit : { startIs: 'heuristic' }
  const { weights, fittedWeights, start, startIs, state, sse } = fit as SmoothingFit
  return { weights, fittedWeights, start, startIs, state, sse }
}

export const forecastMethod: Method = {
  name: 'forecast',
  summary: 'where a series is going: exponential smoothing, chosen by backtest',
  options: {
    ...seriesOptions,
    horizon: {
      value: 'N',
      text: 'periods ahead',
      standard: 'one cycle, or 6 without one; at most half the series',
    },
    season: {
      value: 'N',
      text: 'length of the cycle; 1 for none',
      standard: '7 days (also where each date is the day after the last), 52 weeks, 12 months, 4 quarters',
    },
    model: {
      value: 'NAME',
      text: `auto, ${MODELS.join(', ')} (naive is the value of one cycle ago)`,
      standard: 'auto',
    },
    alpha: { value: 'NUMBER', text: 'given weight of the level, 0..1; fitted when left out' },
    beta: { value: 'NUMBER', text: 'given weight of the trend' },
    gamma: { value: 'NUMBER', text: 'given weight of the season' },
    start: {
      value: 'NAME',
      text: 'start values: heuristic (as R) or fitted with the weights',
      standard: 'heuristic',
    },
    'start-level': { value: 'NUMBER', text: 'given level just before the first value that is forecast' },
    'start-trend': { value: 'NUMBER', text: 'given trend', standard: '0' },
    'start-season': { value: 'NUMBERS', text: 'given season, that of the first value forecast first' },
    first: { value: 'N', text: 'the first value that is forecast from given start values', standard: '1' },
    gaps: {
      needs: ['period'],
      value: 'NAME',
      text: 'periods without values: refuse, linear or zero',
      standard: 'refuse',
    },
    'max-filled': {
      needs: ['gaps'],
      value: 'SHARE',
      text: 'no forecast when more than this share of the periods would have to be filled',
      standard: '0.2',
    },
    ends: {
      needs: ['date', 'time'],
      value: 'SHARE',
      text: 'periods at either end with fewer answers than this share of the median period are left out',
      standard: '0, none',
    },
    within: {
      needs: ['value'],
      value: 'LOW,HIGH',
      text: 'ends of the scale of --value (1,5): forecasts and limits are cut there',
      standard: 'none; NPS and shares are cut at their own',
    },
    criterion: { value: 'NAME', text: 'mae, rmse, mape or mase', standard: 'mae' },
    'test-horizon': {
      value: 'N',
      text: 'periods ahead in the backtest',
      standard: 'the horizon, at most an eighth of the series',
    },
    origins: { value: 'N', text: 'cuts of the backtest, the latest ones', standard: '24' },
    level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' },
    limits: {
      value: 'FORM',
      text: 'proper, or R for those of predict.HoltWinters (they differ in the multiplicative model; of others that is told)',
      standard: 'proper',
    },
  },
  formulas: `- One-step forecast \`l + b + s\` (multiplicative \`(l + b) s\`); \`l' = α (y - s) + (1-α)(l + b)\`, \`b' = β (l' - l) + (1-β) b\`, \`s' = γ (y - l') + (1-γ) s\` (multiplicative: \`y / s\`, \`y / l'\`). Simple has no b, Holt no s. Holt (1957), Winters (1960). R: \`HoltWinters\`.
- Heuristic start as R: simple \`l = y1\`, from the second value; Holt \`l = y2, b = y2 - y1\`, from the third; seasonal: the first two cycles decomposed by a centred moving average, l and b its line, s the mean deviation (ratio) of each period, from the second cycle. Given start values stand before value \`--first\` (to repeat R with given values: 2, 3, or one cycle + 1). Fitted ones stand before the first value.
- Weights in 0..1 with the least sum of squares, from the best points of a grid by Levenberg and Marquardt's steps; R's own search may stop short of it.
- Limits: \`± z sd sqrt(Σ_(j<h) ψ_j²)\`, sd of the residuals (n - 1), \`ψ_0 = 1, ψ_j = α (1 + jβ) + γ (1-α)\` at whole cycles; multiplicative: each ψ times the ratio of the seasons. Yar & Chatfield (1990), Int. J. Forecasting 6, 127-137. R's multiplicative limits start with \`ψ_0 = α + γ(1-α)\` and look the season up one place off; \`--limits R\` repeats them.
- Naive: the value of one cycle ago; \`± z rmse sqrt(cycles ahead)\`. R: \`forecast::snaive\`.
- MAE, RMSE, MAPE \`100 mean |e / y|\` (null when a value is 0), MASE \`MAE / mean |y_t - y_(t-cycle)|\` of the training values: Hyndman & Koehler (2006), Int. J. Forecasting 22, 679-688. R: \`forecast::accuracy\`.
- Backtest: rolling origin (Tashman 2000, Int. J. Forecasting 16, 437-450); \`coverage\` is the share of values inside their limits. Filled periods train the models and are not scored; with \`--gaps zero\` and \`--stat sum\` or \`count\` the zeros are values.`,
  schema: forecastSchema,
  example: {
    csv: `quarter,orders\n${[30, 21, 29, 31, 35, 27, 34, 37, 43, 30, 41, 45, 50, 37, 47, 51, 57, 42, 55, 60].map((value, i) => `${2021 + (i >> 2)}-${String(3 * (i % 4) + 1).padStart(2, '0')},${value}`).join('\n')}\n`,
    options: ['--value', 'orders', '--date', 'quarter', '--period', 'quarter', '--horizon', '4'],
  },
  run,
}
