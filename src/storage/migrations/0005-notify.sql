-- Mail of more kinds ------------------------------------------------------------------------------------------

-- What a mail says when that is not read from the row it is about: {language, subject, ...}, see channels/note.ts.
alter table messages add column content jsonb;
create index messages_about on messages (workspace_id, about_id);

-- Letters on a case, out and in. One that came with a forged address, or in a loop, is kept here too, but aside.
create table case_mails (
  workspace_id uuid not null,
  mail_id uuid not null,                 -- stable: case + Message-ID
  case_id uuid not null,
  direction text not null check (direction in ('out', 'in')),
  message_id text not null,              -- as the header has it, with its angle brackets
  in_reply_to text,
  sender text not null,
  recipient text not null,
  subject text not null,
  text text not null,                    -- of one that came in: without what it quotes
  raw bytea,                             -- of one that came in: as it came
  attachments jsonb not null default '[]', -- [{name, type, size}]; their bytes stand in raw
  automatic boolean not null default false, -- an absence note, a bounce: no person wrote it
  aside text check (aside in ('forged', 'loop', 'tooMany')), -- why it is not on the case
  settled text check (settled in ('accepted', 'discarded')),
  settled_by text,
  at timestamptz not null,
  actor text,
  actor_name text,
  primary key (workspace_id, mail_id)
);
create index case_mails_case on case_mails (workspace_id, case_id, at);
create index case_mails_aside on case_mails (workspace_id, at) where aside is not null and settled is null;

-- Signs the reply addresses of a workspace.
create table reply_keys (
  workspace_id uuid primary key,
  key text not null
);

-- To other systems --------------------------------------------------------------------------------------------

create table webhooks (
  workspace_id uuid not null,
  webhook_id uuid not null,
  url text not null,
  description text not null default '',
  events text[] not null,
  unit_key text,                         -- only what concerns this unit and those below it
  secret text not null,                  -- whsec_…
  earlier_secret text,                   -- signs too, until then
  earlier_until timestamptz,
  state text not null default 'active' check (state in ('active', 'paused', 'gone')),
  sequence bigint not null default 0,    -- of the latest event for it
  created_at timestamptz not null,
  created_by text,
  primary key (workspace_id, webhook_id)
);

create table chat_channels (
  workspace_id uuid not null,
  channel_id uuid not null,
  name text not null,                    -- what the program calls it: channel.<name>
  format text not null check (format in ('slack', 'teams', 'mattermost')),
  url text not null,                     -- whoever knows it can write there, so it is never shown again
  events text[] not null default '{}',
  unit_key text,
  language text not null,
  state text not null default 'active' check (state in ('active', 'paused', 'gone')),
  sequence bigint not null default 0,
  created_at timestamptz not null,
  created_by text,
  primary key (workspace_id, channel_id),
  unique (workspace_id, name)
);

-- What is to be posted to a webhook or a chat channel. A row is written once and sent until it is taken.
create table deliveries (
  workspace_id uuid not null,
  delivery_id uuid not null,             -- stable: target + event; the header webhook-id
  target text not null check (target in ('webhook', 'chat')),
  target_id uuid not null,
  event text not null,                   -- response.completed, case.opened ...
  about_id uuid not null,
  sequence bigint not null,
  occurred_at timestamptz not null,
  body text not null,                    -- as posted and signed
  state text not null check (state in ('queued', 'sending', 'delivered', 'dead')),
  attempts int not null default 0,
  queued_at timestamptz not null,
  try_at timestamptz not null,
  claimed_by uuid,
  claimed_at timestamptz,
  delivered_at timestamptz,
  status int,                            -- of the latest answer
  error text,
  primary key (workspace_id, delivery_id)
);
create index deliveries_waiting on deliveries (try_at) where state in ('queued', 'sending');
create index deliveries_open on deliveries (workspace_id, target_id, state) where state <> 'delivered';
create index deliveries_target on deliveries (workspace_id, target_id, sequence desc);

-- Praise and criticism ----------------------------------------------------------------------------------------

create table notifications (
  workspace_id uuid not null,
  notification_id uuid not null,         -- stable: kind + response + reader
  kind text not null check (kind in ('praise', 'criticism')),
  response_id uuid not null,
  employee_key text,                     -- whom it is about
  unit_key text,
  reader_key text,                       -- employee who is told
  channel text,                          -- or the chat channel
  recipient text,                        -- e-mail address, when there is one
  language text not null,
  state text not null check (state in ('queued', 'held', 'keptOut', 'dropped')),
  reason text,                           -- why it is held, kept out or dropped
  created_at timestamptz not null,
  due_at timestamptz not null,           -- when it goes out: at once, or when the quiet hours end
  settled_at timestamptz,                -- released or kept out
  settled_by text,
  version text not null,
  primary key (workspace_id, notification_id),
  check ((state = 'queued') = (reason is null))
);
create index notifications_time on notifications (workspace_id, created_at desc, notification_id);
create index notifications_held on notifications (workspace_id, created_at) where state = 'held';
create index notifications_reader on notifications (workspace_id, reader_key, created_at);
create index notifications_response on notifications (workspace_id, response_id);

-- The launch mode in which only the good goes out, once a person has ended it.
create table praise_first_ends (
  workspace_id uuid primary key,
  ended_at timestamptz not null,
  ended_by text
);

-- When each digest of the program goes out next, and what it reaches back to.
create table digest_turns (
  workspace_id uuid not null,
  digest text not null,
  from_at timestamptz not null,
  next_at timestamptz not null,
  announced_for timestamptz,             -- the turn that was put on the lane
  primary key (workspace_id, digest)
);

do $$
declare
  t text;
begin
  foreach t in array array['case_mails', 'reply_keys', 'webhooks', 'chat_channels', 'deliveries', 'notifications',
    'praise_first_ends', 'digest_turns'] loop
    execute format('alter table %I enable row level security', t);
    execute format(
      'create policy own_workspace on %I to samklang_app '
      'using (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid) '
      'with check (workspace_id = nullif(current_setting(''samklang.workspace'', true), '''')::uuid)',
      t
    );
    execute format('grant select, insert, update, delete on %I to samklang_app', t);
  end loop;
end
$$;
