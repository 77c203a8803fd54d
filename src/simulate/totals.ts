import type { Database } from '../storage/postgres.ts'

/** What a workspace holds. */
export interface Totals {
  events: number
  keptAside: number
  invitations: number
  /** Reason -> decisions withheld. */
  withheld: Record<string, number>
  /** Way in (survey, mail, import, api) -> responses. */
  answers: Record<string, number>
  comments: number
  cases: number
  /** Sent by mail, by kind. */
  mails: Record<string, number>
}

export async function countTotals(database: Database, workspaceId: string): Promise<Totals> {
  const rows = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ what: keyof Totals; name: string | null; n: number }>(
      `select 'events' as what, null as name, count(*) as n from events where workspace_id = $1
       union all select 'keptAside', null, count(*) from kept_aside where workspace_id = $1
       union all select 'invitations', null, count(*) from invitations where workspace_id = $1 and state = 'sent'
       union all select 'withheld', reason, count(*) from decisions
         where workspace_id = $1 and outcome = 'withheld' group by reason
       union all select 'answers', way_in, count(*) from responses where workspace_id = $1 group by way_in
       union all select 'comments', null, count(*) from responses where workspace_id = $1 and comment is not null
       union all select 'cases', null, count(*) from cases where workspace_id = $1
       union all select 'mails', kind, count(*) from messages where workspace_id = $1 and state = 'sent' group by kind
       order by 1, 2`,
      [workspaceId],
    ),
  )
  const totals: Totals = {
    events: 0,
    keptAside: 0,
    invitations: 0,
    withheld: {},
    answers: {},
    comments: 0,
    cases: 0,
    mails: {},
  }
  for (const { what, name, n } of rows) {
    if (what === 'withheld' || what === 'answers' || what === 'mails') totals[what][name ?? ''] = n
    else totals[what] = n
  }
  return totals
}

export function subtractTotals(now: Totals, before: Totals): Totals {
  const groups = (one: Record<string, number>, other: Record<string, number>) =>
    Object.fromEntries(Object.entries(one).map(([name, n]) => [name, n - (other[name] ?? 0)]))
  return {
    events: now.events - before.events,
    keptAside: now.keptAside - before.keptAside,
    invitations: now.invitations - before.invitations,
    withheld: groups(now.withheld, before.withheld),
    answers: groups(now.answers, before.answers),
    comments: now.comments - before.comments,
    cases: now.cases - before.cases,
    mails: groups(now.mails, before.mails),
  }
}
