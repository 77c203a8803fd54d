/** A small program with all that the HTTP tests need: two countries with shops, an event, a survey, a rule. */
export const shopProgram = `
samklang: 1
workspace: { name: Shops, languages: [en, sv], timeZone: Europe/Stockholm }
contacts:
  fields:
    state: { type: category, label: { en: State, sv: Län } }
    birth: { type: text, personal: true }
units:
  levels: [country, shop]
  list:
    - { key: se, level: country, name: Sweden }
    - { key: malmo, level: shop, name: Malmö, parent: se }
    - { key: 'no', level: country, name: Norway }
    - { key: bergen, level: shop, name: Bergen, parent: 'no' }
employees:
  - { key: karin, name: Karin, email: karin@example.se, unit: malmo, role: manager }
  - { key: sven, name: Sven, email: sven@example.se, unit: se, role: manager }
  - { key: ola, name: Ola, email: ola@example.no, unit: 'no', role: manager }
transactions:
  order: { fields: { price: { type: number, unit: SEK }, outcome: { type: category } } }
events:
  order.delivered:
    label: { en: Order delivered, sv: Order levererad }
    about: order
    map:
      contact: { key: data.customer, name: data.name, email: data.email, fields: { state: data.state, birth: data.birth } }
      unit: data.shop
      transaction: { key: data.order, fields: { price: data.price, outcome: data.outcome } }
journey: [{ id: buy, name: Buy }]
touchpoints: { delivery: { name: Delivery, step: buy } }
surveys:
  delivery:
    name: { en: After delivery, sv: Efter leverans }
    touchpoint: delivery
    kind: transactional
    questions:
      - { id: satisfaction, kind: csat }
      - { id: why, kind: text, text: What could we do better? }
      - { id: parcel, kind: choice, text: How was the parcel?, choices: [{ value: whole, text: Whole }, { value: broken, text: Broken }] }
metrics:
  csat: { kind: csat, questions: [delivery.satisfaction], target: 85 }
triggers:
  delivered: { survey: delivery, on: { event: order.delivered } }
recovery:
  rules:
    - { id: expensive, when: 'has(order.price) && order.price > 5000.0 && answers.satisfaction <= 3.0', firstContact: PT4H }
    - { id: unhappy, when: answers.satisfaction <= 2.0 }
`

export const shopFiles = [{ path: 'shops.yaml', text: shopProgram }]

/** An event of that program. */
export function delivered(order: string, shop: string, more: Record<string, unknown> = {}) {
  return {
    specversion: '1.0',
    id: `delivered-${order}`,
    source: 'shop',
    type: 'order.delivered',
    time: '2026-03-02T10:00:00Z',
    data: {
      customer: `customer-${order}`,
      name: `Customer ${order}`,
      email: `c${order}@example.se`,
      state: 'Skåne',
      shop,
      order,
      price: 100,
      outcome: 'on time',
      ...more,
    },
  }
}
