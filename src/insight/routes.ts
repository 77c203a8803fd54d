import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import { type LanguageCode, languages } from '../program/schema.ts'
import { ask } from './answer.ts'
import { AskResultSchema, AskSchema } from './ask.ts'
import { askCsv } from './csv.ts'
import type { InsightParts } from './parts.ts'

const Query = Type.Object(
  {
    language: Type.Optional(
      Type.Union(
        languages.map((code) => Type.Literal(code)),
        { description: 'of labels; English when left out' },
      ),
    ),
  },
  { additionalProperties: false },
)

/** POST /v1/ask: a question of the data. As CSV when the request accepts text/csv. */
export function askRoutes(app: FastifyInstance, parts: InsightParts): void {
  app.post(
    '/v1/ask',
    {
      config: { scope: 'ask:read' },
      schema: {
        tags: ['Insight'],
        summary: 'Ask a question of the data',
        description: `A metric, by up to two fields, under a condition, over time. The answer has n, interval, the
p-value of each difference and what is withheld. With "accept: text/csv" its rows come as CSV.`,
        querystring: Query,
        body: AskSchema,
        response: { 200: AskResultSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId, unitKey } = request.principal
      const { language = 'en' } = request.query as { language?: LanguageCode }
      const result = await ask(
        parts,
        workspaceId,
        request.body as Static<typeof AskSchema>,
        { unitKey },
        language,
      )
      if (!/\btext\/csv\b/.test(request.headers.accept ?? '')) return result
      return reply.type('text/csv; charset=utf-8').send(askCsv(result))
    },
  )
}
