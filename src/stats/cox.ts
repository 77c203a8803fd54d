import { chiSquareUpper } from './chi-square.ts'
import { type KeptColumns, keepColumns, rowsOf, type Term } from './columns-kept.ts'
import { type Concordance, concordance } from './concordance.ts'
import { type Interval, isNoValue, noValue, type OrReason, requireLevel, SampleInvalid } from './interval.ts'
import { cholesky, choleskySolve, invertPositive } from './linear.ts'
import { at, type Matrix, matrix } from './matrix.ts'
import { normalQuantile } from './normal.ts'
import { ratioOf, ratiosOf } from './ratios.ts'
import { type FollowUp, type OrderedFollowUp, orderFollowUp, spanStarts } from './survival-times.ts'
import { type Wald, wald } from './wald.ts'

export interface CoxCoefficient extends Wald {
  /** exp(estimate): how many times the rate, per unit of the column. */
  /** 'out of range' when it is beyond what a number can hold, as where the data nearly separate. */
  readonly hazardRatio: OrReason<number>
  readonly hazardInterval: OrReason<Interval>
}

export interface ChiSquareTest {
  readonly chiSquare: number
  readonly df: number
  readonly p: number
}

export interface CoxFit {
  readonly n: number
  readonly events: number
  readonly ties: 'efron' | 'breslow'
  /** In the order of the columns; 'singular' where a column is constant or follows from those before it. */
  readonly coefficients: readonly OrReason<CoxCoefficient>[]
  readonly logLikelihood: { readonly without: number; readonly fitted: number }
  readonly likelihoodRatio: ChiSquareTest
  readonly wald: ChiSquareTest
  readonly score: ChiSquareTest
  readonly aic: number
  readonly concordance: OrReason<Concordance>
  readonly rounds: number
}

/** Cox's proportional hazards model by Newton's method.
 * @param terms columns of numbers and categories, equally long, no missing values
 * @returns 'too few' without events or columns, 'singular' when no column varies, 'perfect separation' when the
 *   likelihood keeps rising as a coefficient grows (the detail names the columns), 'not converged'
 * @see Cox 1972, JRSS B 34:187; Efron 1977, JASA 72:557; Breslow 1974; R survival::coxph
 */
export function cox(
  followUp: FollowUp,
  terms: readonly Term[],
  options: {
    readonly ties?: 'efron' | 'breslow' | undefined
    readonly level?: number | undefined
    readonly names?: readonly string[] | undefined
  } = {},
): OrReason<CoxFit> {
  const { ties = 'efron', level = 0.95, names } = options
  requireLevel(level)
  const data = orderFollowUp(followUp)
  for (const term of terms)
    if (rowsOf(term) !== data.n) throw new SampleInvalid(`${data.n} times but ${rowsOf(term)} values`)
  const events = data.events.reduce((sum, event) => sum + event, 0)
  if (events === 0) return noValue('too few', 'nobody has left')
  const ready = keepColumns(terms)
  const k = ready.kept.length
  if (k === 0) return noValue('singular', 'no column varies')

  const rows: Rows = {
    data,
    starts: spanStarts(data),
    ready,
    most: terms.length,
    ties,
    risk: new Float64Array(data.n),
  }
  let beta: Float64Array = new Float64Array(k)
  let here = partialLikelihood(rows, beta)
  const start = here
  const score = quadratic(start.information, start.gradient)
  if (score === undefined) return noValue('singular', 'the columns depend on one another among those at risk')
  let rounds = 0
  let last: Float64Array | undefined
  for (; rounds < 100; rounds++) {
    const factor = cholesky(here.information, 1e-13)
    if (isNoValue(factor)) return separated(last)
    let step = choleskySolve(factor, here.gradient)
    let trial = beta.map((value, i) => value + step[i]!)
    let next = partialLikelihood(rows, trial)
    for (let half = 0; half < 40 && !(next.value >= here.value - 1e-12 * Math.abs(here.value)); half++) {
      step = step.map((value) => value / 2)
      trial = beta.map((value, i) => value + step[i]!)
      next = partialLikelihood(rows, trial)
    }
    const gained = next.value - here.value
    const longest = Math.max(...step.map(Math.abs))
    last = step
    beta = trial
    here = next
    if (longest < 1e-9 * Math.max(1, ...beta.map(Math.abs))) break
    // The likelihood stands still while a coefficient runs away: against its start, since at the last it may be 0. A
    // step that orders the events can be taken again and again; one that does not ends somewhere.
    if (rounds > 12 && gained < 1e-9 * Math.abs(start.value) && isOrdering(rows, step, 1e-6))
      return separated(step)
  }
  // Where all that tells one coefficient from a larger one is lost in rounding, the steps end by themselves.
  if (isOrdering(rows, beta, 0)) return separated(beta)
  function separated(step: Float64Array | undefined) {
    const moving = step ? ready.kept.filter((_, i) => Math.abs(step[i]!) > 0.05) : []
    const nameOf = (column: number) => names?.[column] ?? `column ${column + 1}`
    const which =
      k === 1
        ? nameOf(ready.kept[0]!)
        : moving.length > 0
          ? moving.map(nameOf).join(', ')
          : 'the columns together'
    return noValue('perfect separation', `the events are ordered by ${which}: the coefficient has no end`)
  }
  if (rounds === 100) return noValue('not converged')

  const covariance = invertPositive(here.information, 1e-14)
  if (isNoValue(covariance)) return separated(last)
  const z = normalQuantile((1 + level) / 2)
  const found = ready.kept.map((_, i) =>
    coefficientOf(beta[i]! / ready.scales[i]!, Math.sqrt(at(covariance, i, i)) / ready.scales[i]!, z),
  )
  const risk = new Float64Array(data.n)
  data.order.forEach((place, i) => {
    risk[place] = rows.risk[i]!
  })
  const test = (chiSquare: number): ChiSquareTest => ({ chiSquare, df: k, p: chiSquareUpper(chiSquare, k) })
  return {
    n: data.n,
    events,
    ties,
    coefficients: Array.from({ length: ready.width }, (_, j) => {
      const place = ready.kept.indexOf(j)
      return place < 0
        ? noValue('singular', 'constant, or follows from the columns before it')
        : found[place]!
    }),
    logLikelihood: { without: start.value, fitted: here.value },
    likelihoodRatio: test(2 * (here.value - start.value)),
    wald: test(bilinear(here.information, beta)),
    score: test(score),
    aic: 2 * k - 2 * here.value,
    concordance: concordance(followUp, risk),
    rounds,
  }
}

function coefficientOf(estimate: number, se: number, z: number): CoxCoefficient {
  const tested = wald(estimate, se, z)
  return { ...tested, hazardRatio: ratioOf(estimate), hazardInterval: ratiosOf(tested.interval) }
}

interface Rows {
  readonly data: OrderedFollowUp
  /** Where the entries of each time begin. */
  readonly starts: Uint32Array
  readonly ready: KeptColumns
  /** Terms, and so the most values of a row that are not zero. */
  readonly most: number
  readonly ties: 'efron' | 'breslow'
  /** Gets the risk of each entry at the latest coefficients. */
  readonly risk: Float64Array
}

interface Likelihood {
  readonly value: number
  readonly gradient: Float64Array
  readonly information: Matrix
}

/** The partial log likelihood with its first and (minus the) second derivatives, in one pass from the last time. */
function partialLikelihood({ data, starts, ready, most, ties, risk }: Rows, beta: Float64Array): Likelihood {
  const k = beta.length
  const gradient = new Float64Array(k)
  const information = matrix(k, k)
  const places = new Int32Array(most)
  const row = new Float64Array(most)
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < data.n; i++) {
    const found = ready.fill(data.order[i]!, places, row)
    let sum = 0
    for (let a = 0; a < found; a++) sum += beta[places[a]!]! * row[a]!
    risk[i] = sum
    highest = Math.max(highest, sum)
  }
  // Sums over those at risk, and over those who leave now.
  const whole = new Sums(k)
  const leaving = new Sums(k)
  let value = 0
  for (let span = starts.length - 2; span >= 0; span--) {
    let events = 0
    for (let i = starts[span]!; i < starts[span + 1]!; i++) {
      const weight = Math.exp(risk[i]! - highest)
      const found = ready.fill(data.order[i]!, places, row)
      whole.add(weight, places, row, found)
      if (!data.events[i]) continue
      if (events++ === 0) leaving.clear()
      leaving.add(weight, places, row, found)
      value += risk[i]! - highest
      for (let a = 0; a < found; a++) gradient[places[a]!]! += row[a]!
    }
    for (let l = 0; l < events; l++) {
      const part = ties === 'efron' ? l / events : 0
      const s0 = whole.s0 - part * leaving.s0
      value -= Math.log(s0)
      for (let a = 0; a < k; a++) {
        const mean = (whole.s1[a]! - part * leaving.s1[a]!) / s0
        gradient[a]! -= mean
        for (let b = 0; b <= a; b++) {
          const other = (whole.s1[b]! - part * leaving.s1[b]!) / s0
          const place = a * k + b
          information.data[place]! += (whole.s2[place]! - part * leaving.s2[place]!) / s0 - mean * other
        }
      }
    }
  }
  for (let a = 0; a < k; a++)
    for (let b = 0; b < a; b++) information.data[b * k + a] = information.data[a * k + b]!
  return { value, gradient, information }
}

/** Whether everybody who leaves stands at least as high along a direction as all who are at risk then: no coefficient
 * along it is then the largest. A finite estimate, itself taken for a direction, never does.
 * @param slack what a lower standing may miss, as a share of the range of them all
 * @see Jacobsen 1989, Scandinavian Journal of Statistics 16:335
 */
function isOrdering({ data, starts, ready, most }: Rows, direction: Float64Array, slack: number): boolean {
  const places = new Int32Array(most)
  const row = new Float64Array(most)
  const standing = new Float64Array(data.n)
  let least = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < data.n; i++) {
    const found = ready.fill(data.order[i]!, places, row)
    let sum = 0
    for (let a = 0; a < found; a++) sum += direction[places[a]!]! * row[a]!
    standing[i] = sum
    least = Math.min(least, sum)
    highest = Math.max(highest, sum)
  }
  // What rounding alone makes of one standing.
  const missed = (highest - least) * Math.max(slack, 1e-12)
  if (!(highest > least)) return false
  let atRisk = Number.NEGATIVE_INFINITY
  for (let span = starts.length - 2; span >= 0; span--) {
    for (let i = starts[span]!; i < starts[span + 1]!; i++) atRisk = Math.max(atRisk, standing[i]!)
    for (let i = starts[span]!; i < starts[span + 1]!; i++)
      if (data.events[i] && standing[i]! < atRisk - missed) return false
  }
  return true
}

/** Weighted sums of 1, the columns, and their products (lower triangle). */
class Sums {
  s0 = 0
  readonly s1: Float64Array
  readonly s2: Float64Array
  readonly #k: number

  constructor(k: number) {
    this.#k = k
    this.s1 = new Float64Array(k)
    this.s2 = new Float64Array(k * k)
  }

  /** @param found how many of the places and values are meant */
  add(weight: number, places: Int32Array, row: Float64Array, found: number): void {
    this.s0 += weight
    for (let a = 0; a < found; a++) {
      const weighted = weight * row[a]!
      const start = places[a]! * this.#k
      this.s1[places[a]!]! += weighted
      for (let b = 0; b <= a; b++) this.s2[start + places[b]!]! += weighted * row[b]!
    }
  }

  clear(): void {
    this.s0 = 0
    this.s1.fill(0)
    this.s2.fill(0)
  }
}

/** u' A^-1 u, or undefined when A is singular. */
function quadratic(a: Matrix, u: Float64Array): number | undefined {
  const factor = cholesky(a)
  return isNoValue(factor)
    ? undefined
    : choleskySolve(factor, u).reduce((sum, value, i) => sum + value * u[i]!, 0)
}

/** u' A u. */
function bilinear(a: Matrix, u: Float64Array): number {
  let sum = 0
  for (let i = 0; i < u.length; i++) for (let j = 0; j < u.length; j++) sum += u[i]! * at(a, i, j) * u[j]!
  return sum
}
