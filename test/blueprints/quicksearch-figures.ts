// The figures that programs/quicksearch must give, counted from its scenario by code of its own: the product is not
// asked, only the words of its program are read out by hand.
import { readFileSync } from 'node:fs'
import type { SourceEvent } from '../../src/simulate/input.ts'

export type Region = 'north' | 'middle' | 'south'

export interface Answered {
  at: Date
  orderKey: string
  region: Region
  customer: string
  role: string
  accountClass: 'A' | 'B' | 'C'
  recommend: number
  about: string[]
  comment: string
  contactMe: boolean
}

/** A line of the scenario. */
export interface Line {
  at: string
  person: string
  event?: SourceEvent
  answer?: {
    survey: string
    transaction: { type: 'order'; key: string }
    answers: { recommend?: number; about?: string[]; comment?: string; contactMe?: boolean; solved?: string }
  }
  act?: {
    by: string
    /** Of the case that is acted upon; improvements are about none. */
    transaction?: { type: 'order'; key: string }
    action: { kind: string; [detail: string]: unknown }
  }
}

export const readScenario = (path: string): Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)

export const classOf = (revenue: number): Answered['accountClass'] =>
  revenue >= 1_000_000 ? 'A' : revenue >= 200_000 ? 'B' : 'C'

const lateWords = /(^|[^\p{L}])(sen|sena|sent|försen\p{L}*|väntat|dröj\p{L}*)(?!\p{L})/iu
export const isLate = ({ about, comment }: Answered) => about.includes('time') || lateWords.test(comment)

/** The first rule that holds. */
export function ruleOf(answer: Answered): string | undefined {
  const { recommend, comment } = answer
  const unhappy = recommend <= 6
  if (answer.accountClass === 'A' && unhappy) return 'keyAccount'
  if (answer.contactMe) return 'askedForContact'
  if (isLate(answer) && unhappy) return 'lateDelivery'
  if (answer.role === 'decisionMaker' && unhappy) return 'decides'
  if (recommend <= 3) return 'strongDetractor'
  if (!unhappy) return undefined
  return comment === '' ? 'silent' : 'commented'
}

/** The day in Stockholm, as 2026-03-02. */
const localDay = (at: Date) => at.toLocaleDateString('sv-SE', { timeZone: 'Europe/Stockholm' })

/** Order keys of the answers that open a case: `commented` opens two a day and region, `silent` none. */
export function opensCase(answers: readonly Answered[]): Set<string> {
  const opened = new Set<string>()
  const ofDay = new Map<string, number>()
  for (const answer of answers) {
    const rule = ruleOf(answer)
    if (rule === undefined || rule === 'silent') continue
    if (rule === 'commented') {
      const key = `${answer.region} ${localDay(answer.at)}`
      const before = ofDay.get(key) ?? 0
      if (before >= 2) continue
      ofDay.set(key, before + 1)
    }
    opened.add(answer.orderKey)
  }
  return opened
}

/** The improvement of the story, and when it is what. */
export const improvement = {
  title: 'A carrier that comes when it said',
  proposed: Date.UTC(2026, 3, 6, 8),
  done: Date.UTC(2026, 3, 13, 8),
  told: Date.UTC(2026, 5, 10, 8),
}
/** For how long its effect is read. */
export const windowDays = 30

interface Net {
  n: number
  promoters: number
  detractors: number
}

export interface Improved {
  /** Cases tied to it. */
  cases: number
  /** Customers who said that a delivery was late. */
  concerned: Set<string>
  /** Answers of the south and of the others, before it was done and since. */
  effect: Record<'own' | 'others', Record<'before' | 'since', Net>>
}

/** What the improvement must give, from the lines of the scenario. */
export function countImproved(path: string): Improved {
  const lines = readScenario(path)
  const region = new Map<string, Region>()
  const customer = new Map<string, string>()
  for (const { event } of lines) {
    const data = event?.data as never as { order: { id: string }; region: Region; contact: { id: string } }
    if (!event) continue
    region.set(data.order.id, data.region)
    customer.set(data.order.id, data.contact.id)
  }
  const answers = lines.flatMap(({ at, answer }) =>
    answer?.survey === 'delivery' ? [{ at: Date.parse(at), ...answer }] : [],
  )
  const late = answers.filter(({ answers: { about = [], comment = '' } }) =>
    isLate({ about, comment } as Answered),
  )
  const net = (south: boolean, from: number): Net => {
    const own = answers.filter(
      ({ at, transaction: { key } }) =>
        at >= from && at < from + windowDays * day && (region.get(key) === 'south') === south,
    )
    const scores = own.map((each) => each.answers.recommend as number)
    return {
      n: scores.length,
      promoters: scores.filter((score) => score >= 9).length,
      detractors: scores.filter((score) => score <= 6).length,
    }
  }
  const { done } = improvement
  const sides = (south: boolean) => ({ before: net(south, done - windowDays * day), since: net(south, done) })
  const tied = lines.flatMap(({ act }) => {
    const action = act?.action
    return action?.kind === 'improve' ? (action.transactions as unknown[]) : []
  })
  return {
    cases: tied.length,
    concerned: new Set(late.map(({ transaction: { key } }) => customer.get(key) as string)),
    effect: { own: sides(true), others: sides(false) },
  }
}

export interface Share {
  n: number
  of: number
}
export interface Figures {
  /** `rule handling` -> answers about deliveries. */
  decided: Record<string, number>
  inTime: Record<'all' | 'highValue' | 'decisionMaker' | 'hasComment' | 'priorityTheme' | 'detractors', Share>
  byOwner: Record<string, Share>
  byRegion: Record<string, Share>
  missed: Share
  forwarded: Share
  escalated: Share
  solved: Share
  causeKnown: Share
  followedUp: Share
  channels: Record<string, number>
  reopened: number
  replies: number
  /** Customers whose case is open when the improvement is told: nobody tells them before it is closed. */
  waiting: Set<string>
}

interface Case {
  answer: Answered
  rule: string
  owner: string
  assignedAt: number
  due: number
  contactedAt?: number
  channel?: string
  /** Before the first contact; what a reopened case promises is `breached` by itself. */
  missed: boolean
  breached: boolean
  /** Of the first contact, when the case was opened again after it. */
  firstChannel?: string
  forwarded: boolean
  outcome?: string
  cause?: string
  closedAt?: number
  reopened: number
  solvedByCustomer?: boolean
}

const hour = 3_600_000
const day = 24 * hour
const agents: Record<Region, [string, string]> = {
  north: ['n1', 'n2'],
  middle: ['m1', 'm2'],
  south: ['s1', 's2'],
}
const holidays = new Set(['2026-04-03', '2026-04-06', '2026-05-01', '2026-05-14'])

/** Minute by minute through the working hours of Stockholm. */
function afterWorkingHours(from: number, hours: number): number {
  let left = hours * 60
  let at = from
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Stockholm',
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  })
  while (left > 0) {
    const parts = Object.fromEntries(
      format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]),
    )
    const works =
      !['Sat', 'Sun'].includes(parts.weekday as string) &&
      Number(parts.hour) >= 8 &&
      Number(parts.hour) < 17 &&
      !holidays.has(localDay(new Date(at)))
    if (works) left--
    at += 60_000
  }
  return at
}

const dueOf = (rule: string, at: number) =>
  rule === 'keyAccount' ? at + 24 * hour : rule === 'commented' ? afterWorkingHours(at, 16) : at + 48 * hour

/** Lives through the scenario by hand. */
export function countQuicksearch(path: string): Figures {
  const cases: Case[] = []
  const byOrder = new Map<string, Case>()
  const people = new Map<
    string,
    { customer: string; role: string; revenue: number; region: Region; owner: string }
  >()
  const asked = new Map<string, number[]>()
  const surveyed = new Set<string>()
  const decided: Record<string, number> = {}
  const capped = new Map<string, number>()
  let replies = 0
  let waiting = new Set<string>()

  for (const line of readScenario(path)) {
    const at = Date.parse(line.at)
    if (line.act?.action.kind === 'tell')
      waiting = new Set(
        cases.flatMap(({ closedAt, answer: { customer } }) => (closedAt === undefined ? [customer] : [])),
      )
    if (line.event) {
      const data = line.event.data as never as {
        contact: { id: string; role: string }
        account: { revenue: number; owner: string }
        region: Region
        order: { id: string }
      }
      const { contact, account, region, order } = data
      people.set(order.id, { customer: contact.id, role: contact.role, region, ...account })
      if (line.event.type !== 'order.delivered') continue
      // Asked four hours later, unless asked within the two weeks before.
      const before = asked.get(contact.id) ?? []
      const send = at + 4 * hour
      if (before.some((time) => send - time < 14 * day)) continue
      asked.set(contact.id, [...before, send])
      surveyed.add(order.id)
    } else if (line.answer) {
      const key = line.answer.transaction.key
      const { survey, answers } = line.answer
      const about = people.get(key)
      if (!about) throw new Error(`nothing is known of order ${key}`)
      if (survey === 'followUp') {
        const found = byOrder.get(key)
        if (found?.closedAt === undefined) continue
        found.solvedByCustomer = answers.solved === 'yes'
        if (!found.solvedByCustomer) reopen(found, at)
        continue
      }
      if (!surveyed.has(key)) continue
      const answer: Answered = {
        at: new Date(at),
        orderKey: key,
        region: about.region,
        customer: about.customer,
        role: about.role,
        accountClass: classOf(about.revenue),
        recommend: answers.recommend as number,
        about: answers.about ?? [],
        comment: answers.comment ?? '',
        contactMe: answers.contactMe ?? false,
      }
      const handling = handle(answer, at, about.owner)
      const name = `${ruleOf(answer) ?? '-'} ${handling}`
      decided[name] = (decided[name] ?? 0) + 1
      if (handling === 'reply') replies++
    } else if (line.act?.transaction) actOn(line.act, line.act.transaction.key, at)
  }

  function handle(answer: Answered, at: number, accountOwner: string): string {
    const rule = ruleOf(answer)
    if (rule === undefined) return 'none'
    if (rule === 'silent') return 'reply'
    const own = cases.filter((each) => each.answer.customer === answer.customer)
    const open = own.find((each) => each.closedAt === undefined)
    if (open) {
      byOrder.set(answer.orderKey, open)
      return 'joined'
    }
    const closed = own.find((each) => at - (each.closedAt as number) < 30 * day)
    if (closed) {
      byOrder.set(answer.orderKey, closed)
      reopen(closed, at)
      return 'reopened'
    }
    if (rule === 'commented') {
      const key = `${answer.region} ${localDay(answer.at)}`
      const before = capped.get(key) ?? 0
      if (before >= 2) return 'reply'
      capped.set(key, before + 1)
    }
    const owner = rule === 'keyAccount' || rule === 'decides' ? accountOwner : nextAgent(answer.region)
    const made: Case = {
      ...{ answer, rule, owner, assignedAt: at, due: dueOf(rule, at) },
      ...{ missed: false, breached: false, forwarded: false, reopened: 0 },
    }
    cases.push(made)
    byOrder.set(answer.orderKey, made)
    return 'case'
  }

  /** Who has the fewest open cases, then who was given one longest ago, then by name. */
  function nextAgent(region: Region): string {
    const turn = (agent: string) => {
      const own = cases.filter((each) => each.owner === agent)
      const last = Math.max(Number.NEGATIVE_INFINITY, ...own.map((each) => each.assignedAt))
      return { open: own.filter((each) => each.closedAt === undefined).length, last }
    }
    const [first, second] = agents[region]
    const [one, two] = [turn(first), turn(second)]
    if (one.open !== two.open) return one.open < two.open ? first : second
    return two.last < one.last ? second : first
  }

  function reopen(found: Case, at: number) {
    if (found.contactedAt !== undefined) found.firstChannel ??= found.channel as string
    found.closedAt = undefined as never
    found.outcome = undefined as never
    found.contactedAt = undefined as never
    found.channel = undefined as never
    found.due = dueOf(found.rule, at)
    found.reopened++
  }

  function breach(found: Case) {
    found.breached = true
    if (found.firstChannel === undefined) found.missed = true
  }

  function actOn({ by, action }: NonNullable<Line['act']>, key: string, at: number) {
    const found = byOrder.get(key)
    if (!found) throw new Error(`order ${key} has no case`)
    if (found.contactedAt === undefined && at > found.due) breach(found)
    if (action.kind === 'take' && found.owner !== by) Object.assign(found, { owner: by, assignedAt: at })
    if (action.kind === 'forward')
      Object.assign(found, { owner: action.to as string, assignedAt: at, forwarded: true })
    if (action.kind === 'contact') Object.assign(found, { contactedAt: at, channel: action.channel })
    if (action.kind === 'close')
      Object.assign(found, { closedAt: at, outcome: action.outcome, cause: action.cause })
  }

  // All is over: whoever was not reached by now was missed.
  for (const each of cases) if (each.contactedAt === undefined) breach(each)

  const share = (of: Case[], holds: (each: Case) => boolean): Share => ({
    n: of.filter(holds).length,
    of: of.length,
  })
  const inTime = (each: Case) => !each.missed
  const where = (holds: (each: Case) => boolean) => share(cases.filter(holds), inTime)
  const grouped = (name: (each: Case) => string) =>
    Object.fromEntries([...new Set(cases.map(name))].map((key) => [key, where((each) => name(each) === key)]))
  const closed = cases.filter((each) => each.closedAt !== undefined)
  const followed = cases.filter((each) => each.solvedByCustomer !== undefined)
  const channels: Record<string, number> = {}
  for (const { channel = '-', firstChannel: first = channel } of cases)
    channels[first] = (channels[first] ?? 0) + 1
  return {
    decided,
    inTime: {
      all: where(() => true),
      highValue: where(({ answer }) => answer.accountClass === 'A'),
      decisionMaker: where(({ answer }) => answer.role === 'decisionMaker'),
      hasComment: where(({ answer }) => answer.comment !== ''),
      priorityTheme: where(({ answer }) => isLate(answer)),
      detractors: where(({ answer }) => answer.recommend <= 6),
    },
    byOwner: grouped(({ owner }) => owner),
    byRegion: grouped(({ answer }) => answer.region),
    missed: share(cases, ({ missed }) => missed),
    escalated: share(cases, ({ breached }) => breached),
    forwarded: share(cases, ({ forwarded }) => forwarded),
    solved: share(closed, ({ outcome }) => outcome === 'solved'),
    causeKnown: share(
      cases.filter((each) => each.closedAt !== undefined || each.reopened > 0),
      ({ cause }) => cause !== undefined,
    ),
    followedUp: share(followed, ({ solvedByCustomer }) => solvedByCustomer === true),
    channels,
    reopened: cases.filter(({ reopened }) => reopened > 0).length,
    replies,
    waiting,
  }
}
