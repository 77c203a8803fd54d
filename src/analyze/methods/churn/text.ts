import type { Auc } from '../../../stats/auc.ts'
import type { Calibration, ThresholdRow } from '../../../stats/classification.ts'
import { isNoValue, type OrReason } from '../../../stats/interval.ts'
import type { LogisticCoefficient, LogisticFit } from '../../../stats/logistic.ts'
import { namesCustomerLeaving } from '../../columns/kind.ts'
import type { Design } from '../../inputs/model-columns.ts'
import { bar, count, interval, number, type Paint, percent, pValue, table } from '../../output/paint.ts'

export interface ChurnResult extends Omit<Design, 'terms'> {
  readonly outcome: string
  readonly level: number
  readonly fit: OrReason<LogisticFit>
  readonly judged:
    | {
        readonly auc: OrReason<Auc>
        readonly brier: OrReason<number>
        readonly logLoss: OrReason<number>
        readonly thresholds: readonly ThresholdRow[]
        readonly best: OrReason<{ readonly threshold: number; readonly youden: number }>
        readonly calibration: OrReason<Calibration>
      }
    | undefined
}

export function churnText({ names, level, fit, judged }: ChurnResult, paint: Paint): string {
  if (isNoValue(fit)) return `No model: ${fit.reason}${fit.detail ? ` (${fit.detail})` : ''}`
  const model = fit as LogisticFit
  const row = (name: string, coefficient: OrReason<LogisticCoefficient>) => {
    if (isNoValue(coefficient)) return [name, `- (${coefficient.reason})`]
    const { oddsRatio, oddsInterval, estimate, se, z, p } = coefficient as LogisticCoefficient
    return [
      name,
      paint.bold(number(oddsRatio)),
      interval(oddsInterval),
      number(estimate, 4),
      number(se, 4),
      number(z, 2),
      pValue(p),
    ]
  }
  const parts = [
    `${count(model.events)} of ${count(model.n)} left (${percent(model.events / model.n)})`,
    '',
    table(
      ['predictor', 'odds ratio', `${100 * level} % limits`, 'coefficient', 'SE', 'z', 'p'],
      [
        row('(intercept)', model.intercept),
        ...model.coefficients.map((coefficient, i) => row(names[i]!, coefficient)),
      ],
    ),
    '',
    `Deviance ${number(model.deviance, 2)} (null ${number(model.nullDeviance, 2)}), AIC ${number(model.aic, 2)}, McFadden R² ${number(model.mcFadden)}`,
  ]
  if (!judged) return parts.join('\n')
  const area = judged.auc
  if (!isNoValue(area))
    parts.push(
      `AUC ${number((area as Auc).auc)} (${interval((area as Auc).interval)}), Brier ${number(judged.brier, 4)}, log loss ${number(judged.logLoss, 4)}`,
    )
  const best = judged.best
  if (!isNoValue(best)) {
    const { threshold, youden } = best as { threshold: number; youden: number }
    parts.push(
      `Best single threshold: ${number(threshold)} (sensitivity + specificity - 1 = ${number(youden)})`,
    )
  }
  parts.push('', thresholdsText(judged.thresholds))
  if (!isNoValue(judged.calibration)) parts.push('', calibrationText(judged.calibration as Calibration))
  return parts.join('\n')
}

const SHOWN = 4

/** Churn in plain words: how many left, what goes with it, how well the model tells them apart. */
export function churnSentences(result: ChurnResult): string[] {
  const { outcome, names, spreads, references, level, fit, judged } = result
  if (isNoValue(fit)) {
    return fit.reason === 'perfect separation'
      ? [`There is no model: perfect separation, ${fit.detail}.`]
      : []
  }
  const model = fit as LogisticFit
  const leaving = namesCustomerLeaving(outcome)
  const share = `${count(model.events)} of ${count(model.n)}`
  const lines = [
    leaving
      ? `${share} left (${percent(model.events / model.n)}).`
      : `${outcome} is yes for ${share} (${percent(model.events / model.n)}).`,
  ]
  const odds = leaving ? 'the odds of leaving' : `the odds of ${outcome}`
  const real = model.coefficients.flatMap((coefficient, i) =>
    isNoValue(coefficient) || (coefficient as LogisticCoefficient).p >= 1 - level
      ? []
      : [{ name: names[i]!, spread: spreads[i], ...(coefficient as LogisticCoefficient) }],
  )
  const sorted = real.toSorted((a, b) => a.p - b.p)
  for (const { name, spread, estimate, interval: limits, p } of sorted.slice(0, SHOWN)) {
    const category = Object.entries(references).find(([column]) => name.startsWith(`${column}=`))
    const step = spread === undefined ? 1 : stepOf(spread)
    const against = category
      ? `those of ${category[1]}`
      : `as high for each ${step === 1 ? 'one' : String(step)} more`
    const ratios = limits.map((limit) => Math.exp(limit * step)) as [number, number]
    lines.push(
      `${name}: ${odds} are ${number(Math.exp(estimate * step), 2)} times ${against}, the other columns being equal (${interval(ratios, 2)}, p ${pValue(p)}).`,
    )
  }
  if (sorted.length > SHOWN)
    lines.push(
      `And ${count(sorted.length - SHOWN)} more ${sorted.length - SHOWN === 1 ? 'goes' : 'go'} with it beyond chance.`,
    )
  if (real.length === 0)
    lines.push(
      `None of the columns is seen to go with ${leaving ? 'leaving' : outcome}, the others being equal.`,
    )
  const area = judged?.auc
  if (area && !isNoValue(area))
    lines.push(
      `The model ranks ${leaving ? 'one who left above one who stayed' : 'a yes above a no'} in ${percent((area as Auc).auc, 0)} of the pairs (half would be chance).`,
    )
  return lines
}

// By one unit of a column of large numbers the odds hardly change, of small ones more than anyone can: a power of ten
// near the standard deviation can be read.
function stepOf(sd: number): number {
  return sd >= 10 || (sd > 0 && sd < 0.1) ? 10 ** Math.floor(Math.log10(sd)) : 1
}

function thresholdsText(rows: readonly ThresholdRow[]): string {
  return table(
    [
      'threshold',
      'found',
      'missed',
      'false alarms',
      'rightly left',
      'sensitivity',
      'specificity',
      'precision',
      'F1',
    ],
    rows.map((row) => [
      number(row.threshold, 2),
      count(row.truePositives),
      count(row.falseNegatives),
      count(row.falsePositives),
      count(row.trueNegatives),
      percent(row.sensitivity),
      percent(row.specificity),
      percent(row.precision),
      number(row.f1, 3),
    ]),
  )
}

function calibrationText({ bins, hosmerLemeshow }: Calibration): string {
  const rows = bins.map((bin) => [
    percent(bin.meanChance),
    percent(bin.observed),
    `${percent(bin.interval[0])} .. ${percent(bin.interval[1])}`,
    count(bin.n),
    bar(bin.observed, 1, 20),
  ])
  const test = isNoValue(hosmerLemeshow)
    ? `Hosmer-Lemeshow: - (${hosmerLemeshow.reason})`
    : `Hosmer-Lemeshow: χ² ${number((hosmerLemeshow as { chiSquare: number }).chiSquare, 2)}, df ${(hosmerLemeshow as { df: number }).df}, p ${pValue((hosmerLemeshow as { p: number }).p)}`
  return `${table(['predicted', 'observed', 'limits', 'n', ''], rows, [4])}\n${test}`
}
