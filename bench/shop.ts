// For: a shop to measure with: orders of four events each, a customer each, a survey of one page.
// In: numbers. Out: its program, its events as a sender would send them, its invitations, a browser's form.
import { stableId } from '../src/base/ids.ts'
import { idOf } from '../src/events/apply.ts'
import type { Database } from '../src/storage/postgres.ts'

const step = (name: string, fields: string) => `
  order.${name}:
    about: order
    map:
      contact: { key: data.customer.id, name: data.customer.name, email: data.customer.email, language: data.customer.language, fields: { state: data.customer.state } }
      unit: data.shop
      transaction: { key: data.order.id, fields: { ${fields} } }`

const program = `
samklang: 1
workspace: { name: Bench, languages: [en, sv], timeZone: Europe/Stockholm }
contacts: { fields: { state: { type: category } } }
units:
  levels: [country, shop]
  list:
    - { key: se, level: country, name: Sweden }
    - { key: malmo, level: shop, name: Malmö, parent: se }
    - { key: lund, level: shop, name: Lund, parent: se }
transactions:
  order:
    fields:
      price: { type: number, unit: SEK }
      items: { type: number }
      carrier: { type: category }
      promisedAt: { type: time }
      deliveredAt: { type: time }
      outcome: { type: category }
events:${step('placed', 'price: data.order.price, items: data.order.items, promisedAt: data.order.promisedAt')}${step('paid', 'price: data.order.price')}${step('shipped', 'carrier: data.order.carrier')}${step('delivered', 'deliveredAt: data.order.deliveredAt, outcome: data.order.outcome')}
touchpoints: { delivery: { name: Delivery } }
surveys:
  delivery:
    name: { en: After delivery, sv: Efter leverans }
    touchpoint: delivery
    kind: transactional
    intro: { en: Two minutes of your time help us do better., sv: Två minuter av din tid hjälper oss att bli bättre. }
    questions:
      - { id: recommend, kind: nps }
      - { id: satisfaction, kind: csat }
      - { id: parcel, kind: choice, text: How was the parcel?, choices: [{ value: whole, text: Whole }, { value: broken, text: Broken }] }
      - { id: why, kind: text, text: What could we do better?, maxLength: 2000 }
metrics:
  csat: { kind: csat, questions: [delivery.satisfaction] }
  nps: { kind: nps, questions: [delivery.recommend] }
triggers:
  delivered: { survey: delivery, on: { event: order.delivered }, delay: P1D }
recovery:
  rules:
    - { id: unhappy, when: has(answers.satisfaction) && answers.satisfaction <= 2.0 }
`
export const files = [{ path: 'bench.yaml', text: program }]

const steps = ['placed', 'paid', 'shipped', 'delivered']
const start = Date.UTC(2026, 0, 1)

/** Events of orders of a round, order by order: each one's customer is new, as are its four events. */
export function eventsOf(round: string, count: number): object[] {
  return Array.from({ length: count }, (_, index) => {
    const number = Math.floor(index / 4)
    const key = `${round}-${number}`
    const name = steps[index % 4]!
    const at = (days: number) => new Date(start + number * 1000 + days * 86_400_000).toISOString()
    const order = {
      placed: { price: 100 + (number % 900), items: 1 + (number % 5), promisedAt: at(6) },
      paid: { price: 100 + (number % 900) },
      shipped: { carrier: number % 3 ? 'post' : 'bike' },
      delivered: { deliveredAt: at(3 + (number % 5)), outcome: number % 5 < 4 ? 'on time' : 'late' },
    }[name]
    return {
      specversion: '1.0',
      id: `${key}-${name}`,
      source: 'https://shop.example/orders',
      type: `order.${name}`,
      time: at(index % 4),
      datacontenttype: 'application/json',
      data: {
        customer: {
          id: `c-${key}`,
          name: `Kim Andersson ${number}`,
          email: `kim.${key}@example.org`,
          language: number % 2 ? 'en' : 'sv',
          state: number % 7 ? 'Skåne' : 'Halland',
        },
        shop: number % 2 ? 'malmo' : 'lund',
        order: { id: `o-${key}`, ...order },
      },
    }
  })
}

/** Sent invitations with their O-data frozen, as the sending of invitations leaves them. @returns their tokens */
export async function invite(
  database: Database,
  workspaceId: string,
  version: string,
  round: string,
  count: number,
): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, number) => {
    const key = `${round}-${number}`
    return {
      invitation: stableId(workspaceId, 'invitation', key),
      contact: idOf.contact(workspaceId, `c-${key}`),
      transaction: idOf.transaction(workspaceId, 'order', `o-${key}`),
      token: `${round}_${String(number).padStart(21 - round.length, '0')}`,
      frozen: {
        at: new Date(start).toISOString(),
        contact: { key: `c-${key}`, language: 'en', fields: { state: 'Skåne' } },
        transaction: {
          type: 'order',
          key: `o-${key}`,
          fields: { price: 100 + number, items: 2, carrier: 'post', outcome: 'on time' },
        },
        unit: { key: 'malmo', level: 'shop', name: 'Malmö', path: ['se', 'malmo'] },
      },
    }
  })
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(
      `insert into invitations (workspace_id, invitation_id, decision_id, token, contact_id, transaction_id, unit_key,
         trigger, survey, touchpoint, language, state, due_at, sent_at, frozen, version)
       select $1, r.invitation, r.invitation, r.token, r.contact, r.transaction, 'malmo', 'delivered', 'delivery',
         'delivery', 'en', 'sent', $3, $3, r.frozen, $4
       from json_to_recordset($2::json) as r(invitation uuid, contact uuid, transaction uuid, token text, frozen jsonb)`,
      [workspaceId, JSON.stringify(rows), new Date(start), version],
    ),
  )
  return rows.map((row) => row.token)
}

/** Asks people of a filled workspace anew about what they were asked about before: each once, while there are others.
 * @returns the invitations' tokens
 */
export async function inviteAgain(
  database: Database,
  workspaceId: string,
  round: string,
  count: number,
  at: Date,
): Promise<string[]> {
  const rows = await database.inWorkspace(workspaceId, (tx) =>
    tx.query(
      `with before as (
         select i.*, row_number() over (partition by contact_id order by due_at desc) as turn from invitations i
         where state = 'sent' and survey = 'delivery'),
       chosen as (select *, row_number() over (order by turn, invitation_id) as number from before limit $3)
       insert into invitations (workspace_id, invitation_id, decision_id, token, contact_id, transaction_id, account_id,
         unit_key, employee_key, trigger, survey, touchpoint, language, state, due_at, sent_at, frozen, version)
       select workspace_id, md5($2 || invitation_id)::uuid, md5($2 || invitation_id)::uuid,
         $2 || '_' || lpad(number::text, 21 - length($2), '0'), contact_id, transaction_id, account_id,
         unit_key, employee_key, trigger, survey, touchpoint, language, 'sent', $1, $1, frozen, version
       from chosen order by number returning token`,
      [at, round, count],
    ),
  )
  if (rows.length < count) throw new Error(`${count} were to be asked, there are ${rows.length}`)
  return rows.map((row) => row.token as string)
}

/** The survey's form as a browser sends it. */
export const formOf = (number: number) =>
  new URLSearchParams([
    ['asked', 'recommend satisfaction parcel why'],
    ['q.recommend', String(number % 11)],
    ['q.satisfaction', String(1 + (number % 5))],
    ['q.parcel', number % 9 ? 'whole' : 'broken'],
    ['q.why', number % 3 ? '' : 'It came a day late, but the driver called and was very kind about it.'],
    ['go', 'next'],
  ]).toString()
