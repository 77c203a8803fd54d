// What the control charts share: a point with its limits, and what counts as outside.
// In: a value and its limits. Out: the point, and the list of alarms of a chart.
// An alarm is strictly outside; a value on the limit, to within rounding, is inside.

export type Side = 'above' | 'below'

export interface ChartPoint {
  /** Plotted value; null where a period has no answers. */
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  /** False inside the limits; null where a period has no answers. */
  readonly outside: Side | false | null
}

export interface Alarm {
  /** Place in the series, from 0. */
  readonly index: number
  readonly side: Side
  readonly value: number
  /** The limit that was crossed. */
  readonly limit: number
}

/** Whether a value lies strictly outside its limits; twelve digits decide, so that rounding raises no alarm. */
export function sideOf(value: number, low: number, high: number): Side | false {
  const slack = 1e-12 * Math.max(Math.abs(value), Math.abs(low), Math.abs(high))
  if (value > high + slack) return 'above'
  if (value < low - slack) return 'below'
  return false
}

/** A point with its verdict. */
export function chartPoint(value: number, low: number, high: number): ChartPoint {
  return { value, low, high, outside: sideOf(value, low, high) }
}

/** The place of a period without answers. */
export const emptyPoint: ChartPoint = { value: null, low: null, high: null, outside: null }

/** The points outside, in order. */
export function alarmsOf(points: readonly ChartPoint[]): Alarm[] {
  return points.flatMap((point, index) =>
    !point.outside || point.value === null || point.low === null || point.high === null
      ? []
      : [
          {
            index,
            side: point.outside,
            value: point.value,
            limit: point.outside === 'above' ? point.high : point.low,
          },
        ],
  )
}
