import type { Contact, Happening } from './company.ts'
import type { SourceEvent } from './input.ts'

/** The CloudEvents that the company's systems would send about a happening; programs/demo says how they are read. */
export function simulatedEvents(happening: Happening): SourceEvent[] {
  const { key, contact, employee } = happening
  const about = {
    customer: person(contact),
    account: business(contact),
    team: contact.account.team.key,
    ...(employee ? { technician: employee } : {}),
  }
  const event = (source: string, type: string, time: Date, data: Record<string, unknown>): SourceEvent => ({
    specversion: '1.0',
    id: `${key}/${type}`,
    source,
    type,
    time: time.toISOString(),
    data: { ...about, ...data },
  })
  switch (happening.what) {
    case 'visit':
      return [
        event('demo/field-service', 'visit.booked', happening.bookedAt, {
          visit: {
            id: key,
            kind: happening.kind,
            bookedAt: happening.bookedAt.toISOString(),
            plannedAt: happening.plannedAt.toISOString(),
          },
        }),
        event('demo/field-service', 'visit.done', happening.doneAt, {
          visit: {
            id: key,
            doneAt: happening.doneAt.toISOString(),
            minutes: happening.minutes,
            minutesLate: happening.minutesLate,
            rightFirstTime: happening.rightFirstTime,
            told: happening.told,
            price: happening.price,
          },
        }),
      ]
    case 'order':
      return [
        event('demo/webshop', 'order.placed', happening.placedAt, {
          order: {
            id: key,
            category: happening.category,
            placedAt: happening.placedAt.toISOString(),
            promisedAt: happening.promisedAt.toISOString(),
            items: happening.items,
            price: happening.price,
          },
        }),
        event('demo/webshop', 'order.delivered', happening.deliveredAt, {
          order: {
            id: key,
            deliveredAt: happening.deliveredAt.toISOString(),
            partMissing: happening.partMissing,
            told: happening.told,
          },
        }),
      ]
    case 'support':
      return [
        event('demo/helpdesk', 'case.opened', happening.openedAt, {
          case: {
            id: key,
            topic: happening.topic,
            channel: happening.channel,
            openedAt: happening.openedAt.toISOString(),
          },
        }),
        event('demo/helpdesk', 'case.closed', happening.closedAt, {
          case: {
            id: key,
            closedAt: happening.closedAt.toISOString(),
            handovers: happening.handovers,
            reopened: happening.reopened,
          },
        }),
      ]
    case 'contract':
      return [
        event('demo/crm', 'contract.signed', happening.signedAt, {
          contract: {
            id: key,
            plan: happening.plan,
            signedAt: happening.signedAt.toISOString(),
            renewsAt: happening.renewsAt.toISOString(),
            valueAYear: happening.valueAYear,
          },
        }),
      ]
  }
}

const person = ({ key, name, email, phone, role, account }: Contact) => ({
  id: key,
  name,
  email,
  phone,
  role,
  language: account.team.tongue,
})

const business = ({ account }: Contact) => ({
  id: account.key,
  name: account.name,
  industry: account.industry,
  tier: account.tier,
})
