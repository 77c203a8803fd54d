import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Clock } from '../base/clock.ts'
import { Id, Nullable, oneOf, Time } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import { readTimeline } from '../people/timeline.ts'
import { LanguageQuery, ScoreShape, TimelineShape } from '../people/wire.ts'
import { scoreOf } from '../program/score.ts'
import type { Programs } from '../program/store.ts'
import { ResponseShape, responseOnWire } from '../responses/apiRoutes.ts'
import type { Database } from '../storage/postgres.ts'
import { type CaseAction, caseOutcomes, caseStates } from './case.ts'
import { actOnCase, caseHistory, listCases, readCase, type StoredCase } from './store.ts'

export interface CaseRouteParts {
  database: Database
  clock: Clock
  programs: Programs
}

const tags = ['Cases']
const strict = { additionalProperties: false }
const item = {
  caseId: Type.String(),
  state: oneOf(caseStates),
  rule: Type.String(),
  openedAt: Time,
  contactDueAt: Time,
  takenAt: Nullable(Time),
  closedAt: Nullable(Time),
  owner: Nullable(Type.Object({ id: Type.String(), name: Nullable(Type.String()) })),
  outcome: Nullable(oneOf(caseOutcomes)),
  unit: Nullable(Type.String()),
  contact: Nullable(Type.Object({ id: Type.String(), name: Nullable(Type.String()) })),
  survey: Type.String(),
  score: Nullable(ScoreShape),
  comment: Nullable(Type.String()),
  responseId: Type.String(),
  revision: Type.Integer(),
}
const CaseShape = Type.Object(item)
const Note = Type.String({ minLength: 1, maxLength: 10_000 })
const Revision = Type.Integer({
  minimum: 1,
  description: 'the revision you saw; refused when it is no longer that',
})

/** Cases: what waits, one with all that belongs to it, and what one does with it. */
export function caseRoutes(parts: CaseRouteParts): FastifyPluginAsyncTypebox {
  const { database, clock, programs } = parts

  async function wireOf(found: StoredCase, workspaceId: string) {
    const { program } = await programs.version(workspaceId, found.version)
    return {
      caseId: found.caseId,
      state: found.state,
      rule: found.rule,
      openedAt: found.openedAt,
      contactDueAt: found.contactDueAt,
      takenAt: found.takenAt,
      closedAt: found.closedAt,
      owner: found.owner === null ? null : { id: found.owner, name: found.ownerName },
      outcome: found.outcome,
      unit: found.unitName ?? found.unitKey,
      contact:
        found.contactId === null
          ? null
          : { id: found.contactId, name: found.contactName ?? found.contactKey },
      survey: found.survey,
      score: scoreOf(program, found.survey, found.answers),
      comment: found.comment,
      responseId: found.responseId,
      revision: found.revision,
    }
  }

  async function carryOut(request: FastifyRequest, caseId: string, action: CaseAction, revision: number) {
    const { principal } = request
    const by = {
      actor: { id: principal.id, name: principal.name },
      scope: unitScope(principal),
      at: clock.now(),
    }
    const changed = await database.inWorkspace(principal.workspaceId, (tx) =>
      actOnCase(tx, caseId, action, revision, by),
    )
    return wireOf(changed, principal.workspaceId)
  }

  return async (app) => {
    app.get(
      '/v1/cases',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'Cases: the soonest due first; closed ones, the latest first',
          querystring: Type.Object({
            state: Type.Optional(oneOf(caseStates)),
            cursor: Type.Optional(Type.String({ description: '`next` of the page before' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
          }),
          response: {
            200: Type.Object({
              items: Type.Array(CaseShape),
              next: Nullable(Type.String()),
              total: Type.Integer(),
            }),
          },
        },
      },
      async ({ principal, query }) => {
        const filter = {
          limit: query.limit ?? 30,
          ...(query.state ? { state: query.state } : {}),
          ...(query.cursor ? { cursor: query.cursor } : {}),
        }
        const page = await database.inWorkspace(principal.workspaceId, (tx) =>
          listCases(tx, filter, unitScope(principal)),
        )
        const items = await Promise.all(page.items.map((each) => wireOf(each, principal.workspaceId)))
        return { ...page, items }
      },
    )
    app.get(
      '/v1/cases/:id',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'One case, with its history, the response and the customer’s timeline',
          params: Id,
          querystring: Type.Object({ language: LanguageQuery }),
          response: {
            200: Type.Object({
              ...item,
              events: Type.Array(
                Type.Object({
                  revision: Type.Integer(),
                  at: Time,
                  kind: Type.String(),
                  actor: Nullable(Type.String()),
                  note: Nullable(Type.String()),
                }),
              ),
              response: ResponseShape,
              timeline: Type.Array(TimelineShape),
            }),
          },
        },
      },
      async (request) => {
        const { principal, params, query } = request
        const { workspaceId } = principal
        const { program } = await programs.active(workspaceId)
        const language = query.language ?? program.workspace.languages[0] ?? 'en'
        const scope = unitScope(principal)
        const read = await database.inWorkspace(workspaceId, async (tx) => {
          const found = await readCase(tx, params.id, scope)
          const { contactId } = found
          return {
            found,
            events: await caseHistory(tx, params.id),
            timeline: contactId === null ? [] : await readTimeline(tx, program, contactId, language, scope),
            response: (await responseOnWire(tx, programs, found.responseId, principal, language)) as never,
          }
        })
        const { found, ...rest } = read
        return { ...(await wireOf(found, workspaceId)), ...rest }
      },
    )
    app.post(
      '/v1/cases/:id/take',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Take a case; one that somebody has moves to you',
          params: Id,
          body: Type.Object({ revision: Revision }, strict),
          response: { 200: CaseShape },
        },
      },
      async (request) => carryOut(request, request.params.id, { kind: 'take' }, request.body.revision),
    )
    app.post(
      '/v1/cases/:id/note',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Note something on a case',
          params: Id,
          body: Type.Object({ revision: Revision, note: Note }, strict),
          response: { 200: CaseShape },
        },
      },
      async (request) => {
        const { revision, note } = request.body
        return carryOut(request, request.params.id, { kind: 'note', note }, revision)
      },
    )
    app.post(
      '/v1/cases/:id/close',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Close a case with its outcome',
          params: Id,
          body: Type.Object(
            { revision: Revision, outcome: oneOf(caseOutcomes), note: Type.Optional(Note) },
            strict,
          ),
          response: { 200: CaseShape },
        },
      },
      async (request) => {
        const { revision, ...close } = request.body
        return carryOut(request, request.params.id, { kind: 'close', ...close }, revision)
      },
    )
  }
}
