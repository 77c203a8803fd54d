-- The desk: what an inbox of a hundred thousand open cases is read by.

-- Of the latest change that was more than an addition: who has seen that one may change the case.
alter table cases add column settled_revision int not null default 1;
update cases set settled_revision = revision;

-- Who did something was written down by user or key id; now by employee key, user:<id> or key:<id>.
create function pg_temp.actor(workspace uuid, actor text) returns text language sql as $$
  select coalesce(
    (select coalesce(m.employee_key, 'user:' || m.user_id) from members m
     where m.workspace_id = workspace and m.user_id = actor),
    (select 'key:' || k.key_id from api_keys k where k.workspace_id = workspace and k.key_id::text = actor),
    actor)
$$;
update cases set owner = pg_temp.actor(workspace_id, owner) where owner is not null;
update case_events set actor = pg_temp.actor(workspace_id, actor) where actor is not null;

-- One for each order of the inbox. Who has been reached has no deadline any more and comes after those who wait.
drop index cases_priority;
create index cases_inbox_due on cases (workspace_id, (contacted_at is not null), contact_due_at, case_id)
  where state <> 'closed';
create index cases_inbox_priority on cases
  (workspace_id, (coalesce(priority, '-infinity'::double precision)) desc, case_id desc) where state <> 'closed';
create index cases_inbox_newest on cases (workspace_id, opened_at desc, case_id desc);
-- The tabs are counted from this one alone, without touching the cases.
create index cases_tabs on cases
  (workspace_id, unit_key, owner, contact_due_at, contacted_at, escalated_at, hold_until) where state <> 'closed';
create index case_people_case on case_people (workspace_id, case_id, part);
create index saved_views_page on saved_views (workspace_id, page, owner);

-- Invitations to the question whether a case was solved.
alter table invitations add column case_id uuid;
create index invitations_case on invitations (workspace_id, case_id) where case_id is not null;

-- The people of an account, and what happened with the account itself.
create index contacts_account on contacts (workspace_id, account_key) where account_key is not null;
create index events_account on events (workspace_id, account_id, time) where contact_id is null;
