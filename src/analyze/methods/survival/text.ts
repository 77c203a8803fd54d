import type { CoxCoefficient, CoxFit } from '../../../stats/cox.ts'
import { type Interval, isNoValue, type OrReason } from '../../../stats/interval.ts'
import type {
  RestrictedMean,
  SurvivalLimits,
  SurvivalPoint,
  SurvivalQuantile,
} from '../../../stats/kaplan-meier.ts'
import type { LogRank } from '../../../stats/log-rank.ts'
import { count, interval, number, type Paint, percent, pValue, table } from '../../output/paint.ts'

export interface GroupCurve {
  readonly group: string
  readonly n: number
  readonly events: number
  readonly censored: number
  readonly quantiles: readonly (SurvivalQuantile & { readonly share: number })[]
  readonly restrictedMean: RestrictedMean
  readonly at: readonly {
    readonly time: number
    readonly atRisk: number
    readonly survival: number
    readonly interval: OrReason<Interval>
  }[]
  readonly points: readonly SurvivalPoint[]
  readonly thinned: boolean
}

export interface SurvivalResult {
  readonly level: number
  readonly limits: SurvivalLimits
  readonly unit: string
  /** Whether the event is that a customer leaves; else it may be any. */
  readonly leaving: boolean
  readonly groups: readonly GroupCurve[]
  readonly logRank: OrReason<LogRank>
  readonly pairwise: readonly {
    readonly first: string
    readonly second: string
    readonly test: OrReason<LogRank>
    readonly corrected: number | null
  }[]
  readonly correction: string
  readonly cox: null | {
    readonly names: readonly string[]
    readonly references: Readonly<Record<string, string>>
    readonly used: number
    readonly fit: OrReason<CoxFit>
  }
}

export function survivalText(result: SurvivalResult, paint: Paint): string {
  const { groups } = result
  if (groups.length === 0) return 'No result: empty group (no row has both time and event)'
  const last = Math.max(...groups.flatMap(({ points }) => points.map(({ time }) => time)))
  const lines = groups.map((group) => {
    const median = group.quantiles.find(({ share }) => share === 0.5)!
    return [
      group.group,
      count(group.n),
      count(group.events),
      number(median.time, 2),
      `${number(median.low, 2)} .. ${number(median.high, 2)}`,
      number(group.restrictedMean.mean, 2),
      number(group.restrictedMean.se, 2),
      stairs(group.points, last),
    ]
  })
  const titles = [
    'group',
    'n',
    'left',
    'median',
    `${100 * result.level} % limits`,
    'rest. mean',
    'SE',
    `survival, 0 to ${number(last, 0)}`,
  ]
  const parts = [table(titles, lines, [0, 7])]
  if (groups.some(({ at }) => at.length > 0)) {
    const rows = groups.flatMap(({ group, at }) =>
      at.map((point) => [
        group,
        number(point.time, 2),
        count(point.atRisk),
        percent(point.survival),
        percentLimits(point.interval),
      ]),
    )
    parts.push('', table(['group', 'at', 'at risk', 'still there', 'limits'], rows))
  }
  if (groups.length > 1) {
    const test = result.logRank
    parts.push(
      '',
      isNoValue(test)
        ? `Log-rank: - (${test.reason})`
        : `Log-rank: χ² ${number((test as LogRank).chiSquare, 3)}, df ${(test as LogRank).df}, p ${pValue((test as LogRank).p)}`,
    )
  }
  if (groups.length > 2) {
    const rows = result.pairwise.map(({ first, second, test, corrected }) =>
      isNoValue(test)
        ? [`${first} - ${second}`, `- (${test.reason})`]
        : [
            `${first} - ${second}`,
            number((test as LogRank).chiSquare, 3),
            pValue((test as LogRank).p),
            corrected === null ? '' : pValue(corrected),
          ],
    )
    parts.push('', table(['pair', 'χ²', 'p', `p (${result.correction})`], rows))
  }
  if (result.cox) parts.push('', coxText(result.cox, paint))
  return parts.join('\n')
}

/** Survival in plain words: when half have left, and whether the groups differ. */
export function survivalSentences({ groups, logRank, unit, level, leaving }: SurvivalResult): string[] {
  const have = leaving ? 'have left' : 'have had the event'
  const told = groups.flatMap(({ group, n, events, quantiles }) => {
    const median = quantiles.find(({ share }) => share === 0.5)!
    const whose = groups.length > 1 ? `${group}: ` : ''
    if (isNoValue(median.time)) return `${whose}${count(events)} of ${count(n)} ${have}, not yet half`
    const at =
      unit === 'days' ? `after ${number(median.time, 1)} days` : `by ${unit} ${number(median.time, 1)}`
    return `${whose}half ${have} ${at} (${limitsOf(median.low, median.high, level)}, n ${count(n)})`
  })
  const first =
    told.length > 0
      ? [
          `${told.slice(0, 8).join('; ')}${told.length > 8 ? `; and ${count(told.length - 8)} more groups` : ''}.`,
        ]
      : []
  if (groups.length < 2 || isNoValue(logRank)) return first
  const { p } = logRank as LogRank
  const differ = leaving ? 'leave at different rates' : 'have it at different rates'
  return [
    ...first,
    p < 0.05
      ? `The groups ${differ} (log-rank p ${pValue(p)}).`
      : `That the groups ${differ} cannot be told (log-rank p ${pValue(p)}).`,
  ]
}

function limitsOf(low: OrReason<number>, high: OrReason<number>, level: number): string {
  const name = `${100 * level} % limits`
  if (isNoValue(low) && isNoValue(high)) return `no ${name}, the curve does not reach them`
  if (isNoValue(high)) return `${name} from ${number(low, 1)}, with no upper one yet`
  return isNoValue(low)
    ? `${name} up to ${number(high, 1)}`
    : `${name} ${number(low, 1)} .. ${number(high, 1)}`
}

function coxText({ names, references, used, fit }: NonNullable<SurvivalResult['cox']>, paint: Paint): string {
  const title = paint.bold('Cox model')
  if (isNoValue(fit)) return `${title}: - (${fit.reason}${fit.detail ? `: ${fit.detail}` : ''})`
  const model = fit as CoxFit
  const lines = model.coefficients.map((coefficient, i) => {
    if (isNoValue(coefficient)) return [names[i]!, `- (${coefficient.reason})`]
    const { hazardRatio, hazardInterval, estimate, se, z, p } = coefficient as CoxCoefficient
    return [
      names[i]!,
      number(hazardRatio),
      interval(hazardInterval),
      number(estimate, 4),
      number(se, 4),
      number(z, 2),
      pValue(p),
    ]
  })
  const held = Object.entries(references).map(([name, level]) => `${name} against ${level}`)
  const c = model.concordance
  return [
    `${title}: n ${count(used)}, ${count(model.events)} left${held.length ? `; ${held.join(', ')}` : ''}`,
    table(['covariate', 'hazard ratio', 'limits', 'coefficient', 'SE', 'z', 'p'], lines),
    `Likelihood ratio χ² ${number(model.likelihoodRatio.chiSquare, 2)} (df ${model.likelihoodRatio.df}, p ${pValue(model.likelihoodRatio.p)}); concordance ${isNoValue(c) ? `- (${c.reason})` : `${number(c.concordance)} (SE ${number(c.se)})`}`,
  ].join('\n')
}

function percentLimits(limits: OrReason<Interval>): string {
  if (isNoValue(limits)) return `- (${limits.reason})`
  const [low, high] = limits as Interval
  return `${percent(low)} .. ${percent(high)}`
}

/** The curve as a line of blocks over 24 equal steps of time. */
function stairs(points: readonly SurvivalPoint[], last: number): string {
  const blocks = '▁▂▃▄▅▆▇█'
  let next = 0
  let survival = 1
  return Array.from({ length: 24 }, (_, step) => {
    const time = (last * step) / 23
    while (next < points.length && points[next]!.time <= time) survival = points[next++]!.survival
    return blocks[Math.round(7 * survival)]!
  }).join('')
}
