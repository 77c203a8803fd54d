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

interface Sums {
  last: number
  frequency: number
  monetary: number
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
  const found = new Map<string, Sums>()
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
    let own = found.get(name)
    if (!own) {
      own = { last: Number.NEGATIVE_INFINITY, frequency: 0, monetary: 0 }
      found.set(name, own)
    }
    own.monetary += money
    if (money < 0) return
    own.last = Math.max(own.last, day)
    if (order === undefined || isBlank(cells[order]!) || orders.isNew(cells[order]!.trim(), name))
      own.frequency++
  })
  const end = asked ? limit : latest
  return { rows, used, counts, rfm: scored(found, end) }
}

function scored(found: ReadonlyMap<string, Sums>, end: number): Rfm {
  const entries = [...found].filter(([, { frequency }]) => frequency > 0)
  const scores = rfmScores({
    last: entries.map(([, { last }]) => last),
    frequency: entries.map(([, { frequency }]) => frequency),
    monetary: entries.map(([, { monetary }]) => monetary),
  })
  const customers = entries.map(([customer, { last, frequency, monetary }], i): RfmCustomer => {
    const { recency, frequency: often, monetary: money } = scores[i]!
    return {
      customer,
      recencyDays: end - last,
      frequency,
      monetary,
      recencyScore: recency,
      frequencyScore: often,
      monetaryScore: money,
      rfm: `${recency}${often}${money}`,
    }
  })
  const digits = [1, 2, 3, 4, 5]
  return {
    asOf: Number.isFinite(end) ? new Date(end * 86_400_000).toISOString().slice(0, 10) : '',
    customers,
    withoutPurchase: found.size - entries.length,
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
