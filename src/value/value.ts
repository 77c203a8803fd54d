// For: what a customer is worth, and what a case is: revenue, margin, RFM, residual lifetime value, priority.
// In: payments among the transactions, answers, cases; the program's `value`. Out: customer_values and value_models,
// made anew each night, and from them the terms of a case's priority, the value x loyalty matrix, `value` in CEL.
import { meanDays } from '../base/clock.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { LoyaltyBand, ProgramValue } from '../program/schema-value.ts'
import type { Interval } from '../stats/interval.ts'

export const dayMs = 86_400_000

/** Whose value it is. */
export type CustomerKind = ProgramValue['of']

/** The program's `value` with its durations in days. A month is a twelfth of a year, a year 365.2425 days. */
export interface ValuePlan {
  value: ProgramValue
  kind: CustomerKind
  periodDays: number
  /** Without a payment for so long, a customer has left. */
  afterDays: number
  /** How far ahead the chance to leave looks. */
  withinDays: number
  /** A payment this much before a renewal is due counts for it: what comes late by as much does so too. */
  slackDays: number
  discount: number
  currency: string
}

/** @returns undefined when the program declares no value */
export function valuePlan({ program }: Pick<CheckedProgram, 'program'>): ValuePlan | undefined {
  const { value, workspace } = program
  if (!value) return undefined
  const periodDays = meanDays(value.period)
  const afterDays = meanDays(value.churn.after)
  return {
    value,
    kind: value.of,
    periodDays,
    afterDays,
    withinDays: value.churn.within === undefined ? afterDays : meanDays(value.churn.within),
    slackDays: Math.min(periodDays / 2, Math.max(periodDays / 10, afterDays - periodDays)),
    discount: value.discount,
    currency: workspace.currency ?? '',
  }
}

/** A number with where it comes from. `low` and `high` are 95 % limits. */
export interface Estimate {
  value: number
  low?: number
  high?: number
}

export const estimate = (value: number, interval?: Interval): Estimate =>
  interval ? { value, low: interval[0], high: interval[1] } : { value }

/** What a customer's payments come to. Times are milliseconds since 1970. */
export interface Payments {
  customerId: string
  unitKey: string | null
  potential: number | null
  /** First payment ever, and the latest. */
  firstAt: number
  lastAt: number
  frequency: number
  revenue: number
  refunds: number
  margin: number
  /** Times they came: 1, and one more for each time they had left and came back. */
  lives: number
  /** Of the latest life. */
  lifeFirstAt: number
  lifeMargin: number
}

/** The latest answer with a score. */
export interface Loyalty {
  customerId: string
  responseId: string
  contactId: string | null
  answeredAt: number
  band: LoyaltyBand
}
