import type { Correction } from '../../../stats/corrections.ts'
import { type CoxFit, cox } from '../../../stats/cox.ts'
import { isNoValue, noValue, type OrReason } from '../../../stats/interval.ts'
import {
  kaplanMeier,
  restrictedMean,
  type SurvivalCurve,
  survivalQuantile,
} from '../../../stats/kaplan-meier.ts'
import { logRank, pairwiseLogRank } from '../../../stats/log-rank.ts'
import { namesCustomerLeaving } from '../../columns/kind.ts'
import { atRows, rowsOfPlaces } from '../../inputs/kept-columns.ts'
import { completeRows, type Design, joinDesigns } from '../../inputs/model-columns.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'
import { followUpOptions, readFollowUp } from './input.ts'
import { survivalSchema } from './schema.ts'
import { type GroupCurve, type SurvivalResult, survivalSentences, survivalText } from './text.ts'

const QUANTILES = [0.25, 0.5, 0.75]
// Beyond this the curve of a group is thinned in the output: nothing can show so many steps.
const MOST_POINTS = 5000
// The log-rank test needs the square of them at each time.
const MOST_GROUPS = 200

async function run(input: Input): Promise<Outcome> {
  const { options } = input
  const limits = options.choice('limits', ['log', 'log-log', 'plain'], 'log')
  const ties = options.choice('ties', ['efron', 'breslow'], 'efron')
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const correction = options.choice<Correction>('correction', ['holm', 'bh', 'bonferroni', 'none'], 'holm')
  const at = options.numbers('at') ?? []
  const negative = at.find((time) => time < 0)
  if (negative !== undefined) throw new UsageError(`--at takes times of 0 or more, not ${negative}`)
  const read = await readFollowUp(input)
  const { times, events, group } = read
  if (read.groups.length > MOST_GROUPS)
    throw new UsageError(
      `--by has more than ${MOST_GROUPS} different values, too many for curves to be held against each other; take a column with fewer`,
    )
  const order = read.groups
    .map((name, place) => ({ name, place }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  const rank = new Float64Array(order.length)
  order.forEach(({ place }, i) => {
    rank[place] = i
  })
  const groups = Int16Array.from(group, (place) => rank[place]!)
  const longest = times.reduce((most, time) => Math.max(most, time), 0)
  const until = options.text('tau', 'common')
  const tau = until === 'common' ? longest : until === 'individual' ? undefined : options.positive('tau', 1)

  const members = rowsOfPlaces(groups, order.length)
  const curves = order.map(({ name }, g) => {
    const own = { times: atRows(times, members[g]!), events: atRows(events, members[g]!) }
    const curve = kaplanMeier(own, { limits, level })
    return describeCurve(name, curve as SurvivalCurve, tau, at)
  })
  const followUp = { times, events }
  const several = order.length > 1
  const result: SurvivalResult = {
    level,
    limits,
    unit: read.unit,
    leaving: !options.has('event') || namesCustomerLeaving(options.text('event')!),
    groups: curves,
    logRank: several
      ? logRank(followUp, groups, order.length)
      : noValue('not applicable', 'there is one group'),
    pairwise:
      several && order.length <= 40
        ? pairwiseLogRank(followUp, groups, order.length, correction).map(({ first, second, ...pair }) => ({
            first: order[first]!.name,
            second: order[second]!.name,
            ...pair,
          }))
        : [],
    correction,
    cox: null,
  }
  const model = read.covariates.length > 0 ? fitCox(read, ties, level) : undefined
  const whole = { ...result, cox: model ?? null }
  return {
    rows: read.rows,
    used: times.length,
    dropped: read.counts.toRecord(),
    conventions: [
      `Kaplan-Meier with Greenwood's errors and ${limits} limits at ${100 * level} %, as R survfit; who is censored at the time of an event was still there.`,
      `Restricted means up to ${tau === undefined ? "each group's last time" : tau}; after its last time a curve goes on flat, as R's rmean.`,
      ...(several ? [`Pairs are corrected by ${correction}.`] : []),
      ...(model
        ? [`Cox model with ${ties} ties; rows with a covariate missing are left out of it alone.`]
        : []),
      ...(curves.some(({ thinned }) => thinned)
        ? [`Curves of more than ${MOST_POINTS} steps are thinned in the output, not in the figures.`]
        : []),
      'A difference between groups that nobody assigned at random is a difference, not an effect.',
    ],
    result: plainResult(whole),
    sentences: survivalSentences(whole),
    text: (paint) => survivalText(whole, paint),
  }
}

function describeCurve(
  name: string,
  curve: SurvivalCurve,
  tau: number | undefined,
  at: readonly number[],
): GroupCurve {
  const step = Math.ceil(curve.size / MOST_POINTS)
  const shown = Array.from({ length: curve.size }, (_, i) => i).filter(
    (i) => i % step === 0 || i === curve.size - 1,
  )
  return {
    group: name,
    n: curve.n,
    events: curve.events,
    censored: curve.n - curve.events,
    quantiles: QUANTILES.map((share) => ({ share, ...survivalQuantile(curve, share) })),
    restrictedMean: restrictedMean(curve, tau),
    at: at.map((time) => {
      const before = curve.times.findLastIndex((own) => own <= time)
      const after = curve.times.findIndex((own) => own >= time)
      const point = before < 0 ? undefined : curve.point(before)
      return {
        time,
        atRisk: after < 0 ? 0 : curve.point(after).atRisk,
        survival: point?.survival ?? 1,
        // Before its first time a curve is 1 for certain, as R's summary(times =) has it.
        interval: point?.interval ?? [1, 1],
      }
    }),
    points: shown.map((i) => curve.point(i)),
    thinned: step > 1,
  }
}

function fitCox(read: Awaited<ReturnType<typeof readFollowUp>>, ties: 'efron' | 'breslow', level: number) {
  const rows = completeRows(read.times.length, read.covariates)
  const design: Design = joinDesigns(read.covariates.map((column) => column.design(rows)))
  const followUp = {
    times: Float64Array.from(rows, (row) => read.times[row]!),
    events: Float64Array.from(rows, (row) => read.events[row]!),
  }
  const fit: OrReason<CoxFit> = cox(followUp, design.terms, { ties, level, names: design.names })
  return { names: design.names, references: design.references, used: rows.length, fit }
}

/** The result with the fit's coefficients under their names. */
function plainResult({ cox: model, groups, ...rest }: SurvivalResult): object {
  const plainGroups = groups.map(({ thinned: _, ...group }) => group)
  if (!model) return { ...rest, groups: plainGroups, cox: null }
  const { names, references, used, fit } = model
  if (isNoValue(fit)) return { ...rest, groups: plainGroups, cox: { used, references, model: fit } }
  const { coefficients, ...figures } = fit as CoxFit
  return {
    ...rest,
    groups: plainGroups,
    cox: {
      used,
      references,
      model: {
        ...figures,
        coefficients: coefficients.map((coefficient, i) =>
          isNoValue(coefficient)
            ? { name: names[i], estimate: coefficient }
            : { name: names[i], ...coefficient },
        ),
      },
    },
  }
}

export const survivalMethod: Method = {
  name: 'survival',
  summary: 'how long customers stay: Kaplan-Meier, log-rank, Cox',
  options: {
    ...followUpOptions,
    by: { value: 'COLUMN', text: 'one curve for each group, and the log-rank test between them' },
    covariates: { value: 'COLUMNS', text: 'numbers or categories for a Cox model' },
    category: {
      needs: ['covariates'],
      value: 'COLUMNS',
      text: 'covariates to take as categories although they hold numbers',
    },
    ties: { needs: ['covariates'], value: 'NAME', text: 'efron or breslow', standard: 'efron' },
    limits: { value: 'NAME', text: 'log, log-log or plain', standard: 'log' },
    level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' },
    tau: {
      value: 'TIME',
      text: 'end of the restricted mean: common (the longest time of all), individual, or a number',
      standard: 'common',
    },
    at: { value: 'TIMES', text: 'times at which to tell survival' },
    correction: {
      needs: ['by'],
      value: 'NAME',
      text: 'of pairwise p: holm, bh, bonferroni or none',
      standard: 'holm',
    },
  },
  formulas: `- Kaplan-Meier \`S(t) = Π (1 - d/n)\`; Greenwood \`Var log S = Σ d / (n (n - d))\`. Limits: log \`S exp(± z se)\`, cut at 1; log-log \`S^exp(± z se / log S)\`; plain \`S ± z S se\`, cut at 0 and 1. Kaplan & Meier (1958), JASA 53, 457-481. R: \`survfit(conf.type = ...)\`, whose default is log.
- Quantiles: the first time with \`S <= 1 - share\`, or the middle of the flat part when S is exactly that; their limits are where the limits of the curve cross (Brookmeyer & Crowley 1982). R: \`quantile(survfit(...))\`.
- Restricted mean: area under the curve up to tau; variance \`Σ A² d / (n (n - d))\`, A the area still to come. R: \`print(survfit(...), rmean = tau)\`.
- Log-rank: observed less expected over all times, hypergeometric variance; k - 1 degrees of freedom. Mantel (1966); R: \`survdiff\`. Pairs on the two groups alone, as \`survminer::pairwise_survdiff\`.
- Cox: partial likelihood with Efron's or Breslow's treatment of ties; Wald limits; likelihood ratio, Wald and score tests. Cox (1972), JRSS B 34, 187-220; Efron (1977), JASA 72, 557-565. R: \`coxph\`. Concordance with ties of risk counted half, and infinitesimal jackknife error: R \`concordance\`.
- A category enters as one 0/1 column for each level but the first in alphabetical order. A covariate that is constant or follows from others has \`estimate: null\` and the reason \`singular\`; one that orders the events perfectly gives \`perfect separation\`, whether or not the last times are censored (where R's coxph warns that it did not converge).`,
  schema: survivalSchema,
  example: {
    csv: `months,left,plan,nps\n${[
      [2, 1, 'basic', 3],
      [4, 1, 'basic', 5],
      [5, 0, 'basic', 8],
      [6, 1, 'basic', 6],
      [8, 1, 'basic', 7],
      [11, 0, 'basic', 9],
      [5, 1, 'plus', 4],
      [9, 0, 'plus', 8],
      [12, 1, 'plus', 7],
      [14, 0, 'plus', 10],
      [15, 1, 'plus', 9],
      [18, 0, 'plus', 9],
    ]
      .map((row) => row.join(','))
      .join('\n')}\n`,
    options: ['--time', 'months', '--event', 'left', '--by', 'plan', '--covariates', 'nps', '--at', '6,12'],
  },
  run,
}
