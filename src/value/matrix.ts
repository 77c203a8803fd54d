import { Refusal } from '../base/errors.ts'
import { type UnitScope, withinUnit } from '../people/access.ts'
import { type LoyaltyBand, loyaltyBands } from '../program/schema-value.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { Segmented } from './segments.ts'
import type { CustomerKind } from './value.ts'

/** What is done about customers: the unhappy of high value are saved and the happy activated; of the unhappy of low value
 * follow-up is automated, the happy are left in peace.
 */
export const quadrants = ['save', 'activate', 'automate', 'leave'] as const
export type Quadrant = (typeof quadrants)[number]

/** @param band null: no score is known, so that nothing is advised */
export function quadrantOf(high: boolean, band: LoyaltyBand | null): Quadrant | null {
  if (band === null) return null
  const unhappy = band === 'strongDetractor' || band === 'detractor'
  if (high) return unhappy ? 'save' : 'activate'
  return unhappy ? 'automate' : 'leave'
}

/** SQL of the same. */
const quadrantSql = `case when v.band is null then null
  when v.band in ('strongDetractor', 'detractor') then case when v.high then 'save' else 'automate' end
  when v.high then 'activate' else 'leave' end`

export interface Cell {
  segment: string
  band: LoyaltyBand | null
  quadrant: Quadrant | null
  customers: number
  /** Sums over those of whom it is known. */
  rlv: number
  /** Chance to leave x residual value, summed. */
  atRisk: number
  /** Customers whose chance to leave is known. */
  foretold: number
}

export interface MatrixTotals {
  customers: number
  rlv: number
  atRisk: number
}

export interface Matrix {
  cells: Cell[]
  quadrants: Array<MatrixTotals & { quadrant: Quadrant }>
  /** Those who have left are in no cell. */
  left: number
}

/** Customers who have not left, by segment (all of them, the most valuable first) and band (none, for those without a
 * score, last).
 */
export async function readMatrix(tx: Tx, segments: readonly Segmented[], scope: UnitScope): Promise<Matrix> {
  const values: unknown[] = [tx.workspaceId]
  const rows = await tx.query<Row & Omit<Cell, 'quadrant'> & { high: boolean; left: number }>(
    `select v.segment, v.high, v.band, count(*) filter (where v.left_at is null) as customers,
       coalesce(sum(v.rlv) filter (where v.left_at is null), 0) as rlv,
       coalesce(sum(v.at_risk) filter (where v.left_at is null), 0) as "atRisk",
       count(v.churn) filter (where v.left_at is null) as foretold,
       count(*) filter (where v.left_at is not null) as left
     from customer_values v where v.workspace_id = $1 and ${withinUnit(scope, 'v.unit_key', values)}
     group by v.segment, v.high, v.band`,
    values,
  )
  const known = new Map(rows.map((row) => [`${row.segment} ${row.band}`, row]))
  // A segment of the program of before the last refresh is shown as well.
  const gone = rows.filter((row) => !segments.some((each) => each.segment === row.segment))
  const all = [...segments, ...new Map(gone.map((row) => [row.segment, row])).values()]
  const cells = all.flatMap(({ segment, high }) =>
    [...loyaltyBands, null].map((band): Cell => {
      const row = known.get(`${segment} ${band}`)
      return {
        segment,
        band,
        quadrant: quadrantOf(row?.high ?? high, band),
        customers: row?.customers ?? 0,
        rlv: row?.rlv ?? 0,
        atRisk: row?.atRisk ?? 0,
        foretold: row?.foretold ?? 0,
      }
    }),
  )
  return {
    cells,
    quadrants: quadrants.map((quadrant) => {
      const mine = cells.filter((cell) => cell.quadrant === quadrant)
      const sum = (of: (cell: Cell) => number) => mine.reduce((total, cell) => total + of(cell), 0)
      return {
        quadrant,
        customers: sum((cell) => cell.customers),
        rlv: sum((cell) => cell.rlv),
        atRisk: sum((cell) => cell.atRisk),
      }
    }),
    left: rows.reduce((sum, row) => sum + row.left, 0),
  }
}

/** A cell, or a whole quadrant, segment or band. `none` is the band of those without a score. */
export interface CellChoice {
  segment?: string | undefined
  band?: LoyaltyBand | 'none' | undefined
  quadrant?: Quadrant | undefined
}

export interface CellCustomer extends Row {
  customerId: string
  kind: CustomerKind
  key: string
  name: string | null
  segment: string
  band: LoyaltyBand | null
  rlv: number | null
  margin: number
  rfm: number
  churn: number | null
  atRisk: number | null
  lastAt: Date
  contactId: string | null
  responseId: string | null
  answeredAt: Date | null
  openCase: boolean
}

/** The customers of a cell who have not left, those with most value at risk first.
 * @param cursor `next` of the page before
 * @throws Refusal request.malformed when the cursor is none of ours
 */
export async function readCell(
  tx: Tx,
  choice: CellChoice & { cursor?: string | undefined; limit: number },
  scope: UnitScope,
): Promise<{ items: CellCustomer[]; next: string | null; total: number }> {
  const values: unknown[] = [tx.workspaceId]
  const where = cellWhere(choice, scope, values)
  const [count] = await tx.query<{ total: number }>(
    `select count(*) as total from customer_values v where ${where}`,
    values,
  )
  const order = 'coalesce(v.at_risk, 0)'
  let after = ''
  if (choice.cursor !== undefined) {
    const { risk, id } = readCursor(choice.cursor)
    values.push(risk, id)
    after = `and (${order}, v.customer_id) < ($${values.length - 1}::double precision, $${values.length}::uuid)`
  }
  values.push(choice.limit + 1)
  const rows = await tx.query<CellCustomer & { risk: string }>(
    `select v.customer_id as "customerId", v.kind, coalesce(c.contact_key, a.account_key) as key,
       coalesce(c.name, a.name) as name, v.segment, v.band, v.rlv, v.margin, 100 * v.r + 10 * v.f + v.m as rfm, v.churn,
       v.at_risk as "atRisk", v.last_at as "lastAt", coalesce(c.contact_id, v.contact_id) as "contactId",
       v.response_id as "responseId", v.answered_at as "answeredAt", ${order}::text as risk,
       exists (select from cases o where o.workspace_id = v.workspace_id and o.state <> 'closed'
         and (o.contact_id = v.customer_id or o.account_id = v.customer_id)) as "openCase"
     from customer_values v
     left join contacts c on v.kind = 'contact' and c.workspace_id = v.workspace_id and c.contact_id = v.customer_id
     left join accounts a on v.kind = 'account' and a.workspace_id = v.workspace_id and a.account_id = v.customer_id
     where ${where} ${after}
     order by ${order} desc, v.customer_id desc limit $${values.length}`,
    values,
  )
  const items = rows.slice(0, choice.limit)
  const last = rows.length > choice.limit ? items.at(-1) : undefined
  return {
    items: items.map(({ risk: _, ...item }) => item as CellCustomer),
    next: last ? `${last.risk}_${last.customerId}` : null,
    total: count!.total,
  }
}

/** Whom a case is to be opened for. */
export interface CellMember extends Row {
  customerId: string
  contactId: string | null
  accountId: string | null
  responseId: string | null
}

/** All customers of a cell, or those chosen of it, with the person and the latest scored answer to open a case on.
 * @param chosen customer ids; left out: everybody in the cell, those with most value at risk first, at most `limit`
 */
export function membersOfCell(
  tx: Tx,
  choice: CellChoice,
  scope: UnitScope,
  { chosen, limit = 1000 }: { chosen?: readonly string[]; limit?: number } = {},
): Promise<CellMember[]> {
  const values: unknown[] = [tx.workspaceId]
  let where = cellWhere(choice, scope, values)
  if (chosen) {
    values.push(JSON.stringify(chosen))
    where += ` and v.customer_id in (select id::uuid from json_array_elements_text($${values.length}::json) as id)`
  }
  values.push(limit)
  return tx.query<CellMember>(
    `select v.customer_id as "customerId", case v.kind when 'contact' then v.customer_id else v.contact_id end as "contactId",
       case v.kind when 'account' then v.customer_id end as "accountId", v.response_id as "responseId"
     from customer_values v where ${where}
     order by coalesce(v.at_risk, 0) desc, v.customer_id desc limit $${values.length}`,
    values,
  )
}

function cellWhere(choice: CellChoice, scope: UnitScope, values: unknown[]): string {
  const where = ['v.workspace_id = $1', 'v.left_at is null', withinUnit(scope, 'v.unit_key', values)]
  const parameter = (value: unknown) => `$${values.push(value)}`
  if (choice.segment !== undefined) where.push(`v.segment = ${parameter(choice.segment)}`)
  if (choice.band === 'none') where.push('v.band is null')
  else if (choice.band !== undefined) where.push(`v.band = ${parameter(choice.band)}`)
  if (choice.quadrant !== undefined) where.push(`${quadrantSql} = ${parameter(choice.quadrant)}`)
  return where.join(' and ')
}

function readCursor(cursor: string): { risk: string; id: string } {
  const found = /^(-?[\d.]+(?:e[+-]?\d+)?)_([0-9a-f-]{36})$/.exec(cursor)
  if (!found) throw new Refusal('request.malformed', 'The cursor is none of ours.')
  return { risk: found[1] as string, id: found[2] as string }
}
