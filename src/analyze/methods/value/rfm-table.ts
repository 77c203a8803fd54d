import { quintileScores } from '../../../stats/rfm.ts'
import { withoutRoundingNoise } from '../../../stats/rounding-noise.ts'
import { CellCounts, isBlank } from '../../cells/cells.ts'
import { dayNumber, parseDate } from '../../cells/dates.ts'
import { atRows } from '../../inputs/kept-columns.ts'
import type { Input } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'

export interface RfmCustomer {
  readonly customer: string
  /** Days from the last purchase to the day of reckoning. */
  readonly recencyDays: number
  readonly frequency: number
  readonly monetary: number
  readonly recencyScore: number
  readonly frequencyScore: number
  readonly monetaryScore: number
  /** The three digits, as 543. */
  readonly rfm: string
}

export interface Rfm {
  readonly asOf: string
  /** Customers with a purchase, and those of them who bought once. */
  readonly n: number
  readonly once: number
  /** All in the order of the file where no more were asked for, else the best ones. */
  readonly customers: readonly RfmCustomer[]
  /** Customers with refunds alone: they have no score. */
  readonly withoutPurchase: number
  readonly revenue: number
  /** By monetary score, 1 first. */
  readonly byMonetary: readonly {
    readonly score: number
    readonly customers: number
    readonly revenue: number
  }[]
  /** Customers by recency and frequency score: grid[r - 1][f - 1]. */
  readonly grid: readonly (readonly number[])[]
}

// Near what a Map can hold.
const MOST_CUSTOMERS = 16_000_000

/** Sums of customers in columns of numbers: there may be a million customers. */
class Ledger {
  readonly #places = new Map<string, number>()
  #last = new Float64Array(1024)
  #frequency = new Float64Array(1024)
  #monetary = new Float64Array(1024)
  /** The sizes of all payments and refunds, which tell how exact their sum is. */
  #gross = new Float64Array(1024)

  /** The place of a customer, a new one for a name not seen before. */
  place(name: string): number {
    const known = this.#places.get(name)
    if (known !== undefined) return known
    const place = this.#places.size
    if (place >= MOST_CUSTOMERS)
      throw new UsageError(
        `there are more than ${MOST_CUSTOMERS.toLocaleString('en')} different customers; cut the file by customers`,
      )
    if (place === this.#last.length) {
      this.#last = doubled(this.#last)
      this.#frequency = doubled(this.#frequency)
      this.#monetary = doubled(this.#monetary)
      this.#gross = doubled(this.#gross)
    }
    this.#last[place] = Number.NEGATIVE_INFINITY
    this.#places.set(name, place)
    return place
  }

  pay(place: number, money: number): void {
    this.#monetary[place]! += money
    this.#gross[place]! += Math.abs(money)
  }

  come(place: number, day: number): void {
    this.#last[place] = Math.max(this.#last[place]!, day)
  }

  order(place: number): void {
    this.#frequency[place]!++
  }

  /** Customers seen, and of those with a purchase last day, purchases and money, in the order they came. */
  purchases() {
    const all = this.#places.size
    const kept = Uint32Array.from({ length: all }, (_, i) => i).filter((i) => this.#frequency[i]! > 0)
    const column = (values: Float64Array) => atRows(values, kept)
    return {
      all,
      kept,
      last: column(this.#last),
      frequency: column(this.#frequency),
      // 0.7 + 0.1 is worth what 0.8 is, and equal values share a score.
      monetary: column(this.#monetary.map((sum, i) => withoutRoundingNoise(sum, this.#gross[i]!))),
    }
  }

  /** The names of some places. */
  names(places: ReadonlySet<number>): Map<number, string> {
    const found = new Map<number, string>()
    for (const [name, place] of this.#places) if (places.has(place)) found.set(place, name)
    return found
  }
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length)
  larger.set(column)
  return larger
}

/** Orders seen so far. An order belongs to the customer it was first seen with; the same name at another customer
 * (a line number, say) is another order.
 */
class Orders {
  readonly #owners = new Map<string, number>()
  readonly #others = new Set<string>()

  isNew(order: string, customer: number): boolean {
    const owner = this.#owners.get(order)
    if (owner === undefined) {
      if (this.#owners.size >= MOST_CUSTOMERS)
        throw new UsageError(
          `there are more than ${MOST_CUSTOMERS.toLocaleString('en')} different orders; leave --order out where each row is an order`,
        )
      this.#owners.set(order, customer)
      return true
    }
    if (owner === customer) return false
    const key = `${customer} ${order}`
    if (this.#others.has(key)) return false
    this.#others.add(key)
    return true
  }
}

/** Scores the customers of a file of transactions. Rows below zero are refunds: they count for money alone.
 * @param top customers listed at most
 */
export async function readRfm(
  { csv, options }: Input,
  top: number,
): Promise<{ rows: number; used: number; counts: CellCounts; rfm: Rfm }> {
  const customer = options.column('customer')
  const date = options.column('date')
  const amount = options.column('amount')
  const order = options.columnIfGiven('order')
  const dates = options.choice('date-format', ['ymd', 'dmy', 'mdy'], 'ymd')
  const asked = options.has('as-of') ? parseDate(options.text('as-of')!) : undefined
  if (options.has('as-of') && !asked) throw new UsageError('--as-of takes a date as 2026-01-31')
  const limit = asked ? dayNumber(asked) : Number.POSITIVE_INFINITY
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const ledger = new Ledger()
  const orders = new Orders()
  let latest = Number.NEGATIVE_INFINITY
  let used = 0
  const rows = await csv.eachRow((cells) => {
    if (isBlank(cells[customer]!)) return counts.add('customer blank')
    const name = cells[customer]!.trim()
    const when = parseDate(cells[date]!, dates)
    if (!when) return counts.add(isBlank(cells[date]!) ? 'date blank' : 'date not understood')
    const money = counts.number(cells, amount, 'amount')
    if (Number.isNaN(money)) return
    const day = dayNumber(when)
    if (day > limit) return counts.add('after the day of reckoning')
    used++
    latest = Math.max(latest, day)
    const own = ledger.place(name)
    ledger.pay(own, money)
    if (money < 0) return
    ledger.come(own, day)
    if (order === undefined || isBlank(cells[order]!) || orders.isNew(cells[order]!.trim(), own))
      ledger.order(own)
  })
  const end = asked ? limit : latest
  return { rows, used, counts, rfm: scored(ledger, end, top) }
}

function scored(ledger: Ledger, end: number, top: number): Rfm {
  const { all, kept, last, frequency, monetary } = ledger.purchases()
  const n = kept.length
  const scores = [last, frequency, monetary].map(quintileScores) as [Uint8Array, Uint8Array, Uint8Array]
  const byMonetary = DIGITS.map((score) => ({ score, customers: 0, revenue: 0 }))
  const grid = DIGITS.map(() => DIGITS.map(() => 0))
  let once = 0
  let revenue = 0
  for (let i = 0; i < n; i++) {
    const own = byMonetary[scores[2][i]! - 1]!
    own.customers++
    own.revenue += monetary[i]!
    revenue += monetary[i]!
    grid[scores[0][i]! - 1]![scores[1][i]! - 1]!++
    if (frequency[i] === 1) once++
  }
  const listed = best(n, top, scores, monetary)
  const names = ledger.names(new Set(Array.from(listed, (i) => kept[i]!)))
  const customers = Array.from(listed, (i): RfmCustomer => {
    const [recencyScore, frequencyScore, monetaryScore] = scores.map((column) => column[i]!) as [
      number,
      number,
      number,
    ]
    return {
      customer: names.get(kept[i]!)!,
      recencyDays: end - last[i]!,
      frequency: frequency[i]!,
      monetary: monetary[i]!,
      recencyScore,
      frequencyScore,
      monetaryScore,
      rfm: `${recencyScore}${frequencyScore}${monetaryScore}`,
    }
  })
  return {
    asOf: Number.isFinite(end) ? new Date(end * 86_400_000).toISOString().slice(0, 10) : '',
    n,
    once,
    customers,
    withoutPurchase: all - n,
    revenue,
    byMonetary,
    grid,
  }
}

const DIGITS = [1, 2, 3, 4, 5]

/** The first `top` customers in the order of the file when all fit, else the best ones. */
function best(n: number, top: number, scores: readonly Uint8Array[], monetary: Float64Array): Uint32Array {
  const all = Uint32Array.from({ length: n }, (_, i) => i)
  if (n <= top) return all
  const worth = Uint8Array.from(all, (i) => scores.reduce((sum, column) => sum + column[i]!, 0))
  return all.sort((a, b) => worth[b]! - worth[a]! || monetary[b]! - monetary[a]!).slice(0, top)
}
