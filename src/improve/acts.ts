// For: what became of those who speak well of us: acts, leads, ambassadors, and how many of each.
// In: filters; what somebody notes. Out: rows as the API shows them; counts with shares.
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { type UnitScope, withinUnit } from '../people/access.ts'
import type { ActorName } from '../people/who.ts'
import type { PromoterKind } from '../program/schema-improve.ts'
import { wilson } from '../stats/wilson.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Row, Tx } from '../storage/postgres.ts'

export const actStates = ['sent', 'withheld', 'open', 'accepted', 'declined', 'won', 'lost'] as const
export type ActState = (typeof actStates)[number]

export interface PromoterAct extends Row {
  actId: string
  rule: string
  kind: PromoterKind
  responseId: string
  contactId: string | null
  contactName: string | null
  accountId: string | null
  accountName: string | null
  state: ActState
  reason: string | null
  owner: string | null
  ownerName: string | null
  clicks: number
  leads: number
  value: number | null
  note: string | null
  at: Date
  settledAt: Date | null
  revision: number
}

export interface ActFilter {
  kind?: PromoterKind
  state?: ActState
  owner?: string
  contactId?: string
  limit: number
}

const columns = `p.act_id as "actId", p.rule, p.kind, p.response_id as "responseId", p.contact_id as "contactId",
  c.name as "contactName", p.account_id as "accountId", coalesce(a.name, a.account_key) as "accountName", p.state, p.reason,
  p.owner, p.owner_name as "ownerName", p.clicks,
  (select count(*) from referral_leads l where l.act_id = p.act_id) as leads, p.value, p.note, p.at,
  p.settled_at as "settledAt", p.revision`
const tables = `promoter_acts p left join contacts c on c.contact_id = p.contact_id
  left join accounts a on a.account_id = p.account_id`

/** Latest first. */
export function listActs(tx: Tx, filter: ActFilter, scope: UnitScope): Promise<PromoterAct[]> {
  const values: unknown[] = []
  const where = [withinUnit(scope, 'p.unit_key', values)]
  for (const [column, value] of [
    ['p.kind', filter.kind],
    ['p.state', filter.state],
    ['p.owner', filter.owner],
    ['p.contact_id', filter.contactId],
  ]) {
    if (value !== undefined) where.push(`${column} = $${values.push(value)}`)
  }
  values.push(filter.limit)
  return tx.query<PromoterAct>(
    `select ${columns} from ${tables} where ${where.join(' and ')}
     order by p.at desc, p.act_id limit $${values.length}`,
    values,
  )
}

export interface Settled {
  state: 'accepted' | 'declined' | 'won' | 'lost'
  value?: number
  note?: string
}

/** Notes what became of an act.
 * @throws Refusal thing.unknown; thing.changed when it has another revision than the one seen
 */
export async function settleAct(
  tx: Tx,
  actId: string,
  settled: Settled,
  revision: number,
  { actor, scope, clock }: { actor: ActorName; scope: UnitScope; clock: Clock },
): Promise<PromoterAct> {
  const values: unknown[] = [actId]
  const within = withinUnit(scope, 'p.unit_key', values)
  const read = async () => {
    const [found] = await tx.query<PromoterAct>(
      `select ${columns} from ${tables} where p.act_id = $1 and ${within}`,
      values,
    )
    if (!found) throw new Refusal('thing.unknown')
    return found
  }
  await tx.query('select 1 from promoter_acts where act_id = $1 for update', [actId])
  const found = await read()
  if (found.revision !== revision || found.state === 'withheld') throw new Refusal('thing.changed')
  const at = clock.now()
  await tx.query(
    `update promoter_acts set state = $2, value = $3, note = $4, settled_at = $5, settled_by = $6,
       revision = revision + 1 where act_id = $1`,
    [actId, settled.state, settled.value ?? found.value, settled.note ?? found.note, at, actor.id],
  )
  await appendOutbox(tx, 'response', [found.responseId])
  if (found.kind === 'reference' && found.contactId !== null) {
    await enterAmbassador(tx, found.contactId, settled.state === 'accepted', 'reference', actId, at, actor.id)
  }
  return read()
}

/** Enters somebody who said yes into the register, or takes them out who said no. */
export async function enterAmbassador(
  tx: Tx,
  contactId: string,
  active: boolean,
  because: string,
  actId: string | null,
  at: Date,
  by: string | null,
  note?: string,
): Promise<void> {
  if (!active) {
    await tx.query(
      `update ambassadors set state = 'left', changed_at = $2, changed_by = $3
       where contact_id = $1 and state = 'active'`,
      [contactId, at, by],
    )
    return
  }
  await tx.query(
    `insert into ambassadors (workspace_id, contact_id, state, because, act_id, note, since, changed_at, changed_by)
     values ($1, $2, 'active', $3, $4, $5, $6, $6, $7)
     on conflict (workspace_id, contact_id) do update set state = 'active', because = excluded.because,
       act_id = excluded.act_id, note = coalesce(excluded.note, ambassadors.note), changed_at = excluded.changed_at,
       changed_by = excluded.changed_by,
       since = case when ambassadors.state = 'active' then ambassadors.since else excluded.since end`,
    [tx.workspaceId, contactId, because, actId, note ?? null, at, by],
  )
}

export interface Ambassador extends Row {
  contactId: string
  name: string | null
  account: string | null
  state: 'active' | 'left'
  because: string
  note: string | null
  since: Date
  clicks: number
  leads: number
  won: number
}

/** The register: those who are with us first, by how many they brought. */
export function listAmbassadors(tx: Tx, scope: UnitScope): Promise<Ambassador[]> {
  const values: unknown[] = []
  return tx.query<Ambassador>(
    `select m.contact_id as "contactId", c.name, coalesce(a.name, a.account_key) as account, m.state, m.because, m.note,
       m.since, coalesce(sum(p.clicks), 0)::int as clicks, coalesce(sum(l.leads), 0)::int as leads,
       coalesce(sum(l.won), 0)::int as won
     from ambassadors m
     join contacts c on c.contact_id = m.contact_id
     left join accounts a on a.account_key = c.account_key
     left join promoter_acts p on p.contact_id = m.contact_id and p.kind = 'referral'
     left join lateral (select count(*) as leads, count(*) filter (where r.state = 'won') as won
       from referral_leads r where r.act_id = p.act_id) l on true
     where ${withinUnit(scope, 'c.unit_key', values)}
     group by m.contact_id, c.name, a.name, a.account_key, m.state, m.because, m.note, m.since
     order by m.state = 'left', leads desc, clicks desc, m.since, m.contact_id limit 1000`,
    values,
  )
}

export interface Lead extends Row {
  leadId: string
  actId: string
  name: string
  email: string
  message: string | null
  state: 'open' | 'won' | 'lost'
  value: number | null
  at: Date
  from: string | null
}

/** Latest first, or the one of this id. */
export function listLeads(tx: Tx, scope: UnitScope, leadId?: string): Promise<Lead[]> {
  const values: unknown[] = [leadId ?? null]
  return tx.query<Lead>(
    `select l.lead_id as "leadId", l.act_id as "actId", l.name, l.email, l.message, l.state, l.value, l.at,
       c.name as "from"
     from referral_leads l join promoter_acts p on p.act_id = l.act_id
     left join contacts c on c.contact_id = p.contact_id
     where ($1::uuid is null or l.lead_id = $1) and ${withinUnit(scope, 'p.unit_key', values)}
     order by l.at desc, l.lead_id limit 500`,
    values,
  )
}

/** @throws Refusal thing.unknown */
export async function settleLead(
  tx: Tx,
  leadId: string,
  { state, value }: { state: 'open' | 'won' | 'lost'; value?: number },
  { actor, scope, clock }: { actor: ActorName; scope: UnitScope; clock: Clock },
): Promise<Lead> {
  const values: unknown[] = [leadId, state, value ?? null, clock.now(), actor.id]
  await tx.query(
    `update referral_leads l set state = $2, value = $3, settled_by = $5,
       settled_at = case when $2 = 'open' then null else $4::timestamptz end
     from promoter_acts p
     where l.lead_id = $1 and p.act_id = l.act_id and ${withinUnit(scope, 'p.unit_key', values)}`,
    values,
  )
  const [found] = await listLeads(tx, scope, leadId)
  if (!found) throw new Refusal('thing.unknown')
  return found
}

/** Percent with its 95 % Wilson interval. */
export interface ShareTold {
  n: number
  value: number | null
  interval: [number, number] | null
}

export interface PromoterOutcome {
  rule: string
  kind: PromoterKind
  /** Mails sent, or leads given to an owner. */
  acted: number
  withheld: Record<string, number>
  clicks: number
  leads: number
  value: number
  /** Of those acted on: accepted as a reference, won, or a lead of theirs was. Thanks and reviews ask for nothing that
   * could succeed, so their n is 0.
   */
  succeeded: ShareTold
  /** Of those with a link: whose link somebody followed. */
  followed: ShareTold
  /** Of the leads of referrals: won. */
  leadsWon: ShareTold
}

/** What came of each rule, of acts within a time. */
export async function promoterOutcomes(
  tx: Tx,
  { from, to }: { from?: Date; to?: Date },
  scope: UnitScope,
): Promise<PromoterOutcome[]> {
  const values: unknown[] = [from ?? null, to ?? null]
  const rows = await tx.query<{
    rule: string
    kind: PromoterKind
    acted: number
    clicks: number
    followed: number
    succeeded: number
    leads: number
    won: number
    value: number
    reasons: string[] | null
  }>(
    `select p.rule, p.kind, count(*) filter (where p.state <> 'withheld') as acted, sum(p.clicks) as clicks,
       count(*) filter (where p.clicks > 0) as followed,
       count(*) filter (where p.state <> 'withheld' and (p.state in ('accepted', 'won') or l.won > 0)) as succeeded,
       coalesce(sum(l.leads), 0) as leads, coalesce(sum(l.won), 0) as won,
       coalesce(sum(p.value) filter (where p.state = 'won'), 0) + coalesce(sum(l.value), 0) as value,
       array_agg(p.reason) filter (where p.reason is not null) as reasons
     from promoter_acts p
     left join lateral (select count(*) as leads, count(*) filter (where r.state = 'won') as won,
       sum(r.value) filter (where r.state = 'won') as value from referral_leads r where r.act_id = p.act_id) l on true
     where ($1::timestamptz is null or p.at >= $1) and ($2::timestamptz is null or p.at < $2)
       and ${withinUnit(scope, 'p.unit_key', values)}
     group by p.rule, p.kind order by p.kind, p.rule`,
    values,
  )
  return rows.map(({ reasons, succeeded, followed, won, ...row }) => {
    const withheld: Record<string, number> = {}
    for (const reason of reasons ?? []) withheld[reason] = (withheld[reason] ?? 0) + 1
    return {
      ...row,
      withheld,
      succeeded: maySucceed.includes(row.kind) ? shareTold(succeeded, row.acted) : shareTold(0, 0),
      followed: shareTold(followed, row.acted),
      leadsWon: shareTold(won, row.leads),
    }
  })
}

const maySucceed: readonly PromoterKind[] = ['reference', 'referral', 'upsell']

function shareTold(yes: number, n: number): ShareTold {
  if (n === 0) return { n, value: null, interval: null }
  const [low, high] = wilson(yes, n)
  return { n, value: (100 * yes) / n, interval: [100 * low, 100 * high] }
}
