/** SQL: the id of the answer by which a case is told, on its page, in lists, mails, posts: the last of those that have
 * joined it, which may have been given before others; else the one it was opened with. What a customer says of the case
 * itself is none of them, nor is what is said of the work of who reads.
 * Join it as `cross join lateral (select … as response_id offset 0)`: the offset keeps the id a value of its own; as a
 * computed one it is, beside row-level security, no condition for an index, and all answers would be read.
 * @param theCase the alias of the table cases
 * @param reader SQL of the reader's employee key, where there is one
 */
export const latestAnswer = (theCase: string, reader = 'null') =>
  `case when ${theCase}.joined = 0 then ${theCase}.response_id else coalesce((
    select j.response_id from case_responses j join responses x on x.response_id = j.response_id
    left join invitations i on i.invitation_id = x.invitation_id
    where j.case_id = ${theCase}.case_id and i.case_id is null and (x.employee_key = ${reader}) is not true
    order by j.joined_at desc, x.answered_at desc, j.response_id limit 1
  ), ${theCase}.response_id) end`
