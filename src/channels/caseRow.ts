// For: what mails about a single case are written from.
// In: the ids of messages, as the statement's only parameter. Out: of each its case, as it stands when the mail is written.
import type { ResponseChannel } from '../program/schema-recovery.ts'
import { latestAnswer } from './latestAnswer.ts'

export interface CaseRow extends Record<string, unknown> {
  messageId: string
  caseId: string
  dueAt: Date
  /** Of the deadline: the customer was reached. */
  contactedAt: Date | null
  unit: string | null
  customer: string | null
  account: string | null
  phone: string | null
  email: string | null
  recommended: ResponseChannel | null
  survey: string
  answers: Record<string, unknown>
  comment: string | null
  version: string
  /** The program the answer was given under. */
  answerVersion: string
  language: string | null
  readerUnit: string | null
  rule: string
  owner: string | null
  /** Of the latest time it was handed up to the reader: the step of the policy, or who did it. */
  step: number | null
  handedBy: string | null
  handedNote: string | null
  /** Of one that a colleague gave or passed on to the reader by this mail's occasion. */
  passedBy: string | null
  passedNote: string | null
  /** Of one that was opened again: when it had been closed, and whether by a no to whether it was solved (with the
   * customer's words), by another answer, or by a person.
   */
  closedAt: Date | null
  againBy: 'notSolved' | 'reopened' | 'person' | null
  saidWhy: string | null
}

export const caseSql = `
  select m.message_id as "messageId", k.case_id as "caseId", k.contact_due_at as "dueAt", k.contacted_at as "contactedAt",
         u.name as unit, coalesce(p.name, p.contact_key) as customer, coalesce(a.name, a.account_key) as account,
         p.phone, p.email, k.recommended,
         r.survey, r.answers, r.comment, k.version, r.version as "answerVersion",
         e.language, e.unit_key as "readerUnit", k.rule, k.owner_name as owner, h.step, h.by as "handedBy", h.note as "handedNote",
         g.by as "passedBy", g.note as "passedNote", o.closed as "closedAt",
         o.by as "againBy", nullif(o.said, '') as "saidWhy"
  from messages m
  join cases k on k.case_id = m.about_id
  left join lateral (select * from employees where email = m.recipient order by employee_key limit 1) e on true
  cross join lateral (select ${latestAnswer('k', 'e.employee_key')} as response_id offset 0) l
  join responses r on r.response_id = l.response_id
  left join units u on u.unit_key = k.unit_key
  left join contacts p on p.contact_id = k.contact_id
  left join accounts a on a.account_id = k.account_id
  left join lateral (
    select v.actor_name as by, v.note from case_events v, case_readers r
    where m.kind = 'case' and v.case_id = k.case_id and v.kind in ('assigned', 'forwarded') and v.actor is not null
      and v.at = m.queued_at and r.person = v.detail->>'to' and lower(r.email) = lower(m.recipient)
    order by v.revision desc limit 1
  ) g on true
  left join lateral (
    select v.actor_name as by, case when v.actor is not null then v.note end as note, (
        select count(*) from case_events s
        where s.case_id = k.case_id and s.kind = 'escalated' and s.actor is null and s.revision <= v.revision
          and s.revision > coalesce((select max(o.revision) from case_events o
            where o.case_id = k.case_id and o.kind in ('reopened', 'reopen')), 0)
      )::int as step
    from case_events v, jsonb_array_elements(v.detail->'people') p, case_readers r
    where m.kind = 'caseEscalated' and v.case_id = k.case_id and v.kind = 'escalated'
      and r.person = p->>'id' and lower(r.email) = lower(m.recipient)
    order by v.revision desc limit 1
  ) h on true
  left join lateral (
    select case when v.actor is not null then 'person' when v.detail->>'solved' = 'false' then 'notSolved'
        else 'reopened' end as by,
      (select max(c.at) from case_events c
       where c.case_id = k.case_id and c.kind = 'closed' and c.revision < v.revision) as closed,
      (select s.comment from responses s
       where v.detail->>'solved' = 'false' and s.response_id = (v.detail->>'responseId')::uuid) as said
    from case_events v where k.reopened > 0 and v.case_id = k.case_id and v.kind = 'reopened'
    order by v.revision desc limit 1
  ) o on true
  where m.message_id = any($1::uuid[])`
