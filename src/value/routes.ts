import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type, { type Static } from 'typebox'
import { Refusal } from '../base/errors.ts'
import { Nullable, oneOf } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import { loyaltyBands } from '../program/schema-value.ts'
import type { Programs } from '../program/store.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { quadrants, readCell, readMatrix } from './matrix.ts'
import { saveTerm } from './save.ts'
import { segmentsOf } from './segments.ts'
import { type ModelInForce, readModel, readValues } from './store.ts'
import { estimate, valuePlan } from './value.ts'
import { CellCustomerShape, type CustomerValueShape, MatrixShape, ModelShape } from './wire.ts'

const tags = ['Value']

/** What customers are worth: the model, the value x loyalty matrix, and who is in a cell of it. */
export function valueRoutes(parts: { database: Database; programs: Programs }): FastifyPluginAsyncTypebox {
  const { database, programs } = parts
  const inForce = async (tx: Tx): Promise<ModelInForce> => {
    const found = await readModel(tx)
    if (!found) throw new Refusal('thing.unknown', 'No values have been reckoned in this workspace yet.')
    return found
  }
  return async (app) => {
    app.get(
      '/v1/value/model',
      {
        config: { scope: 'ask:read' },
        schema: {
          tags,
          summary: 'How values were reckoned: parameters with intervals, retention by cohort, calibration',
          response: { 200: ModelShape },
        },
      },
      async ({ principal }) => {
        const { program } = await programs.active(principal.workspaceId)
        const { model, ...found } = await database.inWorkspace(principal.workspaceId, inForce)
        return {
          ...found,
          ...model,
          save: saveTerm(program.value?.priors, model.save) ?? null,
        } as Static<typeof ModelShape>
      },
    )
    app.get(
      '/v1/value/matrix',
      {
        config: { scope: 'customers:read' },
        schema: {
          tags,
          summary: 'Customers by value and loyalty, with the value at risk',
          response: { 200: MatrixShape },
        },
      },
      async ({ principal }) => {
        const checked = await programs.active(principal.workspaceId)
        const plan = valuePlan(checked)
        if (!plan) throw new Refusal('thing.unknown', 'The program declares no value.')
        const segments = segmentsOf(plan)
        return database.inWorkspace(principal.workspaceId, async (tx) => {
          const { asOf, model } = await inForce(tx)
          const names = new Map(plan.value.segments?.map(({ id, name }) => [id, name]))
          return {
            asOf,
            kind: model.kind,
            currency: model.currency,
            segments: segments.map(({ segment, high }) => ({
              id: segment,
              name: (names.get(segment) ?? null) as string | Record<string, string> | null,
              high,
            })),
            ...(await readMatrix(tx, segments, unitScope(principal))),
          }
        })
      },
    )
    app.get(
      '/v1/value/people',
      {
        config: { scope: 'customers:read' },
        schema: {
          tags,
          summary: 'The customers of a cell or quadrant, those with most value at risk first',
          querystring: Type.Object({
            segment: Type.Optional(Type.String({ maxLength: 200 })),
            band: Type.Optional(oneOf([...loyaltyBands, 'none'])),
            quadrant: Type.Optional(oneOf(quadrants)),
            cursor: Type.Optional(Type.String({ maxLength: 200, description: '`next` of the page before' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
          }),
          response: {
            200: Type.Object({
              items: Type.Array(CellCustomerShape),
              next: Nullable(Type.String()),
              total: Type.Integer(),
            }),
          },
        },
      },
      async ({ principal, query }) =>
        database.inWorkspace(principal.workspaceId, (tx) =>
          readCell(tx, { ...query, limit: query.limit ?? 50 }, unitScope(principal)),
        ),
    )
  }
}

/** What a person, or the account they belong to, is worth; null for who never paid, or before the first refresh. */
export async function customerValue(
  tx: Tx,
  ref: { contactId?: string; accountId?: string },
): Promise<Static<typeof CustomerValueShape> | null> {
  const [row] = await readValues(tx, [ref])
  if (!row) return null
  const found = await readModel(tx)
  if (!found) return null
  const { model } = found
  return {
    kind: row.kind,
    currency: model.currency,
    asOf: row.as_of,
    segment: row.segment,
    high: row.high,
    model: model.retention.chosen,
    rlv:
      row.rlv === null
        ? null
        : estimate(
            row.rlv,
            row.rlv_low === null || row.rlv_high === null ? undefined : [row.rlv_low, row.rlv_high],
          ),
    rlvConstant: row.rlv_constant,
    rlvSbg: row.rlv_sbg,
    leftAt: row.left_at,
    firstAt: row.first_at,
    lastAt: row.last_at,
    recency: row.recency,
    frequency: row.frequency,
    revenue: row.revenue,
    refunds: row.refunds,
    monetary: row.monetary,
    margin: row.margin,
    marginAPeriod: row.margin_a_period,
    periods: row.periods,
    lives: row.lives,
    potential: row.potential,
    rfm: { recency: row.r, frequency: row.f, monetary: row.m },
    band: row.band,
    answeredAt: row.answered_at,
    churn: row.churn,
    atRisk: row.at_risk,
    periodDays: model.periodDays,
    discount: model.discount,
  }
}
