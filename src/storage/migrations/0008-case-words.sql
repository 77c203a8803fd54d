-- What a case is found by (cases/words.ts): searched among a hundred thousand without joining answers and people.
alter table cases add column words text not null default '';
update cases c set words = left(lower(concat_ws(' ',
    (select concat_ws(' ', p.name, p.contact_key, p.email) from contacts p
     where p.workspace_id = c.workspace_id and p.contact_id = c.contact_id),
    (select concat_ws(' ', a.name, a.account_key) from accounts a
     where a.workspace_id = c.workspace_id and a.account_id = c.account_id),
    (select string_agg(r.comment, ' ' order by r.answered_at desc) from case_responses j
     join responses r on r.workspace_id = j.workspace_id and r.response_id = j.response_id
     where j.workspace_id = c.workspace_id and j.case_id = c.case_id))), 1500);
