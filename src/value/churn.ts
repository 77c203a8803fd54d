import type { LoyaltyBand, ProgramValue } from '../program/schema-value.ts'
import { auc } from '../stats/auc.ts'
import { brier, calibration } from '../stats/classification.ts'
import { type Interval, isNoValue, noValue, type OrReason } from '../stats/interval.ts'
import { invertPositive } from '../stats/linear.ts'
import { logistic } from '../stats/logistic.ts'
import { type Matrix, matrix } from '../stats/matrix.ts'
import { Z95 } from '../stats/normal.ts'
import { type Column, designColumns, designRow, type Feature, namedLevels } from './features.ts'
import type { Estimate } from './value.ts'

/** Fewest who left, and fewest who stayed, and of the fewer how many for each coefficient. */
export const enough = { each: 50, perColumn: 10 } as const
const folds = 5

/** One answer of the past of which it is known by now whether that customer left. */
export interface Judged {
  features: Feature[]
  band: LoyaltyBand
  left: boolean
}

/** The fitted model, plain enough to be stored. Columns are centred and scaled before the covariance is used. */
export interface ChurnModel {
  features: string[]
  columns: Column[]
  levels: Record<string, string[]>
  intercept: Estimate
  coefficients: Array<Estimate & { name: string; p: number }>
  centres: number[]
  scales: number[]
  /** Row after row, the intercept first. */
  covariance: number[]
  n: number
  left: number
}

/** How well chances foretold who left, on answers the chances were not learned from. */
export interface ChurnCalibration {
  /** `crossValidated`: each fifth foretold by a model of the other four; `prior`: as the program states. */
  of: 'crossValidated' | 'prior'
  n: number
  left: number
  deciles: Array<{ n: number; left: number; predicted: number; observed: number; low: number; high: number }>
  brier: number
  auc: Estimate | null
}

export interface Churn {
  model: OrReason<ChurnModel>
  calibration: ChurnCalibration | null
  n: number
  left: number
}

/** Learns who leaves by plain maximum likelihood, when there is enough history; else says what is lacking.
 * @param rows answers, at most one a customer, so that they are independent
 * @param pause is awaited between fits, so that other work gets its turn
 */
export async function learnChurn(
  names: readonly string[],
  rows: readonly Judged[],
  priors: ProgramValue['priors'],
  pause: () => Promise<void>,
): Promise<Churn> {
  const n = rows.length
  const left = rows.filter((row) => row.left).length
  const model = fitChurn(names, rows)
  if (isNoValue(model)) return { model, calibration: priorCalibration(rows, priors), n, left }
  const chances = new Float64Array(n)
  for (let fold = 0; fold < folds; fold++) {
    await pause()
    const rest = rows.filter((_, i) => i % folds !== fold)
    const others = fitOn(names, rest)
    // A fold whose model cannot be fitted is foretold by the share of the others.
    const share = rest.filter((row) => row.left).length / rest.length
    for (let i = fold; i < n; i += folds)
      chances[i] = isNoValue(others) ? share : chanceOf(others, rows[i]!.features).value
  }
  return { model, calibration: calibrationOf('crossValidated', chances, rows), n, left }
}

function fitChurn(names: readonly string[], rows: readonly Judged[]): OrReason<ChurnModel> {
  const left = rows.filter((row) => row.left).length
  const fewer = Math.min(left, rows.length - left)
  if (fewer < enough.each)
    return noValue(
      'too few',
      `${left} left and ${rows.length - left} stayed; at least ${enough.each} of each are needed`,
    )
  const columns = designColumns(
    names,
    rows.map((row) => row.features),
  )
  if (fewer < enough.perColumn * columns.length)
    return noValue(
      'too few',
      `${fewer} for ${columns.length} coefficients; at least ${enough.perColumn} for each are needed`,
    )
  return fitOn(names, rows)
}

function fitOn(names: readonly string[], rows: readonly Judged[]): OrReason<ChurnModel> {
  const features = rows.map((row) => row.features)
  const found = designColumns(names, features)
  const levels = namedLevels(names, features)
  const design = features.map((row) => designRow(found, names, row, levels))
  const outcome = Uint8Array.from(rows, (row) => (row.left ? 1 : 0))
  const columnOf = (at: number) => Float64Array.from(design, (row) => row[at]!)
  const fit = logistic(
    found.map((_, at) => columnOf(at)),
    outcome,
    { names: found.map(columnName) },
  )
  if (isNoValue(fit)) return fit
  const { coefficients, intercept, fitted } = fit
  const kept = found.flatMap((_, at) => (isNoValue(coefficients[at]) ? [] : [at]))
  const standard = kept.map((at) => standardised(columnOf(at)))
  const covariance = covarianceOf(
    standard.map((each) => each.values),
    fitted,
  )
  if (isNoValue(covariance)) return covariance
  const values = kept.map((at) => coefficients[at] as { estimate: number; interval: Interval; p: number })
  return {
    features: [...names],
    columns: kept.map((at) => found[at]!),
    levels: Object.fromEntries([...levels].map(([name, set]) => [name, [...set]])),
    intercept: { value: intercept.estimate, low: intercept.interval[0], high: intercept.interval[1] },
    coefficients: values.map(({ estimate, interval, p }, i) => ({
      name: columnName(found[kept[i]!]!),
      value: estimate,
      low: interval[0],
      high: interval[1],
      p,
    })),
    centres: standard.map((each) => each.centre),
    scales: standard.map((each) => each.scale),
    covariance: [...covariance.data],
    n: rows.length,
    left: rows.filter((row) => row.left).length,
  }
}

function columnName(column: Column): string {
  if (column.kind === 'level') return `${column.feature} = ${column.level}`
  return column.kind === 'missing' ? `${column.feature} unknown` : column.feature
}

/** The chance to leave by the model, with Wald limits on the log odds. */
export function chanceOf(model: ChurnModel, features: readonly Feature[]): Required<Estimate> {
  const levels = levelsOf(model)
  const row = designRow(model.columns, model.features, features, levels)
  const odds = model.coefficients.reduce((sum, each, i) => sum + each.value * row[i]!, model.intercept.value)
  const place = [1, ...row.map((value, i) => (value - model.centres[i]!) / model.scales[i]!)]
  const k = place.length
  let variance = 0
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) variance += place[i]! * place[j]! * model.covariance[i * k + j]!
  const reach = Z95 * Math.sqrt(variance)
  const share = (x: number) => 1 / (1 + Math.exp(-x))
  return { value: share(odds), low: share(odds - reach), high: share(odds + reach) }
}

const levelSets = new WeakMap<ChurnModel, Map<string, Set<string>>>()
function levelsOf(model: ChurnModel): Map<string, Set<string>> {
  const known = levelSets.get(model)
  if (known) return known
  const made = new Map(Object.entries(model.levels).map(([name, list]) => [name, new Set(list)]))
  levelSets.set(model, made)
  return made
}

/** A chance to leave, and what says so. */
export interface ChurnTerm extends Estimate {
  source: 'churn.model' | 'churn.prior'
  n?: number
  said?: string
}

/** The chance by the model when there is one, else as the program states for the band.
 * @returns undefined when neither tells
 */
export function churnTerm(
  model: OrReason<ChurnModel>,
  priors: ProgramValue['priors'],
  features: readonly Feature[],
  band: LoyaltyBand | undefined,
): ChurnTerm | undefined {
  if (!isNoValue(model)) {
    // Learned from answers with a score; of others it knows nothing.
    if (band) return { ...chanceOf(model, features), source: 'churn.model', n: model.n }
  }
  const prior = priorChance(priors, band)
  return prior === undefined
    ? undefined
    : { value: prior, source: 'churn.prior', said: priors!.churn!.source }
}

/** A strong detractor is a detractor where the program tells no difference. */
function priorChance(priors: ProgramValue['priors'], band: LoyaltyBand | undefined): number | undefined {
  if (!band || !priors?.churn) return undefined
  return priors.churn[band] ?? (band === 'strongDetractor' ? priors.churn.detractor : undefined)
}

function priorCalibration(rows: readonly Judged[], priors: ProgramValue['priors']): ChurnCalibration | null {
  const told = rows.filter((row) => priorChance(priors, row.band) !== undefined)
  const chances = Float64Array.from(told, (row) => priorChance(priors, row.band)!)
  return told.length === 0 ? null : calibrationOf('prior', chances, told)
}

function calibrationOf(
  of: ChurnCalibration['of'],
  chances: Float64Array,
  rows: readonly Judged[],
): ChurnCalibration | null {
  const outcome = Uint8Array.from(rows, (row) => (row.left ? 1 : 0))
  const made = calibration(chances, outcome)
  const score = brier(chances, outcome)
  if (isNoValue(made) || isNoValue(score)) return null
  const area = auc(chances, outcome)
  return {
    of,
    n: rows.length,
    left: rows.filter((row) => row.left).length,
    deciles: made.bins.map((bin) => ({
      n: bin.n,
      left: bin.events,
      predicted: bin.meanChance,
      observed: bin.observed,
      low: bin.interval[0],
      high: bin.interval[1],
    })),
    brier: score,
    auc: areaOf(area),
  }
}

function areaOf(area: ReturnType<typeof auc>): Estimate | null {
  if (isNoValue(area)) return null
  const { auc: value, interval } = area
  return isNoValue(interval) ? { value } : { value, low: interval[0], high: interval[1] }
}

function standardised(column: Float64Array) {
  const n = column.length
  const centre = column.reduce((sum, value) => sum + value, 0) / n
  const scale = Math.sqrt(column.reduce((sum, value) => sum + (value - centre) ** 2, 0) / n)
  return { centre, scale, values: column.map((value) => (value - centre) / scale) }
}

/** Inverse of the observed information at the fit. */
function covarianceOf(columns: readonly Float64Array[], fitted: Float64Array): OrReason<Matrix> {
  const k = columns.length + 1
  const information = matrix(k, k)
  for (let i = 0; i < fitted.length; i++) {
    const weight = fitted[i]! * (1 - fitted[i]!)
    for (let a = 0; a < k; a++) {
      const part = weight * (a === 0 ? 1 : columns[a - 1]![i]!)
      for (let b = 0; b < k; b++) information.data[a * k + b]! += part * (b === 0 ? 1 : columns[b - 1]![i]!)
    }
  }
  return invertPositive(information, 1e-14)
}
