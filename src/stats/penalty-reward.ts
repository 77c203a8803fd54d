import { type Interval, isNoValue, noValue, type OrReason, requireLevel } from './interval.ts'
import { invertPositive } from './linear.ts'
import { at, type Matrix, matrix, multiplyVector } from './matrix.ts'
import type { Moments } from './moments.ts'
import { normalTwoSided } from './normal.ts'
import { sandwich } from './sandwich.ts'
import { studentQuantile, studentTwoSided } from './student.ts'

/** All answers with the same pattern of low (-1), middle (0) and high (1) marks, and the overall scores they gave. */
export interface Pattern {
  readonly marks: ArrayLike<number>
  readonly overall: Moments
}

export interface Impact {
  readonly estimate: number
  readonly se: OrReason<number>
  readonly p: OrReason<number>
  readonly interval: OrReason<Interval>
  readonly hc3Se: OrReason<number>
}

export type FactorClass = 'basic' | 'performance' | 'excitement' | 'unclear' | 'no effect'

export interface Factor {
  readonly low: number
  readonly high: number
  /** ρ: what a low mark changes (as a rule negative). */
  readonly penalty: OrReason<Impact>
  /** π: what a high mark changes. */
  readonly reward: OrReason<Impact>
  /** π - ρ */
  readonly range: OrReason<number>
  /** (π - |ρ|) / range, -1..1: negative where failing hurts more than excelling helps. 'not applicable' unless
   * ρ ≤ 0 ≤ π: there is no penalty and reward to weigh then, though the class may be plain. */
  readonly asymmetry: OrReason<number>
  /** Two-sided p of π + ρ = 0 with HC3. */
  readonly asymmetryP: OrReason<number>
  readonly class: OrReason<FactorClass>
}

export interface PenaltyReward {
  readonly n: number
  readonly intercept: Impact
  readonly r2: number
  readonly factors: readonly Factor[]
}

/** Penalty-reward analysis: overall = β0 + Σ (ρ LOW + π HIGH), by least squares over the patterns.
 * @param patterns gone through several times
 * @param alike asymmetry up to this size counts as alike, class 'performance'; 0 compares |ρ| and π exactly
 * @returns 'too few' when no degree of freedom is left, 'no variance', 'singular'; an attribute that is never
 * low (high) has no penalty (reward)
 * @see FORMULAS.md; Brandt 1987; Mikulić & Prebežac 2008, Managing Service Quality 18:559
 */
export function penaltyReward(
  patterns: Iterable<Pattern>,
  alike = 0.1,
  level = 0.95,
): OrReason<PenaltyReward> {
  requireLevel(level)
  let [n, sum, attributes] = [0, 0, 0]
  const low: number[] = []
  const high: number[] = []
  for (const { marks, overall } of patterns) {
    n += overall.n
    sum += overall.n * overall.mean
    for (; attributes < marks.length; attributes++) {
      low.push(0)
      high.push(0)
    }
    for (let j = 0; j < attributes; j++) {
      if (marks[j]! < 0) low[j]! += overall.n
      if (marks[j]! > 0) high[j]! += overall.n
    }
  }
  // The dummies that occur: column of the attribute, and which mark sets it.
  const terms = Array.from({ length: attributes }, (_, j) => [
    ...(low[j]! > 0 ? [{ j, mark: -1 }] : []),
    ...(high[j]! > 0 ? [{ j, mark: 1 }] : []),
  ]).flat()
  const p = terms.length + 1
  if (n - p < 1) return noValue('too few')
  const design = (pattern: Pattern) => [
    1,
    ...terms.map(({ j, mark }) => (Math.sign(pattern.marks[j]!) === mark ? 1 : 0)),
  ]
  const mean = sum / n
  const products = matrix(p, p)
  const withOverall = new Float64Array(p)
  let squares = 0
  for (const pattern of patterns) {
    if (pattern.overall.n === 0) continue
    const x = design(pattern)
    const { n: size, mean: own, squares: inside } = pattern.overall
    squares += inside + size * (own - mean) ** 2
    for (let a = 0; a < p; a++) {
      if (x[a] === 0) continue
      withOverall[a]! += size * (own - mean)
      for (let b = 0; b < p; b++) products.data[a * p + b]! += size * x[b]!
    }
  }
  if (!(squares > 0)) return noValue('no variance', 'the overall score is constant')
  const inverse = invertPositive(products, 1e-11)
  if ('reason' in inverse) {
    const isFull = low.some((count, j) => count > 0 && high[j]! > 0 && count + high[j]! === n)
    return noValue(
      'singular',
      isFull
        ? 'an attribute has low and high marks alone, and none between to hold them against'
        : 'the marks of one attribute follow from those of others',
    )
  }
  const b = multiplyVector(inverse, withOverall)
  let rss = 0
  let certain = false
  const meat = matrix(p, p)
  for (const pattern of patterns) {
    if (pattern.overall.n === 0) continue
    const x = design(pattern)
    const fitted = mean + x.reduce((sum, value, a) => sum + value * b[a]!, 0)
    const own = pattern.overall.squares + pattern.overall.n * (pattern.overall.mean - fitted) ** 2
    rss += own
    const spread = multiplyVector(inverse, x)
    const leverage = x.reduce((sum, value, a) => sum + value * spread[a]!, 0)
    if (leverage > 1 - 1e-10) certain = true
    const weight = own / (1 - leverage) ** 2
    for (let a = 0; a < p; a++) {
      if (x[a] === 0) continue
      for (let c = 0; c < p; c++) meat.data[a * p + c]! += weight * x[c]!
    }
  }
  const robust: OrReason<Matrix> = certain
    ? noValue('singular', 'one answer alone fixes a coefficient')
    : sandwich(inverse, meat)
  const sigma2 = rss / (n - p)
  const quantile = studentQuantile(0.5 + level / 2, n - p)
  const impact = (a: number, shift = 0): Impact => {
    const estimate = b[a]! + shift
    const se = Math.sqrt(sigma2 * at(inverse, a, a))
    return {
      estimate,
      se,
      p: se > 0 ? studentTwoSided(estimate / se, n - p) : noValue('no variance'),
      interval: [estimate - quantile * se, estimate + quantile * se],
      hc3Se: 'reason' in robust ? robust : Math.sqrt(at(robust, a, a)),
    }
  }
  const place = (j: number, mark: number) => 1 + terms.findIndex((term) => term.j === j && term.mark === mark)
  return {
    n,
    intercept: impact(0, mean),
    r2: 1 - rss / squares,
    factors: Array.from({ length: attributes }, (_, j) =>
      factorOf(low[j]!, high[j]!, place(j, -1), place(j, 1), impact, b, robust, alike, level),
    ),
  }
}

function factorOf(
  low: number,
  high: number,
  lowPlace: number,
  highPlace: number,
  impact: (a: number) => Impact,
  b: Float64Array,
  robust: OrReason<Matrix>,
  alike: number,
  level: number,
): Factor {
  const never = noValue('no variance', 'the mark never occurs')
  const penalty = lowPlace > 0 ? impact(lowPlace) : never
  const reward = highPlace > 0 ? impact(highPlace) : never
  if (lowPlace === 0 || highPlace === 0) {
    return { low, high, penalty, reward, range: never, asymmetry: never, asymmetryP: never, class: never }
  }
  const rho = b[lowPlace]!
  const pi = b[highPlace]!
  const range = pi - rho
  let asymmetryP: OrReason<number> = 'reason' in robust ? robust : noValue('no variance')
  if (!('reason' in robust)) {
    const variance =
      at(robust, lowPlace, lowPlace) + at(robust, highPlace, highPlace) + 2 * at(robust, lowPlace, highPlace)
    if (variance > 0) asymmetryP = normalTwoSided((pi + rho) / Math.sqrt(variance))
  }
  const found = { low, high, penalty, reward, range }
  if (!(rho <= 0 && pi >= 0 && range > 0)) {
    const none = noValue('not applicable', 'a low mark does not lower, or a high one not raise')
    const kind = classOfTurned(rho, pi, isReal(penalty, level), isReal(reward, level))
    const isTold = kind === 'basic' || kind === 'excitement'
    return { ...found, asymmetry: none, asymmetryP: isTold ? asymmetryP : none, class: kind }
  }
  const asymmetry = (pi + rho) / range
  const kind: FactorClass =
    Math.abs(asymmetry) <= alike ? 'performance' : asymmetry < 0 ? 'basic' : 'excitement'
  return { ...found, asymmetry, asymmetryP, class: kind }
}

const isReal = (impact: OrReason<Impact>, level: number): boolean => {
  const p = isNoValue(impact) ? 1 : (impact as Impact).p
  return !isNoValue(p) && (p as number) < 1 - level
}

// A penalty or reward with the wrong sign is none at all when it may well be nought: what a basic attribute gains by
// high marks comes out a little below nought as often as a little above.
function classOfTurned(rho: number, pi: number, lowIsReal: boolean, highIsReal: boolean): FactorClass {
  if (!lowIsReal && !highIsReal) return 'no effect'
  if (rho < 0 && !highIsReal) return 'basic'
  if (pi > 0 && !lowIsReal) return 'excitement'
  return 'unclear'
}
