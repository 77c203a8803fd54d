import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Share of fours and fives in percent, with the answers it is of. */
export interface Counted {
  n: number
  csat: number
}

export interface OlistFigures {
  orders: number
  people: number
  events: number
  reviews: number
  mean: number
  comments: number
  /** Reviews of one or two stars, and how many people wrote them. */
  unhappy: { reviews: number; people: number }
  all: Counted
  outcome: Record<'onTime' | 'late' | 'notDelivered', Counted>
  state: Record<string, Counted>
}

/** The figures a replay must give, counted straight from the CSV files. It shares no code with the product:
 * a fault in reading or joining there must not be repeated here. */
export function countOlist(folder: string): OlistFigures {
  const read = (name: string) => rows(readFileSync(join(folder, name), 'utf8'))
  const orders = read('olist_orders_dataset.csv')
  const customers = new Map(read('olist_customers_dataset.csv').map((row) => [row.customer_id, row]))
  const reviews = read('olist_order_reviews_dataset.csv')
  const orderOf = new Map(orders.map((row) => [row.order_id, row]))

  const tally = new Map<string, { n: number; good: number }>()
  const count = (name: string, score: number) => {
    const cell = tally.get(name) ?? { n: 0, good: 0 }
    tally.set(name, { n: cell.n + 1, good: cell.good + (score >= 4 ? 1 : 0) })
  }
  let sum = 0
  let comments = 0
  const states = new Set<string>()
  const unhappy: string[] = []
  for (const review of reviews) {
    const score = Number(review.review_score)
    const order = orderOf.get(review.order_id)
    const state = customers.get(order?.customer_id ?? '')?.customer_state ?? ''
    const delivered = order?.order_delivered_customer_date ?? ''
    const promised = order?.order_estimated_delivery_date ?? ''
    sum += score
    if (review.review_comment_message !== '') comments++
    states.add(state)
    if (score <= 2) unhappy.push(customers.get(order?.customer_id ?? '')?.customer_unique_id ?? '')
    count('all', score)
    count(`state ${state}`, score)
    // Dates of this form are in order when their text is.
    count(delivered === '' ? 'notDelivered' : delivered <= promised ? 'onTime' : 'late', score)
  }
  const share = (name: string): Counted => {
    const { n, good } = tally.get(name) ?? { n: 0, good: 0 }
    return { n, csat: (100 * good) / n }
  }
  const moments = [
    'order_purchase_timestamp',
    'order_approved_at',
    'order_delivered_carrier_date',
    'order_delivered_customer_date',
  ]
  return {
    orders: orders.length,
    people: new Set(orders.map((order) => customers.get(order.customer_id)?.customer_unique_id)).size,
    events: orders.reduce((total, row) => total + moments.filter((name) => row[name] !== '').length, 0),
    reviews: reviews.length,
    mean: sum / reviews.length,
    comments,
    unhappy: { reviews: unhappy.length, people: new Set(unhappy).size },
    all: share('all'),
    outcome: { onTime: share('onTime'), late: share('late'), notDelivered: share('notDelivered') },
    state: Object.fromEntries([...states].sort().map((state) => [state, share(`state ${state}`)])),
  }
}

/** RFC 4180: fields may be quoted, and quoted ones hold commas, line breaks and doubled quotes. */
function rows(text: string): Array<Record<string, string>> {
  const table: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  const bare = text.replace(/^\uFEFF/, '')
  for (let place = 0; place < bare.length; place++) {
    const sign = bare[place] as string
    if (quoted) {
      if (sign !== '"') field += sign
      else if (bare[place + 1] === '"') {
        field += '"'
        place++
      } else quoted = false
    } else if (sign === '"') quoted = true
    else if (sign === ',') {
      row.push(field)
      field = ''
    } else if (sign === '\n') {
      table.push([...row, field.replace(/\r$/, '')])
      row = []
      field = ''
    } else field += sign
  }
  if (field !== '' || row.length > 0) table.push([...row, field])
  const [names = [], ...rest] = table
  return rest.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])))
}
