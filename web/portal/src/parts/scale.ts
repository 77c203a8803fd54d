import type { AskResult, AskRow } from '../api/wire.ts'

export type MetricShape = AskResult['metric']

/** The ends of a metric's scale, for bars; of a mean those of its question. Hours and numbers of times have no upper end:
 * of these the largest that is shown is the end.
 */
export function scaleOf(metric: MetricShape, shown: readonly number[]): [number, number] {
  if (metric.unit === 'points') return [-100, 100]
  if (metric.unit === 'percent') return [0, 100]
  return metric.scale ?? [0, Math.max(1, ...shown)]
}

interface Drawn {
  min: number
  max: number
}

/** The ends of an axis: left to the chart, but never beyond what the metric can be, and with even steps to that end.
 * @returns settings for ECharts; null leaves an end to it
 */
export function axisEnds(metric: MetricShape): {
  min?: (drawn: Drawn) => number | null
  max?: (drawn: Drawn) => number | null
  splitNumber?: number
} {
  if (metric.unit === 'count') return { min: () => 0 }
  if (metric.unit === 'mean') return {}
  if (metric.unit === 'points') {
    const full = ({ min, max }: Drawn) => min < -90 || max > 90
    return { min: (drawn) => (full(drawn) ? -100 : null), max: (drawn) => (full(drawn) ? 100 : null) }
  }
  return {
    min: ({ min, max }) => (max > 90 ? Math.max(0, Math.floor(min / 20) * 20) : min < 10 ? 0 : null),
    max: ({ max }) => (max > 90 ? 100 : null),
    splitNumber: 5,
  }
}

export const share = (value: number, [low, high]: [number, number]) =>
  Math.min(100, Math.max(0, ((value - low) / (high - low)) * 100))

/** Whether a change or a difference is real at 5 %. */
export const real = (p: number | null | undefined) => p !== null && p !== undefined && p < 0.05

export interface Thirds {
  of: 'nps' | 'csat' | 'ces'
  low: number
  middle: number
  high: number
}

const names = {
  nps: ['detractors', 'passives', 'promoters'],
  csat: ['dissatisfied', 'neutral', 'satisfied'],
  ces: ['disagree', 'neutral', 'agree'],
} as const

/** The three groups of a row; null for metrics that have no three. */
export function thirds(row: AskRow): Thirds | null {
  const { counts } = row
  if (!counts) return null
  for (const of of ['nps', 'csat', 'ces'] as const) {
    const [low, middle, high] = names[of].map((name) => counts[name])
    if (low !== undefined && middle !== undefined && high !== undefined) return { of, low, middle, high }
  }
  return null
}
