-- By which lists of themes the answers of a workspace have been coded, and how far that has come.
create table theme_codings (
  workspace_id uuid primary key,
  lists text not null,                   -- a hash of what the program in force says of themes
  after uuid,                            -- the last answer that was looked at; null before the first
  begun_at timestamptz not null,
  done_at timestamptz                    -- null while answers are left
);
alter table theme_codings enable row level security;
create policy own_workspace on theme_codings to samklang_app
  using (workspace_id = nullif(current_setting('samklang.workspace', true), '')::uuid)
  with check (workspace_id = nullif(current_setting('samklang.workspace', true), '')::uuid);
grant select, insert, update, delete on theme_codings to samklang_app;
