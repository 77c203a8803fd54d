import { fitsCr2, mostMakeUps } from '../../../stats/cluster-errors.ts'
import { clusterCount } from '../../../stats/cluster-sums.ts'
import {
  differenceInDifferences,
  eventStudy,
  placebos,
  preTrend,
} from '../../../stats/difference-in-differences.ts'
import { isNoValue, noValue, type OrReason } from '../../../stats/interval.ts'
import { meanInterval } from '../../../stats/mean.ts'
import { momentsOf } from '../../../stats/moments.ts'
import { panelOf } from '../../../stats/panel.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { count } from '../../output/paint.ts'
import { type InitiativeRows, initiativeOptions, readInitiative } from './input.ts'
import { answersOf, compareMeans } from './means.ts'
import { initiativeSchema } from './schema.ts'
import { type InitiativeResult, initiativeSentences, initiativeText, loneCluster } from './text.ts'

async function run(input: Input): Promise<Outcome> {
  const { options } = input
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const read = await readInitiative(input)
  const { value, treated, period, begin, labels, cluster } = read
  const periods = labels.length
  const panel = panelOf({ value, period, treated, cluster, periods, begin })
  // The widest check has a coefficient for each arm and period.
  const kind = !cluster ? 'hc1' : fitsCr2(panel.clusters, 2 * periods) ? 'cr2' : 'cr1s'
  const several = begin >= 2
  const oneWay = noValue(
    'not applicable',
    begin === 0 ? 'no period lies before the start' : 'there is one period before',
  )
  const arms = clustersOfArms(read)
  const result: InitiativeResult = {
    level,
    clustersOfArms: arms ?? null,
    clusters: cluster ? clusterCount(panel.clusters) : null,
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
      `Pre-trend, event study and placebos by ${kind.toUpperCase()}; placebos corrected by Holm.${kind === 'cr1s' ? ` CR2 is computed over ${periods} periods for up to ${count(mostMakeUps(2 * periods))} clusters that differ in how many answers they have in each; these are more.` : ''}`,
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
  const seen = [new Uint8Array(1 + largest(cluster)), new Uint8Array(1 + largest(cluster))] as const
  for (let i = 0; i < cluster.length; i++) seen[treated[i] === 1 ? 1 : 0][cluster[i]!] = 1
  const [others, own] = seen.map((marks) => marks.reduce((sum, mark) => sum + mark, 0))
  return { treated: own!, others: others! }
}

const largest = (places: ArrayLike<number>) => {
  let most = -1
  for (let i = 0; i < places.length; i++) if (places[i]! > most) most = places[i]!
  return most
}

function cellsOf(read: InitiativeRows, level: number): InitiativeResult['cells'] {
  return [0, 1].flatMap((arm) =>
    [false, true].map((after) => ({
      treated: arm === 1,
      after,
      ...summary(answersOf(read, arm, after), level),
    })),
  )
}

function summary(values: Float64Array, level: number) {
  const found = meanInterval(momentsOf(values), level)
  return isNoValue(found)
    ? { n: 0, mean: found as OrReason<number>, sd: found as OrReason<number> }
    : { n: values.length, mean: (found as { mean: number }).mean, sd: (found as { sd: OrReason<number> }).sd }
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
- Errors. classical: residual variance, n - k. hc1: White's sandwich times n/(n-k). With G clusters: cr0 the plain sandwich; cr1 times G/(G-1) (clubSandwich "CR1"); cr1s times G(n-1)/((G-1)(n-k)) (Stata, \`sandwich::vcovCL\`, clubSandwich "CR1S"); cr2 the residuals of each cluster times \`(I - H_gg)^(-1/2)\`, with Satterthwaite degrees of freedom: Bell & McCaffrey (2002), Pustejovsky & Tipton (2018), JBES 36, 672-683; R: \`clubSandwich::coef_test(vcov = "CR2")\`. Clusters with as many answers in each arm and period are taken together, so that there may be a million of them; over P periods up to min(60,000, 7,000,000 / (2P)²) that differ in that have CR2 (the difference in differences itself has two), and beyond it CR2 is \`not applicable\` and the checks are by CR1S.
- With one cluster an arm nothing is left over to estimate cluster errors from: \`too few\`. With one treated cluster (or one other) they come out far too small, and the result warns: MacKinnon & Webb (2018), Econometrics Journal 21, 114-135.
- Welch, treated less the others: on answers after the start, on the change of each unit, on the means of the clusters after the start. Welch (1947); R: \`t.test\`. Where all in both arms change alike but for rounding: \`no variance\`.
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
