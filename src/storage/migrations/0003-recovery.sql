-- Closing the loop: whose a case is and what became of it, who is to be told when, and what was decided about each answer.

alter table employees add column functions text[] not null default '{}';
alter table employees add column active boolean not null default true;   -- false: no longer in the program

-- Times during which somebody is given no new cases.
create table absences (
  workspace_id uuid not null,
  absence_id uuid not null,
  employee_key text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  noted_by text,
  primary key (workspace_id, absence_id),
  check (to_at > from_at)
);
create index absences_employee on absences (workspace_id, employee_key, to_at);

-- What each response is about, with what said so.
create table response_themes (
  workspace_id uuid not null,
  response_id uuid not null,
  theme text not null,
  by text not null check (by in ('words', 'answers', 'person')),
  found text[] not null default '{}',    -- the words that were found
  version text not null,
  primary key (workspace_id, response_id, theme)
);
create index response_themes_theme on response_themes (workspace_id, theme);

-- What was decided about each completed response, and why.
create table recovery_decisions (
  workspace_id uuid not null,
  response_id uuid not null,
  rule text,                             -- none when no rule holds
  handling text not null check (handling in ('case', 'joined', 'reopened', 'reply', 'none')),
  reason text not null,                  -- closed union in cases/policy.ts
  case_id uuid,
  unit_key text,
  decided_at timestamptz not null,
  version text not null,
  primary key (workspace_id, response_id)
);
create index recovery_decisions_cap on recovery_decisions (workspace_id, rule, decided_at) where handling = 'case';

alter table cases drop constraint cases_state_check;
alter table cases add constraint cases_state_check check (state in ('open', 'taken', 'contacted', 'closed'));
alter table cases
  add column reason text not null default 'unhappy',   -- one open case for each customer and reason
  add column band text,                  -- strongDetractor, detractor, passive, promoter; null without a score
  add column has_comment boolean not null default false,
  add column decision_maker boolean not null default false,
  add column high_value boolean not null default false,
  add column priority_theme boolean not null default false,
  add column themes text[] not null default '{}',
  add column employee_key text,          -- whom the answer is about
  add column assigned_at timestamptz,    -- the owner was named; taken_at is when they took it up
  add column contacted_at timestamptz,   -- first contact made
  add column channel text,               -- by which
  add column attempts int not null default 0,
  add column recommended text,           -- channel
  add column recommended_because jsonb,  -- words, as the program has them
  add column template text,
  add column next_check_at timestamptz,  -- next reminder, breach or escalation; null when none is left
  add column reminded int not null default 0,
  add column missed_at timestamptz,      -- the deadline passed without contact; stays
  add column escalated_at timestamptz,
  add column escalation int not null default 0,
  add column forwarded int not null default 0,
  add column reopened int not null default 0,
  add column joined int not null default 0,
  add column last_answer_at timestamptz, -- of the response or the latest that joined
  add column priority double precision,  -- expected value saved, in the workspace's currency
  add column priority_terms jsonb,
  add column value_segment text,
  add column cause text,
  add column action text,
  add column churn_before double precision,
  add column churn_after double precision,
  add column learning text,
  add column quote text,
  add column solved_by_customer boolean, -- what the customer says: did we solve it?
  add column solved_by_customer_at timestamptz,
  add column trial text,                 -- of a randomised delay: its id
  add column trial_arm text check (trial_arm in ('now', 'later')),
  add column hold_until timestamptz;     -- 'later' waits until then

-- Cases from before had one reason: their rule.
update cases set reason = rule;
update cases c set last_answer_at = r.answered_at, has_comment = coalesce(r.comment, '') <> '',
  employee_key = r.employee_key, next_check_at = case when c.state = 'open' then c.contact_due_at end,
  assigned_at = c.taken_at
from responses r where r.workspace_id = c.workspace_id and r.response_id = c.response_id;

-- Of several open ones of before, one for each customer and reason stays; the index would refuse the others.
update cases c set reason = c.reason || '-' || left(c.case_id::text, 8)
where c.state <> 'closed' and c.contact_id is not null and exists (
  select from cases o where o.workspace_id = c.workspace_id and o.contact_id = c.contact_id
  and o.reason = c.reason and o.state <> 'closed' and o.case_id < c.case_id);

create unique index cases_one_open on cases (workspace_id, contact_id, reason)
  where state <> 'closed' and contact_id is not null;
create index cases_check on cases (workspace_id, next_check_at) where next_check_at is not null and state <> 'closed';
create index cases_owner on cases (workspace_id, owner, contact_due_at) where state <> 'closed';
create index cases_assigned on cases (workspace_id, owner, assigned_at);
create index cases_priority on cases (workspace_id, priority desc nulls last, case_id) where state <> 'closed';
create index cases_account on cases (workspace_id, account_id) where account_id is not null;
create index cases_response on cases (workspace_id, response_id);
create index cases_closed on cases (workspace_id, closed_at desc, case_id) where state = 'closed';

alter table case_events drop constraint case_events_kind_check;   -- a closed union in cases/case.ts
alter table case_events add column detail jsonb;

-- The answers of a case: the one that opened it, and those that joined.
create table case_responses (
  workspace_id uuid not null,
  case_id uuid not null,
  response_id uuid not null,
  joined_at timestamptz not null,
  primary key (workspace_id, case_id, response_id)
);
create index case_responses_response on case_responses (workspace_id, response_id);
insert into case_responses select workspace_id, case_id, response_id, opened_at from cases;

-- Who is kept informed of a case besides its owner.
create table case_people (
  workspace_id uuid not null,
  case_id uuid not null,
  person text not null,                  -- employee key, or user:<id>
  part text not null check (part in ('stakeholder', 'watcher', 'escalated')),
  because text,                          -- as the policy names them: function.productOwner
  since timestamptz not null,
  primary key (workspace_id, case_id, person)
);
create index case_people_person on case_people (workspace_id, person);

-- Filters of the case desk that somebody keeps, and may share.
create table saved_views (
  workspace_id uuid not null,
  view_id uuid not null,
  page text not null,
  name text not null,
  filter jsonb not null,
  owner text not null,
  shared boolean not null default false,
  created_at timestamptz not null,
  primary key (workspace_id, view_id)
);

do $$
declare
  t text;
begin
  foreach t in array array['absences', 'response_themes', 'recovery_decisions', 'case_responses', 'case_people',
    'saved_views'] loop
    execute format('alter table %I enable row level security', t);
    execute format(
      'create policy own_workspace on %I to samklang_app '
      'using (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid) '
      'with check (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to samklang_app', t);
  end loop;
end
$$;
