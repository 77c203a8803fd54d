-- What the first round of a case came to stays when it is opened again, and that what came from the customer was read.
alter table cases
  add column first_contacted_at timestamptz,  -- first contact of a round that is over
  add column first_due_at timestamptz,        -- the deadline it was made within, or after
  add column first_channel text,
  add column news_revision int;               -- latest event that came from the customer, until it is read
alter table case_deadlines
  add column missed_again_at timestamptz;     -- the deadline since it was opened again passed; stays

-- Cases that were opened again before this: their first contact is in the history, with the deadline before it.
update cases c set first_contacted_at = f.at, first_due_at = f.due, first_channel = f.channel
  from (
    select distinct on (e.workspace_id, e.case_id) e.workspace_id, e.case_id, e.at, e.detail->>'channel' as channel,
      (select (d.detail->>'contactDueAt')::timestamptz from case_events d
       where d.workspace_id = e.workspace_id and d.case_id = e.case_id and d.revision < e.revision
         and d.detail ? 'contactDueAt' order by d.revision desc limit 1) as due
    from case_events e where e.kind = 'contacted' order by e.workspace_id, e.case_id, e.revision
  ) f
  where c.workspace_id = f.workspace_id and c.case_id = f.case_id and c.reopened > 0
    and (c.contacted_at is null or c.contacted_at > f.at);

-- What came from a customer is on top of the inbox until it has been read, also of a case that is closed.
drop index cases_inbox_due;
create index cases_inbox_due on cases
  (workspace_id, (news_revision is null), (contacted_at is not null), contact_due_at, case_id) where state <> 'closed';
create index cases_news on cases (workspace_id, unit_key, owner) where news_revision is not null;
