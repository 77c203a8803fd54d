// For: what an improvement did to the metric it names: the time since against as long before, beside others meanwhile.
// In: an improvement that is done. Out: changes with intervals, each with its Ask. Before and after is no proof of cause.
import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import { addDuration } from '../base/clock.ts'
import { type Fault, Refusal } from '../base/errors.ts'
import { Id, Nullable, oneOf, Time } from '../base/wire.ts'
import { readImprovement } from '../improve/store.ts'
import { type UnitScope, unitScope } from '../people/access.ts'
import { type LanguageCode, languages, type Program } from '../program/schema.ts'
import { Z95 } from '../stats/normal.ts'
import { ask } from './answer.ts'
import { type Ask, AskResultSchema, AskRowSchema, AskSchema } from './ask.ts'
import { askText } from './askText.ts'
import { compileAsk } from './compile.ts'
import type { Told } from './loopPage.ts'
import type { InsightParts } from './parts.ts'

export interface ImprovementEffect {
  label: 'beforeAndAfter'
  /** Why there is nothing to tell: no metric named, or not done yet. */
  missing: 'metric' | 'notDone' | null
  doneAt: Date | null
  /** Until when one has looked, and whether the window is over. */
  until: Date | null
  complete: boolean
  told: (Told & { metric: { id: string; label: string; unit: string } }) | null
  /** The same of others meanwhile, when the improvement is for some only. */
  others: Told | null
  /** Its change minus theirs; null without others. */
  net: { value: number; interval: [number, number] | null } | null
  verdict: 'better' | 'worse' | 'cannotTell'
}

const nothing = (missing: ImprovementEffect['missing'], doneAt: Date | null): ImprovementEffect => ({
  ...{ label: 'beforeAndAfter', missing, doneAt, until: null, complete: false },
  ...{ told: null, others: null, net: null, verdict: 'cannotTell' },
})

/** Metrics of which less is better. */
const lessIsBetter = new Set<string>([
  ...['missed', 'escalated', 'forwarded', 'reopened', 'hoursToContact', 'attemptsToContact', 'cases'],
])

const usualWindow = 'P90D'

/** @throws Refusal thing.unknown; ask.invalid when its metric or condition is none (any more) */
export async function improvementEffect(
  parts: InsightParts,
  workspaceId: string,
  improvementId: string,
  scope: UnitScope,
  { window = usualWindow, language = 'en' }: { window?: string; language?: LanguageCode } = {},
): Promise<ImprovementEffect> {
  const found = await parts.database.inWorkspace(workspaceId, (tx) =>
    readImprovement(tx, improvementId, scope),
  )
  const { metric, metricWhere, compareWhere, doneAt } = found
  if (!metric) return nothing('metric', doneAt)
  if (!doneAt) return nothing('notDone', null)
  const { program } = await parts.programs.active(workspaceId)
  const now = parts.clock.now()
  const ends = addDuration(doneAt, window, program.workspace.timeZone)
  const complete = ends <= now
  const until = complete ? ends : now
  if (until <= doneAt) return nothing('notDone', doneAt)
  const put = async (where: string | undefined) => {
    const asked: Ask = {
      ...{ metric, from: doneAt.toISOString(), to: until.toISOString(), compare: 'previous' },
      ...(where ? { where } : {}),
    }
    const result = await ask(parts, workspaceId, asked, scope, language)
    return { result, told: { ask: asked, text: askText(asked), row: result.total } }
  }
  const own = await put(metricWhere ?? undefined)
  // Where it is for some only, all others went through the same time without it.
  const against = compareWhere ?? (metricWhere ? `!(${metricWhere})` : undefined)
  const others = against ? (await put(against)).told : null
  const net = others ? difference(own.told, others) : null
  const { id, label, unit } = own.result.metric
  const judged = net ?? own.told.row.change ?? null
  return {
    label: 'beforeAndAfter',
    missing: null,
    ...{ doneAt, until, complete },
    told: { ...own.told, metric: { id, label, unit } },
    ...{ others, net },
    verdict: verdictOf(judged?.interval ?? null, lessIsBetter.has(metric)),
  }
}

/** Change minus change; the variances of both are read off their 95 % intervals. */
function difference(own: Told, others: Told): ImprovementEffect['net'] {
  const [a, b] = [own.row.change, others.row.change]
  if (!a || !b) return null
  const value = a.value - b.value
  if (!a.interval || !b.interval) return { value, interval: null }
  const error = ([low, high]: readonly [number, number]) => (high - low) / (2 * Z95)
  const half = Z95 * Math.hypot(error(a.interval), error(b.interval))
  return { value, interval: [value - half, value + half] }
}

function verdictOf(interval: readonly [number, number] | null, less: boolean): ImprovementEffect['verdict'] {
  if (!interval || (interval[0] <= 0 && interval[1] >= 0)) return 'cannotTell'
  return interval[0] > 0 === less ? 'worse' : 'better'
}

/** What is wrong with how the effect of an improvement is to be read, by the field it was written in. */
export function metricFaults(
  program: Program,
  {
    metric,
    where,
    compareWhere,
  }: { metric: string | null; where: string | null; compareWhere: string | null },
  now: Date,
): Fault[] {
  const wrong = (asked: Ask): string | undefined => {
    try {
      compileAsk(asked, program, () => 'facts', {}, now)
      return undefined
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error.faults?.[0]?.message ?? error.message
    }
  }
  const own = metric === null ? undefined : wrong({ metric })
  if (own !== undefined) return [{ where: 'body/metric', message: own }]
  return Object.entries({ where, compareWhere }).flatMap(([name, condition]) => {
    if (!condition) return []
    // Without a metric yet it may be one of answers or one of cases.
    const [first, ...others] = (metric === null ? ['responses', 'cases'] : [metric]).map((each) =>
      wrong({ metric: each, where: condition }),
    )
    return first === undefined || others.includes(undefined)
      ? []
      : [{ where: `body/${name}`, message: first }]
  })
}

const Query = Type.Object(
  {
    window: Type.Optional(
      Type.String({ pattern: '^P\\d{1,4}[DWMY]$', description: 'how long after it was done; P90D' }),
    ),
    language: Type.Optional(oneOf(languages)),
  },
  { additionalProperties: false },
)
const told = { ask: AskSchema, text: Type.String(), row: AskRowSchema }
const Shape = Type.Object({
  label: Type.Literal('beforeAndAfter', { description: 'before and after: not proof of cause' }),
  missing: Nullable(oneOf(['metric', 'notDone'])),
  doneAt: Nullable(Time),
  until: Nullable(Time),
  complete: Type.Boolean({ description: 'the whole window is over' }),
  told: Nullable(
    Type.Object({ ...told, metric: Type.Pick(AskResultSchema.properties.metric, ['id', 'label', 'unit']) }),
  ),
  others: Nullable(Type.Object(told)),
  net: Nullable(
    Type.Object({
      value: Type.Number(),
      interval: Nullable(Type.Tuple([Type.Number(), Type.Number()])),
    }),
  ),
  verdict: oneOf(['better', 'worse', 'cannotTell']),
})

/** GET /v1/improvements/:id/effect */
export function improvementEffectRoutes(app: FastifyInstance, parts: InsightParts): void {
  app.get(
    '/v1/improvements/:id/effect',
    {
      config: { scope: 'cases:read' },
      schema: {
        tags: ['Improvements'],
        summary: 'What an improvement did to the metric it names',
        description: `The time since it was done against as long before; when it is for some only, beside all others
meanwhile. It is before and after, and not proof of cause.`,
        params: Id,
        querystring: Query,
        response: { 200: Shape },
      },
    },
    async (request) => {
      const { id } = request.params as Static<typeof Id>
      const wish = request.query as Static<typeof Query>
      return improvementEffect(parts, request.principal.workspaceId, id, unitScope(request.principal), wish)
    },
  )
}
