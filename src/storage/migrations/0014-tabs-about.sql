-- Employees and unit managers are not shown cases about their own work: the tabs are counted for them, too, from the
-- index alone.
drop index cases_tabs;
create index cases_tabs on cases
  (workspace_id, unit_key, owner, contact_due_at, contacted_at, hold_until, employee_key) where state <> 'closed';
