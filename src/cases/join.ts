// For: further answers of a customer: the open case has them too; a closed one is opened again.
// In: answers with their rules, and the cases they belong to. Out: cases that go on by the stricter of both: the higher
// rule, the earlier deadline, the worse band; an owner where there was none; priority judged anew; news of it.
import type { Clock } from '../base/clock.ts'
import { gatherPeople } from '../people/who.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import { loyaltyBands } from '../program/schema-value.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { calendarOf, contactDue, firstCheck, nextForeseen } from './calendar.ts'
import type { ProductAction } from './case.ts'
import { draft, type Judged, questionOf, stakeholdersOf } from './judge.ts'
import { informed, informedAsks, type Passed } from './owner.ts'
import { giveUnowned, passOnCases } from './passOn.ts'
import { type Ranked, rankCases } from './rank.ts'
import { applyProduct } from './store.ts'
import { isEligible } from './trial.ts'
import { rewriteWords } from './words.ts'

export interface JoinParts {
  clock: Clock
  programs: Programs
  announce: Announce
}

/** An answer that belongs to a case there is. */
export interface Joining {
  judged: Judged
  caseId: string
  handling: 'joined' | 'reopened'
}

interface JoinedCase extends Row {
  caseId: string
  rule: string
  band: string | null
  unitKey: string | null
  owner: string | null
  contactDueAt: Date
  contactedAt: Date | null
  nextCheckAt: Date | null
  holdUntil: Date | null
}

/** How a case goes on: as it stands in the table, and by which answer a higher rule has come to it. */
interface GoesOn extends JoinedCase {
  raisedBy?: Judged
}
type Raised = GoesOn & { raisedBy: Judged }

/** Adds the answers to their cases, each with what it changes there. */
export async function addToCases(tx: Tx, parts: JoinParts, joining: readonly Joining[]): Promise<void> {
  if (joining.length === 0) return
  const caseIds = [...new Set(joining.map(({ caseId }) => caseId))]
  const cases = new Map<string, GoesOn>((await readJoined(tx, caseIds)).map((row) => [row.caseId, row]))
  const ranked = new Map((await rank(tx, joining, cases)).map((each) => [each.judged, each]))
  const changes = joining.map(({ judged, caseId, handling }) => {
    const found = cases.get(caseId) as GoesOn
    const action = handling === 'joined' ? join(found, ranked.get(judged) as Ranked) : reopen(found, judged)
    return { judged, caseId, at: judged.at, action }
  })
  const raised = [...cases.values()].filter((each): each is Raised => each.raisedBy !== undefined)
  const passed = await informMore(tx, raised)
  await applyProduct(
    tx,
    parts,
    changes.map(({ judged, action, ...change }) => {
      const others = passed.get(judged) ?? []
      return { ...change, action: others.length > 0 ? { ...action, passed: others } : action }
    }),
  )
  await write(tx, joining, cases, ranked)
  await rewriteWords(tx, caseIds)
  const unowned = raised.filter(({ owner }) => owner === null).map(({ caseId }) => caseId)
  await giveUnowned(tx, parts, unowned, parts.clock.now())
  const reopened = changes.filter(({ action }) => action.kind === 'reopened').map(({ caseId }) => caseId)
  const workspaceId = tx.workspaceId as string
  if (reopened.length > 0) {
    // Whose it was may have left since.
    await passOnCases(tx, parts, parts.clock.now())
    await parts.announce(tx, { kind: 'case.opened', workspaceId, caseIds: reopened })
  }
  const next = changes.flatMap(({ action }) => action.next ?? [])
  if (next.length > 0) {
    const soonest = new Date(Math.min(...next.map((at) => at.getTime())))
    await parts.announce(tx, { kind: 'cases.due', workspaceId }, soonest)
  }
}

/** Locked, since what an answer changes depends on how its case stands. */
const readJoined = (tx: Tx, caseIds: readonly string[]) =>
  tx.query<JoinedCase>(
    `select c.case_id as "caseId", c.rule, c.band, c.unit_key as "unitKey", c.owner,
       c.contact_due_at as "contactDueAt", c.contacted_at as "contactedAt", d.next_check_at as "nextCheckAt",
       c.hold_until as "holdUntil"
     from cases c join case_deadlines d on d.workspace_id = c.workspace_id and d.case_id = c.case_id
     where c.workspace_id = $1 and c.case_id = any($2::uuid[]) order by c.case_id for update`,
    [tx.workspaceId, [...caseIds]],
  )

/** What each answer says of its case: the worse band of both, priority and segment by it. */
async function rank(tx: Tx, joining: readonly Joining[], cases: ReadonlyMap<string, GoesOn>) {
  const drafts = joining.map(({ judged, caseId }) => {
    const own = draft(judged, caseId)
    return { ...own, band: worse(cases.get(caseId)?.band ?? null, own.band) }
  })
  // Several answers of one case are ranked apart, so that the latest of them counts.
  const ranked: Ranked[] = []
  for (const group of onceEach(drafts)) ranked.push(...(await rankCases(tx, group)))
  return ranked
}

/** Groups in which each case stands at most once. */
function onceEach<T extends { caseId: string }>(all: readonly T[]): T[][] {
  const groups: T[][] = []
  const seen = new Map<string, number>()
  for (const each of all) {
    const place = seen.get(each.caseId) ?? 0
    seen.set(each.caseId, place + 1)
    groups[place] = [...(groups[place] ?? []), each]
  }
  return groups
}

function worse<T extends string>(one: string | null, other: T | null): T | null {
  const [place, next] = [one, other].map((band) => (loyaltyBands as readonly (string | null)[]).indexOf(band))
  return place! >= 0 && (next! < 0 || place! < next!) ? (one as T) : other
}

/** A joined answer: the case goes by the higher of both rules from now on, and is due at the earlier of both times; whom
 * a trial lets wait waits no longer when the answer's own case would not.
 */
function join(found: GoesOn, { judged, priority }: Ranked): ProductAction & { kind: 'joined' } {
  const { checked, candidate, at, promisedFrom } = judged
  const rule = judged.rule as RecoveryRule
  const { responseId, answeredAt } = candidate
  const isOther = rule.id !== found.rule
  const from = raise(found, judged)
  const { trial } = checked.program.recovery ?? {}
  const waits = found.contactedAt === null
  const held = waits && found.holdUntil !== null && found.holdUntil > at
  const never = trial?.never === undefined ? false : judged.holds(trial.never)
  const released = held && !(trial && isEligible(trial, { rule: rule.id, priority, never }))
  if (released) found.holdUntil = at
  const calendar = calendarOf(checked.program, rule, found.unitKey)
  const due = contactDue(calendar, rule, promisedFrom)
  const sooner = waits && (isOther || released) && due < found.contactDueAt
  if (sooner) found.contactDueAt = due
  const isDue = found.nextCheckAt !== null && found.nextCheckAt <= at
  const plans = waits && (sooner || (from !== undefined && !isDue))
  if (plans) {
    const own = checked.program.recovery?.rules.find(({ id }) => id === found.rule) ?? rule
    const ownCalendar = calendarOf(checked.program, own, found.unitKey)
    const next = sooner
      ? firstCheck(ownCalendar, own, due, at)
      : nextForeseen(ownCalendar, own, found.contactDueAt, at)
    found.nextCheckAt = isDue && next !== null && found.nextCheckAt! < next ? found.nextCheckAt : next
  }
  return {
    kind: 'joined',
    responseId,
    answeredAt,
    ...(from === undefined ? {} : { rule: { from, to: rule.id } }),
    ...(sooner ? { contactDueAt: due } : {}),
    ...(plans ? { next: found.nextCheckAt } : {}),
  }
}

/** @returns the rule before, when that of the answer stands above it in the program, and the case goes by it now */
function raise(found: GoesOn, judged: Judged): string | undefined {
  const { checked, rule } = judged
  const rules = checked.program.recovery?.rules ?? []
  const before = found.rule
  const place = rules.findIndex(({ id }) => id === before)
  if (!rule || rule.id === before || (place >= 0 && place < rules.indexOf(rule))) return undefined
  found.rule = rule.id
  found.raisedBy = judged
  return before
}

/** A bad answer after it was closed: a new deadline, as the answer's rule counts it. */
function reopen(found: GoesOn, judged: Judged): ProductAction & { kind: 'reopened' } {
  const { candidate, checked, at, promisedFrom } = judged
  const rule = judged.rule as RecoveryRule
  const { responseId, answeredAt } = candidate
  const calendar = calendarOf(checked.program, rule, candidate.unitKey)
  const contactDueAt = contactDue(calendar, rule, promisedFrom)
  const next = firstCheck(calendar, rule, contactDueAt, at)
  raise(found, judged)
  Object.assign(found, { contactDueAt, nextCheckAt: next, contactedAt: null })
  return { kind: 'reopened', responseId, answeredAt, contactDueAt, next }
}

/** Those whom the higher rule keeps informed are so from now on.
 * @returns by the answer that brought the rule: who cannot be told, and why
 */
async function informMore(tx: Tx, raised: readonly Raised[]): Promise<Map<Judged, Passed[]>> {
  if (raised.length === 0) return new Map()
  const questions = raised.map((each) => ({ ...each, question: questionOf(each.raisedBy) }))
  const people = await gatherPeople(
    tx,
    questions.flatMap(({ raisedBy, question }) => informedAsks(question, stakeholdersOf(raisedBy))),
  )
  const meant = questions.map(({ question, ...each }) => ({
    ...each,
    ...informed(people, question, stakeholdersOf(each.raisedBy)),
  }))
  const rows = meant.flatMap(({ caseId, owner, raisedBy, informed }) =>
    informed
      .filter(({ person }) => person.key !== owner)
      .map(({ person, because }) => ({ id: caseId, person: person.key, because, at: raisedBy.at })),
  )
  await tx.query(
    `insert into case_people (workspace_id, case_id, person, part, because, since)
     select $1::uuid, r.id, r.person, 'stakeholder', r.because, r.at
     from json_to_recordset($2::json) as r(id uuid, person text, because text, at timestamptz) on conflict do nothing`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
  return new Map(meant.map(({ raisedBy, passed }) => [raisedBy, passed]))
}

/** What lists and shares tell the cases apart by. */
async function write(
  tx: Tx,
  joining: readonly Joining[],
  cases: ReadonlyMap<string, GoesOn>,
  ranked: ReadonlyMap<Judged, Ranked>,
): Promise<void> {
  const rows = [...Map.groupBy(joining, ({ caseId }) => caseId)].map(([id, group]) => {
    const found = cases.get(id) as GoesOn
    const each = group.map(({ judged }) => ranked.get(judged) as Ranked)
    const latest = each.at(-1) as Ranked
    const by = found.raisedBy && ranked.get(found.raisedBy)
    return {
      id,
      rule: found.rule,
      comment: each.some(({ hasComment }) => hasComment),
      watched: each.some(({ priorityTheme }) => priorityTheme),
      decides: each.some(({ decisionMaker }) => decisionMaker),
      high: each.some(({ highValue }) => highValue),
      themes: [...new Set(each.flatMap(({ themes }) => themes))],
      band: each.reduce<string | null>((worst, { band }) => worse(worst, band), found.band),
      priority: latest.priority,
      terms: latest.terms,
      segment: latest.segment,
      until: found.holdUntil,
      ...(by
        ? { ...by.recommended, template: by.rule.template ?? null, version: by.judged.checked.version }
        : {}),
    }
  })
  await tx.query(
    `update cases c set has_comment = c.has_comment or r.comment, priority_theme = c.priority_theme or r.watched,
       decision_maker = c.decision_maker or r.decides, high_value = c.high_value or r.high, band = r.band,
       themes = array(select distinct t from unnest(c.themes || r.themes) as t order by t),
       priority = r.priority, priority_terms = r.terms, value_segment = r.segment, hold_until = r.until,
       rule = r.rule, version = coalesce(r.version, c.version),
       recommended = case when r.version is null then c.recommended else r.channel end,
       recommended_because = case when r.version is null then c.recommended_because else r.because end,
       template = case when r.version is null then c.template else r.template end
     from json_to_recordset($1::json) as r(id uuid, rule text, comment boolean, watched boolean, decides boolean,
       high boolean, themes text[], band text, priority double precision, terms jsonb, segment text, until timestamptz,
       channel text, because jsonb, template text, version text)
     where c.case_id = r.id`,
    [JSON.stringify(rows)],
  )
}
