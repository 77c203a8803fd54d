import { auc } from '../../../stats/auc.ts'
import { bestThreshold, brier, calibration, logLoss, thresholdTable } from '../../../stats/classification.ts'
import { isNoValue, type OrReason } from '../../../stats/interval.ts'
import { type LogisticFit, logistic } from '../../../stats/logistic.ts'
import { CellCounts } from '../../cells/cells.ts'
import { FlagReader } from '../../inputs/flags.ts'
import { NumberColumn } from '../../inputs/kept-columns.ts'
import { completeRows, joinDesigns, ModelColumn } from '../../inputs/model-columns.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'
import { churnSchema } from './schema.ts'
import { type ChurnResult, churnSentences, churnText } from './text.ts'

const THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

async function run(input: Input): Promise<Outcome> {
  const { csv, options } = input
  const outcome = options.column('outcome')
  const chosen = options.columnsBeside('predictors', ['outcome'])
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const bins = options.whole('bins', 10, 2, 1000)
  const thresholds = options.numbers('thresholds') ?? THRESHOLDS
  const stray = thresholds.find((threshold) => !(threshold >= 0 && threshold <= 1))
  if (stray !== undefined)
    throw new UsageError(
      `--thresholds takes shares between 0 and 1, not ${stray}${stray > 1 && stray <= 100 ? ` (${stray} % is ${stray / 100})` : ''}`,
    )
  const forced = new Set(options.columnsAmong('category', 'predictors', chosen))
  const leaving = new FlagReader(input, 'outcome', 'event-value')
  const predictors = chosen.map(
    (column) =>
      new ModelColumn(csv.columns[column]!, forced.has(column) || csv.isCode(column), (cell) =>
        csv.number(cell, column),
      ),
  )
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const flags = new NumberColumn()
  const rows = await csv.eachRow((cells) => {
    const flag = leaving.read(cells, counts, 'outcome')
    if (Number.isNaN(flag)) return
    flags.push(flag)
    for (let i = 0; i < chosen.length; i++) predictors[i]!.push(cells[chosen[i]!]!)
  })
  leaving.finish()
  const all = flags.values()
  const kept = completeRows(all.length, predictors, counts)
  const design = joinDesigns(predictors.map((column) => column.design(kept)))
  const left = Uint8Array.from(kept, (row) => all[row]!)
  const fit = logistic(design.terms, left, { level, names: design.names })
  const result: ChurnResult = {
    outcome: csv.columns[outcome]!,
    level,
    names: design.names,
    spreads: design.spreads,
    references: design.references,
    fit,
    judged: judge(fit, left, { level, bins, thresholds }),
  }
  return {
    rows,
    used: kept.length,
    dropped: counts.toRecord(),
    conventions: [
      'Complete cases; plain maximum likelihood, no penalty; Wald limits.',
      ...Object.entries(design.references).map(([name, level]) => `${name} is held against ${level}.`),
      `AUC with DeLong's limits at ${100 * level} %. A chance at or above the threshold counts as predicted.`,
      'Judged on the rows that the model was fitted to, which flatters it. What predicts leaving need not cause it.',
    ],
    result: plainResult(result),
    sentences: churnSentences(result),
    text: (paint) => churnText(result, paint),
  }
}

interface Judging {
  readonly level: number
  readonly bins: number
  readonly thresholds: readonly number[]
}

function judge(
  fit: OrReason<LogisticFit>,
  left: Uint8Array,
  { level, bins, thresholds }: Judging,
): ChurnResult['judged'] {
  if (isNoValue(fit)) return undefined
  const { fitted } = fit as LogisticFit
  return {
    auc: auc(fitted, left, level),
    brier: brier(fitted, left),
    logLoss: logLoss(fitted, left),
    thresholds: thresholdTable(fitted, left, thresholds),
    best: bestThreshold(fitted, left),
    calibration: calibration(fitted, left, bins),
  }
}

function plainResult({ outcome, level, names, references, fit, judged }: ChurnResult): unknown {
  if (isNoValue(fit)) return { outcome, level, references, model: fit }
  const { coefficients, intercept, fitted: _, ...figures } = fit as LogisticFit
  const named = coefficients.map((coefficient, i) =>
    isNoValue(coefficient) ? { name: names[i], estimate: coefficient } : { name: names[i], ...coefficient },
  )
  return {
    outcome,
    level,
    references,
    model: { ...figures, coefficients: [{ name: '(intercept)', ...intercept }, ...named] },
    ...judged,
  }
}

export const churnMethod: Method = {
  name: 'churn',
  summary: 'who is likely to leave: logistic regression, and how well it tells them apart',
  options: {
    outcome: { value: 'COLUMN', text: 'yes (1, true, yes) for those who left', required: true },
    'event-value': { value: 'VALUE', text: 'the value of --outcome that means "left"' },
    predictors: { value: 'COLUMNS', text: 'numbers or categories known before', required: true },
    category: { value: 'COLUMNS', text: 'predictors to take as categories although they hold numbers' },
    thresholds: { value: 'SHARES', text: 'rows of the threshold table', standard: '0.1,0.2,...,0.9' },
    bins: { value: 'N', text: 'groups of the calibration table', standard: '10' },
    level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' },
  },
  formulas: `- \`log(p / (1 - p)) = b0 + Σ b x\` by maximum likelihood (Newton's method, to 1e-9 of a standard deviation); standard errors from the inverse information; Wald limits \`b ± z se\`; odds ratio \`exp(b)\`. R: \`glm(family = binomial)\`, \`confint.default\`.
- Deviance \`-2 log L\`; AIC \`deviance + 2k\`; McFadden \`1 - deviance / null deviance\`.
- Perfect separation (Albert & Anderson 1984, Biometrika 71, 1-10): when the likelihood stands still while coefficients run away there is no estimate, and the columns that do it are named. Columns that are constant or follow from others have \`estimate: null\` and the reason \`singular\`.
- AUC from midranks with DeLong's variance: DeLong et al. (1988), Biometrics 44, 837-845; limits cut at 0 and 1. R: \`pROC::ci.auc\`.
- Brier score: mean of \`(p - y)²\`. Log loss: mean of \`-log\` of the chance given to what happened.
- Threshold table: sensitivity, specificity, precision, accuracy, F1; \`best\` has the largest Youden index, sensitivity + specificity - 1.
- Calibration: groups cut at the quantiles (type 7) of the fitted chance; observed shares with Wilson limits; Hosmer & Lemeshow (1980) with groups - 2 degrees of freedom. R: \`ResourceSelection::hoslem.test\`.`,
  schema: churnSchema,
  example: {
    csv: `left,nps,tenure,plan\n${Array.from({ length: 40 }, (_, i) => `${(i * 7) % 11 < 4 + (i % 3) - (i % 5) ? 'yes' : 'no'},${(i * 3 + (i % 5) * 2) % 11},${2 + ((i * 5) % 24)},${['basic', 'plus'][(i >> 1) % 2]}`).join('\n')}\n`,
    options: [
      '--outcome',
      'left',
      '--predictors',
      'nps,tenure,plan',
      '--thresholds',
      '0.2,0.4,0.6',
      '--bins',
      '4',
    ],
  },
  run,
}
