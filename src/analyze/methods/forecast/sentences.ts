import type { Backtest } from '../../../stats/backtest.ts'
import { isNoValue } from '../../../stats/interval.ts'
import { leftOutText } from '../../inputs/sparse-periods.ts'
import { count, number, percent } from '../../output/paint.ts'
import { cutAt } from './ends.ts'
import type { ForecastResult } from './text.ts'

// A model of fewer has been held against a value or two, which says nothing.
const LEAST_POINTS = 8

/** The forecast in plain words: the next value and the last, and how far the method was off before. */
export function forecastSentences(result: ForecastResult): string[] {
  const { winner, names, level, candidates, unit, ends, filled } = result
  const { refusal, missing, cut, observed } = filled
  if (isNoValue(refusal)) return [`No forecast: ${refusal.detail}.`]
  if (result.n < LEAST_POINTS)
    return [
      `${count(result.n)} points are too few to say where it is going: at least ${LEAST_POINTS} are needed.`,
    ]
  if (!winner || isNoValue(winner.forecast) || isNoValue(winner.reach)) return []
  const values = winner.forecast as readonly number[]
  const reach = winner.reach as readonly number[]
  const within = (value: number) => number(cutAt(value, ends), 2)
  const told = (i: number) =>
    `${within(values[i]!)} in ${names[i]} (${100 * level} % limits ${within(values[i]! - reach[i]!)} .. ${within(values[i]! + reach[i]!)})`
  // Limits that take in all that a value can be say nothing.
  const tells = (i: number) => !ends || values[i]! - reach[i]! > ends[0] || values[i]! + reach[i]! < ends[1]
  const last = values.findLastIndex((_, i) => tells(i))
  if (last < 0) return [`No forecast: its limits take in the whole scale from ${names[0]} on.`]
  const chosen = candidates.length > 1 ? `, the best of ${candidates.length} models,` : ''
  const lines = [
    `The ${winner.model} model${chosen} expects ${told(0)}${last > 0 ? ` and ${told(last)}` : ''}.`,
  ]
  if (last < values.length - 1)
    lines.push(`After ${names[last]} its limits take in the whole scale, so that it says nothing.`)
  if (missing > 0)
    lines.push(
      `${count(missing)} of ${count(observed.length)} ${unit}s had no values; they were filled by a straight line and not scored.`,
    )
  if (cut.length > 0) lines.push(`Left out at the ends for having few answers: ${leftOutText(cut, count)}.`)
  if (!isNoValue(winner.backtest)) {
    const { accuracy, coverage, horizon } = winner.backtest as Backtest
    const held = isNoValue(coverage) ? '' : `, and ${percent(coverage, 0)} of them fell inside its limits`
    lines.push(
      `On values it had not seen, up to ${horizon} ahead, it was off by ${number(accuracy.mae, 2)} on average${held}.`,
    )
  }
  return lines
}
