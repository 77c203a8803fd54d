// For: how somebody is doing with us, at a glance.
// In: the persons meant. Out: their scores over time by question, which way they go, and what is open with them.
import { scaleOf } from '../program/question.ts'
import type { Program } from '../program/schema.ts'
import { scoreOf } from '../program/score.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type UnitScope, visibleAnswer, visibleCase, withinUnit } from './access.ts'

export type Trend = 'better' | 'worse' | 'same'

/** Scores of one question, the latest first. */
export interface ScoreSeries {
  survey: string
  question: string
  kind: string
  latest: number
  at: Date
  from: number
  to: number
  /** The latest against the mean of up to five before it of the same person; null without any. */
  trend: Trend | null
  series: Array<{ at: Date; value: number; responseId: string }>
}

export interface Health {
  answers: number
  lastAnswerAt: Date | null
  scores: ScoreSeries[]
  openCases: number
  /** Whose first contact is overdue. */
  overdueCases: number
  lastContactAt: Date | null
}

/** Something that somebody here is to do for them. */
export interface OpenAction extends Row {
  kind: 'case' | 'planItem' | 'lead'
  /** Of the case, the plan it is a part of, or the lead. */
  id: string
  caseId: string | null
  state: string
  /** The rule of a case or of a lead, or what is to be done. */
  title: string
  contactId: string | null
  contactName: string | null
  owner: string | null
  dueAt: Date | null
  contactedAt: Date | null
  priority: number | null
}

const answersRead = 200
const seriesLength = 12
/** A change smaller than this share of the scale is none. */
const worthTelling = 0.1

/** @param of SQL that is true for rows `x` (with contact_id) of the persons meant, and its parameters */
export async function readHealth(
  tx: Tx,
  program: Program,
  of: { sql: string; values: readonly unknown[] },
  scope: UnitScope,
  now: Date,
): Promise<Health> {
  const values = [...of.values]
  const answers = visibleAnswer(scope, 'x', program, values)
  const rows = await tx.query<Answered>(
    `select x.response_id as "responseId", x.contact_id as "contactId", x.survey, x.answers, x.answered_at as at from responses x
     where ${of.sql} and x.state = 'completed' and ${answers} order by x.answered_at desc limit ${answersRead}`,
    values,
  )
  const forCases = [...of.values]
  const visible = visibleCase(scope, 'x', forCases)
  const [cases] = await tx.query<{ open: number; overdue: number; contacted: Date | null }>(
    `select count(*) filter (where x.state <> 'closed') as open,
       count(*) filter (where x.state in ('open', 'taken') and x.contact_due_at < $${forCases.length + 1}) as overdue,
       max(x.contacted_at) as contacted
     from cases x where ${of.sql} and ${visible}`,
    [...forCases, now],
  )
  return {
    answers: rows.length,
    lastAnswerAt: rows[0]?.at ?? null,
    scores: scoresOf(program, rows),
    openCases: cases?.open ?? 0,
    overdueCases: cases?.overdue ?? 0,
    lastContactAt: cases?.contacted ?? null,
  }
}

interface Answered extends Row {
  responseId: string
  contactId: string | null
  survey: string
  answers: Record<string, unknown>
  at: Date
}

/** The scores of answers by question, in the order of the latest of each; `rows` the latest first. */
function scoresOf(program: Program, rows: readonly Answered[]): ScoreSeries[] {
  const series = new Map<string, ScoreSeries>()
  // Of an account several people answer; that one is happier than another is no change.
  const own = new Map<string, { contactId: string | null; values: number[] }>()
  for (const { survey, answers, at, responseId, contactId } of rows) {
    const score = scoreOf(program, survey, answers)
    const question = program.surveys[survey]?.questions.find(({ id }) => id === score?.question)
    const scale = question && scaleOf(question)
    if (!score || !scale) continue
    const key = `${survey} ${score.question}`
    const found = series.get(key) ?? {
      survey,
      question: score.question,
      kind: score.kind,
      latest: score.value,
      at,
      ...scale,
      trend: null,
      series: [],
    }
    const same = own.get(key) ?? { contactId, values: [] }
    if (same.contactId === contactId) same.values.push(score.value)
    own.set(key, same)
    if (found.series.length < seriesLength) found.series.push({ at, value: score.value, responseId })
    series.set(key, found)
  }
  return [...series].map(([key, each]) => ({ ...each, trend: trendOf(own.get(key)?.values ?? [], each) }))
}

/** @param values of one person, the latest first */
function trendOf(
  [latest, ...before]: readonly number[],
  { from, to }: Pick<ScoreSeries, 'from' | 'to'>,
): Trend | null {
  const earlier = before.slice(0, 5)
  if (latest === undefined || earlier.length === 0) return null
  const mean = earlier.reduce((sum, value) => sum + value, 0) / earlier.length
  const change = (latest - mean) / (to - from)
  if (Math.abs(change) < worthTelling) return 'same'
  return change > 0 ? 'better' : 'worse'
}

/** What is open with somebody: cases, what action plans have promised, and leads to talk to them; the soonest due first.
 * @param of as for readHealth; `plans` where more than that is meant by plans and leads
 * @param zone in which the days of plans end
 */
export function openActions(
  tx: Tx,
  of: { sql: string; values: readonly unknown[]; plans?: string },
  scope: UnitScope,
  zone: string,
): Promise<OpenAction[]> {
  const values = [...of.values]
  const within = withinUnit(scope, 'x.unit_key', values)
  const visible = visibleCase(scope, 'x', values)
  const theirs = `(${of.plans ?? of.sql}) and ${within}`
  values.push(zone)
  return tx.query<OpenAction>(
    `select o.kind, o.id, o."caseId", o.state, o.title, o.contact_id as "contactId",
       coalesce(p.name, p.contact_key) as "contactName", o.owner, o."dueAt", o."contactedAt", o.priority
     from (
       select 'case' as kind, x.case_id as id, x.case_id as "caseId", x.state, x.rule as title, x.contact_id,
         x.owner_name as owner, x.contact_due_at as "dueAt", x.contacted_at as "contactedAt", x.priority
       from cases x where ${of.sql} and x.state <> 'closed' and ${visible}
       union all
       select 'planItem', x.plan_id, x.case_id, i.state, i.what, x.contact_id, coalesce(i.who_name, x.owner_name),
         (i.due_on + 1)::timestamp at time zone $${values.length}, null, null
       from plans x join plan_items i on i.plan_id = x.plan_id and i.state in ('open', 'doing')
       where x.state = 'open' and ${theirs}
       union all
       select 'lead', x.act_id, null, x.state, x.rule, x.contact_id, x.owner_name, null, null, x.value
       from promoter_acts x where x.kind = 'upsell' and x.state = 'open' and ${theirs}
     ) o left join contacts p on p.contact_id = o.contact_id
     order by o."dueAt" nulls last, o.id, o.title limit 100`,
    values,
  )
}
