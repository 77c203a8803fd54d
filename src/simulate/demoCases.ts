// For: the managers of the simulated company, who do their part for the unhappy.
// In: cases that were opened, in virtual time. Out: they are taken, tried, contacted, closed with cause and action, each at
// its time, when those of the unit are at work; what lies beyond the end of the story waits, or is under way, as it is with
// people.
import type { WorkingTime } from '../base/hours.ts'
import { type CaseAction, moves } from '../cases/case.ts'
import { type DeadlineParts, judgeCases } from '../cases/deadlines.ts'
import type { CaseEventKind, CaseOutcome, Person } from '../cases/standing.ts'
import { type CaseChange, changeCases } from '../cases/store.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { ResponseChannel } from '../program/schema-recovery.ts'
import type { Row } from '../storage/postgres.ts'
import { atWork, officeHours } from './officeHours.ts'
import { type Random, randomOf } from './random.ts'

interface OpenCase extends Row {
  caseId: string
  revision: number
  from: Date
  dueAt: Date
  channel: ResponseChannel | null
  owner: string | null
  ownerName: string | null
  reopened: number
  missed: boolean
  /** When a reminder, the deadline or a step of escalation is next. */
  nextCheck: Date | null
  unitKey: string | null
  /** What people have done since it was opened, or opened again. */
  done: CaseEventKind[]
  /** Of the latest thing in its history. */
  lastAt: Date
  /** Who manages the unit above the owner's. */
  above: Person | null
  tongue: LanguageCode
  themes: string[]
  comment: string | null
  /** Key of the transaction. */
  about: string | null
}

interface Deed {
  action: CaseAction
  at: Date
}

/** Lets the owner of each of these cases, or the manager of its unit, handle it as far as `until`. To be called when they
 * have been told of it, before deadlines are judged: a reminder that comes while they are at it is judged here.
 * @returns how many cases were acted upon
 */
export async function handleDemoCases(
  parts: DeadlineParts,
  workspaceId: string,
  caseIds: readonly string[],
  until: Date,
): Promise<number> {
  const acted = new Set<string>()
  const known = new Map<string, number>()
  for (let waiting = caseIds; waiting.length > 0; ) {
    const { changed, reminded } = await actOnce(parts, workspaceId, waiting, until)
    for (const caseId of changed) acted.add(caseId)
    for (const [caseId, at] of reminded) {
      const clock = { now: () => at, at: (due: Date) => due }
      await judgeCases({ ...parts, clock }, workspaceId, [caseId])
    }
    // Whoever judges it at this moment besides has it.
    waiting = [...reminded].flatMap(([caseId, at]) => (known.get(caseId) === at.getTime() ? [] : [caseId]))
    for (const [caseId, at] of reminded) known.set(caseId, at.getTime())
  }
  return acted.size
}

/** What is done about these cases before anything else is foreseen for them; those that a trial makes wait are left alone.
 * @returns the cases that were acted upon; when those are to be looked at that are gone on with after it
 */
async function actOnce(
  parts: DeadlineParts,
  workspaceId: string,
  caseIds: readonly string[],
  until: Date,
): Promise<{ changed: ReadonlySet<string>; reminded: ReadonlyMap<string, Date> }> {
  const checked = await parts.programs.active(workspaceId)
  const { causes = [], actions = [] } = checked.program.recovery ?? {}
  return parts.database.inWorkspace(workspaceId, async (tx) => {
    const cases = await tx.query<OpenCase>(
      `select c.case_id as "caseId", d.revision, c.reopened, coalesce(d.missed_again_at, d.missed_at) is not null as missed,
         (select max(v.at) from case_events v where v.case_id = c.case_id) as "lastAt",
         greatest(coalesce(c.last_answer_at, c.opened_at), c.hold_until) as "from",
         c.contact_due_at as "dueAt", d.next_check_at as "nextCheck", c.recommended as channel, c.unit_key as "unitKey",
         array(select v.kind from case_events v where v.case_id = c.case_id and v.actor is not null and v.revision >
           (select max(o.revision) from case_events o where o.case_id = c.case_id and o.kind in ('opened', 'reopened'))) as done,
         coalesce(c.owner, m.employee_key) as owner, coalesce(c.owner_name, m.name) as "ownerName",
         (select json_build_object('id', a.employee_key, 'name', a.name) from employees a
          where a.role = 'manager' and a.unit_key = u.path[array_length(u.path, 1) - 1] limit 1) as above,
         coalesce(m.language, 'en') as tongue, c.themes, r.comment,
         (select x.transaction_key from transactions x where x.transaction_id = c.transaction_id) as about
       from cases c join responses r on r.response_id = c.response_id
       join case_deadlines d on d.case_id = c.case_id
       left join units u on u.unit_key = c.unit_key
       left join lateral (
         select e.employee_key, e.name, e.language from employees e where e.role = 'manager' and e.unit_key = any(u.path)
         order by array_position(u.path, e.unit_key) desc limit 1
       ) m on true
       where c.state in ('open', 'taken') and c.case_id = any($1::uuid[])
         and coalesce(c.hold_until <= $2, true)
       order by 1`,
      [caseIds, parts.clock.now()],
    )
    const reminded = new Map<string, Date>()
    const changes = cases.flatMap((each): CaseChange[] => {
      // The same however often it is looked at: who is late is late when it has been missed, too.
      const random = randomOf('case', each.about ?? each.caseId, String(each.reopened))
      const pick = (list: ReadonlyArray<{ id: string }>) =>
        list.length === 0 ? undefined : random.pick(list).id
      const told = each.themes
        .map((theme) => causeOf[theme])
        .find((id) => causes.some((own) => own.id === id))
      const steps = stepsOf(each, random, { cause: told ?? pick(causes), action: pick(actions) })
      const working = officeHours(checked.program, each.unitKey)
      const inTime = deedsOf(steps, each.from, working)
      // Who is late begins only once the deadline has been missed, and behind all that follows from it.
      const isLate = inTime.find(({ action }) => isEnd(action))!.at > each.dueAt
      if (isLate && !each.missed) return []
      const since = Math.max(each.dueAt.getTime(), each.lastAt.getTime())
      const deeds = isLate ? delayed(steps, each.from, working, since) : inTime
      const left = notYet(deeds.slice(0, stepsDone(random, deeds.length, each, until)), each.done).filter(
        ({ at }) => at <= until,
      )
      const next = left.findIndex(({ at }) => each.nextCheck !== null && at > each.nextCheck)
      const isFirst = next >= 0 && next <= left.findIndex(({ action }) => isEnd(action))
      if (isFirst) reminded.set(each.caseId, each.nextCheck as Date)
      return changesOf(each, isFirst ? left.slice(0, next) : left)
    })
    await changeCases(tx, parts, changes, { checked })
    return { changed: new Set(changes.map(({ caseId }) => caseId)), reminded }
  })
}

/** Whoever it is forwarded to does the rest. */
function changesOf({ caseId, revision, owner, ownerName }: OpenCase, deeds: readonly Deed[]): CaseChange[] {
  let actor = { id: owner ?? 'demo', name: ownerName ?? 'Customer care', mandate: true }
  return deeds.map(({ action, at }, index) => {
    const change = { caseId, revision: revision + index, action, actor, at }
    if (action.kind === 'forward') actor = { ...action.to, mandate: true }
    return change
  })
}

/** The deadline does not pass after it. */
const isEnd = ({ kind }: CaseAction) => kind === 'contact' || kind === 'close'

/** Those that do not stand in the history yet. */
function notYet(deeds: readonly Deed[], done: readonly CaseEventKind[]): Deed[] {
  const before = [...done]
  return deeds.filter(({ action }) => {
    const at = before.indexOf(moves[action.kind].event)
    if (at >= 0) before.splice(at, 1)
    return at < 0
  })
}

/** What is done, each at a time at which they work. */
function deedsOf(steps: readonly DemoStep[], from: Date, working: WorkingTime): Deed[] {
  let time = from
  return steps.map(({ hours, action }) => {
    time = atWork(working, new Date(time.getTime() + Math.round(hours * 60) * 60_000))
    return { action, at: time }
  })
}

/** The same by whole days later, so that the first comes after a time. */
function delayed(steps: readonly DemoStep[], from: Date, working: WorkingTime, after: number): Deed[] {
  for (let days = 0; ; days++) {
    const deeds = deedsOf(steps, new Date(from.getTime() + days * day), working)
    if (deeds[0]!.at.getTime() > after) return deeds
  }
}

const day = 24 * 3_600_000

/** Of the last weeks some wait still, some are taken, some are talked to: the demo shows each. Most that are not due yet
 * wait for their first contact; a few of those that are were forgotten, and are overdue.
 */
function stepsDone(random: Random, all: number, { from, dueAt }: OpenCase, until: Date): number {
  const fate = random.share()
  if (until.getTime() - from.getTime() >= 60 * day) return all
  const [waits, taken, reached] = dueAt > until ? [0.7, 0.85, 0.95] : [0.1, 0.16, 0.5]
  return fate < waits ? 0 : fate < taken ? 1 : fate < reached ? all - 1 : all
}

/** What a theme of an answer is put down to, where the program has such a cause. */
const causeOf: Record<string, string> = {
  missingParts: 'parts',
  punctuality: 'late',
  waiting: 'late',
  delivery: 'late',
  rightFirstTime: 'workmanship',
  skill: 'workmanship',
  beforehand: 'information',
  reachable: 'information',
  price: 'price',
}

interface DemoStep {
  /** After the one before, by the clock. */
  hours: number
  action: CaseAction
}

/** What is done about one case, one after the other. Some are too late to be in time; some are passed on or handed up. */
function stepsOf(
  { from, dueAt, channel, owner, above, tongue, comment }: OpenCase,
  random: Random,
  found: { cause: string | undefined; action: string | undefined },
): DemoStep[] {
  const steps: DemoStep[] = []
  const said = words[tongue]
  const then = (hours: number, action: CaseAction) => steps.push({ hours, action })
  const by = channel ?? 'phone'
  const outcome: CaseOutcome = random.chance(0.78)
    ? 'solved'
    : random.chance(0.6)
      ? 'not solved'
      : 'no answer'
  const hours = Math.max(24, (dueAt.getTime() - from.getTime()) / 3_600_000)
  then(0.5 + random.share() ** 3 * 1.15 * hours, { kind: 'take' })
  if (outcome === 'no answer' || random.chance(0.25)) then(random.share(), { kind: 'attempt', channel: by })
  if (outcome === 'no answer') {
    then(3 + random.share() * 3, { kind: 'attempt', channel: by })
    then(3 + random.share() * 9, { kind: 'close', outcome })
    return steps
  }
  const share = random.share()
  const hands = above?.id === owner ? 0.5 : share
  if (above && hands < 0.05) then(0.3, { kind: 'escalate', to: [above], note: said.mandate })
  if (above && hands > 0.95) then(0.3, { kind: 'forward', to: above, note: said.agreement })
  then(0.2 + random.share() * 4, { kind: 'contact', channel: by })
  const churnBefore = Math.round(20 + random.share() * 50) / 100
  const left = outcome === 'solved' ? 0.3 : 0.9
  then(3 + random.share() * 120, {
    kind: 'close',
    outcome,
    ...(found.cause ? { cause: found.cause } : {}),
    ...(found.action ? { action: found.action } : {}),
    ...(random.chance(0.3) ? { learning: random.pick(said.learnt) } : {}),
    ...(comment && random.chance(0.2) ? { quote: comment } : {}),
    churnBefore,
    churnAfter: Math.round(churnBefore * left * 100) / 100,
  })
  return steps
}

/** What the managers of the company write. */
const words: Record<LanguageCode, { mandate: string; agreement: string; learnt: readonly string[] }> = {
  en: {
    mandate: 'They ask for money back; that is yours to decide.',
    agreement: 'It is about their agreement, which is yours.',
    learnt: [
      'They want a call the evening before, not a message.',
      'The part stood in the wrong store.',
      'Their caretaker is the one to talk to.',
    ],
  },
  sv: {
    mandate: 'De vill ha pengar tillbaka, och det beslutar du.',
    agreement: 'Det gäller avtalet, som är ditt.',
    learnt: [
      'De vill att vi ringer kvällen innan, inte skickar sms.',
      'Reservdelen stod i fel lager.',
      'Det är vaktmästaren vi ska tala med.',
    ],
  },
  nb: {
    mandate: 'De vil ha penger tilbake, og det bestemmer du.',
    agreement: 'Det gjelder avtalen, som er din.',
    learnt: [
      'De vil at vi ringer kvelden før, ikke sender sms.',
      'Delen sto på feil lager.',
      'Det er vaktmesteren vi skal snakke med.',
    ],
  },
}
