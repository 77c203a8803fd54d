import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Principal } from '../base/principal.ts'
import { Id, Nullable, oneOf } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import { doingOf, ownerNamed } from './doing.ts'
import { outreachReasons } from './outreach.ts'
import type { ImproveRouteParts } from './parts.ts'
import { followUpPlan } from './planFollowUp.ts'
import {
  changePlan,
  createPlan,
  listPlans,
  type PlanFields,
  type PlanItem,
  planHistory,
  readPlan,
  type StoredPlan,
} from './plans.ts'
import {
  HistoryShape,
  Limit,
  line,
  OwnerBody,
  PlanItemBody,
  PlanMailShape,
  PlanShape,
  Revision,
  strict,
  Uuid,
} from './wire.ts'

const tags = ['Plans']
const Items = Type.Array(PlanItemBody, { maxItems: 200 })
const Whole = Type.Object({ ...PlanShape.properties, history: HistoryShape, mails: PlanMailShape })

/** Action plans with a customer or an account. */
export function planRoutes(parts: ImproveRouteParts): FastifyPluginAsyncTypebox {
  const { database, clock, programs } = parts
  const whole = (workspaceId: string, id: string, request: FastifyRequest) =>
    database.inWorkspace(workspaceId, async (tx) => {
      const found = await readPlan(tx, id, unitScope(request.principal))
      const { events, mails } = await planHistory(tx, id)
      return { ...onWire(found, clock.now()), history: events, mails }
    })

  /** Each with who does it by the name they have; one who has left and did something of the plan before may stay.
   * @throws Refusal person.unknown, person.cannot
   */
  async function itemsOf(
    principal: Principal,
    items: ReadonlyArray<Static<typeof PlanItemBody>>,
    before: readonly PlanItem[],
  ): Promise<PlanFields['items']> {
    const people = new Map(before.map(({ who, whoName }) => [who, { who, whoName }]))
    for (const { who } of items) {
      if (!who || people.has(who.id)) continue
      const { owner = who.id, ownerName = null } = await ownerNamed(database, principal, who)
      people.set(who.id, { who: owner, whoName: ownerName })
    }
    return items.map(({ who, itemId, ...item }) => ({
      ...item,
      ...((who && people.get(who.id)) ?? { who: null, whoName: null }),
      ...(itemId ? { itemId } : {}),
    }))
  }

  return async (app) => {
    app.get(
      '/v1/plans',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'Action plans with customers',
          description: 'Open ones first, by what is due next.',
          querystring: Type.Object(
            {
              contact: Type.Optional(Uuid),
              account: Type.Optional(
                Type.String({ format: 'uuid', description: 'also those of its people' }),
              ),
              owner: Type.Optional(Type.String()),
              state: Type.Optional(oneOf(['open', 'closed'])),
              limit: Limit,
            },
            strict,
          ),
          response: { 200: Type.Object({ items: Type.Array(PlanShape) }) },
        },
      },
      async (request) => {
        const { contact: contactId, account: accountId, owner, state, limit = 200 } = request.query
        const given = { contactId, accountId, owner, state }
        const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
        const items = await database.inWorkspace(request.principal.workspaceId, (tx) =>
          listPlans(tx, { ...filter, limit }, unitScope(request.principal)),
        )
        return { items: items.map((each) => onWire(each, clock.now())) }
      },
    )

    app.post(
      '/v1/plans',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Agree on an action plan with a customer or an account',
          body: Type.Object(
            {
              title: line(),
              contactId: Type.Optional(Uuid),
              accountId: Type.Optional(Uuid),
              caseId: Type.Optional(Uuid),
              owner: OwnerBody,
              items: Type.Optional(Items),
            },
            strict,
          ),
          response: { 201: Whole },
        },
      },
      async (request, reply) => {
        const { owner, items = [], ...body } = request.body
        const { workspaceId } = request.principal
        const doing = doingOf(request.principal, clock)
        const own = { owner: doing.actor.id, ownerName: doing.actor.name }
        const whose = { ...own, ...(await ownerNamed(database, request.principal, owner)) }
        const plan = { ...body, ...whose, items: await itemsOf(request.principal, items, []) }
        const id = await database.inWorkspace(workspaceId, (tx) => createPlan(tx, plan, doing))
        return reply.status(201).send(await whole(workspaceId, id, request))
      },
    )

    app.get(
      '/v1/plans/:id',
      {
        config: { scope: 'cases:read' },
        schema: { tags, summary: 'One action plan', params: Id, response: { 200: Whole } },
      },
      async (request) => whole(request.principal.workspaceId, request.params.id, request),
    )

    app.put(
      '/v1/plans/:id',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Change an action plan',
          description: 'What is left out stays; of the items, the whole list as it is to be.',
          params: Id,
          body: Type.Object(
            {
              revision: Revision,
              title: Type.Optional(line()),
              owner: OwnerBody,
              state: Type.Optional(oneOf(['open', 'closed'])),
              items: Type.Optional(Items),
            },
            strict,
          ),
          response: { 200: Whole },
        },
      },
      async (request) => {
        const { revision, owner, items, ...body } = request.body
        const { workspaceId } = request.principal
        const { id } = request.params
        const before = await database.inWorkspace(workspaceId, (tx) =>
          readPlan(tx, id, unitScope(request.principal)),
        )
        // One who has left stays the owner until somebody names another.
        const named = owner?.id === before.owner ? undefined : owner
        const change = {
          ...body,
          ...(named === null ? { owner: null, ownerName: null } : {}),
          ...(await ownerNamed(database, request.principal, named)),
          ...(items ? { items: await itemsOf(request.principal, items, before.items) } : {}),
        }
        await database.inWorkspace(workspaceId, (tx) =>
          changePlan(tx, id, change, revision, doingOf(request.principal, clock)),
        )
        return whole(workspaceId, id, request)
      },
    )

    app.post(
      '/v1/plans/:id/followups',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Tell the customer how far the plan has come',
          description: 'A mail with your words and where each item stands.',
          params: Id,
          body: Type.Object(
            {
              subject: line(),
              body: line(10_000),
              contactId: Type.Optional(Uuid),
              sendAt: Type.Optional(Type.String({ format: 'date-time' })),
            },
            strict,
          ),
          response: {
            200: Type.Object({ withheld: Nullable(oneOf(outreachReasons)), plan: Whole }),
          },
        },
      },
      async (request) => {
        const { sendAt, ...body } = request.body
        const { workspaceId } = request.principal
        const { id } = request.params
        const checked = await programs.active(workspaceId)
        const followUp = { ...body, ...(sendAt ? { sendAt: new Date(sendAt) } : {}) }
        const withheld = await database.inWorkspace(workspaceId, (tx) =>
          followUpPlan(tx, parts, checked, id, followUp, doingOf(request.principal, clock)),
        )
        return { withheld, plan: await whole(workspaceId, id, request) }
      },
    )
  }
}

function onWire(plan: StoredPlan, now: Date) {
  const { contactId, contactName, accountId, accountName, owner, ownerName, items, ...rest } = plan
  const today = now.toISOString().slice(0, 10)
  return {
    ...rest,
    contact: contactId === null ? null : { id: contactId, name: contactName },
    account: accountId === null ? null : { id: accountId, name: accountName },
    owner: owner === null ? null : { id: owner, name: ownerName },
    items: items.map(({ who, whoName, ...item }) => ({
      ...item,
      who: who === null ? null : { id: who, name: whoName },
      overdue: (item.state === 'open' || item.state === 'doing') && item.dueOn !== null && item.dueOn < today,
    })),
  }
}
