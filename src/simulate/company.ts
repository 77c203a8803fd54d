// For: the customers of a simulated Nordic service company, two years of what happened to them, and how they felt.
// In: its teams (from the program's units), a seed, the time at which the two years end.
// Out: accounts, contacts, and their visits, deliveries and support cases; the same for the same seed and end.
import { asciiName, companies, names } from './nordicNames.ts'
import type { Tongue } from './phrases.ts'
import type { Random } from './random.ts'
import {
  chanceToLeave,
  type Delivery,
  feelings,
  type Relationship,
  type Support,
  truth,
  type Visit,
} from './truth.ts'

export interface Team {
  key: string
  /** Place of its market in the program's list, from 0. */
  market: number
  tongue: Tongue
  /** Keys of those who work in it. */
  employees: string[]
}

export interface Account {
  key: string
  name: string
  team: Team
  industry: string
  tier: 'basic' | 'plus' | 'premium'
}

export interface Contact {
  key: string
  name: string
  email: string
  phone: string
  role: string
  account: Account
  /** How much happier than others this person is by nature, in points. */
  nature: number
}

interface Happened {
  key: string
  contact: Contact
  employee: string | undefined
}
export interface VisitHappened extends Happened, Visit {
  what: 'visit'
  kind: string
  bookedAt: Date
  plannedAt: Date
  doneAt: Date
  minutes: number
  price: number
}
export interface OrderHappened extends Happened, Delivery {
  what: 'order'
  category: string
  placedAt: Date
  promisedAt: Date
  deliveredAt: Date
  items: number
  price: number
}
export interface SupportHappened extends Happened, Support {
  what: 'support'
  topic: string
  channel: string
  openedAt: Date
  closedAt: Date
}
export interface ContractHappened extends Happened, Relationship {
  what: 'contract'
  plan: Account['tier']
  signedAt: Date
  renewsAt: Date
}
export type Happening = VisitHappened | OrderHappened | SupportHappened | ContractHappened

export const size = { accounts: 420, contacts: 1500, visits: 2900, orders: 1200, supports: 1000, days: 730 }

const day = 24 * 3600 * 1000
const industries = ['housing', 'hotel', 'retail', 'workshop', 'school']
const roles = ['property manager', 'owner', 'caretaker', 'office manager']

/** @throws Error when there are no teams */
export function simulateCompany(teams: readonly Team[], random: Random, end: Date): Happening[] {
  const skill = new Map(teams.map((team) => [team.key, random.normal() * truth.spread.team]))
  const contacts = makeContacts(teams, random)
  const happenings: Happening[] = []
  for (let number = 1; number <= size.visits; number++) {
    happenings.push(visit(number, contacts, skill, random, end))
  }
  for (let number = 1; number <= size.orders; number++) happenings.push(order(number, contacts, random, end))
  for (let number = 1; number <= size.supports; number++)
    happenings.push(support(number, contacts, random, end))
  const visits = Map.groupBy(
    happenings.filter((each) => each.what === 'visit'),
    (each) => each.contact.account.key,
  )
  const signers = new Map(contacts.toReversed().map((contact) => [contact.account.key, contact]))
  for (const contact of signers.values()) {
    happenings.push(...contracts(contact, visits.get(contact.account.key) ?? [], random, end))
  }
  const leftAt = leaving(happenings, random)
  return happenings.filter((each) => {
    const left = leftAt.get(each.contact.account.key)
    return left === undefined || beginning(each) < left
  })
}

/** When businesses went elsewhere, by account key: some weeks after something that was felt as bad. */
function leaving(happenings: readonly Happening[], random: Random): Map<string, Date> {
  const { daysAtLeast, daysMore } = truth.leaving
  const leftAt = new Map<string, Date>()
  for (const each of happenings.toSorted(
    (one, other) => beginning(one).getTime() - beginning(other).getTime(),
  )) {
    const { key } = each.contact.account
    if (each.what === 'contract' || leftAt.has(key)) continue
    const feeling = feelingAbout(each) + each.contact.nature
    if (random.chance(chanceToLeave(feeling)))
      leftAt.set(key, later(beginning(each), daysAtLeast + random.waiting(daysMore)))
  }
  return leftAt
}

function feelingAbout(happening: Exclude<Happening, ContractHappened>): number {
  if (happening.what === 'visit') return feelings.visit(happening)
  return happening.what === 'order' ? feelings.order(happening) : feelings.support(happening)
}

function beginning(happening: Happening): Date {
  if (happening.what === 'visit') return happening.bookedAt
  if (happening.what === 'order') return happening.placedAt
  return happening.what === 'support' ? happening.openedAt : happening.signedAt
}

function makeContacts(teams: readonly Team[], random: Random): Contact[] {
  const accounts = Array.from({ length: size.accounts }, (_, number): Account => {
    const team = random.pick(teams)
    const { first, second } = companies[team.tongue]
    return {
      key: `K${1001 + number}`,
      name: `${random.pick(first)} ${random.pick(second)}`,
      team,
      industry: random.pick(industries),
      tier: random.pick(['basic', 'basic', 'plus', 'plus', 'premium']),
    }
  })
  return Array.from({ length: size.contacts }, (_, number): Contact => {
    // Every account has somebody; the rest are spread so that some have many.
    const account = accounts[number] ?? random.pick(accounts)
    const { given, family } = names[account.team.tongue]
    const name = `${random.pick(given)} ${random.pick(family)}`
    return {
      key: `P${10001 + number}`,
      name,
      email: `${asciiName(name)}.${10001 + number}@example.com`,
      phone: telephone[account.team.tongue](number),
      role: random.pick(roles),
      account,
      nature: random.normal() * truth.spread.person,
    }
  })
}

/** Numbers that nobody has: those set aside for films and books in Sweden, and such as are not given out. */
const telephone: Record<Tongue, (number: number) => string> = {
  sv: (number) => `+46 70 174 ${String(605 + (number % 95)).padStart(4, '0')}`,
  nb: (number) => `+47 000 ${String(10_000 + number)}`,
  en: (number) => `+45 00 ${String(100_000 + number)}`,
}

/** A working hour of a day chosen evenly over the two years; heating breaks down in winter. */
function someTime(random: Random, end: Date, winter = false): Date {
  for (;;) {
    const daysBefore = random.share() * size.days
    const date = new Date(Math.floor((end.getTime() - daysBefore * day) / day) * day)
    const isWinter = date.getUTCMonth() < 3 || date.getUTCMonth() > 9
    if (winter && !isWinter && random.chance(0.35)) continue
    if (date.getUTCDay() % 6 === 0 && random.chance(0.85)) continue
    return new Date(date.getTime() + Math.floor((6.5 + random.share() * 9) * 3600) * 1000)
  }
}

const later = (time: Date, days: number) => new Date(time.getTime() + Math.round(days * 86_400) * 1000)

function visit(
  number: number,
  contacts: readonly Contact[],
  skill: ReadonlyMap<string, number>,
  random: Random,
  end: Date,
): VisitHappened {
  const contact = random.pick(contacts)
  const { team } = contact.account
  const doneAt = someTime(random, end, true)
  const minutes = 40 + Math.floor(random.waiting(55))
  const minutesLate = random.chance(0.55) ? 0 : Math.floor(random.waiting(70))
  const daysWaited = 1 + Math.floor(random.waiting(9))
  const plannedAt = new Date(doneAt.getTime() - (minutes + minutesLate) * 60_000)
  const { market, daysBeforeEnd, toldBefore, toldAfter } = truth.improvement
  const improved = team.market === market && doneAt > later(end, -daysBeforeEnd)
  return {
    what: 'visit',
    key: `V${20001 + number}`,
    contact,
    employee: team.employees.length > 0 ? random.pick(team.employees) : undefined,
    kind: random.pick(['repair', 'repair', 'maintenance', 'maintenance', 'installation']),
    bookedAt: later(plannedAt, -daysWaited),
    plannedAt,
    doneAt,
    minutes,
    minutesLate,
    daysWaited,
    rightFirstTime: random.chance(
      Math.min(0.97, Math.max(0.4, 0.76 + 0.12 * (skill.get(team.key) ?? 0) * 2)),
    ),
    told: random.chance(improved ? toldAfter : toldBefore),
    price: 900 + Math.floor(random.waiting(2400)),
  }
}

function order(number: number, contacts: readonly Contact[], random: Random, end: Date): OrderHappened {
  const contact = random.pick(contacts)
  const deliveredAt = someTime(random, end)
  const daysLate = random.chance(0.72) ? -random.whole(0, 3) : 1 + Math.floor(random.waiting(3))
  const promisedAt = new Date(
    Math.floor(later(deliveredAt, -daysLate).getTime() / day) * day + 15 * 3600 * 1000,
  )
  return {
    what: 'order',
    key: `O${40001 + number}`,
    contact,
    employee: undefined,
    category: random.pick(['filters', 'spare parts', 'heat pumps', 'ventilation']),
    placedAt: later(deliveredAt, -(3 + random.waiting(6) + Math.max(0, daysLate))),
    promisedAt,
    deliveredAt,
    daysLate: Math.max(0, Math.ceil((deliveredAt.getTime() - promisedAt.getTime()) / day)),
    partMissing: random.chance(0.07),
    told: random.chance(0.5),
    items: 1 + Math.floor(random.waiting(1.6)),
    price: 250 + Math.floor(random.waiting(5200)),
  }
}

function support(number: number, contacts: readonly Contact[], random: Random, end: Date): SupportHappened {
  const contact = random.pick(contacts)
  const closedAt = someTime(random, end)
  const daysOpen = random.chance(0.5) ? random.share() * 0.2 : random.waiting(3.5)
  return {
    what: 'support',
    key: `S${60001 + number}`,
    contact,
    employee: undefined,
    topic: random.pick(['invoice', 'booking', 'fault', 'contract']),
    channel: random.pick(['phone', 'phone', 'mail', 'chat']),
    openedAt: later(closedAt, -daysOpen),
    closedAt,
    daysOpen: Math.round(daysOpen * 10) / 10,
    handovers: random.chance(0.55) ? 0 : 1 + Math.floor(random.waiting(0.8)),
    reopened: random.chance(0.14),
  }
}

/** A business renews its agreement each year; the one who signs is asked before. */
function contracts(
  contact: Contact,
  visits: readonly VisitHappened[],
  random: Random,
  end: Date,
): ContractHappened[] {
  const year = 365
  const firstSigned = someTime(random, later(end, -size.days + year))
  const share = (what: 'rightFirstTime' | 'told', before: Date) => {
    const known = visits.filter((each) => each.doneAt < before)
    return known.length === 0 ? 0.6 : known.filter((each) => each[what]).length / known.length
  }
  const valueAYear = { basic: 18_000, plus: 42_000, premium: 95_000 }[contact.account.tier]
  return [0, 1, 2]
    .map((turn) => ({ turn, signedAt: later(firstSigned, turn * year) }))
    .filter(({ signedAt }) => signedAt <= end && signedAt > later(end, -size.days))
    .map(({ turn, signedAt }) => {
      const renewsAt = later(signedAt, year)
      return {
        what: 'contract',
        key: `C${contact.account.key.slice(1)}-${turn + 1}`,
        contact,
        employee: undefined,
        plan: contact.account.tier,
        signedAt,
        renewsAt,
        shareRightFirstTime: share('rightFirstTime', renewsAt),
        shareTold: share('told', renewsAt),
        valueAYear: Math.round(valueAYear * (0.8 + 0.4 * random.share())),
      }
    })
}
