import { cuped, pairMoments } from '../../stats/cuped.ts'
import {
  differenceInDifferences,
  eventStudy,
  placebos,
  preTrend,
} from '../../stats/difference-in-differences.ts'
import { isNoValue, noValue, type OrReason } from '../../stats/interval.ts'
import { meanInterval, type TTest, welch } from '../../stats/mean.ts'
import { momentsOf } from '../../stats/moments.ts'
import { panelOf } from '../../stats/panel.ts'
import { type InitiativeRows, initiativeOptions, readInitiative } from './initiative-input.ts'
import { initiativeSchema } from './initiative-schema.ts'
import { type InitiativeResult, initiativeSentences, initiativeText, loneCluster } from './initiative-text.ts'
import type { Input, Method, Outcome } from './method.ts'

async function run(input: Input): Promise<Outcome> {
  const { options } = input
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const read = await readInitiative(input)
  const { value, treated, period, begin, labels, cluster } = read
  const periods = labels.length
  const panel = panelOf({ value, period, treated, cluster, periods, begin })
  const kind = cluster ? 'cr2' : 'hc1'
  const several = begin >= 2
  const oneWay = noValue(
    'not applicable',
    begin === 0 ? 'no period lies before the start' : 'there is one period before',
  )
  const arms = clustersOfArms(read)
  const result: InitiativeResult = {
    level,
    clustersOfArms: arms ?? null,
    clusters: cluster ? new Set(cluster).size : null,
    checkedBy: kind,
    periods: labels,
    begin: labels[begin] ?? null,
    cells: cellsOf(read, level),
    did: differenceInDifferences(panel, level),
    ...compareMeans(read, level),
    preTrend: several ? preTrend(panel, kind, level) : oneWay,
    placebos: several ? placebos(panel, kind, level) : oneWay,
    eventStudy: periods > 2 ? eventStudy(panel, kind, level) : oneWay,
  }
  return {
    rows: read.rows,
    used: read.used,
    dropped: read.counts.toRecord(),
    conventions: [
      ...(arms && Math.min(arms.treated, arms.others) === 1 ? [loneCluster(arms)] : []),
      'Effect: the change of the treated less the change of the others. It is causal only if both would have moved alike; the pre-trend and placebos look at that.',
      'CR0, CR1 = CR0 G/(G-1), CR1S as Stata and sandwich::vcovCL, CR2 with Satterthwaite degrees of freedom as clubSandwich; the others with t of G-1 (classical and HC1: n-k).',
      `Pre-trend, event study and placebos by ${kind.toUpperCase()}; placebos corrected by Holm.`,
      ...(read.unit ? ['Change and CUPED: one mean before and one after for each unit that has both.'] : []),
    ],
    result: plainResult(result),
    sentences: initiativeSentences(result),
    text: (paint) => initiativeText(result, paint),
  }
}

/** How many clusters each arm has. */
function clustersOfArms({
  cluster,
  treated,
}: InitiativeRows): { treated: number; others: number } | undefined {
  if (!cluster) return undefined
  const seen = [new Set<number>(), new Set<number>()] as const
  for (let i = 0; i < cluster.length; i++) seen[treated[i] === 1 ? 1 : 0].add(cluster[i]!)
  return { treated: seen[1].size, others: seen[0].size }
}

function cellsOf(
  { value, treated, period, begin }: InitiativeRows,
  level: number,
): InitiativeResult['cells'] {
  return [0, 1].flatMap((arm) =>
    [0, 1].map((after) => {
      const own = value.filter((_, i) => treated[i] === arm && Number(period[i]! >= begin) === after)
      return { treated: arm === 1, after: after === 1, ...summary(own, level) }
    }),
  )
}

function summary(values: Float64Array, level: number) {
  const found = meanInterval(momentsOf(values), level)
  return isNoValue(found)
    ? { n: 0, mean: found as OrReason<number>, sd: found as OrReason<number> }
    : { n: values.length, mean: (found as { mean: number }).mean, sd: (found as { sd: OrReason<number> }).sd }
}

/** Welch on the answers after, on the change of each unit, on the means of the clusters; and CUPED. */
function compareMeans(read: InitiativeRows, level: number): Pick<InitiativeResult, 'welch' | 'cuped'> {
  const { value, treated, period, begin, unit, cluster } = read
  const after = (arm: number) => value.filter((_, i) => treated[i] === arm && period[i]! >= begin)
  const test = (a: ArrayLike<number>, b: ArrayLike<number>): OrReason<TTest> =>
    welch(momentsOf(a), momentsOf(b), level)
  const none = noValue('not applicable', 'no unit or cluster was named')
  const means = unit ? meansBy(read, unit) : undefined
  const clusterMeans = cluster ? meansBy(read, cluster) : undefined
  const pairs = (arm: number) =>
    means?.filter((mean) => mean.arm === arm && mean.before !== null && mean.after !== null) as {
      before: number
      after: number
    }[]
  const change = (arm: number) => pairs(arm).map(({ before, after }) => after - before)
  const only = (arm: number) =>
    clusterMeans!.flatMap((mean) => (mean.arm === arm && mean.after !== null ? [mean.after] : []))
  const pair = (arm: number) =>
    pairMoments(
      pairs(arm).map(({ before }) => before),
      pairs(arm).map(({ after }) => after),
    )
  return {
    welch: {
      post: test(after(0), after(1)),
      change: means ? test(change(0), change(1)) : none,
      clusterMeans: clusterMeans ? test(only(0), only(1)) : none,
    },
    cuped: means ? cuped(pair(0), pair(1), level) : none,
  }
}

function meansBy({ value, treated, period, begin }: InitiativeRows, key: ArrayLike<number>) {
  const sums = new Map<number, { arm: number; n: [number, number]; sum: [number, number] }>()
  for (let i = 0; i < value.length; i++) {
    // One seen in both arms counts as one in each.
    const id = 2 * key[i]! + treated[i]!
    let own = sums.get(id)
    if (!own) {
      own = { arm: treated[i]!, n: [0, 0], sum: [0, 0] }
      sums.set(id, own)
    }
    const side = period[i]! >= begin ? 1 : 0
    own.n[side]++
    own.sum[side] += value[i]!
  }
  return [...sums.values()].map(({ arm, n, sum }) => ({
    arm,
    before: n[0] > 0 ? sum[0] / n[0] : null,
    after: n[1] > 0 ? sum[1] / n[1] : null,
  }))
}

function plainResult({ placebos, eventStudy, periods, ...rest }: InitiativeResult): object {
  const named = <T extends object>(list: readonly T[], place: (entry: T) => number) =>
    list.map((entry) => ({ ...entry, period: periods[place(entry)] }))
  return {
    ...rest,
    periods,
    placebos: isNoValue(placebos)
      ? placebos
      : named(placebos as readonly { begin: number }[], ({ begin }) => begin),
    eventStudy: isNoValue(eventStudy)
      ? eventStudy
      : {
          ...(eventStudy as object),
          reference: periods[(eventStudy as { reference: number }).reference],
          periods: named(
            (eventStudy as { periods: readonly { period: number }[] }).periods,
            ({ period }) => period,
          ),
        },
  }
}

export const initiativeMethod: Method = {
  name: 'initiative',
  summary: 'did it help: difference in differences, Welch, CUPED, and their checks',
  options: { ...initiativeOptions, level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' } },
  formulas: `- Difference in differences: least squares on \`1, treated, post, treated x post\`; the effect is the last coefficient, \`(T1 - T0) - (C1 - C0)\`. Angrist & Pischke, Mostly Harmless Econometrics, 5.2. R: \`lm(y ~ treated * post)\`.
- Errors. classical: residual variance, n - k. hc1: White's sandwich times n/(n-k). With G clusters: cr0 the plain sandwich; cr1 times G/(G-1) (clubSandwich "CR1"); cr1s times G(n-1)/((G-1)(n-k)) (Stata, \`sandwich::vcovCL\`, clubSandwich "CR1S"); cr2 the residuals of each cluster times \`(I - H_gg)^(-1/2)\`, with Satterthwaite degrees of freedom: Bell & McCaffrey (2002), Pustejovsky & Tipton (2018), JBES 36, 672-683; R: \`clubSandwich::coef_test(vcov = "CR2")\`.
- With one cluster an arm nothing is left over to estimate cluster errors from: \`too few\`. With one treated cluster (or one other) they come out far too small, and the result warns: MacKinnon & Webb (2018), Econometrics Journal 21, 114-135.
- Welch, treated less the others: on answers after the start, on the change of each unit, on the means of the clusters after the start. Welch (1947); R: \`t.test\`.
- CUPED: \`y - θ (x - mean x)\`, x the value before, \`θ = cov(y, x)/var(x)\` over both arms; then Welch. Deng, Xu, Kohavi & Walker (2013), WSDM.
- Pre-trend: periods, arm and arm x time over the periods before the start; the slope difference per period. Event study: the difference between the arms in each period less that in the last one before; \`leads\` tests all those before together (F with q and G-1, errors CR1S when clustered). Placebo: the initiative is pretended to begin at each earlier period, on the periods before alone.
- With \`--before\` each row is a unit with two values. Units seen in both arms count once in each.`,
  schema: initiativeSchema,
  example: {
    csv: `store,pilot,month,score\n${Array.from({ length: 8 }, (_, s) => Array.from({ length: 6 }, (_, m) => [0, 1].map((k) => `s${s + 1},${s % 2 ? 'yes' : 'no'},2026-0${m + 1},${(6 + ((s * 3 + m * 2 + k * 5) % 5) * 0.5 + (s % 2 && m >= 3 ? 1 : 0)).toFixed(1)}`).join('\n')).join('\n')).join('\n')}\n`,
    options: [
      '--outcome',
      'score',
      '--treated',
      'pilot',
      '--date',
      'month',
      '--start',
      '2026-04-01',
      '--cluster',
      'store',
    ],
  },
  run,
}
