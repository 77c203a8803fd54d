import { type Scope, scopes } from '../../src/base/principal.ts'
import { openCases } from '../../src/cases/open.ts'
import { placeMember } from '../../src/people/members.ts'
import { shopProgram } from '../program.ts'
import { ask, type TestServer } from '../server.ts'

/** The shops, with companies as customers and a whole recovery policy. */
export const deskProgram = shopProgram
  .replace(
    /employees:[\s\S]*?transactions:/,
    `employees:
  - { key: karin, name: Karin, email: karin@example.se, unit: malmo, role: manager }
  - { key: sven, name: Sven, email: sven@example.se, unit: se, role: manager }
  - { key: ola, name: Ola, email: ola@example.no, unit: 'no', role: manager }
  - { key: anna, name: Anna, email: anna@example.se, unit: malmo, functions: [agent] }
  - { key: bo, name: Bo, email: bo@example.se, unit: malmo, functions: [agent] }
  - { key: parcels, name: Pia, email: pia@example.se, unit: se, functions: [productOwner] }
accounts:
  fields: { class: { type: category, values: [A, B] } }
transactions:`,
  )
  .replace(
    'unit: data.shop',
    `account: { key: data.company, name: data.company, fields: { class: data.class } }
      unit: data.shop`,
  )
  .replace('email: data.email', 'email: data.email, phone: data.phone')
  .replace(
    'metrics:',
    `  solved:
    name: { en: Solved?, sv: Löst? }
    touchpoint: delivery
    kind: transactional
    questions:
      - { id: solved, kind: choice, text: Did we solve it?, choices: [{ value: 'yes', text: Yes }, { value: 'no', text: No }] }
metrics:`,
  )
  .replace(
    /recovery:[\s\S]*/,
    `recovery:
  openWithin: P100Y
  rules:
    - id: expensive
      reason: unhappy
      label: { en: Expensive and unhappy, sv: Dyrt och missnöjd }
      when: 'has(order.price) && order.price > 5000.0 && answers.satisfaction <= 3.0'
      firstContact: PT4H
      template: sorry
    - { id: unhappy, when: answers.satisfaction <= 2.0, template: sorry }
  targets: [{ share: contactedInTime, atLeast: 95, label: { en: In time, sv: I tid } }]
  templates:
    sorry:
      name: { en: Sorry, sv: Förlåt }
      subject: { en: 'Your order, {{customer.name}}', sv: 'Din beställning, {{customer.name}}' }
      body: { en: "Hello {{customer.name}} of {{account.name}},\\n\\nwhat went wrong in {{unit.name}} with {{order.key | it}} ({{customer.email}}, {{customer.phone | no number}}, {{account.key}})? {{owner.name}}", sv: 'Hej {{customer.name}}.' }
  causes:
    - { id: logistics, name: { en: Logistics, sv: Logistik } }
    - { id: carrier, name: { en: Carrier, sv: Transportör }, parent: logistics }
  followUp: { survey: solved, after: PT0S }
  actions: [{ id: refunded, name: { en: Refunded, sv: Ersatte } }]
themes:
  - { id: delivery, name: Delivery }
  - { id: late, name: Late, parent: delivery }
`,
  )

export const answered = '2026-03-03T08:00:00.000Z'

/** An order delivered to somebody of a company. */
export function deliveredTo(
  order: string,
  customer: string,
  shop: string,
  more: Record<string, unknown> = {},
) {
  return {
    specversion: '1.0',
    id: `delivered-${order}`,
    source: 'shop',
    type: 'order.delivered',
    time: '2026-03-02T10:00:00Z',
    data: {
      customer,
      name: `Name ${customer}`,
      email: `${customer}@example.se`,
      state: 'Skåne',
      shop,
      order,
      price: 100,
      outcome: 'on time',
      company: 'Acme',
      class: 'A',
      ...more,
    },
  }
}

/** A workspace with that program, and what tests do with it. */
export async function openDesk(server: TestServer, name: string) {
  const { workspaceId, slug, key } = await server.workspace(name)
  await server.parts.programs.push(workspaceId, [{ path: 'desk.yaml', text: deskProgram }])
  const { database, clock } = server.parts
  return {
    workspaceId,
    slug,
    key,
    keyOf: (granted: readonly Scope[] = scopes, unit?: string) => server.key(workspaceId, granted, unit),
    /** Headers of a member who has signed in. */
    async member(email: string, place: Parameters<typeof placeMember>[4]) {
      await placeMember(database, clock, workspaceId, { email, name: email.split('@')[0] as string }, place)
      return { ...(await server.signIn(email)), 'samklang-workspace': slug }
    },
    /** Hands in an unhappy answer about an order and opens its case, as was done when it was given. */
    async unhappy(order: string, customer: string, shop: string, more: Record<string, unknown> = {}) {
      const { satisfaction = 1, why = 'It was late.', ...event } = more
      await ask(server, key, 'POST', '/v1/events', [deliveredTo(order, customer, shop, event)])
      const handedIn = {
        source: 'test',
        externalId: order,
        survey: 'delivery',
        contactKey: customer,
        transaction: { type: 'order', key: order },
        answers: { satisfaction, why },
        answeredAt: answered,
      }
      const result = await ask(server, key, 'POST', '/v1/responses', [handedIn])
      const { responseId } = result.json().receipts[0] as { responseId: string }
      const then = { now: () => clock.now(), at: (due: Date) => due }
      await openCases({ ...server.parts, clock: then }, workspaceId, [responseId])
      const [found] = await database.inWorkspace(workspaceId, (tx) =>
        tx.query<{ id: string }>('select case_id as id from cases where response_id = $1', [responseId]),
      )
      return { caseId: found?.id as string, responseId }
    },
  }
}
