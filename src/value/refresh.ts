import type { Clock } from '../base/clock.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Programs } from '../program/store.ts'
import type { SbgFit } from '../stats/fit-sbg.ts'
import { isNoValue } from '../stats/interval.ts'
import { sbgInterval } from '../stats/sbg-interval.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database } from '../storage/postgres.ts'
import { type Churn, churnTerm, type Judged, learnChurn } from './churn.ts'
import { type Feature, featureNames } from './features.ts'
import { readFollowedUp, readJudged, readLoyalty } from './history.ts'
import { countCustomers, type Life, latestChange, pagesOf, readPayments } from './payments.ts'
import { residualValues } from './residual.ts'
import { estimateRetention, type Retention, retentionCurve } from './retention.ts'
import type { FollowedUp } from './save.ts'
import { reckon, segment } from './segments.ts'
import {
  dropValues,
  type Lacking,
  type StoredModel,
  type ValueRow,
  writeModel,
  writeValues,
} from './store.ts'
import { estimate, type Loyalty, type Payments, type ValuePlan, valuePlan } from './value.ts'

export interface ValueParts {
  database: Database
  clock: Clock
  programs: Programs
  announce: Announce
}

export interface Refreshed {
  customers: number
  asOf: Date
}

/** Answers that the model of leaving is learned from, at most: the latest. */
const mostJudged = 20_000
const rowsAtOnce = 1000

/** Lets timers and sockets have their turn: PGlite and arithmetic take the whole process. */
const pause = () => new Promise<void>((resolve) => setImmediate(resolve))

/** As `map`, with pauses in between. */
async function mapInTurns<T, R>(items: readonly T[], make: (item: T, index: number) => R): Promise<R[]> {
  const made: R[] = []
  for (let start = 0; start < items.length; start += rowsAtOnce) {
    for (const [at, item] of items.slice(start, start + rowsAtOnce).entries())
      made.push(make(item, start + at))
    await pause()
  }
  return made
}

/** Makes the values of all customers of a workspace anew, as of now or the latest thing known to have happened,
 * whichever is earlier (what they say counts until now); in many short transactions. Running it again, or twice at once, ends the same.
 * Announces value.refreshed, so that open cases can be put in order anew.
 * @returns undefined when the program declares no value, or nothing has happened yet
 */
export async function refreshValues(parts: ValueParts, workspaceId: string): Promise<Refreshed | undefined> {
  const { database, programs, clock } = parts
  const checked = await programs.active(workspaceId)
  const plan = valuePlan(checked)
  if (!plan) {
    await database.inWorkspace(workspaceId, dropValues)
    return undefined
  }
  const now = clock.now()
  const latest = await database.inWorkspace(workspaceId, latestChange)
  if (!latest) return undefined
  const asOf = new Date(Math.min(latest.getTime(), now.getTime()))
  const history = await readHistory(parts, workspaceId, checked, plan, { asOf, now })
  const retention = estimateRetention(history.lives, plan, asOf.getTime())
  await pause()
  const churn = await learnChurn(featureNames(checked), history.judged, plan.value.priors, pause)
  const rows = await valueRows(checked, plan, history, { retention, churn }, asOf)
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await database.inWorkspace(workspaceId, (tx) =>
      writeValues(tx, rows.slice(start, start + rowsAtOnce), { asOf, madeAt: now }),
    )
    await pause()
  }
  const model = storedModel(plan, history, { retention, churn }, rows)
  await database.inWorkspace(workspaceId, async (tx) => {
    await writeModel(tx, model, { asOf, madeAt: now, version: checked.version })
    await parts.announce(tx, { kind: 'value.refreshed', workspaceId })
  })
  return { customers: rows.length, asOf }
}

interface History {
  customers: Payments[]
  lives: Life[]
  loyalty: Map<string, Loyalty & { features: Feature[] }>
  judged: Judged[]
  followedUp: FollowedUp
}

async function readHistory(
  { database }: ValueParts,
  workspaceId: string,
  checked: CheckedProgram,
  plan: ValuePlan,
  { asOf, now }: { asOf: Date; now: Date },
): Promise<History> {
  const names = featureNames(checked)
  const customers: Payments[] = []
  const lives: Life[] = []
  const loyalty: History['loyalty'] = new Map()
  const judged: Array<Judged & { answeredAt: number }> = []
  const followedUp = { contacted: 0, retained: 0 }
  const count = await database.inWorkspace(workspaceId, (tx) => countCustomers(tx, plan))
  for (const page of pagesOf(count)) {
    const paid = await database.inWorkspace(workspaceId, (tx) => readPayments(tx, plan, page, asOf))
    for (const each of paid.customers) customers.push(each)
    for (const each of paid.lives) lives.push(each)
    await pause()
    await database.inWorkspace(workspaceId, async (tx) => {
      // What somebody said last counts, also when it came after all that is known to have happened.
      for (const each of await readLoyalty(tx, checked, plan, names, page, now))
        loyalty.set(each.customerId, each)
      for (const each of await readJudged(tx, checked, plan, names, page, asOf, paid.times)) judged.push(each)
      const { contacted, retained } = await readFollowedUp(tx, plan, page, asOf, paid.times)
      followedUp.contacted += contacted
      followedUp.retained += retained
    })
    await pause()
  }
  judged.sort((one, other) => other.answeredAt - one.answeredAt)
  return { customers, lives, loyalty, judged: judged.slice(0, mostJudged), followedUp }
}

interface Models {
  retention: Retention
  churn: Churn
}

async function valueRows(
  checked: CheckedProgram,
  plan: ValuePlan,
  { customers, loyalty }: History,
  { retention, churn }: Models,
  asOf: Date,
): Promise<ValueRow[]> {
  const residualOf = residualValues(retention, plan)
  const reckoned = reckon(customers, plan, asOf.getTime())
  await pause()
  const valued = await mapInTurns(reckoned, (each) => {
    const answer = loyalty.get(each.customerId)
    const chance =
      each.leftAt === null && answer
        ? churnTerm(churn.model, plan.value.priors, answer.features, answer.band)
        : undefined
    return {
      ...each,
      churn: chance?.value ?? null,
      residual: residualOf({
        periods: each.periods,
        margin: each.marginAPeriod,
        hasLeft: each.leftAt !== null,
      }),
    }
  })
  const segments = segment(checked, plan, valued)
  return mapInTurns(valued, (each, i): ValueRow => {
    const answer = loyalty.get(each.customerId)
    const { value, interval, constant, sbg } = each.residual
    return {
      customer_id: each.customerId,
      kind: plan.kind,
      unit_key: each.unitKey,
      first_at: new Date(each.firstAt),
      last_at: new Date(each.lastAt),
      recency: each.recency,
      frequency: each.frequency,
      revenue: each.revenue,
      refunds: each.refunds,
      monetary: each.monetary,
      margin: each.margin,
      potential: each.potential,
      r: each.r,
      f: each.f,
      m: each.m,
      lives: each.lives,
      periods: each.periods,
      margin_a_period: each.marginAPeriod,
      left_at: each.leftAt === null ? null : new Date(each.leftAt),
      rlv: value,
      rlv_low: interval?.[0] ?? null,
      rlv_high: interval?.[1] ?? null,
      rlv_constant: constant,
      rlv_sbg: sbg,
      ...segments[i]!,
      band: answer?.band ?? null,
      response_id: answer?.responseId ?? null,
      contact_id: answer?.contactId ?? null,
      answered_at: answer ? new Date(answer.answeredAt) : null,
      churn: each.churn,
      at_risk: each.churn === null || value === null ? null : each.churn * value,
    }
  })
}

/** Cohorts and renewals that are kept to be shown; all of them went into the estimates. */
const mostShown = 36

function storedModel(
  plan: ValuePlan,
  history: History,
  { retention, churn }: Models,
  rows: readonly ValueRow[],
): StoredModel {
  const { constant, sbg } = retention
  return {
    kind: plan.kind,
    currency: plan.currency,
    customers: rows.length,
    left: rows.filter((row) => row.left_at !== null).length,
    periodDays: plan.periodDays,
    afterDays: plan.afterDays,
    withinDays: plan.withinDays,
    slackDays: plan.slackDays,
    discount: plan.discount,
    retention: {
      chosen: retention.chosen,
      decided: retention.decided,
      renewed: retention.renewed,
      constant: isNoValue(constant) ? lacking(constant) : estimate(constant.value, constant.interval),
      prior: plan.value.priors?.retention ?? null,
      sbg: isNoValue(sbg) ? lacking(sbg) : parametersOf(sbg),
      curve: retentionCurve(retention).slice(0, mostShown),
      cohorts: retention.cohorts
        .slice(-mostShown)
        .map((cohort) => ({ ...cohort, renewals: cohort.renewals.slice(0, mostShown) })),
    },
    churn: { ...churn, model: isNoValue(churn.model) ? lacking(churn.model) : churn.model },
    save: history.followedUp,
  }
}

function parametersOf(fit: SbgFit) {
  const churn = sbgInterval(fit, ({ alpha, beta }) => alpha / (alpha + beta))
  return {
    alpha: estimate(fit.alpha, fit.limits.alpha),
    beta: estimate(fit.beta, fit.limits.beta),
    meanChurn: isNoValue(churn) ? estimate(fit.meanChurn) : estimate(fit.meanChurn, churn),
    logLikelihood: fit.logLikelihood,
  }
}

const lacking = ({ reason, detail }: { reason: string; detail?: string }): Lacking => ({
  value: null,
  reason,
  ...(detail === undefined ? {} : { detail }),
})
