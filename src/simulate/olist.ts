// For: real orders and real reviews (the public Olist data set, see programs/olist) as inputs of a replay.
// In: the folder of CSV files.
// Out: each order's purchase, approval, shipping and delivery as events, each review as an answer, in their order.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { AnswerInput, EventInput, Input } from './input.ts'
import type { Source } from './replay.ts'

type Table = Array<Record<string, string>>

const files = {
  orders: 'olist_orders_dataset.csv',
  items: 'olist_order_items_dataset.csv',
  reviews: 'olist_order_reviews_dataset.csv',
  customers: 'olist_customers_dataset.csv',
  products: 'olist_products_dataset.csv',
  categories: 'product_category_name_translation.csv',
  sellers: 'olist_sellers_dataset.csv',
  payments: 'olist_order_payments_dataset.csv',
}

/** Event types of programs/olist: the column that says when, and what the order's status is from then on. The files
 * hold its last status alone; given with the purchase, that would be knowledge from the future. */
const steps = [
  ['order.purchased', 'order_purchase_timestamp', 'created'],
  ['order.approved', 'order_approved_at', 'approved'],
  ['order.shipped', 'order_delivered_carrier_date', 'shipped'],
  ['order.delivered', 'order_delivered_customer_date', 'delivered'],
] as const

/** The folder as something to replay. @throws as readOlist */
export async function olistSource(folder: string): Promise<Source> {
  const inputs = await readOlist(folder)
  const last = inputs.at(-1)?.at.toISOString() ?? ''
  return {
    name: 'olist',
    fingerprint: `olist ${inputs.length} ${last}`,
    inputs: () => inputs,
    count: inputs.length,
  }
}

/** All inputs, in the order of their time.
 * @param folder with the eight CSV files
 * @throws Error naming the file that is missing, or the order a review is about that is not there
 */
export async function readOlist(folder: string): Promise<Input[]> {
  const read = async (name: string): Promise<Table> =>
    parse(await readFile(join(folder, name)), { columns: true, bom: true })
  const tables = Object.fromEntries(
    await Promise.all(Object.entries(files).map(async ([name, file]) => [name, await read(file)])),
  ) as Record<keyof typeof files, Table>

  const customers = by(tables.customers, 'customer_id')
  const facts = orderFacts(tables)
  const personOf = new Map<string, string>()
  const inputs: Input[] = []
  for (const order of tables.orders) {
    const key = order.order_id as string
    const customer = required(customers.get(order.customer_id as string), `customer of order ${key}`)
    const person = customer.customer_unique_id as string
    personOf.set(key, person)
    inputs.push(...orderEvents(order, customer, facts(key)))
  }
  for (const review of tables.reviews) {
    const person = required(
      personOf.get(review.order_id as string),
      `order of review ${review.review_id as string}`,
    )
    inputs.push(reviewAnswer(review, person))
  }
  return inputs.sort((one, other) => one.at.getTime() - other.at.getTime())
}

function orderEvents(
  order: Record<string, string>,
  customer: Record<string, string>,
  facts: Record<string, unknown>,
): EventInput[] {
  const key = order.order_id as string
  const person = customer.customer_unique_id as string
  return steps.flatMap(([type, column, status]) => {
    const at = time(order[column])
    if (at === undefined) return []
    const data =
      type === 'order.purchased'
        ? {
            order: {
              id: key,
              status,
              promisedAt: time(order.order_estimated_delivery_date)?.toISOString(),
              ...facts,
            },
            customer: {
              key: person,
              email: `${person}@customers.olist.invalid`,
              city: customer.customer_city,
              state: customer.customer_state,
            },
          }
        : { order: { id: key, status }, customer: { key: person } }
    return [
      {
        kind: 'event',
        at,
        person,
        event: {
          specversion: '1.0',
          id: `${key}/${type}`,
          source: 'olist/orders',
          type,
          time: at.toISOString(),
          data,
        },
      },
    ]
  })
}

function reviewAnswer(review: Record<string, string>, person: string): AnswerInput {
  const order = review.order_id as string
  return {
    kind: 'answer',
    at: required(time(review.review_answer_timestamp), `time of review ${review.review_id as string}`),
    person,
    survey: 'delivery',
    transaction: { type: 'order', key: order },
    answers: {
      satisfaction: Number(review.review_score),
      ...(review.review_comment_title ? { title: review.review_comment_title } : {}),
      ...(review.review_comment_message ? { comment: review.review_comment_message } : {}),
    },
    otherwise: {
      source: 'olist/reviews',
      externalId: `${review.review_id as string}:${order}`,
      contactKey: person,
      language: 'en',
    },
  }
}

/** What is known of an order from its items and payments: sums, and category and seller of the dearest item. */
function orderFacts(tables: Record<keyof typeof files, Table>) {
  const products = by(tables.products, 'product_id')
  const sellers = by(tables.sellers, 'seller_id')
  const english = new Map(
    tables.categories.map((row) => [row.product_category_name, row.product_category_name_english]),
  )
  const items = groups(tables.items, 'order_id')
  const payments = groups(tables.payments, 'order_id')
  return (order: string): Record<string, unknown> => {
    const bought = [...(items.get(order) ?? [])].sort(
      (one, other) =>
        Number(other.price) - Number(one.price) || Number(one.order_item_id) - Number(other.order_item_id),
    )
    const paid = [...(payments.get(order) ?? [])].sort(
      (one, other) => Number(other.payment_value) - Number(one.payment_value),
    )
    const main = bought[0]
    const named = main && products.get(main.product_id as string)?.product_category_name
    const way = paid[0]
    return {
      ...(main
        ? {
            items: bought.length,
            price: cents(bought, 'price'),
            freight: cents(bought, 'freight_value'),
            sellerState: sellers.get(main.seller_id as string)?.seller_state,
          }
        : {}),
      ...(named ? { category: english.get(named) ?? named } : {}),
      ...(way
        ? {
            paymentType: way.payment_type,
            instalments: Math.max(...paid.map((each) => Number(each.payment_installments))),
          }
        : {}),
    }
  }
}

const cents = (rows: Table, column: string) =>
  rows.reduce((sum, row) => sum + Math.round(Number(row[column]) * 100), 0) / 100

const by = (table: Table, column: string) => new Map(table.map((row) => [row[column] as string, row]))

function groups(table: Table, column: string): Map<string, Table> {
  const found = new Map<string, Table>()
  for (const row of table) {
    const key = row[column] as string
    const group = found.get(key)
    if (group) group.push(row)
    else found.set(key, [row])
  }
  return found
}

/** `2017-07-09 21:57:05`; the files name no zone, so it is taken as UTC. */
const time = (text: string | undefined) =>
  text === undefined || text === '' ? undefined : new Date(`${text.replace(' ', 'T')}Z`)

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the data has no ${what}`)
  return value
}
