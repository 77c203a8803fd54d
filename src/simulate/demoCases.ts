// For: the managers of the simulated company, who do their part for the unhappy.
// In: cases that were opened, in virtual time. Out: they are taken, tried, contacted, closed with cause and action, each at
// its time; what lies beyond the end of the story waits, or is under way, as it is with people.
import type { Clock } from '../base/clock.ts'
import type { CaseAction } from '../cases/case.ts'
import type { CaseOutcome, Person } from '../cases/standing.ts'
import { type CaseChange, changeCases } from '../cases/store.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { ResponseChannel } from '../program/schema-recovery.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row } from '../storage/postgres.ts'
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
 * have been told of it, before deadlines are judged.
 * @returns how many cases were acted upon
 */
export async function handleDemoCases(
  parts: { database: Database; programs: Programs; announce: Announce; clock: Clock },
  workspaceId: string,
  caseIds: readonly string[],
  until: Date,
): Promise<number> {
  const checked = await parts.programs.active(workspaceId)
  const { causes = [], actions = [] } = checked.program.recovery ?? {}
  return parts.database.inWorkspace(workspaceId, async (tx) => {
    const cases = await tx.query<OpenCase>(
      `select c.case_id as "caseId", d.revision, c.reopened, coalesce(d.missed_again_at, d.missed_at) is not null as missed,
         (select max(v.at) from case_events v where v.case_id = c.case_id) as "lastAt",
         greatest(coalesce(c.last_answer_at, c.opened_at), c.hold_until) as "from",
         c.contact_due_at as "dueAt", c.recommended as channel,
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
       where c.state = 'open' and c.case_id = any($1::uuid[])
       order by 1`,
      [caseIds],
    )
    const changes = cases.flatMap((each): CaseChange[] => {
      // The same however often it is looked at: who is late is late when it has been missed, too.
      const random = randomOf('case', each.about ?? each.caseId, String(each.reopened))
      const actor = { id: each.owner ?? 'demo', name: each.ownerName ?? 'Customer care', mandate: true }
      const pick = (list: ReadonlyArray<{ id: string }>) =>
        list.length === 0 ? undefined : random.pick(list).id
      const told = each.themes
        .map((theme) => causeOf[theme])
        .find((id) => causes.some((own) => own.id === id))
      const deeds = deedsOf(each, random, { cause: told ?? pick(causes), action: pick(actions) })
      // Who is late is so only once the deadline has been missed, and behind all that follows from it.
      const isLate = deeds.find(({ action }) => isEnd(action))!.at > each.dueAt
      if (isLate && !each.missed) return []
      return (isLate ? delayed(deeds, Math.max(each.dueAt.getTime(), each.lastAt.getTime())) : deeds)
        .slice(0, stepsDone(random, deeds.length, each, until))
        .filter(({ at }) => at <= until)
        .map(({ action, at }, index) => ({
          caseId: each.caseId,
          revision: each.revision + index,
          action,
          actor,
          at,
        }))
    })
    await changeCases(tx, parts, changes, { checked })
    return new Set(changes.map(({ caseId }) => caseId)).size
  })
}

/** The deadline does not pass after it. */
const isEnd = ({ kind }: CaseAction) => kind === 'contact' || kind === 'close'

/** The same by whole days later, so that the first comes after a time. */
function delayed(deeds: readonly Deed[], after: number): Deed[] {
  const days = Math.max(0, Math.ceil((after + 1 - deeds[0]!.at.getTime()) / day))
  return deeds.map(({ action, at }) => ({ action, at: new Date(at.getTime() + days * day) }))
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

/** Nobody is called at night: what would be done then is done the next morning. */
function inTheDay(time: number): number {
  const at = new Date(time)
  const hour = at.getUTCHours()
  if (hour >= 6 && hour < 17) return time
  const morning = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + (hour < 6 ? 0 : 1), 6)
  return morning + (time % 5_400_000)
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

/** What is done about one case, and when. Some are too late to be in time; some are passed on or handed up. */
function deedsOf(
  { from, dueAt, channel, owner, above, tongue, comment }: OpenCase,
  random: Random,
  found: { cause: string | undefined; action: string | undefined },
): Deed[] {
  const deeds: Deed[] = []
  const said = words[tongue]
  let time = from.getTime()
  const then = (hours: number, action: CaseAction) => {
    time = inTheDay(time + Math.round(hours * 60) * 60_000)
    deeds.push({ action, at: new Date(time) })
  }
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
    return deeds
  }
  const hands = above?.id === owner ? 0.5 : random.share()
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
  return deeds
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
