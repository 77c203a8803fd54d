import { countBelow } from './count-below.ts'
import { noValue, type OrReason, SampleInvalid } from './interval.ts'
import { type FollowUp, orderFollowUp, spanStarts } from './survival-times.ts'

export interface Concordance {
  /** Share of the comparable pairs in which the one at higher risk left first; ties of risk count half. */
  readonly concordance: number
  /** Infinitesimal jackknife. */
  readonly se: number
  readonly concordant: number
  readonly discordant: number
  readonly tiedRisk: number
  /** Pairs that left at the same time, not compared. */
  readonly tiedTime: number
}

/** Harrell's concordance of a risk score with what happened, in n log n steps.
 * @param risk one a customer, higher leaves earlier
 * @returns 'too few' when no pair can be compared
 * @see Harrell 1982; R survival::concordance(reverse = TRUE)
 */
export function concordance(followUp: FollowUp, risk: ArrayLike<number>): OrReason<Concordance> {
  const data = orderFollowUp(followUp)
  if (risk.length !== data.n) throw new SampleInvalid(`${data.n} times but ${risk.length} risks`)
  const sorted = Float64Array.from(risk).sort()
  const levels = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1])
  const place = Uint32Array.from(data.order, (i) => countBelow(levels, risk[i]!))
  const starts = spanStarts(data)

  // What each customer has of pairs of each kind, first as the one who left earlier, then as the later one.
  const own = {
    concordant: new Float64Array(data.n),
    discordant: new Float64Array(data.n),
    tied: new Float64Array(data.n),
  }
  let concordant = 0
  let discordant = 0
  let tiedRisk = 0
  let tiedTime = 0
  const later = new Counts(levels.length)
  for (let span = starts.length - 2; span >= 0; span--) {
    const start = starts[span]!
    const end = starts[span + 1]!
    // One censored at the same time was followed at least as long.
    for (let i = start; i < end; i++) if (!data.events[i]) later.add(place[i]!)
    let events = 0
    for (let i = start; i < end; i++) {
      if (!data.events[i]) continue
      events++
      const { below, equal, above } = later.around(place[i]!)
      own.concordant[i]! += below
      own.discordant[i]! += above
      own.tied[i]! += equal
      concordant += below
      discordant += above
      tiedRisk += equal
    }
    tiedTime += (events * (events - 1)) / 2
    for (let i = start; i < end; i++) if (data.events[i]) later.add(place[i]!)
  }
  const pairs = concordant + discordant + tiedRisk
  if (pairs === 0) return noValue('too few', 'no two customers can be compared')

  const earlier = new Counts(levels.length)
  for (let span = 0; span + 1 < starts.length; span++) {
    const start = starts[span]!
    const end = starts[span + 1]!
    const count = (i: number) => {
      const { below, equal, above } = earlier.around(place[i]!)
      own.concordant[i]! += above
      own.discordant[i]! += below
      own.tied[i]! += equal
    }
    for (let i = start; i < end; i++) if (data.events[i]) count(i)
    for (let i = start; i < end; i++) if (data.events[i]) earlier.add(place[i]!)
    for (let i = start; i < end; i++) if (!data.events[i]) count(i)
  }
  const share = (concordant + tiedRisk / 2) / pairs
  let variance = 0
  for (let i = 0; i < data.n; i++) {
    const sum = own.concordant[i]! + own.discordant[i]! + own.tied[i]!
    variance += ((own.concordant[i]! + own.tied[i]! / 2 - share * sum) / pairs) ** 2
  }
  return { concordance: share, se: Math.sqrt(variance), concordant, discordant, tiedRisk, tiedTime }
}

/** How many have been added at, below and above a place (a Fenwick tree). */
class Counts {
  readonly #tree: Float64Array
  readonly #at: Float64Array
  #total = 0

  constructor(size: number) {
    this.#tree = new Float64Array(size + 1)
    this.#at = new Float64Array(size)
  }

  add(place: number): void {
    this.#at[place]!++
    this.#total++
    for (let i = place + 1; i < this.#tree.length; i += i & -i) this.#tree[i]!++
  }

  around(place: number): { below: number; equal: number; above: number } {
    let below = 0
    for (let i = place; i > 0; i -= i & -i) below += this.#tree[i]!
    const equal = this.#at[place]!
    return { below, equal, above: this.#total - below - equal }
  }
}
