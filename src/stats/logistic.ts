import { type KeptColumns, keepColumns, rowsOf, type Term } from './columns-kept.ts'
import { type Interval, isNoValue, noValue, type OrReason, requireLevel, SampleInvalid } from './interval.ts'
import { cholesky, choleskySolve, invertPositive } from './linear.ts'
import { at, type Matrix, matrix } from './matrix.ts'
import { normalQuantile } from './normal.ts'
import { ratioOf, ratiosOf } from './ratios.ts'
import { type Wald, wald } from './wald.ts'

/** Its estimate is the change of the log odds per unit of the column. */
export interface LogisticCoefficient extends Wald {
  /** 'out of range' when it is beyond what a number can hold, as where the data nearly separate. */
  readonly oddsRatio: OrReason<number>
  readonly oddsInterval: OrReason<Interval>
}

export interface LogisticFit {
  readonly n: number
  readonly events: number
  readonly intercept: LogisticCoefficient
  /** In the order of the columns; 'singular' where a column is constant or follows from those before it. */
  readonly coefficients: readonly OrReason<LogisticCoefficient>[]
  readonly deviance: number
  readonly nullDeviance: number
  readonly logLikelihood: number
  readonly aic: number
  /** 1 - deviance / null deviance. */
  readonly mcFadden: number
  /** Fitted chance of each row. */
  readonly fitted: Float64Array
  readonly rounds: number
}

/** Logistic regression by plain maximum likelihood (Newton's method), with an intercept.
 * @param terms columns of numbers and categories, equally long, no missing values
 * @param outcome 0 or 1, as long as the columns
 * @param options.weights how often each row counts; whole numbers or not
 * @returns 'too few' with no more rows than coefficients, 'no variance' when all outcomes are equal, 'perfect
 *   separation' when the likelihood keeps rising as coefficients grow (the detail names the columns),
 *   'not converged'
 * @throws SampleInvalid when lengths differ or an outcome is not 0 or 1
 * @see McCullagh & Nelder 1989, chapter 4; Albert & Anderson 1984, Biometrika 71:1; R glm(family = binomial)
 */
export function logistic(
  terms: readonly Term[],
  outcome: ArrayLike<number>,
  options: {
    readonly weights?: ArrayLike<number> | undefined
    readonly level?: number | undefined
    readonly names?: readonly string[] | undefined
  } = {},
): OrReason<LogisticFit> {
  const { weights, level = 0.95, names } = options
  requireLevel(level)
  const rows = outcome.length
  for (const term of terms)
    if (rowsOf(term) !== rows) throw new SampleInvalid(`${rows} outcomes but ${rowsOf(term)} values`)
  const nameOf = (column: number) => names?.[column] ?? `column ${column + 1}`
  let n = 0
  let events = 0
  for (let i = 0; i < rows; i++) {
    if (outcome[i] !== 0 && outcome[i] !== 1)
      throw new SampleInvalid(`an outcome is 0 or 1, got ${outcome[i]}`)
    n += weights?.[i] ?? 1
    events += (weights?.[i] ?? 1) * outcome[i]!
  }
  if (n === 0) return noValue('empty group', 'no rows')
  if (events === 0 || events === n) return noValue('no variance', 'all outcomes are equal')
  const ready = keepColumns(terms, weights)
  const k = ready.kept.length + 1
  if (n <= k) return noValue('too few', `${n} rows for ${k} coefficients`)

  const share = events / n
  const nullDeviance = -2 * (events * Math.log(share) + (n - events) * Math.log(1 - share))
  // The chances of the latest coefficients; the last evaluation is the one that is kept.
  const fitted = new Float64Array(rows)
  const surface = (beta: Float64Array) =>
    likelihood({ ready, most: terms.length, outcome, weights, fitted }, beta)
  let beta: Float64Array = new Float64Array(k)
  beta[0] = Math.log(share / (1 - share))
  let here = surface(beta)
  let rounds = 0
  let last: Float64Array | undefined
  for (; rounds < 100; rounds++) {
    const factor = cholesky(here.information, 1e-13)
    if (isNoValue(factor)) return separation(nameOf, ready.kept, last)
    let step = choleskySolve(factor, here.gradient)
    let trial = beta.map((value, i) => value + step[i]!)
    let next = surface(trial)
    for (let half = 0; half < 40 && !(next.value >= here.value - 1e-12 * Math.abs(here.value)); half++) {
      step = step.map((value) => value / 2)
      trial = beta.map((value, i) => value + step[i]!)
      next = surface(trial)
    }
    const gained = next.value - here.value
    const longest = Math.max(...step.map(Math.abs))
    last = step
    beta = trial
    here = next
    if (longest < 1e-9 * Math.max(1, ...beta.map(Math.abs))) break
    // The likelihood stands still (or is perfect) while the coefficients run away.
    if (rounds > 12 && gained < 1e-7 * (0.1 - here.value) && longest > 0.1)
      return separation(nameOf, ready.kept, step)
  }
  if (rounds === 100) return noValue('not converged')
  const covariance = invertPositive(here.information, 1e-14)
  if (isNoValue(covariance)) return separation(nameOf, ready.kept, last)

  const z = normalQuantile((1 + level) / 2)
  const slopes = ready.kept.map((_, i) => beta[i + 1]! / ready.scales[i]!)
  const ses = ready.kept.map((_, i) => Math.sqrt(at(covariance, i + 1, i + 1)) / ready.scales[i]!)
  const found = ready.kept.map((_, i) => coefficientOf(slopes[i]!, ses[i]!, z))
  return {
    n,
    events,
    intercept: interceptOf(beta, covariance, ready.centres, ready.scales, z),
    coefficients: Array.from({ length: ready.width }, (_, j) => {
      const place = ready.kept.indexOf(j)
      return place < 0
        ? noValue('singular', 'constant, or follows from the columns before it')
        : found[place]!
    }),
    deviance: -2 * here.value,
    nullDeviance,
    logLikelihood: here.value,
    aic: -2 * here.value + 2 * k,
    mcFadden: shareExplained(-2 * here.value, nullDeviance),
    fitted,
    rounds,
  }
}

function separation(
  nameOf: (column: number) => string,
  kept: readonly number[],
  step: Float64Array | undefined,
) {
  const moving = step ? kept.filter((_, i) => Math.abs(step[i + 1]!) > 0.05) : []
  const which = moving.length > 0 ? moving.map(nameOf).join(', ') : 'the columns together'
  return noValue('perfect separation', `told apart by ${which}: the coefficients have no end`)
}

function coefficientOf(estimate: number, se: number, z: number): LogisticCoefficient {
  const tested = wald(estimate, se, z)
  return { ...tested, oddsRatio: ratioOf(estimate), oddsInterval: ratiosOf(tested.interval) }
}

/** The intercept at columns of 0, from the one at their means. */
function interceptOf(
  beta: Float64Array,
  covariance: Matrix,
  centres: readonly number[],
  scales: readonly number[],
  z: number,
): LogisticCoefficient {
  const turn = [1, ...centres.map((centre, i) => -centre / scales[i]!)]
  let estimate = 0
  let variance = 0
  turn.forEach((a, i) => {
    estimate += a * beta[i]!
    turn.forEach((b, j) => {
      variance += a * b * at(covariance, i, j)
    })
  })
  return coefficientOf(estimate, Math.sqrt(variance), z)
}

interface Rows {
  readonly ready: KeptColumns
  /** Terms, and so the most values of a row that are not zero. */
  readonly most: number
  readonly outcome: ArrayLike<number>
  readonly weights: ArrayLike<number> | undefined
  /** Gets the chance of each row. */
  readonly fitted: Float64Array
}

/** Log likelihood with its first and (minus the) second derivatives at the coefficients. */
function likelihood(
  { ready, most, outcome, weights, fitted }: Rows,
  beta: Float64Array,
): { value: number; gradient: Float64Array; information: Matrix } {
  const k = beta.length
  const n = outcome.length
  const gradient = new Float64Array(k)
  const information = matrix(k, k)
  const places = new Int32Array(most)
  const row = new Float64Array(most)
  let value = 0
  for (let i = 0; i < n; i++) {
    const found = ready.fill(i, places, row)
    let odds = beta[0]!
    for (let a = 0; a < found; a++) odds += beta[places[a]! + 1]! * row[a]!
    const weight = weights?.[i] ?? 1
    // The small tail is computed directly: both the chance and its complement keep their digits.
    const tail = Math.exp(-Math.abs(odds))
    const chance = odds >= 0 ? 1 / (1 + tail) : tail / (1 + tail)
    const spread = tail / (1 + tail) ** 2
    fitted[i] = chance
    const miss = outcome[i] === 1 ? (odds >= 0 ? tail / (1 + tail) : 1 / (1 + tail)) : -chance
    value -= weight * (Math.log1p(tail) + ((outcome[i] === 1) === odds < 0 ? Math.abs(odds) : 0))
    gradient[0]! += weight * miss
    information.data[0]! += weight * spread
    for (let a = 0; a < found; a++) {
      const part = weight * row[a]!
      const bent = part * spread
      const start = (places[a]! + 1) * k
      gradient[places[a]! + 1]! += part * miss
      information.data[start]! += bent
      for (let b = 0; b <= a; b++) information.data[start + places[b]! + 1]! += bent * row[b]!
    }
  }
  for (let a = 0; a < k; a++)
    for (let b = 0; b < a; b++) information.data[b * k + a] = information.data[a * k + b]!
  return { value, gradient, information }
}

// A fit is never worse than none: a difference in the last digits is the rounding of two equal sums.
function shareExplained(deviance: number, nullDeviance: number): number {
  const share = 1 - deviance / nullDeviance
  return share < 1e-13 ? 0 : share
}
