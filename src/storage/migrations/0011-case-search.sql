-- What cases are found by (cases/words.ts): the words of each, and #theme for each of its themes, all behind the first
-- letters of the workspace's id, so that a word of one workspace is never looked for among those of another.
create table case_words (
  workspace_id uuid not null,
  case_id uuid not null,
  words tsvector not null,
  primary key (workspace_id, case_id)
);

-- By what was kept until now, in lower case already; what is no ASCII letter or digit but ASCII parts words.
insert into case_words (workspace_id, case_id, words)
  select c.workspace_id, c.case_id, array_to_tsvector(array(
    select distinct left(c.workspace_id::text, 8) || ' ' || word from (
      select left(word, 60) as word
        from regexp_split_to_table(c.words, '[\x01-\x2f\x3a-\x60\x7b-\x7f]+') as word where word <> ''
      union all select '#' || theme from unnest(c.themes) as theme) as found))
  from cases c;
create index case_words_found on case_words using gin (words);
alter table cases drop column words;

alter table case_words enable row level security;
create policy own_workspace on case_words to samklang_app
  using (workspace_id = nullif(current_setting('samklang.workspace', true), '')::uuid)
  with check (workspace_id = nullif(current_setting('samklang.workspace', true), '')::uuid);
grant select, insert, update, delete on case_words to samklang_app;

-- Row-level security lets no index of words be used, since matching could tell of rows of others by its errors. This
-- reads as owner, of the workspace of the transaction alone, and gives nothing but ids.
create function find_cases(asked tsquery, most int) returns setof uuid
  language sql stable security definer set search_path = samklang, pg_temp as $$
    select w.case_id from case_words w
    where w.words @@ asked and w.workspace_id = nullif(current_setting('samklang.workspace', true), '')::uuid
    limit most
  $$;
revoke all on function find_cases(tsquery, int) from public;
grant execute on function find_cases(tsquery, int) to samklang_app;
