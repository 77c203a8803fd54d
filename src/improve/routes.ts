// For: improvements over HTTP: what is improved, why, by whom, and the cases and answers it is tied to.
// In: requests with what somebody writes. Out: improvements as stored.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { type Fault, Refusal } from '../base/errors.ts'
import { Id, oneOf } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import type { Program } from '../program/schema.ts'
import { requireCondition } from './concerned.ts'
import { doingOf, ownerNamed } from './doing.ts'
import { type ImprovementFields, improvementStates } from './improvement.ts'
import { linkThings, readLinks } from './links.ts'
import { namelessIn } from './named.ts'
import type { ImproveRouteParts } from './parts.ts'
import {
  changeImprovement,
  createImprovement,
  improvementHistory,
  listImprovements,
  readImprovement,
  type StoredImprovement,
} from './store.ts'
import {
  HistoryShape,
  ImprovementBody,
  ImprovementShape,
  Limit,
  LinksShape,
  line,
  Revision,
  strict,
  Uuid,
} from './wire.ts'

/** What is wrong with a metric and its conditions, which insight/ knows. */
type MetricFaults = (
  program: Program,
  read: { metric: string | null; where: string | null; compareWhere: string | null },
  now: Date,
) => Fault[]

const tags = ['Improvements']
const Body = Type.Object(ImprovementBody, strict)
const Ids = Type.Optional(Type.Array(Uuid, { maxItems: 1000 }))
const Whole = Type.Object({
  ...ImprovementShape.properties,
  history: HistoryShape,
  linked: LinksShape,
})

export function improvementRoutes(
  parts: ImproveRouteParts & { metricFaults: MetricFaults },
): FastifyPluginAsyncTypebox {
  const { database, clock, programs } = parts

  return async (app) => {
    app.get(
      '/v1/improvements',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'Improvements',
          description: 'Those under way first, by what is due; then what is done or dropped.',
          querystring: Type.Object(
            {
              state: Type.Optional(oneOf(improvementStates)),
              theme: Type.Optional(Type.String()),
              owner: Type.Optional(Type.String()),
              case: Type.Optional(Uuid),
              response: Type.Optional(Uuid),
              limit: Limit,
            },
            strict,
          ),
          response: { 200: Type.Object({ items: Type.Array(ImprovementShape) }) },
        },
      },
      async (request) => {
        const { state, theme, owner, case: caseId, response: responseId, limit = 200 } = request.query
        const given = { state, theme, owner, caseId, responseId }
        const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
        const items = await database.inWorkspace(request.principal.workspaceId, (tx) =>
          listImprovements(tx, { ...filter, limit }, unitScope(request.principal)),
        )
        return { items: items.map((each) => onWire(each, clock.now())) }
      },
    )

    app.post(
      '/v1/improvements',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Propose an improvement',
          body: Type.Object({ ...ImprovementBody, title: line(), caseIds: Ids, responseIds: Ids }, strict),
          response: { 201: Whole },
        },
      },
      async (request, reply) => {
        const { caseIds = [], responseIds = [], ...body } = request.body
        const { workspaceId } = request.principal
        const { program } = await programs.active(workspaceId)
        const fields = {
          ...emptyFields,
          ...fieldsOf(program, body),
          ...(await ownerNamed(database, request.principal, body.owner)),
        }
        requireMetric(program, fields)
        const doing = doingOf(request.principal, clock)
        const id = await database.inWorkspace(workspaceId, async (tx) => {
          const made = await createImprovement(tx, { ...fields, title: body.title }, doing)
          await linkThings(tx, made, { caseIds, responseIds }, doing)
          return made
        })
        return reply.status(201).send(await whole(workspaceId, id, request))
      },
    )

    /** @throws Refusal request.malformed */
    function requireMetric(
      program: Program,
      {
        metric,
        metricWhere: where,
        compareWhere,
      }: Pick<ImprovementFields, 'metric' | 'metricWhere' | 'compareWhere'>,
    ) {
      const faults = parts.metricFaults(program, { metric, where, compareWhere }, clock.now())
      if (faults.length > 0) throw new Refusal('request.malformed', undefined, faults)
    }

    async function whole(workspaceId: string, id: string, request: FastifyRequest) {
      const scope = unitScope(request.principal)
      return database.inWorkspace(workspaceId, async (tx) => {
        const found = await readImprovement(tx, id, scope)
        const history = await improvementHistory(tx, id)
        const { program } = await programs.activeIn(tx)
        return { ...onWire(found, clock.now()), history, linked: await readLinks(tx, program, id, scope) }
      })
    }

    app.get(
      '/v1/improvements/:id',
      {
        config: { scope: 'cases:read' },
        schema: { tags, summary: 'One improvement', params: Id, response: { 200: Whole } },
      },
      async (request) => whole(request.principal.workspaceId, request.params.id, request),
    )

    app.put(
      '/v1/improvements/:id',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Change an improvement',
          description:
            'What is left out stays. States: proposed, decided, doing, done, dropped; done may go back to doing, dropped to proposed.',
          params: Id,
          body: Type.Object(
            {
              ...ImprovementBody,
              revision: Revision,
              state: Type.Optional(oneOf(improvementStates)),
              doneAt: Type.Optional(Type.String({ format: 'date-time' })),
              note: Type.Optional(line(5000)),
            },
            strict,
          ),
          response: { 200: Whole },
        },
      },
      async (request) => {
        const { revision, state, doneAt, note, ...body } = request.body
        const { workspaceId } = request.principal
        const { program } = await programs.active(workspaceId)
        const { id } = request.params
        const scope = unitScope(request.principal)
        const found = await database.inWorkspace(workspaceId, (tx) => readImprovement(tx, id, scope))
        // One who has left stays the owner, by the name they had, until somebody names another.
        const { owner, ...others } = body
        const given = owner?.id === found.owner ? others : body
        const fields = {
          ...fieldsOf(program, given),
          ...(await ownerNamed(database, request.principal, 'owner' in given ? owner : undefined)),
        }
        const reads = ['metric', 'metricWhere', 'compareWhere'] as const
        if (reads.some((name) => fields[name] !== undefined)) requireMetric(program, { ...found, ...fields })
        const change = {
          ...fields,
          ...(state ? { state } : {}),
          ...(doneAt ? { doneAt: new Date(doneAt) } : {}),
        }
        await database.inWorkspace(workspaceId, (tx) =>
          changeImprovement(tx, id, change, revision, { ...doingOf(request.principal, clock), note }),
        )
        return whole(workspaceId, id, request)
      },
    )

    app.post(
      '/v1/improvements/:id/link',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Tie cases and answers to an improvement, or untie them',
          params: Id,
          body: Type.Object(
            { caseIds: Ids, responseIds: Ids, remove: Type.Optional(Type.Boolean()) },
            strict,
          ),
          response: { 200: Type.Object({ changed: Type.Integer() }) },
        },
      },
      async (request) => {
        const { caseIds = [], responseIds = [], remove = false } = request.body
        const changed = await database.inWorkspace(request.principal.workspaceId, (tx) =>
          linkThings(
            tx,
            request.params.id,
            { caseIds, responseIds },
            doingOf(request.principal, clock),
            remove,
          ),
        )
        return { changed }
      },
    )
  }
}

const emptyFields: Omit<ImprovementFields, 'title'> = {
  ...{ theme: null, cause: null, action: null, owner: null, ownerName: null, unitKey: null, dueOn: null },
  ...{ metric: null, metricWhere: null, compareWhere: null, said: {}, did: {}, concerns: null },
}

/** The fields of a request under the names they are stored by.
 * @throws Refusal request.malformed for a theme, cause, unit or condition that is none
 */
function fieldsOf(program: Program, body: Static<typeof Body>): Partial<ImprovementFields> {
  const { owner, unit, where, ...rest } = body
  const faults: { where: string; message: string }[] = []
  const known = (name: string, value: string | null | undefined, ids: readonly string[] | undefined) => {
    if (value != null && !ids?.includes(value))
      faults.push({ where: `body/${name}`, message: `there is no "${value}"` })
  }
  known(
    'theme',
    body.theme,
    program.themes?.map(({ id }) => id),
  )
  known(
    'cause',
    body.cause,
    program.recovery?.causes?.map(({ id }) => id),
  )
  known(
    'unit',
    unit,
    program.units?.list.map(({ key }) => key),
  )
  faults.push(...namelessIn(program, body).map((fault) => ({ ...fault, where: `body/${fault.where}` })))
  if (faults.length > 0) throw new Refusal('request.malformed', undefined, faults)
  if (body.concerns) requireCondition(body.concerns)
  const fields = {
    ...rest,
    ...(owner === undefined ? {} : { owner: owner?.id ?? null, ownerName: owner?.name ?? null }),
    ...(unit === undefined ? {} : { unitKey: unit }),
    ...(where === undefined ? {} : { metricWhere: where }),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function onWire(found: StoredImprovement, now: Date) {
  const { owner, ownerName, unitKey, unitName, metricWhere, cases, responses, ...rest } = found
  const underWay = found.state !== 'done' && found.state !== 'dropped'
  return {
    ...rest,
    owner: owner === null ? null : { id: owner, name: ownerName },
    unit: unitKey === null ? null : { key: unitKey, name: unitName },
    where: metricWhere,
    links: { cases, responses },
    overdue: underWay && found.dueOn !== null && found.dueOn < now.toISOString().slice(0, 10),
  }
}
