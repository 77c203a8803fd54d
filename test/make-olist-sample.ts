// Writes test/olist-sample: a few invented orders and reviews in the form of the public Olist data set, with every
// oddity that the real files have, for machines that do not hold the real ones. Run: node test/make-olist-sample.ts
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'olist-sample')
const orderCount = 160

/** mulberry32, a small generator of numbers 0..1 that gives the same ones every time. */
function seeded(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const random = seeded(20_180_901)
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
const id = () => Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
const hour = 3_600_000
const text = (time: number) => new Date(time).toISOString().slice(0, 19).replace('T', ' ')
const cell = (value: string | number) => {
  const plain = String(value)
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

const tables = new Map<string, string[]>()
function row(table: string, cells: Record<string, string | number>) {
  const lines = tables.get(table) ?? [Object.keys(cells).join(',')]
  lines.push(Object.values(cells).map(cell).join(','))
  tables.set(table, lines)
}

const places = [
  ['SP', 'sao paulo'],
  ['SP', 'campinas'],
  ['RJ', 'rio de janeiro'],
  ['MG', 'belo horizonte'],
  ['BA', 'salvador'],
] as const
const categories = [
  ['moveis_decoracao', 'furniture_decor'],
  ['brinquedos', 'toys'],
  ['automotivo', 'auto'],
] as const
for (const [name, english] of categories) {
  row('product_category_name_translation', {
    product_category_name: name,
    product_category_name_english: english,
  })
}
const products = [...categories.map(([name]) => name), 'sem_traducao', ''].map((category) => {
  const product = id()
  row('olist_products_dataset', {
    product_id: product,
    product_category_name: category,
    product_weight_g: 100,
  })
  return product
})
const sellers = places.map(([state, city]) => {
  const seller = id()
  row('olist_sellers_dataset', {
    seller_id: seller,
    seller_zip_code_prefix: '01000',
    seller_city: city,
    seller_state: state,
  })
  return seller
})

const comments = {
  good: ['Chegou antes do prazo.', 'Produto bom, recomendo.', 'Tudo certo,\r\nobrigada!'],
  bad: ['Ainda não chegou.', 'Veio só "metade" do pedido,\ne ninguém responde.', 'Atrasou, e muito.', ' '],
}
const people = Array.from({ length: 140 }, () => ({ person: id(), place: pick(places) }))
let sharedReview = ''

for (let number = 0; number < orderCount; number++) {
  const { person, place } = number < people.length ? people[number]! : pick(people)
  const order = id()
  const customer = id()
  const purchased =
    Date.UTC(2017, 0, 1) + Math.floor(random() * 300 * 24) * hour + Math.floor(random() * hour)
  const approved = purchased + Math.floor(random() * 20 * hour)
  const promised = Math.floor((purchased + (10 + random() * 20) * 24 * hour) / (24 * hour)) * 24 * hour
  const shipped = approved + Math.floor((random() * 5 - 0.1) * 24 * hour)
  const delivered = shipped + Math.floor((1 + random() * 18) * 24 * hour)
  const fate = random()
  const isDelivered = fate < 0.65
  row('olist_orders_dataset', {
    order_id: order,
    customer_id: customer,
    order_status: isDelivered ? 'delivered' : pick(['shipped', 'canceled', 'unavailable', 'processing']),
    order_purchase_timestamp: text(purchased),
    order_approved_at: fate < 0.97 ? text(approved) : '',
    order_delivered_carrier_date: fate < 0.8 ? text(shipped) : '',
    order_delivered_customer_date: isDelivered ? text(delivered) : '',
    order_estimated_delivery_date: text(promised),
  })
  row('olist_customers_dataset', {
    customer_id: customer,
    customer_unique_id: person,
    customer_zip_code_prefix: '01000',
    customer_city: place[1],
    customer_state: place[0],
  })
  const bought = fate < 0.9 ? 1 + Math.floor(random() * 2.2) : 0
  for (let item = 1; item <= bought; item++) {
    row('olist_order_items_dataset', {
      order_id: order,
      order_item_id: item,
      product_id: pick(products),
      seller_id: pick(sellers),
      shipping_limit_date: text(approved + 96 * hour),
      price: (10 + Math.floor(random() * 20_000) / 100).toFixed(2),
      freight_value: (5 + Math.floor(random() * 3000) / 100).toFixed(2),
    })
  }
  for (let payment = 1; payment <= (random() < 0.1 ? 2 : 1); payment++) {
    row('olist_order_payments_dataset', {
      order_id: order,
      payment_sequential: payment,
      payment_type: pick(['credit_card', 'boleto', 'voucher']),
      payment_installments: 1 + Math.floor(random() * 10),
      payment_value: (20 + Math.floor(random() * 20_000) / 100).toFixed(2),
    })
  }
  // Most reviews come after the mail, some long after it, a few before anything has happened at all.
  const asked = Math.min(isDelivered ? delivered : promised, promised)
  const late = isDelivered && delivered > promised
  const mood = isDelivered ? (late ? 0.35 : 0.82) : 0.15
  const reviews = random() < 0.04 ? 2 : 1
  for (let each = 0; each < reviews; each++) {
    const wait = random() < 0.06 ? -40 : random() < 0.05 ? 60 : random() * 6
    const answered = asked + Math.floor((wait + each * 3) * 24 * hour) + 1000 * Math.floor(random() * 3600)
    const good = random() < mood
    const review = sharedReview !== '' && random() < 0.5 ? sharedReview : id()
    sharedReview = random() < 0.05 ? review : ''
    row('olist_order_reviews_dataset', {
      review_id: review,
      order_id: order,
      review_score: good ? pick([4, 5, 5]) : pick([1, 1, 2, 3]),
      review_comment_title: random() < 0.12 ? pick(['Recomendo', 'Não gostei', '"Ok"']) : '',
      review_comment_message: random() < 0.5 ? pick(good ? comments.good : comments.bad) : '',
      review_creation_date: text(Math.floor(asked / (24 * hour)) * 24 * hour),
      review_answer_timestamp: text(answered),
    })
  }
}

mkdirSync(folder, { recursive: true })
for (const [name, lines] of tables) writeFileSync(join(folder, `${name}.csv`), `${lines.join('\n')}\n`)
