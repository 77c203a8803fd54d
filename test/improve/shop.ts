import { delivered, shopFiles } from '../program.ts'
import { ask, type TestServer } from '../server.ts'

const outer = `
samklang: 1
themes:
  - { id: service, name: { en: Service, sv: Service } }
  - { id: parcel, name: { en: Parcel, sv: Paket }, parent: service }
outreach: { consent: "!has(customer.state) || customer.state != 'Blekinge'", apart: P7D }
quarantine: { betweenMails: PT24H }
promoters:
  rules:
    - { id: reference, when: answers.satisfaction == 5 && answers.why == 'name me', do: reference, template: name }
    - { id: refer, when: answers.satisfaction == 5 && answers.why == 'friends', do: referral, template: refer, url: "https://shops.example/new" }
    - { id: review, when: answers.satisfaction == 5 && answers.why == 'write', do: review, template: refer, url: "https://reviews.example/shops" }
    - { id: thank, when: answers.satisfaction == 5, do: thanks, template: thanks }
    - { id: more, when: answers.satisfaction == 5 && has(order.price) && order.price > 1000, do: upsell }
  templates:
    thanks:
      subject: { en: "Thank you, {{customer.name}}", sv: "Tack, {{customer.name}}" }
      body: { en: "We are glad in {{unit.name}}.", sv: "Vi är glada i {{unit.name}}." }
    name: { subject: { en: May we?, sv: Får vi? }, body: { en: Please., sv: Snälla. } }
    refer: { subject: { en: Pass it on, sv: Skicka vidare }, body: { en: If you like., sv: Om du vill. } }
`

/** A workspace of shops with what the outer loop needs. */
export async function openShops(server: TestServer, name: string) {
  const shops = await server.workspace(name)
  await server.parts.programs.push(shops.workspaceId, [...shopFiles, { path: 'outer.yaml', text: outer }])
  return {
    ...shops,
    /** Hands in an answer to the order's delivery, and gives its response's id. */
    async answer(
      order: string,
      satisfaction: number,
      more: Record<string, unknown> = {},
      answeredAt?: string,
    ) {
      const handedIn = {
        ...{ source: 'test', externalId: order, survey: 'delivery', contactKey: `customer-${order}` },
        transaction: { type: 'order', key: order },
        answers: { satisfaction, ...more },
        answeredAt: answeredAt ?? new Date(Date.now() - 3_600_000).toISOString(),
      }
      const result = await ask(server, shops.key, 'POST', '/v1/responses', [handedIn])
      return result.json().receipts[0].responseId as string
    },
    async deliver(...orders: Array<[order: string, shop: string, more?: Record<string, unknown>]>) {
      const events = orders.map(([order, shop, more]) => delivered(order, shop, more))
      await ask(server, shops.key, 'POST', '/v1/events', events)
    },
    sql: <R>(text: string, values: unknown[] = []) =>
      server.parts.database.inWorkspace(shops.workspaceId, (tx) =>
        tx.query<R & Record<string, unknown>>(text, values),
      ),
    call: (method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown) =>
      ask(server, shops.key, method, url, body),
  }
}
export type Shops = Awaited<ReturnType<typeof openShops>>
