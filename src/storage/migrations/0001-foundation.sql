-- Every table carries workspace_id and is kept apart by row-level security (the policies are made at the end,
-- for every table of the schema at once, so that none can be forgotten).

create table workspaces (
  workspace_id uuid primary key,
  slug text not null unique,
  name text not null,
  active_version text,
  created_at timestamptz not null
);

-- The program -------------------------------------------------------------------------------------------------

create table program_versions (
  workspace_id uuid not null,
  version text not null,                 -- content hash
  files jsonb not null,                  -- [{path, text}], as written
  program jsonb not null,                -- as checked
  created_at timestamptz not null,
  created_by text,
  primary key (workspace_id, version)
);

-- People ------------------------------------------------------------------------------------------------------

create table units (
  workspace_id uuid not null,
  unit_key text not null,
  parent_key text,
  level text not null,
  name text not null,
  path text[] not null,                  -- keys from the root down to this unit
  primary key (workspace_id, unit_key)
);

create table employees (
  workspace_id uuid not null,
  employee_key text not null,
  name text,
  email text,
  unit_key text,
  role text,                             -- 'manager' is told of the unit's cases
  language text,
  primary key (workspace_id, employee_key)
);
create index employees_unit on employees (workspace_id, unit_key);

create table accounts (
  workspace_id uuid not null,
  account_id uuid not null,
  account_key text not null,
  parent_key text,
  name text,
  unit_key text,
  fields jsonb not null default '{}',
  field_times jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (workspace_id, account_id)
);

create table contacts (
  workspace_id uuid not null,
  contact_id uuid not null,
  contact_key text not null,
  name text,
  email text,
  phone text,
  language text,
  account_key text,
  unit_key text,
  fields jsonb not null default '{}',
  field_times jsonb not null default '{}',
  unsubscribed_at timestamptz,
  created_at timestamptz not null,
  primary key (workspace_id, contact_id)
);
create index contacts_email on contacts (workspace_id, lower(email));

-- O-data ------------------------------------------------------------------------------------------------------

create table events (
  workspace_id uuid not null,
  source text not null,
  event_id text not null,
  event_seq bigint generated always as identity,
  type text not null,
  time timestamptz not null,
  received_at timestamptz not null,
  data jsonb not null,
  fields jsonb not null,                 -- the declared fields, mapped and typed
  contact_id uuid,
  account_id uuid,
  transaction_id uuid,
  unit_key text,
  employee_key text,
  version text not null,
  primary key (workspace_id, source, event_id)
);
create unique index events_seq on events (workspace_id, event_seq);
create index events_contact on events (workspace_id, contact_id, time);
create index events_transaction on events (workspace_id, transaction_id, time);

create table transactions (
  workspace_id uuid not null,
  transaction_id uuid not null,
  type text not null,
  transaction_key text not null,
  contact_id uuid,
  account_id uuid,
  unit_key text,
  employee_key text,
  fields jsonb not null,
  field_times jsonb not null,
  started_at timestamptz not null,       -- its earliest event
  changed_at timestamptz not null,       -- its latest event
  primary key (workspace_id, transaction_id)
);
create index transactions_contact on transactions (workspace_id, contact_id);

create table kept_aside (
  workspace_id uuid not null,
  record_id uuid not null,
  kind text not null,                    -- 'event' or 'response'
  received_at timestamptz not null,
  source text,
  event_id text,
  record jsonb not null,                 -- as received; text that is no JSON stands as a JSON string
  reason text not null,                  -- code of the error catalogue
  detail text not null,
  state text not null default 'open' check (state in ('open', 'replayed', 'discarded')),
  settled_at timestamptz,
  settled_by text,
  primary key (workspace_id, record_id)
);
create index kept_aside_open on kept_aside (workspace_id, received_at) where state = 'open';

-- Asking ------------------------------------------------------------------------------------------------------

-- One row for each trigger that an event, or a date of a transaction, has set off.
create table decisions (
  workspace_id uuid not null,
  decision_id uuid not null,             -- stable: trigger + event, or trigger + transaction + date
  trigger text not null,
  survey text not null,
  contact_id uuid,
  transaction_id uuid,
  event_seq bigint,
  decided_at timestamptz not null,
  due_at timestamptz,
  outcome text not null check (outcome in ('invited', 'withheld')),
  reason text,                           -- closed union in invitations/decision.ts
  detail text,
  invitation_id uuid,
  unit_key text,
  version text not null,
  primary key (workspace_id, decision_id),
  check ((outcome = 'withheld') = (reason is not null))
);
create index decisions_contact on decisions (workspace_id, contact_id, decided_at);

-- A date field that is to set off a trigger, until it does.
create table date_watches (
  workspace_id uuid not null,
  watch_id uuid not null,                -- stable: trigger + transaction
  trigger text not null,
  transaction_id uuid not null,
  due_at timestamptz not null,
  primary key (workspace_id, watch_id)
);
create index date_watches_due on date_watches (workspace_id, due_at);

create table invitations (
  workspace_id uuid not null,
  invitation_id uuid not null,
  decision_id uuid not null,
  token text not null unique,
  contact_id uuid not null,
  transaction_id uuid,
  account_id uuid,
  unit_key text,
  employee_key text,
  trigger text not null,
  survey text not null,
  touchpoint text not null,
  language text not null,
  state text not null check (state in ('scheduled', 'sending', 'sent', 'withheld', 'uncertain', 'failed')),
  due_at timestamptz not null,
  sent_at timestamptz,
  expires_at timestamptz,
  opened_at timestamptz,
  frozen jsonb,                          -- the O-data it was sent for, set when it is sent
  known jsonb not null default '{}',     -- answers that O-data already gave, with source and age
  version text not null,
  primary key (workspace_id, invitation_id)
);
create index invitations_due on invitations (workspace_id, due_at) where state = 'scheduled';
create index invitations_sending on invitations (workspace_id) where state = 'sending';
create index invitations_contact on invitations (workspace_id, contact_id, sent_at);
create index invitations_transaction on invitations (workspace_id, transaction_id, survey);

-- Answers -----------------------------------------------------------------------------------------------------

create table responses (
  workspace_id uuid not null,
  response_id uuid not null,
  invitation_id uuid,
  survey text not null,
  touchpoint text not null,
  contact_id uuid,
  transaction_id uuid,
  account_id uuid,
  unit_key text,
  employee_key text,
  way_in text not null check (way_in in ('survey', 'mail', 'import', 'api')),
  source text,                           -- of an import
  external_id text,
  state text not null check (state in ('partial', 'completed')),
  language text not null,
  started_at timestamptz not null,
  answered_at timestamptz not null,      -- its own time; of a partial one the latest answer
  answers jsonb not null,                -- question id -> value
  provenance jsonb not null default '{}',-- question id -> {field, age} when O-data answered
  comment text,                          -- all free text, for search and reading
  context jsonb not null,                -- O-data as frozen: at the invitation, else at the answer
  version text not null,
  primary key (workspace_id, response_id)
);
create unique index responses_invitation on responses (workspace_id, invitation_id) where invitation_id is not null;
create unique index responses_import on responses (workspace_id, source, external_id) where external_id is not null;
create index responses_time on responses (workspace_id, answered_at desc, response_id);
create index responses_contact on responses (workspace_id, contact_id, answered_at);
create index responses_transaction on responses (workspace_id, transaction_id);

-- Cases -------------------------------------------------------------------------------------------------------

create table cases (
  workspace_id uuid not null,
  case_id uuid not null,                 -- stable: rule + response
  rule text not null,
  response_id uuid not null,
  contact_id uuid,
  transaction_id uuid,
  account_id uuid,
  unit_key text,
  state text not null check (state in ('open', 'taken', 'closed')),
  owner text,                            -- user id of who took it
  owner_name text,
  outcome text check (outcome in ('solved', 'not solved', 'no answer')),
  opened_at timestamptz not null,
  contact_due_at timestamptz not null,
  taken_at timestamptz,
  closed_at timestamptz,
  revision int not null default 1,
  version text not null,
  primary key (workspace_id, case_id)
);
create index cases_state on cases (workspace_id, state, contact_due_at);
create index cases_contact on cases (workspace_id, contact_id);

create table case_events (
  workspace_id uuid not null,
  case_id uuid not null,
  revision int not null,
  at timestamptz not null,
  actor text,
  actor_name text,
  kind text not null check (kind in ('opened', 'taken', 'noted', 'closed', 'reopened')),
  note text,
  primary key (workspace_id, case_id, revision)
);

-- Mail --------------------------------------------------------------------------------------------------------

create table messages (
  workspace_id uuid not null,
  message_id uuid not null,              -- stable: what it is about and for whom; also in the Message-ID header
  kind text not null,                    -- 'invitation', 'case', ...
  about_id uuid not null,                -- the invitation or case
  recipient text not null,
  state text not null check (state in ('queued', 'sending', 'sent', 'failed', 'uncertain')),
  attempts int not null default 0,
  queued_at timestamptz not null,
  try_at timestamptz not null,           -- not before this; moves on when a mail server was not ready
  claimed_by uuid,                       -- the deliverer that took it, and when by the machine's own clock
  claimed_at timestamptz,
  sent_at timestamptz,
  error text,
  primary key (workspace_id, message_id)
);
create index messages_waiting on messages (workspace_id, queued_at) where state in ('queued', 'sending');

-- What the development mailbox received over SMTP.
create table mailbox (
  workspace_id uuid not null,
  mail_id bigint generated always as identity,
  received_at timestamptz not null,
  message_id text not null,
  sender text not null,
  recipient text not null,
  subject text not null,
  raw text not null,
  primary key (workspace_id, mail_id)
);
create index mailbox_message on mailbox (workspace_id, message_id);

-- Facts -------------------------------------------------------------------------------------------------------

create table outbox (
  workspace_id uuid not null,
  seq bigint generated always as identity,
  kind text not null,                    -- fact kind: 'response', 'decision', 'case'
  key uuid not null,
  queued_at timestamptz not null,
  primary key (workspace_id, seq)
);

-- Every row the column store may hold (never fewer than it does), so that a changed one is taken back before it is
-- written anew, and a new one is written without asking for an old.
create table fact_rows (
  workspace_id uuid not null,
  kind text not null,
  key uuid not null,
  primary key (workspace_id, kind, key)
);

create table fact_projections (
  workspace_id uuid primary key,
  schema_hash text not null default '',
  generation int not null default 0,     -- of the tables that are read; 0 before there are any
  next_batch bigint not null default 1,
  sending jsonb,                         -- the batch under way: {batch, seqs}; settled after a crash
  projected_at timestamptz,
  lease_holder text,                     -- who projects now; real time, whatever clock the workspace lives by
  lease_until timestamptz
);

-- Access ------------------------------------------------------------------------------------------------------

create table members (
  workspace_id uuid not null,
  user_id text not null,
  role text not null check (role in ('admin', 'cxLead', 'analyst', 'unitManager', 'employee', 'viewer')),
  unit_key text,                         -- narrows what is seen to this unit and those below it
  employee_key text,
  created_at timestamptz not null,
  primary key (workspace_id, user_id)
);

create table api_keys (
  workspace_id uuid not null,
  key_id uuid not null,
  name text not null,
  hash text not null unique,
  scopes text[] not null,
  unit_key text,
  created_at timestamptz not null,
  created_by text,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (workspace_id, key_id)
);

-- Progress of long work (replays, demo), to resume after a stop.
create table progress (
  workspace_id uuid not null,
  work text not null,
  state jsonb not null,
  changed_at timestamptz not null,
  primary key (workspace_id, work)
);

-- Row-level security, for every table there is -----------------------------------------------------------------

do $$
declare
  t record;
begin
  for t in select tablename from pg_tables where schemaname = 'samklang' and tablename <> 'migrations' loop
    execute format('alter table %I enable row level security', t.tablename);
    execute format(
      'create policy own_workspace on %I to samklang_app '
      'using (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid) '
      'with check (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid)',
      t.tablename
    );
    execute format('grant select, insert, update, delete on %I to samklang_app', t.tablename);
  end loop;
end
$$;
grant usage on all sequences in schema samklang to samklang_app;
