-- Of a row that is written it is asked to which workspace it belongs. The workspace is looked up once a statement now, not
-- once a row; what is read is found as before.
do $$
declare t record;
begin
  for t in
    select tablename from pg_policies
    where schemaname = 'samklang' and policyname = 'own_workspace' and with_check is not null
  loop
    execute format(
      'alter policy own_workspace on samklang.%I '
      'with check (workspace_id = (select nullif(current_setting(''samklang.workspace'', true), '''')::uuid))',
      t.tablename
    );
  end loop;
end $$;
