-- A link's answer is looked up by its invitation alone: the plan of that lookup is made once, often while the table is
-- empty, and an index that begins with the workspace ties with all others then and loses the draw to one that reads
-- every answer of the workspace. The workspace stays in it, so that no two workspaces can be in each other's way.
drop index responses_invitation;
create unique index responses_invitation on responses (invitation_id, workspace_id) where invitation_id is not null;
