import { fitSbg, type SbgFit } from '../stats/fit-sbg.ts'
import { type Interval, isNoValue, noValue, type OrReason } from '../stats/interval.ts'
import { sbgRetention } from '../stats/sbg.ts'
import { wilson } from '../stats/wilson.ts'
import type { Life } from './payments.ts'
import { dayMs, type ValuePlan } from './value.ts'

/** Below this many decided renewals a prior of the program is used, when it states one. */
export const fewestRenewals = 30

/** Renewals that came due, and how many of them were paid. */
export interface Renewals {
  renewal: number
  atRisk: number
  renewed: number
}

export interface Retention {
  /** Renewals decided in all, and those paid. */
  decided: number
  renewed: number
  /** Their share, with Wilson's interval; 'too few' when none is decided. */
  constant: OrReason<{ value: number; interval: Interval; aic: number }>
  sbg: OrReason<SbgFit>
  /** The model that residual values are reckoned by; a prior is constant. */
  chosen: 'constant' | 'sbg' | 'prior' | 'none'
  /** Retention of a constant model: own or prior. */
  rate: number | null
  byRenewal: Renewals[]
  /** By period of the first payment. */
  cohorts: Array<{ cohort: string; customers: number; renewals: Renewals[] }>
}

/** Estimates how customers stay, from the lives they had.
 *
 * Renewal k of a life falls due k periods after its first payment. It is decided for all lives alike once it is so long
 * past that who did not pay has left; it was renewed when something was paid from then on (less the slack). Lives that
 * are too young for a renewal are not in it, whatever they did, so that those who leave early do not count double.
 */
export function estimateRetention(lives: readonly Life[], plan: ValuePlan, asOf: number): Retention {
  const period = plan.periodDays * dayMs
  const slack = plan.slackDays * dayMs
  const after = plan.afterDays * dayMs
  /** Lives of one number of decided renewals: how many renewed 0, 1, 2 ... of them. */
  const groups = new Map<number, number[]>()
  const cohorts = new Map<string, { customers: number; atRisk: number[]; renewed: number[] }>()
  const nameOf = cohortNames(plan.periodDays)
  for (const { firstAt, lastAt } of lives) {
    const name = nameOf(firstAt)
    const cohort = cohorts.get(name) ?? { customers: 0, atRisk: [], renewed: [] }
    cohorts.set(name, cohort)
    cohort.customers++
    const decided = Math.floor((asOf - after + slack - firstAt) / period)
    if (decided < 1) continue
    const renewed = Math.min(decided, Math.floor((lastAt - firstAt + slack) / period))
    const active = groups.get(decided) ?? Array.from({ length: decided + 1 }, () => 0)
    groups.set(decided, active)
    for (let k = 0; k <= renewed; k++) active[k]!++
    for (let k = 1; k <= Math.min(decided, renewed + 1); k++) {
      cohort.atRisk[k - 1] = (cohort.atRisk[k - 1] ?? 0) + 1
      cohort.renewed[k - 1] = (cohort.renewed[k - 1] ?? 0) + (k <= renewed ? 1 : 0)
    }
  }
  const named = [...cohorts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([cohort, { customers, atRisk, renewed }]) => ({
      cohort,
      customers,
      renewals: atRisk.map((n, i) => ({ renewal: i + 1, atRisk: n, renewed: renewed[i]! })),
    }))
  const byRenewal = pooled(named.map((each) => each.renewals))
  const decided = byRenewal.reduce((sum, each) => sum + each.atRisk, 0)
  const renewed = byRenewal.reduce((sum, each) => sum + each.renewed, 0)
  const constant: Retention['constant'] =
    decided === 0
      ? noValue('too few', 'no renewal is decided yet')
      : {
          value: renewed / decided,
          interval: wilson(renewed, decided),
          aic: 2 - 2 * likelihood(renewed, decided),
        }
  const sbg = fitSbg([...groups.values()])
  return {
    decided,
    renewed,
    constant,
    sbg,
    ...choose(plan, decided, constant, sbg),
    byRenewal,
    cohorts: named,
  }
}

function choose(
  { value }: ValuePlan,
  decided: number,
  constant: Retention['constant'],
  sbg: Retention['sbg'],
): Pick<Retention, 'chosen' | 'rate'> {
  const prior = value.priors?.retention
  if (decided < fewestRenewals && prior) return { chosen: 'prior', rate: prior.value }
  if (isNoValue(constant)) return { chosen: 'none', rate: null }
  const rate = constant.value
  const { model = 'auto' } = value
  if (model === 'constant' || isNoValue(sbg)) return { chosen: 'constant', rate }
  const better = 4 - 2 * sbg.logLikelihood < constant.aic
  return { chosen: model === 'sbg' || better ? 'sbg' : 'constant', rate }
}

/** Observed and modelled retention at each renewal. */
export function retentionCurve({ byRenewal, sbg, rate }: Retention) {
  return byRenewal.map((each) => {
    const [low, high] = wilson(each.renewed, each.atRisk)
    return {
      ...each,
      retention: each.renewed / each.atRisk,
      low,
      high,
      constant: rate,
      sbg: isNoValue(sbg) ? null : sbgRetention(sbg, each.renewal),
    }
  })
}

const likelihood = (renewed: number, n: number) =>
  (renewed > 0 ? renewed * Math.log(renewed / n) : 0) +
  (renewed < n ? (n - renewed) * Math.log(1 - renewed / n) : 0)

function pooled(cohorts: readonly Renewals[][]): Renewals[] {
  const sums: Renewals[] = []
  for (const renewals of cohorts)
    for (const { renewal, atRisk, renewed } of renewals) {
      sums[renewal - 1] ??= { renewal, atRisk: 0, renewed: 0 }
      const sum = sums[renewal - 1]!
      sum.atRisk += atRisk
      sum.renewed += renewed
    }
  return sums
}

/** Cohorts are as long as fits the period: years, quarters or months. */
function cohortNames(periodDays: number): (time: number) => string {
  return (time) => {
    const date = new Date(time)
    const year = date.getUTCFullYear()
    const month = date.getUTCMonth()
    if (periodDays > 360) return String(year)
    if (periodDays > 80) return `${year}-Q${Math.floor(month / 3) + 1}`
    return `${year}-${String(month + 1).padStart(2, '0')}`
  }
}
