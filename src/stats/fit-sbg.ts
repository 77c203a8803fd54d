import { type Interval, noValue, type OrReason, requireLevel, SampleInvalid } from './interval.ts'
import { normalQuantile } from './normal.ts'
import { type SbgSpread, sbgRetention, sbgSurvival } from './sbg.ts'

/** Customers of one cohort who were still active: at the start, after the first renewal, the second ... */
export type CohortActive = readonly number[]

export interface SbgFit extends SbgSpread {
  readonly se: { readonly alpha: number; readonly beta: number }
  /** Wald limits on the log scale, so that they stay positive. */
  readonly limits: { readonly alpha: Interval; readonly beta: Interval }
  readonly logLikelihood: number
  readonly customers: number
  /** Mean churn chance of a new customer, alpha/(alpha + beta). */
  readonly meanChurn: number
  readonly renewals: readonly {
    readonly renewal: number
    readonly atRisk: number
    readonly renewed: number
    /** Observed and modelled chance to renew. */
    readonly retention: number | null
    readonly fittedRetention: number
    readonly fittedSurvival: number
  }[]
}

/** Fits the shifted beta-geometric model to one or several cohorts by maximum likelihood. Customers at risk and
 * renewed at each renewal, pooled over the cohorts, are sufficient.
 * @param cohorts each non-increasing; they may be of different length (younger cohorts)
 * @returns 'too few' with fewer than 2 renewals seen, 'no variance' when nobody or everybody left, 'not applicable'
 *   when retention does not rise with tenure (nothing tells customers apart, and a constant retention fits), 'not
 *   converged' when all who left did so at the first renewal (customers are of two kinds)
 * @throws SampleInvalid when a cohort grows
 * @see Fader & Hardie 2007, Journal of Interactive Marketing 21:76, appendix B
 */
export function fitSbg(cohorts: readonly CohortActive[], level = 0.95): OrReason<SbgFit> {
  requireLevel(level)
  const { atRisk, renewed, customers } = pool(cohorts)
  const lost = atRisk.map((n, i) => n - renewed[i]!)
  if (atRisk.filter((n) => n > 0).length < 2) return noValue('too few', 'the model needs at least 2 renewals')
  const lostInAll = lost.reduce((sum, n) => sum + n, 0)
  if (lostInAll === 0) return noValue('no variance', 'nobody has left')
  if (renewed.every((n) => n === 0)) return noValue('no variance', 'nobody has renewed')
  if (!retentionRises(atRisk, renewed)) {
    return noValue('not applicable', 'retention does not rise with tenure, so that a constant retention fits')
  }
  if (lost.slice(1).every((n) => n === 0)) {
    return noValue(
      'not converged',
      'all who left did so at the first renewal, so that the rest would stay for ever',
    )
  }
  const found = climb(atRisk, renewed, lost)
  if (!found) return noValue('not converged')
  const { alpha, beta, logLikelihood, se } = found
  const z = normalQuantile((1 + level) / 2)
  const limits = (value: number, error: number): Interval => [
    value * Math.exp((-z * error) / value),
    value * Math.exp((z * error) / value),
  ]
  return {
    alpha,
    beta,
    se,
    limits: { alpha: limits(alpha, se.alpha), beta: limits(beta, se.beta) },
    logLikelihood,
    customers,
    meanChurn: alpha / (alpha + beta),
    renewals: atRisk.map((n, i) => ({
      renewal: i + 1,
      atRisk: n,
      renewed: renewed[i]!,
      retention: n > 0 ? renewed[i]! / n : null,
      fittedRetention: sbgRetention({ alpha, beta }, i + 1),
      fittedSurvival: sbgSurvival({ alpha, beta }, i + 1),
    })),
  }
}

function pool(cohorts: readonly CohortActive[]): { atRisk: number[]; renewed: number[]; customers: number } {
  const atRisk: number[] = []
  const renewed: number[] = []
  let customers = 0
  for (const active of cohorts) {
    customers += active[0] ?? 0
    for (let i = 1; i < active.length; i++) {
      if (!(active[i]! <= active[i - 1]! && active[i]! >= 0)) throw new SampleInvalid('a cohort cannot grow')
      atRisk[i - 1] = (atRisk[i - 1] ?? 0) + active[i - 1]!
      renewed[i - 1] = (renewed[i - 1] ?? 0) + active[i]!
    }
  }
  return { atRisk, renewed, customers }
}

/** Whether a little heterogeneity would raise the likelihood above that of one churn chance for all. */
function retentionRises(atRisk: readonly number[], renewed: readonly number[]): boolean {
  const all = atRisk.reduce((sum, n) => sum + n, 0)
  const stayed = renewed.reduce((sum, n) => sum + n, 0)
  const churn = (all - stayed) / all
  const slope = atRisk.reduce((sum, n, i) => {
    const expected = n * (1 - churn)
    return sum + (i * (renewed[i]! - expected)) / (1 - churn)
  }, 0)
  return slope > 1e-9 * all
}

/** Newton's steps on the logs of alpha and beta, halved until the likelihood rises. */
function climb(atRisk: readonly number[], renewed: readonly number[], lost: readonly number[]) {
  const likelihood = (alpha: number, beta: number) =>
    atRisk.reduce((sum, n, i) => {
      const stay = renewed[i]! > 0 ? renewed[i]! * Math.log(beta + i) : 0
      const leave = lost[i]! > 0 ? lost[i]! * Math.log(alpha) : 0
      return sum + stay + leave - n * Math.log(alpha + beta + i)
    }, 0)
  let a = 0
  let b = 0
  let height = likelihood(1, 1)
  for (let round = 0; round < 500; round++) {
    const alpha = Math.exp(a)
    const beta = Math.exp(b)
    const { ga, gb, haa, hbb, hab } = derivatives(atRisk, renewed, lost, alpha, beta)
    const la = ga * alpha
    const lb = gb * beta
    let [waa, wbb, wab] = [-(haa * alpha * alpha + la), -(hbb * beta * beta + lb), -hab * alpha * beta]
    // Away from the top the surface may not be a hill: lean on the diagonal until it is.
    const size = Math.abs(waa) + Math.abs(wbb)
    for (let lean = 1e-6 * size; !(waa > 0 && waa * wbb - wab * wab > 1e-14 * size * size); lean *= 4) {
      waa += lean
      wbb += lean
    }
    const det = waa * wbb - wab * wab
    let stepA = (wbb * la - wab * lb) / det
    let stepB = (waa * lb - wab * la) / det
    const longest = Math.max(Math.abs(stepA), Math.abs(stepB))
    if (longest > 2) [stepA, stepB] = [(2 * stepA) / longest, (2 * stepB) / longest]
    let moved = false
    for (let half = 0; half < 40; half++) {
      const next = likelihood(Math.exp(a + stepA), Math.exp(b + stepB))
      if (next >= height) {
        a += stepA
        b += stepB
        height = next
        moved = true
        break
      }
      stepA /= 2
      stepB /= 2
    }
    if (Math.abs(a) > 60 || Math.abs(b) > 60) return undefined
    if (!moved || Math.max(Math.abs(stepA), Math.abs(stepB)) < 1e-12) {
      const end = derivatives(atRisk, renewed, lost, Math.exp(a), Math.exp(b))
      const info = end.haa * end.hbb - end.hab * end.hab
      if (!(info > 0 && end.haa < 0)) return undefined
      const se = { alpha: Math.sqrt(-end.hbb / info), beta: Math.sqrt(-end.haa / info) }
      return { alpha: Math.exp(a), beta: Math.exp(b), logLikelihood: height, se }
    }
  }
  return undefined
}

function derivatives(
  atRisk: readonly number[],
  renewed: readonly number[],
  lost: readonly number[],
  alpha: number,
  beta: number,
) {
  let [ga, gb, haa, hbb, shared] = [0, 0, 0, 0, 0]
  atRisk.forEach((n, i) => {
    const whole = alpha + beta + i
    ga += lost[i]! / alpha - n / whole
    gb += renewed[i]! / (beta + i) - n / whole
    haa -= lost[i]! / alpha ** 2
    hbb -= renewed[i]! / (beta + i) ** 2
    shared += n / whole ** 2
  })
  return { ga, gb, haa: haa + shared, hbb: hbb + shared, hab: shared }
}
