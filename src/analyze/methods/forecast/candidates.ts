import { type Backtest, backtest, type Forecast } from '../../../stats/backtest.ts'
import {
  projectState,
  type SmoothingModel,
  type SmoothingStart,
} from '../../../stats/exponential-smoothing.ts'
import { type FitOptions, fitSmoothing, type SmoothingFit } from '../../../stats/fit-smoothing.ts'
import { type ForecastAccuracy, forecastAccuracy, naiveScale } from '../../../stats/forecast-accuracy.ts'
import { forecastReach, type LimitForm } from '../../../stats/forecast-limits.ts'
import { isNoValue, noValue, type OrReason } from '../../../stats/interval.ts'
import { type SeasonalNaive, seasonalNaive } from '../../../stats/seasonal-naive.ts'

export type ModelName = SmoothingModel | 'naive'
export const MODELS: readonly ModelName[] = ['naive', 'simple', 'holt', 'additive', 'multiplicative']
export type Criterion = 'mae' | 'rmse' | 'mape' | 'mase'

export interface Plan {
  /** Length of the cycle; 1 without a season. */
  readonly cycle: number
  readonly horizon: number
  readonly level: number
  readonly limits: LimitForm
  readonly fit: FitOptions
  readonly testHorizon: number
  readonly origins: number
  /** Values before the first cut, when several models are to share their cuts. */
  readonly least?: number
  /** One a value: false where a gap was filled; such values are fitted to, and neither scored nor judged. */
  readonly observed?: readonly boolean[]
}

export interface Candidate {
  readonly model: ModelName
  readonly fit: OrReason<SmoothingFit | SeasonalNaive>
  /** One a value of the series; null before the first forecast. */
  readonly fitted: readonly (number | null)[]
  readonly accuracy: OrReason<ForecastAccuracy>
  readonly forecast: OrReason<readonly number[]>
  readonly reach: OrReason<readonly number[]>
  readonly backtest: OrReason<Backtest>
}

/** Fits one model to the whole series and backtests it. */
export function tryModel(model: ModelName, values: Float64Array, plan: Plan): Candidate {
  const fit = fitModel(model, values, plan)
  if (isNoValue(fit))
    return { model, fit, fitted: [], accuracy: fit, forecast: fit, reach: fit, backtest: fit }
  const made = fit as SmoothingFit | SeasonalNaive
  const first = values.length - made.fitted.length
  const { forecast, reach } = project(made, plan.horizon, plan)
  const seen = Array.from(made.fitted, (_, i) => i).filter((i) => plan.observed?.[first + i] ?? true)
  return {
    model,
    fit,
    fitted: Array.from(values, (_, i) => (i < first ? null : made.fitted[i - first]!)),
    accuracy: forecastAccuracy(
      seen.map((i) => values[first + i]!),
      seen.map((i) => made.fitted[i]!),
      naiveScale(values, plan.cycle, plan.observed),
    ),
    forecast,
    reach,
    backtest: backtest(values, (training, horizon) => forecastBy(model, training, horizon, plan), {
      horizon: plan.testHorizon,
      least: Math.max(leastValues(model, plan), plan.least ?? 0),
      origins: plan.origins,
      period: plan.cycle,
      observed: plan.observed,
    }),
  }
}

function fitModel(
  model: ModelName,
  values: ArrayLike<number>,
  plan: Plan,
): OrReason<SmoothingFit | SeasonalNaive> {
  if (model === 'naive') return seasonalNaive(values, plan.cycle, plan.horizon, plan.level)
  return fitSmoothing(model, values, plan.fit)
}

function forecastBy(
  model: ModelName,
  training: Float64Array,
  horizon: number,
  plan: Plan,
): OrReason<Forecast> {
  const fit = fitModel(model, training, { ...plan, horizon })
  return isNoValue(fit) ? fit : project(fit as SmoothingFit | SeasonalNaive, horizon, plan)
}

function project(fit: SmoothingFit | SeasonalNaive, horizon: number, { level, limits }: Plan): Forecast {
  if (!('model' in fit)) return fit
  return {
    forecast: projectState(fit.model, fit.state, horizon),
    reach: forecastReach(fit, horizon, level, limits),
  }
}

/** Values a model needs before it can be fitted with something to spare. */
export function leastValues(model: ModelName, { cycle, fit }: Plan): number {
  const free = fit.start === 'fitted' ? cycle : 0
  if (model === 'naive') return cycle + 1
  if (model === 'simple') return 4 + (free && 1)
  if (model === 'holt') return 5 + (free && 2)
  return 2 * cycle + 3 + free
}

/** The model with the smallest error in the backtest, among those that were tested on the same cuts.
 * @returns 'too few' when none could be tested
 */
export function choose(candidates: readonly Candidate[], criterion: Criterion): OrReason<ModelName> {
  const tested = candidates.flatMap(({ model, backtest }) => {
    if (isNoValue(backtest)) return []
    const { accuracy, origins } = backtest as Backtest
    const error = accuracy[criterion]
    return typeof error === 'number' ? [{ model, origins, error }] : []
  })
  if (tested.length === 0)
    return noValue('too few', 'no model could be tested on values that it had not seen')
  return tested.reduce((best, next) => (next.error < best.error ? next : best)).model
}

/** A start state as given by --start-level, --start-trend and --start-season. */
export function givenStart(
  level: number | undefined,
  trend: number,
  season: readonly number[],
  first: number,
): SmoothingStart | undefined {
  return level === undefined ? undefined : { level, trend, season, first }
}
