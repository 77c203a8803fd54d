import type { Program, ProgramQuestion } from '../program/schema.ts'
import type { FactKind } from '../storage/outbox.ts'
import { factKinds, factTable } from './facts.ts'
import { inTurn } from './lease.ts'
import type { InsightParts } from './parts.ts'
import { answerColumn } from './programColumns.ts'
import { project } from './project.ts'

interface Sums {
  n: number
  sum: number
}

export interface FactDifference {
  /** `<survey>.<question>`, `responses`, `questions answered`, `left after: <survey>.<question>`,
   * `decisions: <outcome or reason>`, `cases: <state>`, `themes` or `rows: <kind>`. */
  what: string
  /** In the program's time zone; for `rows` the key whose rows do not add up. */
  day: string
  truth: Sums
  facts: Sums
}

export interface FactReport {
  /** How many pairs of counts and sums were held against each other. */
  compared: number
  /** Changes that still waited in the outbox; they may explain a difference. */
  waiting: number
  differences: FactDifference[]
}

interface Counted extends Sums {
  what: string
  day: string
}

// What is summed beside the count: the number itself, what is true, how many were chosen, the length of a choice's
// code. Everything a metric is computed from is in one of these.
const truthSql = `
  select survey || '.' || answer.key as what, (answered_at at time zone $2)::date::text as day,
    count(*) as n,
    sum(case jsonb_typeof(answer.value)
      when 'number' then (answer.value #>> '{}')::float8
      when 'boolean' then (answer.value = 'true')::int
      when 'array' then jsonb_array_length(case jsonb_typeof(answer.value) when 'array' then answer.value else '[]' end)
      else length(answer.value #>> '{}') end)::float8 as sum
  from responses, jsonb_each(answers) as answer
  where workspace_id = $1 and state = 'completed' and answer.value not in ('null', '[]')
  group by 1, 2
  union all
  select 'responses', (answered_at at time zone $2)::date::text, count(*),
    count(*) filter (where comment <> '')
  from responses where workspace_id = $1 and state = 'completed' group by 1, 2
  union all
  select 'questions answered', (answered_at at time zone $2)::date::text, count(*),
    sum((select count(*) from jsonb_object_keys(answers) k where not provenance ? k))::float8
  from responses where workspace_id = $1 group by 1, 2
  union all
  select 'left after: ' || survey || '.' || coalesce(last_question, '-'), (answered_at at time zone $2)::date::text,
    count(*), 0
  from responses where workspace_id = $1 and state = 'partial' group by 1, 2
  union all
  select 'decisions: ' || coalesce(reason, outcome), (decided_at at time zone $2)::date::text, count(*),
    count(*) filter (where exists (select from responses r where r.workspace_id = d.workspace_id
      and r.invitation_id = d.invitation_id and r.state = 'completed'))
  from decisions d where workspace_id = $1 group by 1, 2
  union all
  select 'cases: ' || state, (opened_at at time zone $2)::date::text, count(*), count(coalesce(first_contacted_at, contacted_at))
  from cases where workspace_id = $1 group by 1, 2
  union all
  select 'cases: missed', (opened_at at time zone $2)::date::text, count(missed_at), count(*) filter (where forwarded > 0)
  from cases join case_deadlines using (workspace_id, case_id) where workspace_id = $1 group by 1, 2 having count(missed_at) + max(forwarded) > 0
  union all
  select 'themes', (r.answered_at at time zone $2)::date::text, count(distinct r.response_id), 0
  from response_themes t join responses r on r.workspace_id = t.workspace_id and r.response_id = t.response_id
  where t.workspace_id = $1 group by 1, 2`

function answerSums(kind: ProgramQuestion['kind'], column: string): { n: string; sum: string } {
  const quoted = `\`${column}\``
  if (kind === 'multiChoice')
    return { n: `sumIf(sign, notEmpty(${quoted}))`, sum: `sum(sign * length(${quoted}))` }
  const value = kind === 'choice' ? `lengthUTF8(${quoted})` : quoted
  return { n: `sumIf(sign, isNotNull(${quoted}))`, sum: `sum(sign * coalesce(${value}, 0))` }
}

/** One query a question: every one is small, and together they would be as wide as the program. */
function factQueries(program: Program, tableOf: (kind: FactKind) => string): string[] {
  const counted = (what: string, sums: { n: string; sum: string }, table: string, where: string) =>
    `select ${what} as what, toString(toDate(at, {zone:String})) as day, toInt64(${sums.n}) as n,
      toFloat64(${sums.sum}) as sum
     from ${table} where ${where} group by what, day having n <> 0 or sum <> 0`
  const answers = Object.entries(program.surveys).flatMap(([survey, { questions }]) =>
    questions
      .filter((question) => question.kind !== 'text')
      .map((question) =>
        counted(
          `'${survey}.${question.id}'`,
          answerSums(question.kind, answerColumn(survey, question.id)),
          tableOf('response'),
          `state = 'completed'`,
        ),
      ),
  )
  return [
    ...answers,
    counted(
      `'responses'`,
      { n: 'sum(sign)', sum: 'sumIf(sign, has_comment)' },
      tableOf('response'),
      `state = 'completed'`,
    ),
    counted(
      `'questions answered'`,
      { n: 'sum(sign)', sum: 'sum(sign * length(questions))' },
      tableOf('response'),
      '1',
    ),
    counted(
      `concat('left after: ', coalesce(last_question, concat(survey, '.-')))`,
      { n: 'sum(sign)', sum: '0' },
      tableOf('response'),
      `state = 'partial'`,
    ),
    counted(
      `concat('decisions: ', coalesce(reason, outcome))`,
      { n: 'sum(sign)', sum: 'sumIf(sign, answered)' },
      tableOf('decision'),
      '1',
    ),
    counted(
      `concat('cases: ', state)`,
      { n: 'sum(sign)', sum: 'sumIf(sign, isNotNull(contacted_at))' },
      tableOf('case'),
      '1',
    ),
    counted(
      `'cases: missed'`,
      { n: 'sumIf(sign, missed)', sum: 'sumIf(sign, forwarded)' },
      tableOf('case'),
      '1',
    ),
    counted(`'themes'`, { n: 'sumIf(sign, notEmpty(themes))', sum: '0' }, tableOf('response'), '1'),
  ]
}

/** Holds the facts against the truth: counts and sums for each question, decision and case by day, and that no key
 * stands twice. Carries over first what waits in the outbox; changes made while it runs may show as differences.
 */
export async function verifyFacts(parts: InsightParts, workspaceId: string): Promise<FactReport> {
  await project(parts, workspaceId)
  return inTurn(workspaceId, () => compareStores(parts, workspaceId))
}

async function compareStores(parts: InsightParts, workspaceId: string): Promise<FactReport> {
  const { program } = await parts.programs.active(workspaceId)
  const zone = program.workspace.timeZone
  const { truth, waiting, generation } = await parts.database.inWorkspace(workspaceId, async (tx) => ({
    truth: await tx.query<Counted & { [column: string]: unknown }>(truthSql, [workspaceId, zone]),
    waiting: (await tx.query<{ n: number }>('select count(*) as n from outbox'))[0]?.n ?? 0,
    generation:
      (await tx.query<{ generation: number }>('select generation from fact_projections'))[0]?.generation ?? 0,
  }))
  const asked = new Set(questionsOf(program))
  // Of questions that the program has no more there are no columns.
  const known = truth.filter(({ what }) => !/^\w+\.\w+$/.test(what) || asked.has(what))
  const facts: Counted[] = []
  const differences: FactDifference[] = []
  if (generation > 0) {
    const tableOf = (kind: FactKind) => factTable(workspaceId, kind, generation)
    for (const sql of factQueries(program, tableOf))
      facts.push(...(await parts.columns.query<Counted>(sql, { zone })))
    for (const kind of factKinds) differences.push(...(await doubledRows(parts, kind, tableOf(kind))))
  }
  const name = ({ what, day }: Counted) => `${what}\u0000${day}`
  const byTruth = new Map(known.map((each) => [name(each), each]))
  const byFacts = new Map(facts.map((each) => [name(each), each]))
  const names = new Set([...byTruth.keys(), ...byFacts.keys()])
  for (const each of [...names].sort()) {
    const [what = '', day = ''] = each.split('\u0000')
    const left = sumsOf(byTruth.get(each))
    const right = sumsOf(byFacts.get(each))
    if (left.n !== right.n || Math.abs(left.sum - right.sum) > 1e-6) {
      differences.push({ what, day, truth: left, facts: right })
    }
  }
  return { compared: names.size, waiting, differences }
}

const sumsOf = (counted: Counted | undefined): Sums => ({ n: counted?.n ?? 0, sum: counted?.sum ?? 0 })

const questionsOf = (program: Program): string[] =>
  Object.entries(program.surveys).flatMap(([survey, { questions }]) =>
    questions.filter(({ kind }) => kind !== 'text').map(({ id }) => `${survey}.${id}`),
  )

async function doubledRows(
  { columns }: InsightParts,
  kind: FactKind,
  table: string,
): Promise<FactDifference[]> {
  const rows = await columns.query<{ key: string; n: number }>(
    `select key, toInt64(sum(sign)) as n from ${table} group by key having n not in (0, 1) limit 100`,
  )
  return rows.map(({ key, n }) => ({
    what: `rows: ${kind}`,
    day: key,
    truth: { n: 1, sum: 0 },
    facts: { n, sum: 0 },
  }))
}
