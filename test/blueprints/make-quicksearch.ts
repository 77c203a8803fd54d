// Makes programs/quicksearch/scenario.jsonl: ten weeks of deliveries, answers, and what people did about them.
// Run it again after changing it: node test/blueprints/make-quicksearch.ts
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { seededRandom } from '../../src/simulate/random.ts'
import { type Answered, classOf, isLate, type Line, localDay, ruleOf } from './quicksearch-figures.ts'

const random = seededRandom(5)
const pick = <T>(list: readonly T[]): T => list[Math.floor(random.share() * list.length)] as T
const hour = 3_600_000
const day = 24 * hour
const start = Date.UTC(2026, 2, 2, 6)

const regions = ['north', 'middle', 'south'] as const
const agents = { north: ['n1', 'n2'], middle: ['m1', 'm2'], south: ['s1', 's2'] } as const
const heads = { north: 'northHead', middle: 'middleHead', south: 'southHead' } as const
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
const lines: Line[] = []
const add = (at: number, person: string, rest: Omit<Line, 'at' | 'person'>) =>
  lines.push({ at: new Date(at).toISOString(), person, ...rest })

const accounts = Array.from({ length: 45 }, (_, index) => ({
  id: `a${index + 1}`,
  name: `${pick(lastNames)} & ${pick(lastNames)} ${index + 1}`,
  owner: index % 2 === 0 ? 'key1' : 'key2',
  revenue:
    index % 5 === 0
      ? 1_000_000 + index * 40_000
      : index % 3 === 0
        ? 60_000 + index * 1000
        : 250_000 + index * 9000,
  region: regions[index % 3]!,
}))
const contacts = accounts.flatMap((account, index) =>
  Array.from({ length: 1 + (index % 3 === 0 ? 2 : 1) }, (_, at) => ({
    id: `c${index + 1}-${at + 1}`,
    name: `${pick(firstNames)} ${pick(lastNames)}`,
    role: at === 0 ? 'decisionMaker' : at === 1 ? 'buyer' : 'user',
    account,
  })),
)

/** Open or closed since: what the story knows of a customer's case. */
const caseOf = new Map<string, { closed: number | undefined }>()
const capped = new Map<string, number>()

let orders = 0
let events = 0
function deliver(
  contact: (typeof contacts)[number],
  placed: number,
): { id: string; delivered: number; kind: Answered['order']['kind'] } {
  const id = `o${++orders}`
  const { account } = contact
  const kind = random.share() < 0.15 ? 'project' : random.share() < 0.7 ? 'goods' : 'service'
  const promised = placed + Math.round(5 + random.share() * 5) * day
  const delivered = promised + (random.share() < 0.3 ? Math.round(1 + random.share() * 6) : -1) * day
  const data = {
    contact: { id: contact.id, name: contact.name, email: `${contact.id}@kund.example`, role: contact.role },
    account: { id: account.id, name: account.name, owner: account.owner, revenue: account.revenue },
    region: account.region,
  }
  const event = (type: string, at: number, more: object) =>
    add(at, account.id, {
      event: {
        specversion: '1.0',
        id: `e${++events}`,
        source: 'orders',
        type,
        time: new Date(at).toISOString(),
        data: { ...data, ...more },
      } as never,
    })
  event('order.placed', placed, {
    order: {
      id,
      kind,
      product: pick(['desks', 'chairs', 'rooms', 'care']),
      placedAt: new Date(placed).toISOString(),
      promisedAt: new Date(promised).toISOString(),
      amount: Math.round(5 + random.share() * 200) * 1000,
    },
  })
  event('order.delivered', delivered, {
    employee: pick(agents[account.region]),
    order: { id, deliveredAt: new Date(delivered).toISOString() },
  })
  return { id, delivered, kind }
}

function respond(
  contact: (typeof contacts)[number],
  order: ReturnType<typeof deliver>,
  at: number,
  score?: number,
) {
  const { account } = contact
  const recommend =
    score ?? (random.share() < 0.4 ? Math.floor(random.share() * 7) : 7 + Math.floor(random.share() * 4))
  const about = random.share() < 0.5 ? [pick(['time', 'product', 'people', 'invoice'])] : []
  const comment = recommend <= 6 && random.share() < 0.6 ? pick(complaints) : ''
  const contactMe = recommend <= 8 && random.share() < 0.15
  const answers = {
    recommend,
    ...(about.length > 0 ? { about } : {}),
    ...(comment ? { comment } : {}),
    ...(recommend <= 8 ? { contactMe } : {}),
  }
  const transaction = { type: 'order', key: order.id }
  add(at, account.id, { answer: { survey: 'delivery', transaction, answers } })
  return {
    at: new Date(at),
    order: { id: order.id, region: account.region, kind: order.kind },
    customer: contact.id,
    role: contact.role,
    accountClass: classOf(account.revenue),
    recommend,
    about,
    comment,
    contactMe,
  } satisfies Answered
}

/** Somebody takes up a case: most in time, some too late, some never; most are closed. */
function workOn(answer: Answered, how: { hours: number; close: boolean }) {
  const { region } = answer.order
  const by = random.share() < 0.15 ? heads[region] : pick(agents[region])
  const transaction = { type: 'order', key: answer.order.id }
  const act = (at: number, action: object, who = by) => {
    const account = contacts.find(({ id }) => id === answer.customer)!.account.id
    add(at, account, { act: { by: who, transaction, action: action as never } })
  }
  let at = answer.at.getTime() + Math.round(how.hours * 60) * 60_000
  let owner: string = by
  act(at, { kind: 'take' })
  if (random.share() < 0.15) {
    const to = pick(agents[region].filter((each) => each !== by))
    act((at += 5 * 60_000), { kind: 'forward', to, note: 'Du känner kunden.' })
    owner = to
  }
  const channel =
    isLate(answer) && answer.comment ? 'mail' : answer.order.kind === 'project' ? 'meeting' : 'phone'
  if (random.share() < 0.2)
    act((at += 10 * 60_000), { kind: 'attempt', channel: 'phone', note: 'Inget svar.' }, owner)
  act((at += 20 * 60_000), { kind: 'contact', channel, note: 'Talade om vad som hänt.' }, owner)
  if (!how.close) return undefined
  const outcome = random.share() < 0.75 ? 'solved' : random.share() < 0.7 ? 'not solved' : 'no answer'
  const cause = pick(['carrier', 'stock', 'quality', 'manner', 'billing'])
  act(
    (at += Math.round(2 + random.share() * 30) * hour),
    {
      kind: 'close',
      outcome,
      ...(outcome === 'no answer'
        ? {}
        : { cause, action: pick(['replaced', 'refunded', 'explained', 'corrected']) }),
      churnBefore: 0.4,
      churnAfter: outcome === 'solved' ? 0.1 : 0.4,
    },
    owner,
  )
  return { closed: at, outcome }
}

/** Whether an answer opens a case of its own, as the policy has it; a capped one does not. */
function opens(answer: Answered): boolean {
  const rule = ruleOf(answer)
  if (rule === undefined || rule === 'silent') return false
  if (rule !== 'commented') return true
  const key = `${answer.order.region} ${localDay(answer.at)}`
  const before = capped.get(key) ?? 0
  if (before >= 2) return false
  capped.set(key, before + 1)
  return true
}

// Ordinary customers: one order each, and an answer from two of three. Worked through in the order of the answers, so
// that the caps of a day are met by those who come last.
const answered: Answered[] = []
contacts.forEach((contact, index) => {
  const placed = start + Math.floor(index / 2) * day + Math.round(random.share() * 8 * 60) * 60_000
  const order = deliver(contact, placed)
  if (random.share() < 0.72)
    answered.push(
      respond(contact, order, order.delivered + 5 * hour + Math.round(random.share() * 40 * 60) * 60_000),
    )
})
// One bad day in the south: more comments than can be followed up.
const busy = Date.UTC(2026, 3, 15, 7)
for (const contact of contacts.filter(({ account }) => account.region === 'south').slice(0, 6)) {
  const order = deliver(contact, busy - 9 * day)
  void order
}
answered.sort((one, other) => one.at.getTime() - other.at.getTime())
for (const answer of answered) {
  if (caseOf.has(answer.customer) || !opens(answer)) continue
  const chance = random.share()
  const how =
    chance < 0.8
      ? { hours: 1 + random.share() * 18, close: random.share() < 0.9 }
      : { hours: 60 + random.share() * 30, close: true }
  if (chance > 0.93) {
    caseOf.set(answer.customer, { closed: undefined })
    continue
  }
  const done = workOn(answer, how)
  caseOf.set(answer.customer, { closed: done?.closed })
  if (done && done.outcome === 'solved' && random.share() < 0.6) {
    const account = contacts.find(({ id }) => id === answer.customer)!.account.id
    add(done.closed + 3 * day + Math.round(1 + random.share() * 20) * hour, account, {
      answer: {
        survey: 'followUp',
        transaction: { type: 'order', key: answer.order.id } as never,
        answers: { solved: random.share() < 0.85 ? 'yes' : 'no' },
      },
    })
  }
}

lines.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
const path = resolve(import.meta.dirname, '../../programs/quicksearch/scenario.jsonl')
writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
process.stdout.write(`${lines.length} lines\n`)
