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
  let size = 0
  for (let i = 0; i < n; i++) {
    if (!(times[i]! >= 0 && times[i]! < Number.POSITIVE_INFINITY))
      throw new SampleInvalid(`a time of ${times[i]}`)
    if (events[i] !== 0 && events[i] !== 1) throw new SampleInvalid(`an event is 0 or 1, got ${events[i]}`)
  }
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b)
  const sorted = Float64Array.from(order, (i) => times[i]!)
  let different = 0
  for (let i = 0; i < n; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) {
      size += sorted[i]!
      different++
    }
  }
  const mean = size / Math.max(1, different)
  let before = sorted[0] ?? 0
  for (let i = 1; i < n; i++) {
    const gap = sorted[i]! - before
    before = sorted[i]!
    if (gap <= ALIKE || gap <= ALIKE * mean) sorted[i] = sorted[i - 1]!
  }
  return { n, times: sorted, events: Uint8Array.from(order, (i) => events[i]!), order }
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
