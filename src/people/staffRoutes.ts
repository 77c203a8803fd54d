import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import type { Principal } from '../base/principal.ts'
import { Id, Nullable, Time } from '../base/wire.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { listAbsences, noteAbsence, readAbsence, removeAbsence } from './absences.ts'
import { unitScope } from './access.ts'
import { listColleagues } from './staff.ts'

const tags = ['People']
const strict = { additionalProperties: false }
const Key = Type.String({ minLength: 1, maxLength: 200 })
export const ColleagueShape = Type.Object({
  id: Type.String({ description: 'employee key, or user:<id> of a member who is no employee' }),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  unitKey: Nullable(Type.String()),
  unit: Nullable(Type.String()),
  manager: Type.Boolean(),
  functions: Type.Array(Type.String()),
  openCases: Type.Integer(),
  absentUntil: Nullable(Time),
  member: Type.Boolean({ description: 'can sign in' }),
})
export const AbsenceShape = Type.Object({
  absenceId: Type.String(),
  employeeKey: Type.String(),
  name: Nullable(Type.String()),
  from: Time,
  to: Time,
  notedBy: Nullable(Type.String()),
})

/** The people of the company: whom cases can be given to, and who is away when. */
export function staffRoutes(parts: { database: Database; clock: Clock }): FastifyPluginAsyncTypebox {
  const { database, clock } = parts
  return async (app) => {
    app.get(
      '/v1/people',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'Whom cases can be given to: unit, functions, open cases, and who is away',
          querystring: Type.Object({
            case: Type.Optional(
              Type.String({
                format: 'uuid',
                description:
                  'only those who can be given this case: they see its unit, and it is not about them',
              }),
            ),
          }),
          response: { 200: Type.Object({ items: Type.Array(ColleagueShape) }) },
        },
      },
      async ({ principal, query }) => ({
        items: await listColleagues(
          database,
          principal.workspaceId,
          clock.now(),
          unitScope(principal),
          query.case,
        ),
      }),
    )
    app.get(
      '/v1/absences',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'Who is away, now and later',
          querystring: Type.Object({ employeeKey: Type.Optional(Key) }),
          response: { 200: Type.Object({ items: Type.Array(AbsenceShape) }) },
        },
      },
      async ({ principal, query }) => ({
        items: await database.inWorkspace(principal.workspaceId, (tx) =>
          listAbsences(tx, { ...query, now: clock.now() }, unitScope(principal)),
        ),
      }),
    )
    app.post(
      '/v1/absences',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Note that you, or somebody you manage, will be away',
          body: Type.Object(
            {
              employeeKey: Type.Optional(Key),
              from: Type.String({ format: 'date-time' }),
              to: Type.String({ format: 'date-time' }),
            },
            strict,
          ),
          response: { 201: AbsenceShape },
        },
      },
      async ({ principal, body }, reply) => {
        const employeeKey = body.employeeKey ?? principal.employeeKey
        if (employeeKey === undefined)
          throw new Refusal('person.unknown', 'You are no employee of the program.')
        const absence = await database.inWorkspace(principal.workspaceId, async (tx) => {
          await requireManaged(tx, principal, employeeKey)
          const times = { from: new Date(body.from), to: new Date(body.to) }
          return noteAbsence(tx, clock, { employeeKey, ...times, notedBy: principal.name })
        })
        return reply.status(201).send(absence)
      },
    )
    app.delete(
      '/v1/absences/:id',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Take an absence back, your own or of somebody you manage',
          params: Id,
          response: { 200: Type.Object({ ok: Type.Boolean() }) },
        },
      },
      async ({ principal, params }) => {
        await database.inWorkspace(principal.workspaceId, async (tx) => {
          const { employeeKey } = await readAbsence(tx, params.id)
          await requireManaged(tx, principal, employeeKey)
          await removeAbsence(tx, params.id)
        })
        return { ok: true }
      },
    )
  }
}

/** Oneself; for a manager those of the unit and below; for leads, administrators and keys everybody in their scope.
 * @throws Refusal access.denied
 */
async function requireManaged(tx: Tx, principal: Principal, employeeKey: string): Promise<void> {
  if (employeeKey === principal.employeeKey) return
  if (principal.role === 'employee') throw new Refusal('access.denied', 'Note your own absence.')
  const { unitKey } = principal
  if (unitKey === undefined) return
  const [found] = await tx.query(
    `select 1 from employees e join units u on u.unit_key = e.unit_key
     where e.employee_key = $1 and u.path @> array[$2::text]`,
    [employeeKey, unitKey],
  )
  if (!found) throw new Refusal('access.denied', 'They do not belong to your unit.')
}
