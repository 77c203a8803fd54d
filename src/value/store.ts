import type { LoyaltyBand } from '../program/schema-value.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { Churn, ChurnModel } from './churn.ts'
import type { Retention, retentionCurve } from './retention.ts'
import type { FollowedUp } from './save.ts'
import { valueVariables } from './segments.ts'
import type { CustomerKind, Estimate } from './value.ts'

/** What was estimated at one time, as it is kept: plain, with every parameter's interval. */
export interface StoredModel {
  kind: CustomerKind
  currency: string
  customers: number
  left: number
  periodDays: number
  afterDays: number
  withinDays: number
  slackDays: number
  discount: number
  retention: {
    chosen: Retention['chosen']
    decided: number
    renewed: number
    constant: Estimate | Lacking
    prior: { value: number; source: string } | null
    sbg: SbgParameters | Lacking
    curve: ReturnType<typeof retentionCurve>
    cohorts: Retention['cohorts']
  }
  churn: Omit<Churn, 'model'> & { model: ChurnModel | Lacking }
  save: FollowedUp
}

export interface SbgParameters {
  alpha: Estimate
  beta: Estimate
  meanChurn: Estimate
  logLikelihood: number
}

/** Why there is no value: a reason of the statistics, and one English clause. */
export interface Lacking {
  value: null
  reason: string
  detail?: string
}

/** A customer's row in customer_values, by its columns. */
export interface ValueRow {
  customer_id: string
  kind: CustomerKind
  unit_key: string | null
  first_at: Date
  last_at: Date
  recency: number
  frequency: number
  revenue: number
  refunds: number
  monetary: number
  margin: number
  potential: number | null
  r: number
  f: number
  m: number
  lives: number
  periods: number
  margin_a_period: number
  left_at: Date | null
  rlv: number | null
  rlv_low: number | null
  rlv_high: number | null
  rlv_constant: number | null
  rlv_sbg: number | null
  segment: string
  high: boolean
  band: LoyaltyBand | null
  response_id: string | null
  contact_id: string | null
  answered_at: Date | null
  churn: number | null
  at_risk: number | null
}

const types = `customer_id uuid, kind text, unit_key text, first_at timestamptz, last_at timestamptz,
  recency double precision, frequency int, revenue double precision, refunds double precision,
  monetary double precision, margin double precision, potential double precision, r smallint, f smallint, m smallint,
  lives int, periods int, margin_a_period double precision, left_at timestamptz, rlv double precision,
  rlv_low double precision, rlv_high double precision, rlv_constant double precision, rlv_sbg double precision,
  segment text, high boolean, band text, response_id uuid, contact_id uuid, answered_at timestamptz,
  churn double precision, at_risk double precision`
const columns = [
  ...types.matchAll(/(\w+) (?:uuid|text|timestamptz|double precision|int|smallint|boolean)/g),
].map((match) => match[1] as string)

/** Writes customers as of a time; a row that was made later stays. */
export async function writeValues(
  tx: Tx,
  rows: readonly ValueRow[],
  at: { asOf: Date; madeAt: Date },
): Promise<void> {
  const others = columns.filter((name) => name !== 'customer_id')
  await tx.query(
    `insert into customer_values (workspace_id, ${columns.join(', ')}, as_of, made_at)
     select $1::uuid, r.*, $2::timestamptz, $3::timestamptz from json_to_recordset($4::json) as r(${types})
     on conflict (workspace_id, customer_id) do update
     set ${others.map((name) => `${name} = excluded.${name}`).join(', ')}, as_of = excluded.as_of,
       made_at = excluded.made_at
     where customer_values.made_at <= excluded.made_at`,
    [tx.workspaceId, at.asOf, at.madeAt, JSON.stringify(rows)],
  )
}

/** How many earlier models are kept, to see how they moved. */
const kept = 400

/** Ends a refresh: keeps its model, and drops customers that it did not find. */
export async function writeModel(
  tx: Tx,
  model: StoredModel,
  at: { asOf: Date; madeAt: Date; version: string },
): Promise<void> {
  await tx.query('delete from customer_values where workspace_id = $1 and made_at < $2', [
    tx.workspaceId,
    at.madeAt,
  ])
  await tx.query(
    `insert into value_models (workspace_id, as_of, made_at, model, version) values ($1, $2, $3, $4::json::jsonb, $5)
     on conflict (workspace_id, made_at) do update
     set as_of = excluded.as_of, model = excluded.model, version = excluded.version`,
    [tx.workspaceId, at.asOf, at.madeAt, JSON.stringify(model), at.version],
  )
  await tx.query(
    `delete from value_models where workspace_id = $1 and made_at <
       (select made_at from value_models where workspace_id = $1 order by made_at desc offset $2 limit 1)`,
    [tx.workspaceId, kept - 1],
  )
}

/** Forgets values, when the program declares none any more. */
export async function dropValues(tx: Tx): Promise<void> {
  await tx.query('delete from customer_values where workspace_id = $1', [tx.workspaceId])
  await tx.query('delete from value_models where workspace_id = $1', [tx.workspaceId])
}

export interface ModelInForce {
  asOf: Date
  madeAt: Date
  version: string
  model: StoredModel
}

/** The latest model; undefined before the first refresh. */
export async function readModel(tx: Tx): Promise<ModelInForce | undefined> {
  const [row] = await tx.query<Row & ModelInForce>(
    `select as_of as "asOf", made_at as "madeAt", version, model from value_models
     where workspace_id = $1 order by made_at desc limit 1`,
    [tx.workspaceId],
  )
  return row
}

/** Who is asked about: by the account, or by the person and the account they belong to. */
export interface CustomerRef {
  contactId?: string | null | undefined
  accountId?: string | null | undefined
}

/** The values of these customers, in their order; undefined for one who never paid, or before the first refresh. */
export async function readValues(
  tx: Tx,
  refs: readonly CustomerRef[],
): Promise<Array<(ValueRow & { as_of: Date }) | undefined>> {
  if (refs.length === 0) return []
  const asked = refs.map(({ contactId, accountId }, at) => ({
    at,
    contact: contactId ?? null,
    account: accountId ?? null,
  }))
  const rows = await tx.query<Row & ValueRow & { as_of: Date; at: number }>(
    `with asked as (select * from json_to_recordset($2::json) as a(at int, contact uuid, account uuid)),
     meant as (
       select a.at, a.contact as id from asked a where a.contact is not null
       union select a.at, a.account from asked a where a.account is not null
       union select a.at, o.account_id from asked a
         join contacts c on c.workspace_id = $1 and c.contact_id = a.contact
         join accounts o on o.workspace_id = $1 and o.account_key = c.account_key
         where a.account is null
     )
     select m.at, v.* from meant m join customer_values v on v.workspace_id = $1 and v.customer_id = m.id`,
    [tx.workspaceId, JSON.stringify(asked)],
  )
  const found = new Map(rows.map((row) => [row.at, row]))
  return refs.map((_, at) => found.get(at))
}

/** `value` for conditions: segment (text), rlv, revenue, margin, rfm, recency (days), frequency, monetary, potential and
 * churn (numbers), absent while unknown; an empty map for a customer who never paid.
 */
export async function valuesFor(
  tx: Tx,
  refs: readonly CustomerRef[],
): Promise<Array<Record<string, number | string>>> {
  return (await readValues(tx, refs)).map((row) => (row ? valueVariables(row) : {}))
}
