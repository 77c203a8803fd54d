import { ownerWhenDue } from '../cases/ownerWhenDue.ts'
import type { FactKind } from '../storage/outbox.ts'
import type { Tx } from '../storage/postgres.ts'
import type { TruthRow } from './factColumn.ts'

// What every fact is joined with: the O-data as it is now. `x` is the row the fact is about.
const surroundings = `
  c.fields as now_contact, a.fields as now_account, t.type as now_type, t.fields as now_transaction,
  u.path as unit_path`
const joins = `
  left join contacts c on c.workspace_id = x.workspace_id and c.contact_id = x.contact_id
  left join transactions t on t.workspace_id = x.workspace_id and t.transaction_id = x.transaction_id
  left join units u on u.workspace_id = x.workspace_id and u.unit_key = x.unit_key`
const accountOf = (account: string) =>
  `left join accounts a on a.workspace_id = x.workspace_id and a.account_id = ${account}`

interface Source {
  table: string
  id: string
  select: string
}

const sources: Record<FactKind, Source> = {
  response: {
    table: 'responses',
    id: 'response_id',
    select: `x.response_id as key, x.answered_at as at, x.started_at, x.survey, x.touchpoint, x.way_in, x.language,
      x.state, x.version, x.contact_id, x.account_id, x.transaction_id, x.unit_key, x.employee_key as employee,
      x.comment is not null and x.comment <> '' as has_comment, x.answers,
      array(select x.survey || '.' || k from jsonb_object_keys(x.answers) k where not x.provenance ? k order by k) as questions,
      x.survey || '.' || x.last_question as last_question, x.context as frozen, i.trigger,
      d.handling, d.reason as handling_reason,
      coalesce(d.handling = 'reply', false) or exists (select from case_responses cr
        join cases k on k.workspace_id = cr.workspace_id and k.case_id = cr.case_id
        where cr.workspace_id = x.workspace_id and cr.response_id = x.response_id
        and coalesce(k.first_contacted_at, k.contacted_at) is not null) as handled,
      array(select s.theme from response_themes s where s.workspace_id = x.workspace_id
        and s.response_id = x.response_id) as themes,
      exists (select from notifications n where n.workspace_id = x.workspace_id and n.response_id = x.response_id
        and n.kind = 'praise' and n.state = 'queued') as praised,
      p.promoted, p.promoted_to, p.leads,
      ${surroundings}
      from responses x
      left join recovery_decisions d on d.workspace_id = x.workspace_id and d.response_id = x.response_id
      left join lateral (
        select array_agg(distinct a.kind order by a.kind) as promoted, sum(l.leads)::float8 as leads,
          array_remove(array_agg(distinct case when a.state in ('accepted', 'declined', 'won', 'lost') then a.state end), null)
            || case when sum(a.clicks) > 0 then array['clicked'] else '{}' end as promoted_to
        from promoter_acts a
        left join lateral (select count(*) as leads from referral_leads r
          where r.workspace_id = a.workspace_id and r.act_id = a.act_id) l on true
        where a.workspace_id = x.workspace_id and a.response_id = x.response_id and a.state <> 'withheld'
      ) p on true
      left join invitations i on i.workspace_id = x.workspace_id and i.invitation_id = x.invitation_id
      ${joins} ${accountOf('x.account_id')}`,
  },
  decision: {
    table: 'decisions',
    id: 'decision_id',
    select: `x.decision_id as key, x.decided_at as at, x.trigger, x.survey, i.touchpoint, x.outcome, x.reason,
      x.due_at, i.state as invitation_state, i.sent_at, x.version, x.contact_id, i.account_id, x.transaction_id,
      x.unit_key, i.employee_key as employee, i.frozen,
      exists (select from responses r where r.workspace_id = x.workspace_id and r.invitation_id = i.invitation_id
        and r.state = 'completed') as answered,
      exists (select from responses r where r.workspace_id = x.workspace_id
        and r.invitation_id = i.invitation_id) as begun,
      ${surroundings}
      from decisions x
      left join invitations i on i.workspace_id = x.workspace_id and i.invitation_id = x.invitation_id
      ${joins} ${accountOf('i.account_id')}`,
  },
  case: {
    table: 'cases',
    id: 'case_id',
    select: `x.case_id as key, x.opened_at as at, x.rule, x.state, x.outcome, coalesce(x.first_due_at, x.contact_due_at) as contact_due_at, x.taken_at,
      x.closed_at, x.version, x.contact_id, x.account_id, x.transaction_id, x.unit_key, r.survey, r.touchpoint,
      coalesce(x.employee_key, r.employee_key) as employee, r.context as frozen,
      x.reason as case_reason, x.band, coalesce(x.first_channel, x.channel) as channel, x.recommended, x.owner,
      ${ownerWhenDue('x', 'd')} as due_owner, x.cause, x.action, x.value_segment,
      x.trial, x.trial_arm, coalesce(x.first_contacted_at, x.contacted_at) as contacted_at, x.has_comment, x.decision_maker, x.high_value, x.priority_theme,
      x.themes, d.missed_at is not null as missed, d.missed_again_at is not null as missed_again, d.escalated_at is not null as escalated,
      x.forwarded > 0 as forwarded, x.reopened > 0 as reopened, x.joined > 0 as joined,
      coalesce(x.learning, '') <> '' as has_learning, coalesce(x.quote, '') <> '' as has_quote,
      case when d.missed_at is not null then false
        else coalesce(x.first_contacted_at, x.contacted_at) <= coalesce(x.first_due_at, x.contact_due_at) end as in_time,
      x.solved_by_customer, x.attempts::float8 as attempts, x.churn_before, x.churn_after, x.priority,
      (extract(epoch from coalesce(x.first_contacted_at, x.contacted_at) - x.opened_at) / 3600)::float8 as hours_to_contact, ${surroundings}
      from cases x
      join case_deadlines d on d.workspace_id = x.workspace_id and d.case_id = x.case_id
      join responses r on r.workspace_id = x.workspace_id and r.response_id = x.response_id
      ${joins} ${accountOf('x.account_id')}`,
  },
}

/** The truth about these keys; a key that is no longer there is left out. */
export function readTruth(tx: Tx, kind: FactKind, keys: readonly string[]): Promise<TruthRow[]> {
  const { select, id } = sources[kind]
  return tx.query<TruthRow>(
    // A list, not rows to join with: beyond eight tables the planner keeps to the order written, and read all of them.
    `select ${select} where x.workspace_id = $1 and x.${id} = any($2::uuid[])`,
    [tx.workspaceId, keys],
  )
}

/** All of the truth, page by page in order of the key. */
export function readTruthPage(
  tx: Tx,
  kind: FactKind,
  after: string | undefined,
  limit: number,
): Promise<TruthRow[]> {
  const { select, id } = sources[kind]
  return tx.query<TruthRow>(
    `select ${select} where x.workspace_id = $1 and ($2::uuid is null or x.${id} > $2::uuid)
     order by x.${id} limit $3`,
    [tx.workspaceId, after ?? null, limit],
  )
}

/** The decisions that led to these responses: their share answered changes with them. */
export async function decisionsOf(tx: Tx, responseIds: readonly string[]): Promise<string[]> {
  if (responseIds.length === 0) return []
  const rows = await tx.query<{ decision_id: string }>(
    `select i.decision_id from responses r
     join invitations i on i.workspace_id = r.workspace_id and i.invitation_id = r.invitation_id
     join decisions d on d.workspace_id = i.workspace_id and d.decision_id = i.decision_id
     where r.workspace_id = $1
     and r.response_id = any($2::uuid[])`,
    [tx.workspaceId, responseIds],
  )
  return rows.map((row) => row.decision_id)
}

/** The answers of these cases: whether they were handled changes with them. */
export async function responsesOf(tx: Tx, caseIds: readonly string[]): Promise<string[]> {
  if (caseIds.length === 0) return []
  const rows = await tx.query<{ response_id: string }>(
    `select distinct response_id from case_responses
     where workspace_id = $1 and case_id = any($2::uuid[])`,
    [tx.workspaceId, caseIds],
  )
  return rows.map((row) => row.response_id)
}
