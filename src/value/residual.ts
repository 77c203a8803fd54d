import { type Interval, isNoValue } from '../stats/interval.ts'
import { residualLifetimeValue } from '../stats/residual-lifetime-value.ts'
import { derl } from '../stats/sbg.ts'
import { derlInterval } from '../stats/sbg-interval.ts'
import type { Retention } from './retention.ts'
import type { ValuePlan } from './value.ts'

/** What is still to come from a customer, in money of today. */
export interface Residual {
  /** By the model chosen; null when there is none, or the sum has no end. */
  value: number | null
  interval: Interval | null
  constant: number | null
  sbg: number | null
}

const nothing: Residual = { value: null, interval: null, constant: null, sbg: null }
const left: Residual = { value: 0, interval: null, constant: 0, sbg: 0 }

/** Residual lifetime value of customers of one workspace, by FORMULAS of the field:
 * constant retention just after a payment, m r/(1 + d - r); heterogeneous, m x DERL(n) just before the n-th renewal.
 * What both give is kept in multiples of the margin, since all who paid as often share it.
 */
export function residualValues(retention: Retention, plan: ValuePlan) {
  const { chosen, rate, constant, sbg } = retention
  const d = plan.discount
  const perMargin = (r: number): number | null => {
    const { afterPayment } = residualLifetimeValue(1, r, d)
    return isNoValue(afterPayment) ? null : afterPayment
  }
  const flat = rate === null ? null : perMargin(rate)
  const flatLimits = ((): Interval | null => {
    if (chosen === 'prior' || isNoValue(constant)) return null
    const [low, high] = constant.interval.map(perMargin) as [number | null, number | null]
    return low === null || high === null ? null : [low, high]
  })()
  const byTenure = new Map<number, { value: number | null; interval: Interval | null }>()
  const heterogeneous = (n: number) => {
    if (isNoValue(sbg)) return { value: null, interval: null }
    const known = byTenure.get(n)
    if (known) return known
    const value = derl(sbg, n, d)
    const interval = derlInterval(sbg, n, d)
    const made = {
      value: isNoValue(value) ? null : value,
      interval: isNoValue(interval) ? null : interval,
    }
    byTenure.set(n, made)
    return made
  }

  /** @param periods paid periods since they came, at least 1; @param margin a period, net of refunds */
  return (customer: { periods: number; margin: number; hasLeft: boolean }): Residual => {
    if (customer.hasLeft) return left
    if (chosen === 'none') return nothing
    const times = (factor: number | null) => (factor === null ? null : factor * customer.margin)
    const limits = (interval: Interval | null): Interval | null => {
      if (!interval) return null
      const [one, other] = [interval[0] * customer.margin, interval[1] * customer.margin]
      return one <= other ? [one, other] : [other, one]
    }
    const spread = heterogeneous(customer.periods)
    const own = chosen === 'sbg' ? spread : { value: flat, interval: flatLimits }
    return {
      value: times(own.value),
      interval: limits(own.interval),
      constant: times(flat),
      sbg: times(spread.value),
    }
  }
}
