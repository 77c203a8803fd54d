-- An answer that comes in from elsewhere about a visit whose invitation is open is the answer to that one too: its link
-- takes no second one. Null for all that were answered by their link, or not at all.
alter table invitations add column answered_by uuid;
