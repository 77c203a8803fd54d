import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { Refusal } from '../base/errors.ts'
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

const mostTogether = 50
const Told = Type.Union([
  Type.Object({ result: AskResultSchema }),
  Type.Object({
    error: Type.Object({
      code: Type.String(),
      status: Type.Integer(),
      message: Type.String(),
      faults: Type.Array(Type.Object({ where: Type.String(), message: Type.String() })),
    }),
  }),
])

/** POST /v1/ask: a question of the data. As CSV when the request accepts text/csv. POST /v1/asks: several at once, as a
 * page needs them, so that they cost one request. */
export function askRoutes(app: FastifyInstance, parts: InsightParts): void {
  const answer = (request: FastifyRequest, asked: Static<typeof AskSchema>) => {
    const { workspaceId, unitKey } = request.principal
    const { language = 'en' } = request.query as { language?: LanguageCode }
    return ask(parts, workspaceId, asked, { unitKey }, language)
  }
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
      const result = await answer(request, request.body as Static<typeof AskSchema>)
      if (!/\btext\/csv\b/.test(request.headers.accept ?? '')) return result
      return reply.type('text/csv; charset=utf-8').send(askCsv(result))
    },
  )
  app.post(
    '/v1/asks',
    {
      config: { scope: 'ask:read' },
      schema: {
        tags: ['Insight'],
        summary: 'Ask several questions of the data at once',
        description: `At most ${mostTogether}, each answered or refused by itself, in the order asked.`,
        querystring: Query,
        body: Type.Array(AskSchema, { minItems: 1, maxItems: mostTogether }),
        response: { 200: Type.Object({ answers: Type.Array(Told) }) },
      },
    },
    async (request) => {
      const asked = request.body as Array<Static<typeof AskSchema>>
      const answers = await Promise.all(
        asked.map((each) =>
          answer(request, each).then(
            (result) => ({ result }),
            (error) => {
              if (!(error instanceof Refusal)) throw error
              const { code, status, message, faults } = error
              return { error: { code, status, message, faults: [...faults] } }
            },
          ),
        ),
      )
      return { answers }
    },
  )
}
