import type { Cuped } from '../../../stats/cuped.ts'
import {
  type DifferenceInDifferences,
  type Effect,
  ERROR_KINDS,
  type EventStudy,
  type Placebo,
} from '../../../stats/difference-in-differences.ts'
import { isNoValue, type OrReason } from '../../../stats/interval.ts'
import type { TTest } from '../../../stats/mean.ts'
import { count, interval, number, type Paint, percent, pValue, table } from '../../output/paint.ts'
import type { Comparisons } from './means.ts'

export interface InitiativeResult {
  readonly level: number
  readonly clusters: number | null
  readonly clustersOfArms: { readonly treated: number; readonly others: number } | null
  /** The kind of error of the checks. */
  readonly checkedBy: 'cr2' | 'cr1s' | 'hc1'
  readonly periods: readonly string[]
  readonly begin: string | null
  readonly cells: readonly {
    readonly treated: boolean
    readonly after: boolean
    readonly n: number
    readonly mean: OrReason<number>
    readonly sd: OrReason<number>
  }[]
  readonly did: OrReason<DifferenceInDifferences>
  readonly welch: Comparisons['welch']
  readonly cuped: OrReason<Cuped>
  readonly preTrend: OrReason<Effect>
  readonly placebos: OrReason<readonly Placebo[]>
  readonly eventStudy: OrReason<EventStudy>
}

const why = ({ reason, detail }: { reason: string; detail?: string }) =>
  `- (${reason}${detail ? `: ${detail}` : ''})`

export function initiativeText(result: InitiativeResult, paint: Paint): string {
  const { cells, did } = result
  const names = cells.map(
    ({ treated, after }) => `${treated ? 'treated' : 'others'}, ${after ? 'after' : 'before'}`,
  )
  const parts = [
    table(
      ['', 'n', 'mean', 'sd'],
      cells.map(({ n, mean, sd }, i) => [names[i]!, count(n), number(mean), number(sd)]),
    ),
    '',
  ]
  if (isNoValue(did)) parts.push(`Difference in differences: ${why(did)}`)
  else {
    const { effect, errors, n, clusters } = did as DifferenceInDifferences
    parts.push(
      `Difference in differences: ${paint.bold(number(effect, 4))} (n ${count(n)}${clusters ? `, ${count(clusters)} clusters` : ''})`,
    )
    parts.push(
      table(
        ['errors', 'SE', `${100 * result.level} % limits`, 't', 'df', 'p'],
        ERROR_KINDS.map((kind) => effectRow(kind.toUpperCase(), errors[kind])),
      ),
    )
  }
  parts.push(
    '',
    table(['other comparisons', 'effect', 'SE', 'limits', 't', 'df', 'p'], comparisonRows(result)),
  )
  if (!isNoValue(result.cuped)) {
    const { theta, varianceReduction } = result.cuped as Cuped
    parts.push(`CUPED: theta ${number(theta, 4)}, variance reduced by ${percent(varianceReduction)}`)
  }
  return [...parts, ...checks(result)].join('\n')
}

/** What errors by cluster are worth where one arm is a single cluster: how such clusters differ cannot be seen.
 * @see MacKinnon & Webb 2018, The wild bootstrap for few (treated) clusters, Econometrics Journal 21:114
 */
export function loneCluster({ treated, others }: { treated: number; others: number }): string {
  const which =
    treated === 1 && others === 1
      ? 'one treated cluster and one other'
      : treated === 1
        ? 'one treated cluster'
        : 'one cluster that was not treated'
  return `There is ${which}: how such clusters differ among themselves cannot be seen, and cluster-robust errors are far too small. Do not trust their limits and p.`
}

/** The initiative in plain words: the effect, and what its checks say. */
export function initiativeSentences(result: InitiativeResult): string[] {
  const { did, checkedBy, preTrend, level, clustersOfArms: arms } = result
  if (isNoValue(did)) return []
  const { effect, errors } = did as DifferenceInDifferences
  const found = errors[checkedBy]
  if (isNoValue(found))
    return [
      `The change of the treated less that of the others is ${number(effect, 3)}; how sure that is cannot be told (${found.detail ?? found.reason}).`,
    ]
  const { value, interval: limits, p } = found as Effect
  const lines = [
    ...(arms && Math.min(arms.treated, arms.others) === 1 ? [loneCluster(arms)] : []),
    `The change of the treated less that of the others is ${number(value, 3)} (${100 * level} % limits ${interval(limits, 3)}, p ${pValue(p)} by ${checkedBy.toUpperCase()}).`,
  ]
  if (!isNoValue(preTrend)) {
    const { p } = preTrend as Effect
    const differs = !isNoValue(p) && (p as number) < 0.05
    lines.push(
      differs
        ? `They moved apart already before the start (p ${pValue(p)}): do not take the difference for an effect.`
        : `Before the start the two moved alike as far as can be told (p ${pValue(p)}).`,
    )
  }
  return lines
}

function effectRow(name: string, effect: OrReason<Effect>): string[] {
  if (isNoValue(effect)) return [name, why(effect)]
  const { se, interval: limits, t, df, p } = effect as Effect
  return [name, number(se, 4), interval(limits, 4), number(t, 2), number(df, 1), pValue(p)]
}

function comparisonRows({ welch, cuped }: InitiativeResult): string[][] {
  const adjusted = isNoValue(cuped) ? cuped : (cuped as Cuped).effect
  const tests: [string, OrReason<TTest>][] = [
    ['Welch on after', welch.post],
    ['Welch on change', welch.change],
    ['Welch on cluster means', welch.clusterMeans],
    ['CUPED', adjusted],
  ]
  return tests.map(([name, test]) => {
    if (isNoValue(test)) return [name, why(test)]
    const { difference, se, interval: limits, t, df, p } = test as TTest
    return [
      name,
      number(difference, 4),
      number(se, 4),
      interval(limits, 4),
      number(t, 2),
      number(df, 1),
      pValue(p),
    ]
  })
}

function checks({ preTrend, placebos, eventStudy, periods }: InitiativeResult): string[] {
  const lines: string[] = ['']
  if (isNoValue(preTrend)) lines.push(`Pre-trend: ${why(preTrend)}`)
  else {
    const { value, interval: limits, p } = preTrend as Effect
    lines.push(
      `Pre-trend: the treated moved by ${number(value, 4)} a period more than the others before (${interval(limits, 4)}, p ${pValue(p)})`,
    )
  }
  if (!isNoValue(placebos)) {
    const rows = (placebos as readonly Placebo[]).map(({ begin, effect, corrected }) =>
      isNoValue(effect)
        ? [periods[begin]!, why(effect)]
        : [
            periods[begin]!,
            number((effect as Effect).value, 4),
            interval((effect as Effect).interval, 4),
            pValue((effect as Effect).p),
            corrected === null ? '' : pValue(corrected),
          ],
    )
    lines.push('', table(['placebo start', 'effect', 'limits', 'p', 'p (Holm)'], rows))
  }
  if (!isNoValue(eventStudy)) {
    const study = eventStudy as EventStudy
    const rows = study.periods.map(({ period, effect }) => {
      if (effect === null) return [periods[period]!, '0 (reference)']
      if (isNoValue(effect)) return [periods[period]!, why(effect)]
      return [
        periods[period]!,
        number((effect as Effect).value, 4),
        interval((effect as Effect).interval, 4),
        pValue((effect as Effect).p),
      ]
    })
    lines.push('', table(['period', 'difference', 'limits', 'p'], rows))
    const { leads } = study
    lines.push(
      isNoValue(leads)
        ? `All periods before together: ${why(leads)}`
        : `All periods before together: F ${number((leads as { f: number }).f, 2)}, p ${pValue((leads as { p: number }).p)}`,
    )
  }
  return lines
}
