// Makes programs/quicksearch/scenario.jsonl: ten weeks of deliveries, answers, and what people did about them.
// Run it again after changing it: node test/blueprints/make-quicksearch.ts
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { seededRandom } from '../../src/simulate/random.ts'
import {
  type Answered,
  classOf,
  improvement,
  isLate,
  type Line,
  opensCase,
  type Region,
  ruleOf,
} from './quicksearch-figures.ts'

const random = seededRandom(5)
const pick = <T>(list: readonly T[]): T => list[Math.floor(random.share() * list.length)] as T
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const start = Date.UTC(2026, 2, 2, 7)

const regions: Region[] = ['north', 'middle', 'south']
const staff: Record<Region, { agents: string[]; head: string }> = {
  north: { agents: ['n1', 'n2'], head: 'northHead' },
  middle: { agents: ['m1', 'm2'], head: 'middleHead' },
  south: { agents: ['s1', 's2'], head: 'southHead' },
}
const firstNames = [
  'Alva',
  'Bo',
  'Carin',
  'Dan',
  'Elsa',
  'Folke',
  'Gun',
  'Hugo',
  'Inga',
  'Jens',
  'Klara',
  'Lars',
]
const lastNames = ['Ask', 'Bäck', 'Dal', 'Ekman', 'Fors', 'Gren', 'Hed', 'Lo', 'Mark', 'Näs']
const complaints = [
  'Leveransen kom sent och ingen sa något.',
  'Stolarna var repade redan när de packades upp.',
  'Fakturan stämde inte med offerten.',
  'Montören var otrevlig mot vår receptionist.',
  'Bordet var fel färg, det är andra gången.',
  'Vi har väntat tre veckor på resten.',
]

interface Account {
  id: string
  name: string
  owner: string
  revenue: number
  region: Region
}
interface Contact {
  id: string
  name: string
  role: string
  account: Account
}
interface Delivered {
  id: string
  at: number
  kind: string
}

const lines: Line[] = []
const add = (at: number, person: string, what: Omit<Line, 'at' | 'person'>) =>
  lines.push({ at: new Date(at).toISOString(), person, ...what })

const revenues = [1_400_000, 300_000, 90_000, 450_000, 150_000]
const accounts = Array.from({ length: 45 }, (_, index): Account => {
  const name = `${pick(lastNames)} & ${pick(lastNames)} ${index + 1}`
  const revenue = revenues[index % 5]! + index * 1000
  return { id: `a${index + 1}`, name, owner: `key${1 + (index % 2)}`, revenue, region: regions[index % 3]! }
})
const roles = ['decisionMaker', 'buyer', 'user']
const contacts = accounts.flatMap((account, index) =>
  roles.slice(0, index % 3 === 0 ? 3 : 2).map((role, at): Contact => {
    return { id: `c${index + 1}-${at + 1}`, name: `${pick(firstNames)} ${pick(lastNames)}`, role, account }
  }),
)

let orders = 0
function deliver(contact: Contact, placed: number): Delivered {
  const id = `o${++orders}`
  const { account } = contact
  const kind = random.share() < 0.15 ? 'project' : random.share() < 0.7 ? 'goods' : 'service'
  const promised = placed + Math.round(5 + random.share() * 5) * day
  const delivered = promised + (random.share() < 0.3 ? Math.round(1 + random.share() * 6) : -1) * day
  const time = (at: number) => new Date(at).toISOString()
  const common = {
    contact: { id: contact.id, name: contact.name, email: `${contact.id}@kund.example`, role: contact.role },
    account: { id: account.id, name: account.name, owner: account.owner, revenue: account.revenue },
    region: account.region,
  }
  const envelope = (type: string, at: number) => ({
    specversion: '1.0' as const,
    id: `${id}-${type}`,
    source: 'orders',
    type,
    time: time(at),
  })
  const product = pick(['desks', 'chairs', 'rooms', 'care'])
  const amount = Math.round(5 + random.share() * 200) * 1000
  const order = { id, kind, product, placedAt: time(placed), promisedAt: time(promised), amount }
  add(placed, account.id, { event: { ...envelope('order.placed', placed), data: { ...common, order } } })
  const data = {
    ...common,
    employee: pick(staff[account.region].agents),
    order: { id, deliveredAt: time(delivered) },
  }
  add(delivered, account.id, { event: { ...envelope('order.delivered', delivered), data } })
  return { id, at: delivered, kind }
}

interface Said {
  recommend: number
  comment?: string
  about?: string
  contactMe?: boolean
}

function answer(contact: Contact, order: Delivered, at: number, said: Said): Answered {
  const { account } = contact
  const { recommend, comment = '', about, contactMe = false } = said
  add(at, account.id, {
    answer: {
      survey: 'delivery',
      transaction: { type: 'order', key: order.id },
      answers: {
        recommend,
        ...(about ? { about: [about] } : {}),
        ...(comment ? { comment } : {}),
        ...(recommend <= 8 ? { contactMe } : {}),
      },
    },
  })
  return {
    at: new Date(at),
    orderKey: order.id,
    region: account.region,
    customer: contact.id,
    role: contact.role,
    accountClass: classOf(account.revenue),
    recommend,
    about: about ? [about] : [],
    comment,
    contactMe,
  }
}

function chance(): Said {
  const recommend =
    random.share() < 0.45 ? Math.floor(random.share() * 7) : 7 + Math.floor(random.share() * 4)
  return {
    recommend,
    ...(random.share() < 0.5 ? { about: pick(['time', 'product', 'people', 'invoice']) } : {}),
    ...(recommend <= 6 && random.share() < 0.6 ? { comment: pick(complaints) } : {}),
    ...(recommend <= 8 ? { contactMe: random.share() < 0.15 } : {}),
  }
}

/** Somebody takes a case up, perhaps hands it on, reaches the customer and mostly closes it.
 * @returns when it was closed, if it was
 */
function workOn(
  contact: Contact,
  given: Answered,
  kind: string,
  begin: number,
  closes: boolean,
): number | undefined {
  const { agents, head } = staff[given.region]
  let at = begin
  let by = random.share() < 0.15 ? head : pick(agents)
  const act = (wait: number, action: Record<string, unknown> & { kind: string }) => {
    at += wait
    add(at, contact.account.id, { act: { by, transaction: { type: 'order', key: given.orderKey }, action } })
  }
  act(0, { kind: 'take' })
  if (random.share() < 0.15) {
    const to = pick(agents.filter((each) => each !== by))
    act(5 * minute, { kind: 'forward', to, note: 'Du känner kunden.' })
    by = to
  }
  if (random.share() < 0.2) act(10 * minute, { kind: 'attempt', channel: 'phone', note: 'Inget svar.' })
  const channel = isLate(given) && given.comment ? 'mail' : kind === 'project' ? 'meeting' : 'phone'
  act(20 * minute, { kind: 'contact', channel, note: 'Talade om vad som hänt.' })
  if (!closes) return undefined
  const solved = random.share() < 0.75
  const outcome = solved ? 'solved' : random.share() < 0.7 ? 'not solved' : 'no answer'
  const found = outcome !== 'no answer'
  act(Math.round(2 + random.share() * 30) * hour, {
    kind: 'close',
    outcome,
    ...(found ? { cause: pick(['carrier', 'stock', 'quality', 'manner', 'billing']) } : {}),
    ...(found ? { action: pick(['replaced', 'refunded', 'explained', 'corrected']) } : {}),
    churnBefore: 0.4,
    churnAfter: solved ? 0.1 : 0.4,
  })
  return at
}

// Everybody orders once, and two of three answer, within the two days after the mail.
const given: Array<{ contact: Contact; order: Delivered; answered: Answered }> = []
for (const [index, contact] of contacts.entries()) {
  const order = deliver(
    contact,
    start + Math.floor(index / 2) * day + Math.round(random.share() * 480) * minute,
  )
  if (random.share() > 0.72) continue
  const at = order.at + 5 * hour + Math.round(random.share() * 2400) * minute
  given.push({ contact, order, answered: answer(contact, order, at, chance()) })
}
// A bad day in the south: five who are moderately unhappy write why, and two of them can be followed up.
const badDay = Date.UTC(2026, 4, 20, 6)
const southern = contacts.filter(
  ({ account, role }) => account.region === 'south' && role !== 'decisionMaker',
)
for (const [index, contact] of southern
  .filter(({ account }) => account.revenue < 900_000)
  .slice(0, 5)
  .entries()) {
  const order = deliver(contact, badDay - 20 * day)
  const at = badDay + (1 + index) * hour
  given.push({
    contact,
    order,
    answered: answer(contact, order, at, { recommend: 5, comment: complaints[1]! }),
  })
}

given.sort((one, other) => one.answered.at.getTime() - other.answered.at.getTime())
const opens = opensCase(given.map(({ answered }) => answered))
for (const { contact, order, answered } of given) {
  if (!opens.has(answered.orderKey)) continue
  const fate = random.share()
  // One of fourteen is forgotten altogether, and one of eight is called too late.
  if (fate < 0.07) continue
  const wait = fate < 0.2 ? (60 + random.share() * 30) * hour : (1 + random.share() * 6) * hour
  const begin = answered.at.getTime() + Math.round(wait / minute) * minute
  const closed = workOn(contact, answered, order.kind, begin, fate < 0.2 || fate < 0.92)
  if (closed === undefined || random.share() < 0.4) continue
  add(closed + 3 * day + Math.round(60 + random.share() * 1200) * minute, contact.account.id, {
    answer: {
      survey: 'followUp',
      transaction: { type: 'order', key: order.id },
      answers: { solved: random.share() < 0.85 ? 'yes' : 'no' },
    },
  })
}

// What the outer loop makes of it: late deliveries are mended in the south first, and those who complained are told.
const early = given.filter(
  ({ answered }) =>
    opens.has(answered.orderKey) &&
    ruleOf(answered) === 'lateDelivery' &&
    answered.at.getTime() < improvement.proposed,
)
const about = (at: number, action: object) =>
  add(at, 'delivery', { act: { by: 'delivery', action } } as Omit<Line, 'at' | 'person'>)
const { title } = improvement
about(improvement.proposed, {
  ...{
    kind: 'improve',
    title,
    theme: 'deliveryTime',
    cause: 'carrier',
    owner: 'delivery',
    dueOn: '2026-05-15',
  },
  action: 'Change the carrier, and let the driver call an hour before',
  ...{ metric: 'nps', metricWhere: "unit.region == 'south'" },
  concerns: "'deliveryTime' in themes",
  said: { sv: 'Leveransen kom sent, och ingen sa något.', en: 'The delivery was late, and nobody said so.' },
  did: {
    sv: 'Vi har bytt transportör, och föraren ringer en timme innan.',
    en: 'We have changed the carrier, and the driver calls an hour before.',
  },
  transactions: early.map(({ order }) => ({ type: 'order', key: order.id })),
})
about(improvement.proposed + 2 * day, {
  ...{ kind: 'improvement', title, state: 'decided', note: 'Ledningsgruppen' },
})
about(improvement.proposed + 3 * day, { kind: 'improvement', title, state: 'doing' })
about(improvement.done, { kind: 'improvement', title, state: 'done' })
about(improvement.told, { kind: 'tell', title })

lines.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
const path = resolve(import.meta.dirname, '../../programs/quicksearch/scenario.jsonl')
writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
process.stdout.write(`${lines.length} lines\n`)
