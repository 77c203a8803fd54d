import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { Refusal } from '../base/errors.ts'
import { Id, oneOf } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import { readCustomer } from '../people/customers.ts'
import { actorOf } from '../people/who.ts'
import { promoterKinds } from '../program/schema-improve.ts'
import {
  actStates,
  enterAmbassador,
  listActs,
  listAmbassadors,
  listLeads,
  promoterOutcomes,
  settleAct,
  settleLead,
} from './acts.ts'
import { doingOf } from './doing.ts'
import type { ImproveRouteParts } from './parts.ts'
import {
  ActShape,
  AmbassadorShape,
  LeadShape,
  Limit,
  line,
  OutcomeShape,
  Revision,
  strict,
  Uuid,
} from './wire.ts'

const tags = ['Promoters']

/** Those who speak well of us: what was asked and offered, what came of it, the register of ambassadors. */
export function promoterRoutes({ database, clock }: ImproveRouteParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/promoters',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'What was asked of promoters and offered to them',
          querystring: Type.Object(
            {
              kind: Type.Optional(oneOf(promoterKinds)),
              state: Type.Optional(oneOf(actStates)),
              owner: Type.Optional(Type.String({ description: 'of upsell leads; me: whoever asks' })),
              contact: Type.Optional(Uuid),
              limit: Limit,
            },
            strict,
          ),
          response: { 200: Type.Object({ items: Type.Array(ActShape) }) },
        },
      },
      async (request) => {
        const { kind, state, owner, contact: contactId, limit = 200 } = request.query
        const whose = owner === 'me' ? actorOf(request.principal).id : owner
        const given = { kind, state, owner: whose, contactId }
        const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
        const items = await database.inWorkspace(request.principal.workspaceId, (tx) =>
          listActs(tx, { ...filter, limit }, unitScope(request.principal)),
        )
        return { items }
      },
    )

    app.get(
      '/v1/promoters/outcomes',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'What came of each rule for promoters',
          querystring: Type.Object(
            {
              from: Type.Optional(Type.String({ format: 'date-time' })),
              to: Type.Optional(Type.String({ format: 'date-time', description: 'not included' })),
            },
            strict,
          ),
          response: { 200: Type.Object({ items: Type.Array(OutcomeShape) }) },
        },
      },
      async (request) => {
        const { from, to } = request.query
        const time = { ...(from ? { from: new Date(from) } : {}), ...(to ? { to: new Date(to) } : {}) }
        const items = await database.inWorkspace(request.principal.workspaceId, (tx) =>
          promoterOutcomes(tx, time, unitScope(request.principal)),
        )
        return { items }
      },
    )

    app.post(
      '/v1/promoters/:id',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Note what became of it',
          params: Id,
          body: Type.Object(
            {
              revision: Revision,
              state: oneOf(['accepted', 'declined', 'won', 'lost']),
              value: Type.Optional(Type.Number({ minimum: 0 })),
              note: Type.Optional(line(5000)),
            },
            strict,
          ),
          response: { 200: ActShape },
        },
      },
      async (request) => {
        const { revision, ...settled } = request.body
        return database.inWorkspace(request.principal.workspaceId, (tx) =>
          settleAct(tx, request.params.id, settled, revision, doingOf(request.principal, clock)),
        )
      },
    )

    app.get(
      '/v1/leads',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'Those whom promoters sent to us',
          response: { 200: Type.Object({ items: Type.Array(LeadShape) }) },
        },
      },
      async (request) => ({
        items: await database.inWorkspace(request.principal.workspaceId, (tx) =>
          listLeads(tx, unitScope(request.principal)),
        ),
      }),
    )

    app.post(
      '/v1/leads/:id',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Note what became of a lead',
          params: Id,
          body: Type.Object(
            { state: oneOf(['open', 'won', 'lost']), value: Type.Optional(Type.Number({ minimum: 0 })) },
            strict,
          ),
          response: { 200: LeadShape },
        },
      },
      async (request) =>
        database.inWorkspace(request.principal.workspaceId, (tx) =>
          settleLead(tx, request.params.id, request.body, doingOf(request.principal, clock)),
        ),
    )

    app.get(
      '/v1/ambassadors',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'The register of ambassadors',
          response: { 200: Type.Object({ items: Type.Array(AmbassadorShape) }) },
        },
      },
      async (request) => ({
        items: await database.inWorkspace(request.principal.workspaceId, (tx) =>
          listAmbassadors(tx, unitScope(request.principal)),
        ),
      }),
    )

    app.put(
      '/v1/ambassadors/:id',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Enter a customer as an ambassador, or take them out',
          params: Id,
          body: Type.Object(
            {
              active: Type.Boolean(),
              because: Type.Optional(line()),
              note: Type.Optional(line(5000)),
            },
            strict,
          ),
          response: { 200: AmbassadorShape },
        },
      },
      async (request) => {
        const { active, because = 'entered', note } = request.body
        const { id } = request.params
        const { actor, scope } = doingOf(request.principal, clock)
        return database.inWorkspace(request.principal.workspaceId, async (tx) => {
          await readCustomer(tx, id, scope)
          await enterAmbassador(tx, id, active, because, null, clock.now(), actor.id, note)
          const found = (await listAmbassadors(tx, {})).find((each) => each.contactId === id)
          if (!found) throw new Refusal('thing.unknown')
          return found
        })
      },
    )
  }
}
