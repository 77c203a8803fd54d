import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import type { Principal } from '../base/principal.ts'
import { Nullable, Time } from '../base/wire.ts'
import type { Database } from '../storage/postgres.ts'
import { type Membership, memberPrincipal, membershipsOf, passwordNeeded } from './members.ts'
import { actorOf } from './who.ts'
import { RoleShape, ScopeShape } from './wire.ts'
import { createWorkspace, findWorkspaces, type Workspace } from './workspaces.ts'

export interface WorkspaceParts {
  database: Database
  clock: Clock
  /** Begins to fill the demo workspace, and resolves as soon as that is there; filling goes on. */
  fillDemo?: () => Promise<Workspace>
}

const tags = ['Workspaces']
const Named = Type.Object({ slug: Type.String(), name: Type.String() })
const KeyShape = Type.Object({
  key: Type.Object({ id: Type.String(), name: Type.String() }),
  workspace: Named,
  scopes: Type.Array(ScopeShape),
  unitKey: Nullable(Type.String()),
})

interface WorkState {
  label?: string
  done?: number
  taken?: number
  total?: number
  complete?: boolean
}

/** Who is asking, the workspaces they belong to, and what long work is under way there. */
export function workspaceRoutes(parts: WorkspaceParts): FastifyPluginAsyncTypebox {
  const { database, clock } = parts
  return async (app) => {
    app.get(
      '/v1/me',
      {
        config: { scope: 'known' },
        schema: {
          tags,
          summary: 'Who is signed in, and in which workspace; of an API key, what it may do and where',
          response: {
            200: Type.Union([
              KeyShape,
              Type.Object({
                user: Type.Object({ id: Type.String(), name: Type.String(), email: Type.String() }),
                workspace: Nullable(Named),
                role: Nullable(RoleShape),
                scopes: Type.Array(ScopeShape),
                unitKey: Nullable(Type.String()),
                employee: Nullable(
                  Type.Object({
                    key: Type.String(),
                    name: Nullable(Type.String()),
                    functions: Type.Array(Type.String()),
                  }),
                ),
                actor: Nullable(
                  Type.String({ description: 'what you are called on cases: employee key, or user:<id>' }),
                ),
                passwordNeeded: Type.Boolean(),
              }),
            ]),
          },
        },
      },
      async (request) => {
        const user = request.signedIn
        if (!user) return keyOf(database, request.principal)
        const memberships = await membershipsOf(database, user.id)
        const chosen = request.headers['samklang-workspace']
        const membership = memberships.find((each) => each.slug === chosen) ?? memberships[0]
        return {
          user,
          workspace: membership ? { slug: membership.slug, name: membership.workspaceName } : null,
          role: membership?.role ?? null,
          scopes: membership ? [...memberPrincipal(user, membership).scopes] : [],
          unitKey: membership?.unitKey ?? null,
          employee: membership ? await employeeOf(database, membership) : null,
          actor: membership ? actorOf(memberPrincipal(user, membership)).id : null,
          passwordNeeded: await passwordNeeded(database, user.id),
        }
      },
    )
    app.get(
      '/v1/workspaces',
      {
        config: { scope: 'signedIn' },
        schema: {
          tags,
          summary: 'The workspaces you belong to',
          response: {
            200: Type.Object({
              items: Type.Array(Type.Object({ slug: Type.String(), name: Type.String(), role: RoleShape })),
            }),
          },
        },
      },
      async ({ signedIn }) => ({
        items: (await membershipsOf(database, signedIn!.id)).map(({ slug, workspaceName, role }) => ({
          slug,
          name: workspaceName,
          role,
        })),
      }),
    )
    app.post(
      '/v1/workspaces',
      {
        config: { scope: 'signedIn' },
        schema: {
          tags,
          summary: 'Make a workspace, or the demo workspace, which fills while it is used',
          body: Type.Object(
            {
              name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
              demo: Type.Optional(Type.Boolean()),
            },
            { additionalProperties: false },
          ),
          response: { 201: Named },
        },
      },
      async ({ signedIn, body }, reply) => {
        const userId = signedIn!.id
        await requireMaker(database, userId)
        const made = body.demo ? await demoWorkspace(parts) : await createWorkspace(parts, body.name ?? '')
        await database.asOwner((tx) =>
          tx.query(
            `insert into members (workspace_id, user_id, role, created_at) values ($1, $2, 'admin', $3)
             on conflict do nothing`,
            [made.id, userId, clock.now()],
          ),
        )
        return reply.status(201).send({ slug: made.slug, name: made.name })
      },
    )
    app.get(
      '/v1/progress',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'Long work under way: replays, the demo',
          response: {
            200: Type.Object({
              items: Type.Array(
                Type.Object({
                  work: Type.String(),
                  label: Type.Optional(Type.String()),
                  done: Type.Number(),
                  total: Type.Number(),
                  finished: Type.Boolean(),
                  stopped: Type.Boolean({
                    description: 'it has not gone on for a minute and a half, and holds up the live work',
                  }),
                  changedAt: Time,
                }),
              ),
            }),
          },
        },
      },
      async ({ principal }) => {
        const rows = await database.inWorkspace(principal.workspaceId, (tx) =>
          tx.query<{ work: string; state: WorkState; changedAt: Date }>(
            // Other rows than those that count something are notes of the work to itself.
            `select work, state, changed_at as "changedAt" from progress
             where coalesce(state->'done', state->'taken') is not null order by work`,
          ),
        )
        const items = rows.map(({ work, state, changedAt }) => ({
          work,
          ...(state.label ? { label: state.label } : {}),
          done: state.done ?? state.taken ?? 0,
          total: state.total ?? 0,
          finished: state.complete ?? false,
          stopped: !state.complete && clock.now().getTime() - changedAt.getTime() > stoppedAfter,
          changedAt,
        }))
        return { items }
      },
    )
  }
}

/** Work that has not gone on for so long has stopped, in milliseconds. */
const stoppedAfter = 90_000

async function keyOf(database: Database, { id, name, workspaceId, scopes, unitKey }: Principal) {
  const workspace = (await findWorkspaces(database)).find((each) => each.id === workspaceId)
  if (!workspace) throw new Refusal('workspace.unknown')
  return {
    key: { id, name },
    workspace: { slug: workspace.slug, name: workspace.name },
    scopes: [...scopes],
    unitKey: unitKey ?? null,
  }
}

async function employeeOf(database: Database, { workspaceId, employeeKey }: Membership) {
  if (employeeKey === null) return null
  const [found] = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ key: string; name: string | null; functions: string[] }>(
      'select employee_key as key, name, functions from employees where employee_key = $1',
      [employeeKey],
    ),
  )
  return found ?? { key: employeeKey, name: null, functions: [] }
}

async function demoWorkspace(parts: WorkspaceParts): Promise<Workspace> {
  if (!parts.fillDemo) throw new Refusal('access.denied', 'This process makes no demo; run samklang demo.')
  return parts.fillDemo()
}

/** Workspaces are made by administrators; the very first by whoever is there. */
async function requireMaker(database: Database, userId: string) {
  const memberships = await membershipsOf(database, userId)
  if (memberships.some((each) => each.role === 'admin')) return
  if ((await findWorkspaces(database)).length === 0) return
  throw new Refusal('access.denied', 'Only an administrator makes workspaces.')
}
