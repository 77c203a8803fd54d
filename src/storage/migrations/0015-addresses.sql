-- Who asks for no more mails asks it for the mailbox: whoever else is written to there, now or later, is not mailed
-- either. An address as it is compared is a column, since beside row-level security a computed value is no condition
-- for an index.
create function mail_address(written text) returns text language sql immutable as
  $$ select lower(btrim(written, E' \t\r\n')) $$;
alter table contacts add column address text generated always as (samklang.mail_address(email)) stored;
drop index contacts_email;
create index contacts_address on contacts (workspace_id, address);

create table unsubscribed_addresses (
  workspace_id uuid not null,
  address text not null,
  at timestamptz not null,
  primary key (workspace_id, address)
);
alter table unsubscribed_addresses enable row level security;
create policy own_workspace on unsubscribed_addresses to samklang_app
  using (workspace_id = nullif(current_setting('samklang.workspace', true), '')::uuid)
  with check (workspace_id = nullif(current_setting('samklang.workspace', true), '')::uuid);
grant select, insert, update, delete on unsubscribed_addresses to samklang_app;

insert into unsubscribed_addresses (workspace_id, address, at)
select workspace_id, address, min(unsubscribed_at) from contacts
where unsubscribed_at is not null and address is not null group by 1, 2;
