import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Columns } from '../storage/columns.ts'
import type { Database } from '../storage/postgres.ts'

const patience = 2_000

/** Resolves to false when a store fails or does not answer in time, so that the probe itself always answers. */
async function answers(probe: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patience)
  })
  const answer = probe().then(
    (result) => result !== false,
    () => false,
  )
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

const Ready = Type.Object({ ready: Type.Boolean(), truth: Type.Boolean(), facts: Type.Boolean() })

/** /healthz: the process runs. /readyz: it can serve, since both stores answer. */
export function registerHealth(app: FastifyInstance, parts: { database: Database; columns?: Columns }) {
  const open = { scope: 'public', rateLimit: false } as const
  const tags = ['Health']
  app.get(
    '/healthz',
    {
      config: open,
      schema: { tags, summary: 'The process runs', response: { 200: Type.Object({ ok: Type.Boolean() }) } },
    },
    async () => ({ ok: true }),
  )
  app.get(
    '/readyz',
    { config: open, schema: { tags, summary: 'Both stores answer', response: { 200: Ready, 503: Ready } } },
    async (_request, reply) => {
      const [truth, facts] = await Promise.all([
        answers(() => parts.database.script('select 1 as one')),
        answers(async () => (await parts.columns?.ready()) ?? true),
      ])
      const ready = truth && facts
      return reply.status(ready ? 200 : 503).send({ ready, truth, facts })
    },
  )
}
