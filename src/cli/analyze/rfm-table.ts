import { rfmScores } from '../../stats/rfm.ts'
import { CellCounts, isBlank } from './cells.ts'
import { dayNumber, parseDate } from './dates.ts'
import { type Input, UsageError } from './method.ts'

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

/** Sums of customers in columns of numbers: there may be a million customers. */
class Ledger {
  readonly #places = new Map<string, number>()
  #last = new Float64Array(1024)
  #frequency = new Float64Array(1024)
  #monetary = new Float64Array(1024)

  /** The place of a customer, a new one for a name not seen before. */
  place(name: string): number {
    const known = this.#places.get(name)
    if (known !== undefined) return known
    const place = this.#places.size
    if (place === this.#last.length) {
      this.#last = doubled(this.#last)
      this.#frequency = doubled(this.#frequency)
      this.#monetary = doubled(this.#monetary)
    }
    this.#last[place] = Number.NEGATIVE_INFINITY
    this.#places.set(name, place)
    return place
  }

  pay(place: number, money: number): void {
    this.#monetary[place]! += money
  }

  come(place: number, day: number): void {
    this.#last[place] = Math.max(this.#last[place]!, day)
  }

  order(place: number): void {
    this.#frequency[place]!++
  }

  /** Customers seen, and of those with a purchase name, last day, purchases and money, in the order they came. */
  purchases() {
    const all = this.#places.size
    const kept = Uint32Array.from({ length: all }, (_, i) => i).filter((i) => this.#frequency[i]! > 0)
    const of = (column: Float64Array) => Float64Array.from(kept, (i) => column[i]!)
    const names: string[] = []
    for (const [name, place] of this.#places) if (this.#frequency[place]! > 0) names.push(name)
    return { all, names, last: of(this.#last), frequency: of(this.#frequency), monetary: of(this.#monetary) }
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
  readonly #owners = new Map<string, string>()
  readonly #others = new Set<string>()

  isNew(order: string, customer: string): boolean {
    const owner = this.#owners.get(order)
    if (owner === undefined) {
      this.#owners.set(order, customer)
      return true
    }
    if (owner === customer) return false
    const key = `${customer}\u0000${order}`
    if (this.#others.has(key)) return false
    this.#others.add(key)
    return true
  }
}

/** Scores the customers of a file of transactions. Rows below zero are refunds: they count for money alone. */
export async function readRfm({
  csv,
  options,
}: Input): Promise<{ rows: number; used: number; counts: CellCounts; rfm: Rfm }> {
  const customer = options.column('customer')
  const date = options.column('date')
  const amount = options.column('amount')
  const order = options.columnIfGiven('order')
  const dates = options.choice('date-format', ['ymd', 'dmy', 'mdy'], 'ymd')
  const asked = options.has('as-of') ? parseDate(options.text('as-of')!) : undefined
  if (options.has('as-of') && !asked) throw new UsageError('--as-of takes a date as 2026-01-31')
  const limit = asked ? dayNumber(asked) : Number.POSITIVE_INFINITY
  const counts = new CellCounts((cell) => csv.number(cell))
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
    if (order === undefined || isBlank(cells[order]!) || orders.isNew(cells[order]!.trim(), name))
      ledger.order(own)
  })
  const end = asked ? limit : latest
  return { rows, used, counts, rfm: scored(ledger, end) }
}

function scored(ledger: Ledger, end: number): Rfm {
  const { all, names, last, frequency, monetary } = ledger.purchases()
  const scores = rfmScores({ last, frequency, monetary })
  // One text for each of the 125 cells, and not one for each customer.
  const cells = new Map<number, string>()
  const customers = names.map((customer, i): RfmCustomer => {
    const { recency, frequency: often, monetary: money } = scores[i]!
    const cell = 100 * recency + 10 * often + money
    if (!cells.has(cell)) cells.set(cell, String(cell))
    return {
      customer,
      recencyDays: end - last[i]!,
      frequency: frequency[i]!,
      monetary: monetary[i]!,
      recencyScore: recency,
      frequencyScore: often,
      monetaryScore: money,
      rfm: cells.get(cell)!,
    }
  })
  const digits = [1, 2, 3, 4, 5]
  return {
    asOf: Number.isFinite(end) ? new Date(end * 86_400_000).toISOString().slice(0, 10) : '',
    customers,
    withoutPurchase: all - names.length,
    revenue: customers.reduce((sum, { monetary }) => sum + monetary, 0),
    byMonetary: digits.map((score) => {
      const own = customers.filter(({ monetaryScore }) => monetaryScore === score)
      return { score, customers: own.length, revenue: own.reduce((sum, { monetary }) => sum + monetary, 0) }
    }),
    grid: digits.map((r) =>
      digits.map(
        (f) =>
          customers.filter(({ recencyScore, frequencyScore }) => recencyScore === r && frequencyScore === f)
            .length,
      ),
    ),
  }
}
