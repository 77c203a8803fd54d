-- What time alone changes in a case, apart from the rest: a hundred thousand deadlines that pass at once change narrow
-- rows with two small indexes instead of wide ones that stand in fourteen.
create table case_deadlines (
  workspace_id uuid not null,
  case_id uuid not null,
  unit_key text,                         -- the case's; it keeps the one it was opened in
  open boolean not null default true,    -- the case is not closed
  revision int not null default 1,       -- of the latest event of its history
  next_check_at timestamptz,             -- next reminder, breach or escalation; null when none is left, or it is reached
  reminded int not null default 0,
  missed_at timestamptz,                 -- the deadline passed without contact; stays
  escalation int not null default 0,     -- steps of the policy's chain that have been gone
  escalated_at timestamptz,              -- for the first time; stays
  primary key (workspace_id, case_id)
) with (fillfactor = 60);

insert into case_deadlines (workspace_id, case_id, unit_key, open, revision, next_check_at, reminded, missed_at, escalation,
    escalated_at)
  select workspace_id, case_id, unit_key, state <> 'closed', revision,
    case when state in ('open', 'taken') then next_check_at end, reminded, missed_at, escalation, escalated_at
  from cases;

create index case_deadlines_check on case_deadlines (workspace_id, next_check_at) where next_check_at is not null;
-- The tab of escalated cases is counted from this one alone.
create index case_deadlines_escalated on case_deadlines (workspace_id, case_id, unit_key)
  where open and escalated_at is not null;

drop index cases_check;
drop index cases_tabs;
create index cases_tabs on cases (workspace_id, unit_key, owner, contact_due_at, contacted_at, hold_until)
  where state <> 'closed';
alter table cases drop column revision, drop column next_check_at, drop column reminded, drop column missed_at,
  drop column escalation, drop column escalated_at;

-- Read by none that another does not serve as well: the orders of the inbox, and the key of case_people.
drop index cases_state;
drop index case_people_case;

-- What somebody is to be told about cases, together in one mail: changes of those they are kept informed of, and
-- reminders and escalations that are too many for a mail each.
create table case_news (
  workspace_id uuid not null,
  news_id bigint generated always as identity,
  person text not null,                  -- as cases name them: employee key or user:<id>
  change text not null,                  -- the kind of event
  cases int not null,                    -- how many it is about
  case_ids uuid[] not null,              -- some of them, the first in time
  at timestamptz not null,
  told_at timestamptz,
  primary key (workspace_id, news_id)
);
create index case_news_person on case_news (workspace_id, person, told_at);

-- Whom a case can name, with the address they are told at: employees, and members, who have that of their account. The
-- accounts live outside of the workspaces, so that this is read as owner, of the workspace that asks alone.
create view case_readers as
  select e.workspace_id, e.employee_key as person, e.name, coalesce(e.email, (
      select u."email" from members m join auth.users u on u."id" = m.user_id
      where m.workspace_id = e.workspace_id and m.employee_key = e.employee_key order by m.created_at limit 1)) as email,
    e.unit_key, e.language
  from employees e
  where e.active and e.workspace_id = nullif(current_setting('samklang.workspace', true), '')::uuid
  union all
  select m.workspace_id, coalesce(m.employee_key, 'user:' || m.user_id), u."name", u."email", m.unit_key, null
  from members m join auth.users u on u."id" = m.user_id
  where m.workspace_id = nullif(current_setting('samklang.workspace', true), '')::uuid
    and not exists (select from employees e
      where e.workspace_id = m.workspace_id and e.employee_key = m.employee_key);
grant select on case_readers to samklang_app;

do $$
declare
  t text;
begin
  foreach t in array array['case_deadlines', 'case_news'] loop
    execute format('alter table %I enable row level security', t);
    execute format(
      'create policy own_workspace on %I to samklang_app '
      'using (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid) '
      'with check (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to samklang_app', t);
  end loop;
end
$$;
