import { SampleInvalid } from './interval.ts'

/** Follow-up of customers: how long, and whether the event (they left) was seen at its end. */
export interface FollowUp {
  /** Not negative, one a customer, any unit. */
  readonly times: ArrayLike<number>
  /** 1 the event was seen, 0 censored. */
  readonly events: ArrayLike<number>
}

/** Follow-up in order of time, times that differ by rounding alone made equal. */
export interface OrderedFollowUp {
  readonly n: number
  /** Rising. */
  readonly times: Float64Array
  readonly events: Uint8Array
  /** Place of each entry in the data. */
  readonly order: Uint32Array
}

// The square root of the machine's precision, as R's timefix.
const ALIKE = 1.4901161193847656e-8

/** Sorts follow-up by time.
 * @throws SampleInvalid when lengths differ, a time is negative or not finite, or an event is not 0 or 1
 * @see R survival::aeqSurv
 */
export function orderFollowUp({ times, events }: FollowUp): OrderedFollowUp {
  const n = times.length
  if (events.length !== n) throw new SampleInvalid(`${n} times but ${events.length} events`)
  for (let i = 0; i < n; i++) {
    if (!(times[i]! >= 0 && times[i]! < Number.POSITIVE_INFINITY))
      throw new SampleInvalid(`a time of ${times[i]}`)
    if (events[i] !== 0 && events[i] !== 1) throw new SampleInvalid(`an event is 0 or 1, got ${events[i]}`)
  }
  // Ranks among the different times, then one count each: far faster than sorting places by a comparison.
  const values = alike(Float64Array.from(times).sort())
  const rank = Uint32Array.from({ length: n }, (_, i) => values.rankOf(times[i]!))
  const starts = new Uint32Array(values.distinct.length + 1)
  for (let i = 0; i < n; i++) starts[rank[i]! + 1]!++
  for (let r = 1; r < starts.length; r++) starts[r]! += starts[r - 1]!
  const ordered = { n, times: new Float64Array(n), events: new Uint8Array(n), order: new Uint32Array(n) }
  for (let i = 0; i < n; i++) {
    const place = starts[rank[i]!]!++
    ordered.order[place] = i
    ordered.times[place] = values.distinct[rank[i]!]!
    ordered.events[place] = events[i]!
  }
  return ordered
}

/** The different times of a sorted list, those within rounding of the one before taken as one. */
function alike(sorted: Float64Array): { distinct: Float64Array; rankOf: (time: number) => number } {
  const exact = sorted.filter((time, i) => i === 0 || time !== sorted[i - 1])
  const mean = exact.reduce((sum, time) => sum + time, 0) / Math.max(1, exact.length)
  const first = exact.map((time, i) =>
    i > 0 && (time - exact[i - 1]! <= ALIKE || time - exact[i - 1]! <= ALIKE * mean) ? Number.NaN : time,
  )
  const distinct = first.filter((time) => !Number.isNaN(time))
  return {
    distinct,
    rankOf(time) {
      let low = 0
      let high = distinct.length
      while (high - low > 1) {
        const middle = (low + high) >>> 1
        if (distinct[middle]! <= time) low = middle
        else high = middle
      }
      return low
    },
  }
}

/** Calls `visit` with the span of entries of each distinct time, in rising order. */
export function eachTime(
  data: OrderedFollowUp,
  visit: (start: number, end: number, events: number) => void,
): void {
  for (let start = 0; start < data.n; ) {
    let end = start
    let events = 0
    while (end < data.n && data.times[end] === data.times[start]) events += data.events[end++]!
    visit(start, end, events)
    start = end
  }
}

/** Where the entries of each distinct time begin, and at the end how many entries there are. */
export function spanStarts(data: OrderedFollowUp): Uint32Array {
  const starts = new Uint32Array(data.n + 1)
  let found = 0
  for (let i = 0; i < data.n; i++) if (i === 0 || data.times[i] !== data.times[i - 1]) starts[found++] = i
  starts[found] = data.n
  return starts.slice(0, found + 1)
}
