import type { Backtest } from '../../../stats/backtest.ts'
import type { SmoothingFit } from '../../../stats/fit-smoothing.ts'
import type { ForecastAccuracy } from '../../../stats/forecast-accuracy.ts'
import { type Interval, isNoValue, type OrReason } from '../../../stats/interval.ts'
import type { Series } from '../../inputs/series.ts'
import { number, type Paint, percent, sparkline, table } from '../../output/paint.ts'
import type { Candidate, Criterion, ModelName } from './candidates.ts'
import { cutAt } from './ends.ts'
import type { Filled } from './gaps.ts'

export interface ForecastResult {
  readonly n: number
  readonly cycle: number
  readonly level: number
  readonly criterion: Criterion
  readonly labels: readonly string[]
  readonly values: Float64Array
  readonly chosen: OrReason<ModelName>
  readonly winner: Candidate | undefined
  readonly candidates: readonly Candidate[]
  /** Names of the periods ahead. */
  readonly names: readonly string[]
  readonly unit: string
  readonly kind: Series['kind']
  /** Of the scale, where it has ends. */
  readonly ends: Interval | null
  readonly filled: Filled
}

export function forecastText(result: ForecastResult, paint: Paint): string {
  const { labels, values, winner, chosen, names, level, ends } = result
  const within = (value: number) => number(cutAt(value, ends), 2)
  const parts = [`${labels[0] ?? ''} ${sparkline(Array.from(values).slice(-100))} ${labels.at(-1) ?? ''}`, '']
  if (isNoValue(chosen))
    parts.push(`No model was chosen: ${chosen.reason}${chosen.detail ? ` (${chosen.detail})` : ''}`, '')
  if (winner && !isNoValue(winner.forecast)) {
    const rows = (winner.forecast as readonly number[]).map((value, i) => {
      const reach = isNoValue(winner.reach) ? undefined : (winner.reach as readonly number[])[i]!
      return [
        names[i]!,
        paint.bold(within(value)),
        ...(reach === undefined ? ['-', '-'] : [within(value - reach), within(value + reach)]),
      ]
    })
    parts.push(
      `Forecast by ${paint.bold(winner.model)}${weightsOf(winner)}`,
      table(['period', 'forecast', `low ${100 * level} %`, 'high'], rows),
      '',
    )
  }
  if (result.candidates.length > 0) parts.push(modelTable(result, paint))
  return parts.join('\n')
}

function modelTable({ candidates, chosen }: ForecastResult, paint: Paint): string {
  const rows = candidates.map((candidate) => {
    const name = candidate.model === chosen ? paint.bold(`${candidate.model} *`) : candidate.model
    if (isNoValue(candidate.fit)) return [name, `- (${candidate.fit.reason})`]
    const inside = isNoValue(candidate.accuracy)
      ? [`- (${candidate.accuracy.reason})`]
      : [number((candidate.accuracy as ForecastAccuracy).rmse, 3)]
    if (isNoValue(candidate.backtest)) return [name, ...inside, `- (${candidate.backtest.reason})`]
    const { accuracy, coverage, origins, horizon } = candidate.backtest as Backtest
    return [
      name,
      ...inside,
      number(accuracy.mae, 3),
      number(accuracy.rmse, 3),
      shortPercent(accuracy.mape),
      number(accuracy.mase, 3),
      percent(coverage),
      `${origins} x ${horizon}`,
    ]
  })
  return table(['model', 'fit RMSE', 'test MAE', 'RMSE', 'MAPE', 'MASE', 'in limits', 'cuts x steps'], rows)
}

function shortPercent(value: OrReason<number>): string {
  return isNoValue(value) ? `- (${value.reason})` : `${(value as number).toFixed(1)} %`
}

function weightsOf({ fit }: Candidate): string {
  if (isNoValue(fit) || !('model' in (fit as object))) return ''
  const { weights, model } = fit as SmoothingFit
  const shown = [`alpha ${number(weights.alpha, 4)}`]
  if (model !== 'simple') shown.push(`beta ${number(weights.beta, 4)}`)
  if (model === 'additive' || model === 'multiplicative') shown.push(`gamma ${number(weights.gamma, 4)}`)
  return `: ${shown.join(', ')}`
}
