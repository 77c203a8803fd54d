import type { AskResult, AskRow } from '../api/wire.ts'

export type MetricShape = AskResult['metric']

/** The ends of a metric's scale, for bars; of a mean those of its question's usual scale. */
export function scaleOf(metric: MetricShape): [number, number] {
  if (metric.unit === 'points') return [-100, 100]
  if (metric.unit === 'percent') return [0, 100]
  if (metric.kind === 'ces') return [1, 7]
  return [1, 5]
}

export const share = (value: number, [low, high]: [number, number]) =>
  Math.min(100, Math.max(0, ((value - low) / (high - low)) * 100))

/** Whether a change or a difference is real at 5 %. */
export const real = (p: number | null | undefined) => p !== null && p !== undefined && p < 0.05

export interface Thirds {
  low: number
  middle: number
  high: number
}

/** The three groups of a row, by the names the server counts them under; null when it does not count them. */
export function thirds(row: AskRow): Thirds | null {
  const counts = row.counts
  if (!counts) return null
  const pick = (...names: string[]) => names.map((name) => counts[name]).find((count) => count !== undefined)
  const low = pick('detractors', 'detractor', 'low')
  const high = pick('promoters', 'promoter', 'high')
  if (low === undefined || high === undefined) return null
  return { low, middle: pick('passives', 'passive', 'middle') ?? Math.max(0, row.n - low - high), high }
}
