-- The version of the program whose units and people open cases have been held against: whoever may not have theirs any
-- more has passed them on.
alter table workspaces add column placed_version text;

-- Mails that had become untrue before they could be sent are kept with the reason.
alter table messages drop constraint messages_state_check;
alter table messages add constraint messages_state_check
  check (state in ('queued', 'sending', 'sent', 'failed', 'uncertain', 'withdrawn'));
