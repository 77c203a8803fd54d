/** SQL for whose it was to reach the customer: who had the case when its deadline was missed, else when the customer was
 * first reached, else who has it now; null for nobody. Whoever takes over what others were late with is not late.
 * @param cases the name of the table of cases in the statement
 * @param deadlines that of the narrow rows beside it
 */
export function ownerWhenDue(cases: string, deadlines: string): string {
  const reached = `coalesce(${cases}.first_contacted_at, ${cases}.contacted_at)`
  const at = `coalesce(${deadlines}.missed_at, ${reached})`
  const had = `select case v.kind when 'taken' then v.actor when 'opened' then v.detail->>'owner' else v.detail->>'to' end
    from case_events v where v.workspace_id = ${cases}.workspace_id and v.case_id = ${cases}.case_id
      and v.kind in ('opened', 'taken', 'assigned', 'forwarded') and v.at <= ${at} order by v.revision desc limit 1`
  // Whoever reaches the customer of a case that nobody has, has it.
  const by = `select v.actor from case_events v
    where v.workspace_id = ${cases}.workspace_id and v.case_id = ${cases}.case_id and v.kind = 'contacted'
      and v.at = ${reached} and ${deadlines}.missed_at is null limit 1`
  return `case when ${at} is null or ${cases}.assigned_at <= ${at} then ${cases}.owner else coalesce((${had}), (${by})) end`
}
