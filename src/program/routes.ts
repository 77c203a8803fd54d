import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Announce } from '../storage/jobs.ts'
import type { Database } from '../storage/postgres.ts'
import { ProgramSchema } from './schema.ts'
import type { Programs } from './store.ts'
import { FaultShape, FileShape, FilesBody, ProgramShape, programOnWire, VersionShape } from './wire.ts'

const tags = ['Program']
const version = Type.String({ pattern: '^[0-9a-f]{4,64}$' })

/** The program: read it, check another, put it in force. */
export function programRoutes(parts: {
  database: Database
  announce: Announce
  programs: Programs
}): FastifyPluginAsyncTypebox {
  const { database, programs } = parts
  const versionsOf = async (workspaceId: string) =>
    (await programs.versions(workspaceId)).map(({ createdBy, ...each }) => ({
      ...each,
      createdBy: createdBy ?? null,
    }))
  return async (app) => {
    app.get(
      '/v1/program',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'The program in force, its files and versions',
          response: {
            200: Type.Object({
              ...ProgramShape.properties,
              files: Type.Array(FileShape),
              versions: Type.Array(VersionShape),
            }),
          },
        },
      },
      async ({ principal: { workspaceId } }) => {
        const checked = await programs.active(workspaceId)
        const files = await programs.files(workspaceId, checked.version)
        return { ...programOnWire(checked), files, versions: await versionsOf(workspaceId) }
      },
    )
    app.post(
      '/v1/program/check',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'Check program files without putting them in force',
          body: FilesBody,
          response: {
            200: Type.Object({
              version: Type.Optional(Type.String()),
              faults: Type.Array(FaultShape),
              warnings: Type.Array(FaultShape, {
                description:
                  'what hinders nothing and will hardly be meant, and what the workspace lacks for it',
              }),
            }),
          },
        },
      },
      async ({ principal: { workspaceId }, body }) => {
        const { version: hash, faults, warnings } = await programs.check(workspaceId, body.files)
        return { ...(hash === undefined ? {} : { version: hash }), faults, warnings }
      },
    )
    app.put(
      '/v1/program',
      {
        config: { scope: 'program:write' },
        schema: {
          tags,
          summary: 'Put a program in force; every version is kept',
          description: 'One with faults is refused with program.invalid, each fault with file:line:column.',
          body: FilesBody,
          response: {
            200: Type.Object({
              version: Type.String(),
              changed: Type.Boolean(),
              warnings: Type.Array(Type.String(), {
                description:
                  'what the change does to answers that are there, and what the workspace lacks for it',
              }),
              checkWarnings: Type.Array(FaultShape, {
                description: 'as the check tells them: what hinders nothing and will hardly be meant',
              }),
            }),
          },
        },
      },
      async ({ principal: { workspaceId, name }, body }) => {
        const pushed = await programs.push(workspaceId, body.files, name)
        // Whoever may not have their cases any more is found by the next look; this one comes at once.
        if (pushed.changed)
          await database.inWorkspace(workspaceId, (tx) =>
            parts.announce(tx, { kind: 'cases.due', workspaceId }),
          )
        return pushed
      },
    )
    app.get(
      '/v1/program/versions/:version',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'A version of the program, in force or not',
          params: Type.Object({ version }),
          response: { 200: Type.Object({ ...ProgramShape.properties, files: Type.Array(FileShape) }) },
        },
      },
      async ({ principal: { workspaceId }, params }) => {
        const checked = await programs.version(workspaceId, params.version)
        return { ...programOnWire(checked), files: await programs.files(workspaceId, params.version) }
      },
    )
    app.get(
      '/v1/program/schema.json',
      {
        config: { scope: 'public' },
        schema: {
          tags,
          summary: 'JSON Schema of a program, for editors',
          response: { 200: Type.Unknown() },
        },
      },
      async () => ({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...ProgramSchema }),
    )
  }
}
