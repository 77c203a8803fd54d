// For: the page of the loop's own numbers: each share against its target, for whom, and group by group.
// In: time, group and condition that the reader chose. Out: numbers that each carry the Ask they come from.
import { Refusal } from '../base/errors.ts'
import type { LanguageCode, ProgramText } from '../program/schema.ts'
import type { LoopShare } from '../program/schema-recovery.ts'
import { askTogether } from './answerAll.ts'
import type { Ask, AskResult, AskRow, Period } from './ask.ts'
import { askText } from './askText.ts'
import type { Scope } from './compile.ts'
import { textIn } from './fields.ts'
import type { LoopMetric } from './loopMetrics.ts'
import { loopGroupWords } from './loopWords.ts'
import type { InsightParts } from './parts.ts'

export interface LoopWish {
  /** A field of cases: case.owner, unit.team, case.channel, case.valueSegment … */
  by?: string
  where?: string
  over?: Period
  from?: string
  to?: string
  compare?: 'previous'
}

/** A number with the question that gives it again. */
export interface Told {
  ask: Ask
  text: string
  row: AskRow
}

export interface ToldShare extends Told {
  metric: AskResult['metric']
  periods?: AskRow[]
}

export interface ToldTarget {
  share: LoopShare
  label: string
  where?: string
  atLeast?: number
  atMost?: number
  /** Absent with a fault. */
  told?: Told
  /** met, notMet, or unknown when nothing has been counted. */
  standing: 'met' | 'notMet' | 'unknown'
  /** The whole interval lies on that side of the target. */
  certain: boolean
  fault?: string
}

export interface LoopPage {
  shares: ToldShare[]
  targets: ToldTarget[]
  whose: Array<{ id: LoopGroup; label: string; where: string; cells: Record<string, Told> }>
  groups?: {
    field: AskResult['fields'][number]
    rows: Array<{ value: string | null; label: string; cells: Record<string, AskRow> }>
    asks: Record<string, { ask: Ask; text: string }>
  }
  watermark: string
  version: string
}

/** Of answers; all others are of cases. */
const ofAnswers: readonly LoopMetric[] = [
  ...(['handled', 'praiseSent', 'promotersActivated', 'referencesAccepted'] as const),
  ...(['reviewsFollowed', 'upsellsWon', 'referralLeads'] as const),
]
/** What the page shows, in this order. */
const shown: readonly LoopMetric[] = [
  ...(['contactedInTime', 'contacted', 'missed', 'hoursToContact', 'attemptsToContact'] as const),
  ...(['solved', 'followedUpSolved', 'causeKnown', 'learned', 'quoted', 'churnReduced'] as const),
  ...(['escalated', 'forwarded', 'reopened'] as const),
  ...(['contactedByPhone', 'contactedByMail', 'contactedByMeeting', 'contactedByMessage'] as const),
  ...ofAnswers,
]
const inGroups = [
  ...(['contactedInTime', 'contacted', 'missed', 'solved', 'causeKnown', 'escalated', 'forwarded'] as const),
  'hoursToContact',
] as const

/** Those of whom the loop is held to account one by one. */
const loopGroups = {
  highValue: 'case.highValue',
  decisionMakers: 'case.decisionMaker',
  detractors: 'case.band in ["strongDetractor", "detractor"]',
  strongDetractors: 'case.band == "strongDetractor"',
  withComment: 'case.hasComment',
  priorityTheme: 'case.priorityTheme',
} as const
export type LoopGroup = keyof typeof loopGroups

const both = (...conditions: (string | undefined)[]) => {
  const given = conditions.filter((each) => each !== undefined)
  return given.length > 1 ? given.map((each) => `(${each})`).join(' && ') : given[0]
}

/** The loop's page.
 * @throws Refusal ask.invalid when `by` or `where` names what cases do not have
 */
export async function loopPage(
  parts: InsightParts,
  workspaceId: string,
  wish: LoopWish,
  scope: Scope = {},
  language: LanguageCode = 'en',
): Promise<LoopPage> {
  const { program, version } = await parts.programs.active(workspaceId)
  const { by, where, over, from, to, compare } = wish
  const time = { ...(from ? { from } : {}), ...(to ? { to } : {}) }
  const put = askTogether(parts, workspaceId, scope, language)
  const asking = (metric: string, condition?: string, more: Partial<Ask> = {}): Ask => {
    const narrowed = both(where, condition)
    return { metric, ...(narrowed ? { where: narrowed } : {}), ...time, ...more }
  }
  const comparing = compare && from ? { compare } : {}

  async function shareOf(metric: LoopMetric) {
    const [result, series] = await Promise.all([
      put(asking(metric, undefined, comparing)).catch(passOver(metric, where)),
      over && put(asking(metric, undefined, { over })).catch(passOver(metric, where)),
    ])
    if (!result) return []
    const periods = series ? { periods: series.rows } : {}
    return [{ watermark: result.watermark, share: { ...told(result), metric: result.metric, ...periods } }]
  }
  async function cellsOf(condition: string) {
    const metrics = ['contactedInTime', 'contacted', 'missed', 'solved'] as const
    const results = await Promise.all(metrics.map((metric) => put(asking(metric, condition))))
    return Object.fromEntries(results.map((result) => [result.metric.id, told(result)]))
  }
  const [shares, targets, whose, groups] = await Promise.all([
    Promise.all(shown.map(shareOf)),
    Promise.all((program.recovery?.targets ?? []).map((each) => toldTarget(each, put, asking, language))),
    Promise.all(
      (Object.entries(loopGroups) as [LoopGroup, string][]).map(async ([id, condition]) => ({
        ...{ id, label: loopGroupWords[language][id], where: condition },
        cells: await cellsOf(condition),
      })),
    ),
    by ? grouped(by, put, asking) : undefined,
  ])
  const counted = shares.flat()
  return {
    shares: counted.map(({ share }) => share),
    ...{ targets, whose },
    ...(groups ? { groups } : {}),
    ...{ watermark: counted[0]?.watermark ?? '', version },
  }
}

const told = (result: AskResult): Told => ({
  ask: result.ask,
  text: askText(result.ask),
  row: result.total,
})

/** A condition on cases cannot be asked of answers, and the page does without. */
function passOver(metric: LoopMetric, where: string | undefined) {
  return (error: unknown): undefined => {
    if (ofAnswers.includes(metric) && where && error instanceof Refusal && error.code === 'ask.invalid')
      return
    throw error
  }
}

interface Target {
  share: LoopShare
  label?: ProgramText | undefined
  where?: string | undefined
  atLeast?: number | undefined
  atMost?: number | undefined
}

async function toldTarget(
  target: Target,
  put: (asked: Ask) => Promise<AskResult>,
  asking: (metric: string, condition?: string) => Ask,
  language: LanguageCode,
): Promise<ToldTarget> {
  const { share, where, atLeast, atMost } = target
  const limits = {
    ...(where === undefined ? {} : { where }),
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(atMost === undefined ? {} : { atMost }),
  }
  try {
    const result = await put(asking(share, where))
    const label = textIn(target.label, language) ?? result.metric.label
    return { share, label, ...limits, told: told(result), ...standing(result.total, limits) }
  } catch (error) {
    // A target that cannot be asked is shown as such; the others stand.
    if (!(error instanceof Refusal) || error.code !== 'ask.invalid') throw error
    const label = textIn(target.label, language) ?? share
    return { share, label, ...limits, standing: 'unknown', certain: false, fault: error.message }
  }
}

/** Where a share stands against its limits, and whether its whole interval stands there. */
export function standing(
  row: Pick<AskRow, 'value' | 'interval'>,
  { atLeast = 0, atMost = 100 }: { atLeast?: number; atMost?: number },
): Pick<ToldTarget, 'standing' | 'certain'> {
  const { value, interval } = row
  if (value === null) return { standing: 'unknown', certain: false }
  const met = value >= atLeast && value <= atMost
  const [low, high] = interval ?? [0, 100]
  const certain = met ? low >= atLeast && high <= atMost : high < atLeast || low > atMost
  return { standing: met ? 'met' : 'notMet', certain }
}

async function grouped(
  by: string,
  put: (asked: Ask) => Promise<AskResult>,
  asking: (metric: string, condition?: string, more?: Partial<Ask>) => Ask,
): Promise<NonNullable<LoopPage['groups']>> {
  const rows = new Map<string | null, Record<string, AskRow>>()
  const asks: Record<string, { ask: Ask; text: string }> = {}
  // How many cases each group has gives the order, and every group a row.
  const [first, ...others] = await Promise.all(
    ['cases', ...inGroups].map((metric) => put(asking(metric, undefined, { by: [by] }))),
  )
  const labels: Record<string, string> = {}
  for (const result of [first!, ...others]) {
    Object.assign(labels, result.fields[0]?.labels)
    asks[result.metric.id] = { ask: result.ask, text: askText(result.ask) }
    for (const row of result.rows) {
      const value = row.by[0] ?? null
      rows.set(value, { ...rows.get(value), [result.metric.id]: row })
    }
  }
  return {
    field: { ...first!.fields[0]!, labels },
    rows: [...rows].map(([value, cells]) => ({
      value,
      label: value === null ? '' : (labels[value] ?? value),
      cells,
    })),
    asks,
  }
}
