-- The outer loop: what is improved for all customers, who is told of it, what is planned with one, who speaks well.

create table improvements (
  workspace_id uuid not null,
  improvement_id uuid not null,
  title text not null,
  theme text,                            -- of the program's tree
  cause text,                            -- of recovery.causes
  action text,                           -- what is done about it, in words
  owner text,                            -- actor id: employee key, or user:<id>
  owner_name text,
  unit_key text,
  due_on date,
  state text not null check (state in ('proposed', 'decided', 'doing', 'done', 'dropped')),
  done_at timestamptz,
  metric text,                           -- what its effect is read on
  metric_where text,                     -- of which answers or cases, in the names of Asks
  compare_where text,                    -- against which others
  said jsonb not null default '{}',      -- by language: what customers said
  did jsonb not null default '{}',       -- by language: what was done; both are told to customers
  concerns text,                         -- CEL: the answers it concerns besides those linked
  created_at timestamptz not null,
  created_by text,
  changed_at timestamptz not null,
  revision int not null default 1,
  primary key (workspace_id, improvement_id)
);
create index improvements_state on improvements (workspace_id, state, due_on);
create index improvements_theme on improvements (workspace_id, theme) where theme is not null;

create table improvement_events (
  workspace_id uuid not null,
  improvement_id uuid not null,
  revision int not null,
  at timestamptz not null,
  actor text,
  actor_name text,
  kind text not null check (kind in ('created', 'changed', 'moved', 'linked', 'unlinked', 'told')),
  note text,
  detail jsonb,
  primary key (workspace_id, improvement_id, revision)
);

create table improvement_links (
  workspace_id uuid not null,
  improvement_id uuid not null,
  kind text not null check (kind in ('case', 'response')),
  link_id uuid not null,
  linked_at timestamptz not null,
  linked_by text,
  primary key (workspace_id, improvement_id, kind, link_id)
);
create index improvement_links_thing on improvement_links (workspace_id, kind, link_id);

-- You said, we did: who was told of an improvement, once; and who was not, and why.
create table improvement_tellings (
  workspace_id uuid not null,
  improvement_id uuid not null,
  contact_id uuid not null,
  response_id uuid not null,             -- the answer by which it concerns them
  language text not null,
  state text not null check (state in ('queued', 'withheld')),
  reason text,                           -- closed union in improve/outreach.ts
  at timestamptz not null,
  by_actor text,
  primary key (workspace_id, improvement_id, contact_id),
  check ((state = 'withheld') = (reason is not null))
);
create index improvement_tellings_response on improvement_tellings (workspace_id, response_id);
create index improvement_tellings_contact on improvement_tellings (workspace_id, contact_id, at) where state = 'queued';

-- Action plans with a customer or an account ---------------------------------------------------------------------

create table plans (
  workspace_id uuid not null,
  plan_id uuid not null,
  title text not null,
  contact_id uuid,
  account_id uuid,
  case_id uuid,                          -- that it came from
  unit_key text,
  owner text,
  owner_name text,
  state text not null check (state in ('open', 'closed')),
  closed_at timestamptz,
  created_at timestamptz not null,
  created_by text,
  changed_at timestamptz not null,
  revision int not null default 1,
  primary key (workspace_id, plan_id),
  check (contact_id is not null or account_id is not null)
);
create index plans_contact on plans (workspace_id, contact_id) where contact_id is not null;
create index plans_account on plans (workspace_id, account_id) where account_id is not null;

create table plan_items (
  workspace_id uuid not null,
  plan_id uuid not null,
  item_id uuid not null,
  place int not null,
  what text not null,
  who text,
  who_name text,
  due_on date,
  state text not null check (state in ('open', 'doing', 'done', 'dropped')),
  done_at timestamptz,
  primary key (workspace_id, plan_id, item_id)
);

create table plan_events (
  workspace_id uuid not null,
  plan_id uuid not null,
  revision int not null,
  at timestamptz not null,
  actor text,
  actor_name text,
  kind text not null check (kind in ('created', 'changed', 'closed', 'reopened', 'followedUp')),
  detail jsonb,
  primary key (workspace_id, plan_id, revision)
);

-- Mails to the customer about how far the plan has come.
create table plan_mails (
  workspace_id uuid not null,
  mail_id uuid not null,
  plan_id uuid not null,
  contact_id uuid not null,
  subject text not null,
  body text not null,
  send_at timestamptz not null,
  state text not null check (state in ('queued', 'withheld')),
  reason text,
  by_actor text,
  at timestamptz not null,
  primary key (workspace_id, mail_id)
);
create index plan_mails_plan on plan_mails (workspace_id, plan_id, at);

-- Promoters ------------------------------------------------------------------------------------------------------

-- What was asked of, or offered by, somebody who speaks well of us. One row for each answer and rule.
create table promoter_acts (
  workspace_id uuid not null,
  act_id uuid not null,                  -- stable: rule + response
  rule text not null,
  kind text not null check (kind in ('thanks', 'reference', 'referral', 'review', 'upsell')),
  response_id uuid not null,
  contact_id uuid,
  account_id uuid,
  unit_key text,
  state text not null check (state in ('sent', 'withheld', 'open', 'accepted', 'declined', 'won', 'lost')),
  reason text,                           -- of withheld; closed union in improve/outreach.ts
  token text,                            -- of the link in the mail
  owner text,                            -- of an upsell lead
  owner_name text,
  clicks int not null default 0,
  value double precision,                -- of what was won
  note text,
  at timestamptz not null,
  settled_at timestamptz,                -- accepted, declined, won, lost
  settled_by text,
  version text not null,
  revision int not null default 1,
  primary key (workspace_id, act_id),
  check ((state = 'withheld') = (reason is not null))
);
create unique index promoter_acts_token on promoter_acts (token) where token is not null;
create index promoter_acts_contact on promoter_acts (workspace_id, contact_id, at);
create index promoter_acts_response on promoter_acts (workspace_id, response_id);
create index promoter_acts_time on promoter_acts (workspace_id, at desc, act_id);
create index promoter_acts_owner on promoter_acts (workspace_id, owner) where state = 'open';

-- Those whom a promoter sent to us.
create table referral_leads (
  workspace_id uuid not null,
  lead_id uuid not null,                 -- stable: act + address, so that a form sent twice is one lead
  act_id uuid not null,
  name text not null,
  email text not null,
  message text,
  state text not null check (state in ('open', 'won', 'lost')),
  value double precision,
  at timestamptz not null,
  settled_at timestamptz,
  settled_by text,
  primary key (workspace_id, lead_id)
);
create index referral_leads_act on referral_leads (workspace_id, act_id);

create table ambassadors (
  workspace_id uuid not null,
  contact_id uuid not null,
  state text not null check (state in ('active', 'left')),
  because text not null,                 -- 'reference', or words of who entered them
  act_id uuid,
  note text,
  since timestamptz not null,
  changed_at timestamptz not null,
  changed_by text,
  primary key (workspace_id, contact_id)
);

-- Trials are read by their id while they run.
create index cases_trial on cases (workspace_id, trial) where trial is not null;

do $$
declare
  t text;
begin
  foreach t in array array['improvements', 'improvement_events', 'improvement_links', 'improvement_tellings', 'plans',
    'plan_items', 'plan_events', 'plan_mails', 'promoter_acts', 'referral_leads', 'ambassadors'] loop
    execute format('alter table %I enable row level security', t);
    execute format(
      'create policy own_workspace on %I to samklang_app '
      'using (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid) '
      'with check (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to samklang_app', t);
  end loop;
end
$$;
