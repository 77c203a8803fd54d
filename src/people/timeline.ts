// For: everything that happened with one person, X and O together.
// In: the person. Out: what happened, newest first: events, invitations and why none was sent, answers, cases.
import type { Values } from '../program/context.ts'
import { textIn } from '../program/question.ts'
import type { Program } from '../program/schema.ts'
import { type Score, scoreOf } from '../program/score.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type UnitScope, withinUnit } from './access.ts'

export interface TimelineItem {
  at: Date
  kind: 'event' | 'invitation' | 'withheld' | 'response' | 'case'
  title: string
  /** The reason of a withheld invitation, the state of an invitation or case. */
  detail: string | null
  fields?: Values
  score?: Score | null
  comment?: string | null
  responseId?: string
  caseId?: string
}

interface TimelineRow extends Row {
  at: Date
  kind: TimelineItem['kind']
  name: string
  detail: string | null
  body: Record<string, unknown> | null
  comment: string | null
  ref: string | null
}

const longest = 500

/** The latest 500 things. Whoever is narrowed to a unit sees what happened there.
 * @param program gives events and surveys their names; a thing the program no longer has keeps its bare name
 */
export async function readTimeline(
  tx: Tx,
  program: Program,
  contactId: string,
  language: string,
  scope: UnitScope,
): Promise<TimelineItem[]> {
  const values: unknown[] = [contactId]
  const within = withinUnit(scope, 'x.unit_key', values)
  values.push(longest)
  const mine = `x.contact_id = $1 and ${within}`
  const rows = await tx.query<TimelineRow>(
    `select * from (
       select x.time as at, 'event' as kind, x.type as name, null as detail, x.fields as body, null as comment,
         null::uuid as ref
       from events x where ${mine}
       union all
       select x.sent_at, 'invitation', x.survey, case when x.opened_at is null then x.state else 'opened' end, null,
         null, null
       from invitations x where ${mine} and x.sent_at is not null
       union all
       select x.decided_at, 'withheld', x.survey, x.reason, null, null, null
       from decisions x where ${mine} and x.outcome = 'withheld'
       union all
       select x.answered_at, 'response', x.survey, x.state, x.answers, x.comment, x.response_id
       from responses x where ${mine}
       union all
       select x.opened_at, 'case', x.rule, x.state, null, null, x.case_id
       from cases x where ${mine}
     ) as happened order by at desc, kind limit $${values.length}`,
    values,
  )
  return rows.map((row) => itemOf(row, program, language))
}

function itemOf(row: TimelineRow, program: Program, language: string): TimelineItem {
  const { at, kind, name, detail } = row
  const survey = program.surveys[name]
  const bare = { at, kind, title: name, detail }
  switch (kind) {
    case 'event': {
      const label = program.events[name]?.label
      return { ...bare, title: textIn(label, language) || name, fields: (row.body ?? {}) as Values }
    }
    case 'response':
      return {
        ...bare,
        title: textIn(survey?.name, language) || name,
        score: scoreOf(program, name, row.body ?? {}),
        comment: row.comment,
        responseId: row.ref as string,
      }
    case 'case':
      return { ...bare, caseId: row.ref as string }
    default:
      return { ...bare, title: textIn(survey?.name, language) || name }
  }
}
