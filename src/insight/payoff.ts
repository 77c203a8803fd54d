// For: whether following up pays: who came back of those contacted and those missed, and of a trial drawn by lot.
// In: what customers did after their case. Out: shares, means and differences with intervals; how far to believe them.

import { dayIn } from '../base/clock.ts'
import {
  armsOf,
  type CaseOutcome,
  type OutcomePlan,
  outcomePlan,
  readOutcomes,
  readTrialStanding,
} from '../cases/outcomes.ts'
import { type Stopped, stopped } from '../cases/trial.ts'
import type { UnitScope } from '../people/access.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { harmStop } from '../stats/harm-stop.ts'
import { hasValue } from '../stats/interval.ts'
import { meanInterval, welch } from '../stats/mean.ts'
import { momentsOf } from '../stats/moments.ts'
import { newcombe } from '../stats/newcombe.ts'
import { wilson } from '../stats/wilson.ts'
import type { Tx } from '../storage/postgres.ts'

type Range = [number, number]

/** A share in percent, or a mean in the workspace's currency. */
export interface Measured {
  n: number
  value: number | null
  interval: Range | null
}

export interface Group {
  id: string
  n: number
  /** Paid again within the window. */
  repurchased: Measured
  /** Had not left when it ended. */
  retained: Measured
  /** Margin within the window; null where the program tells no margin. */
  margin: Measured | null
}

/** First group minus second: percentage points, or money. */
export interface Apart {
  value: number | null
  interval: Range | null
  /** What the interval allows to say. */
  verdict: 'more' | 'less' | 'cannotTell'
}

export interface Compared {
  repurchased: Apart
  retained: Apart
  margin: Apart | null
}

export interface TrialTold {
  id: string
  share: number
  delay: string
  priorityBelow: number | null
  never: string | null
  /** How many cases and customers each arm has, whose window is over or not. */
  taking: Array<{ arm: 'now' | 'later'; customers: number; cases: number }>
  arms: Group[]
  /** At once minus later, by intention to treat: whatever was done, by the lot that was drawn. */
  effect: Compared
  /** Why no more lots are drawn, and the rules for it: points of harm known for certain, and how many are borne; cases
   * that may take part; the day from which none is drawn.
   */
  stop: {
    reason: Stopped | null
    harmAtLeast: number | null
    harmBorne: number | null
    cases: number | null
    at: string | null
  }
}

export interface Payoff {
  of: 'contact' | 'account'
  window: string
  pays: string[]
  currency: string | null
  /** Compares those who were reached with those who were not: they differ in more than that. Never a cause. */
  observed: { label: 'selectionBiased'; groups: Group[]; contactedAgainstMissed: Compared }
  /** Present when the program has a trial that drew lots: the difference is caused by the delay. */
  trial?: TrialTold
}

export interface PayoffWish {
  /** ISO 8601, from the opening of the case. */
  window?: string
  from?: Date
  to?: Date
}

/** Reads and compares. Customers count once, by their first case; those whose window still runs do not count yet. */
export async function payoffOf(
  tx: Tx,
  checked: Pick<CheckedProgram, 'program'>,
  wish: PayoffWish,
  now: Date,
  scope: UnitScope = {},
): Promise<Payoff> {
  const { program } = checked
  const plan = outcomePlan(checked, wish.window)
  const rows = await readOutcomes(tx, plan, wish, now, scope)
  const contacted = rows.filter((row) => row.contact !== 'never')
  const missed = rows.filter((row) => row.contact === 'never')
  const late = contacted.filter((row) => row.contact === 'late')
  const inTime = contacted.filter((row) => row.contact === 'inTime')
  const groups = { contacted, inTime, late, missed }
  const trial = await trialOf(tx, checked, plan, now, scope)
  return {
    of: plan.of,
    window: plan.window,
    pays: plan.pays,
    currency: program.workspace.currency ?? null,
    observed: {
      label: 'selectionBiased',
      groups: Object.entries(groups).map(([id, members]) => groupOf(id, members, plan)),
      contactedAgainstMissed: compareOutcomes(contacted, missed, plan),
    },
    ...(trial ? { trial } : {}),
  }
}

async function trialOf(
  tx: Tx,
  { program }: Pick<CheckedProgram, 'program'>,
  plan: OutcomePlan,
  now: Date,
  scope: UnitScope,
): Promise<TrialTold | undefined> {
  const trial = program.recovery?.trial
  if (!trial) return undefined
  const taking = await readTrialStanding(tx, plan, trial.id)
  if (taking.length === 0) return undefined
  const rows = await readOutcomes(tx, plan, { trial: trial.id }, now, scope)
  const arms = {
    now: rows.filter((row) => row.arm === 'now'),
    later: rows.filter((row) => row.arm === 'later'),
  }
  const stayed = armsOf(rows)
  const borne = trial.stop?.harm ?? null
  const judged = harmStop(stayed.now, stayed.later, (borne ?? 0) / 100)
  const cases = taking.reduce((sum, each) => sum + each.cases, 0)
  return {
    id: trial.id,
    share: trial.share,
    delay: trial.delay,
    priorityBelow: trial.priorityBelow ?? null,
    never: trial.never ?? null,
    taking,
    arms: [groupOf('now', arms.now, plan), groupOf('later', arms.later, plan)],
    effect: compareOutcomes(arms.now, arms.later, plan),
    stop: {
      reason:
        stopped(
          trial,
          cases,
          borne !== null && hasValue(judged) && judged.stop,
          dayIn(program.workspace.timeZone, now),
        ) ?? null,
      harmAtLeast: hasValue(judged) ? 100 * judged.atLeast : null,
      harmBorne: borne,
      cases: trial.stop?.cases ?? null,
      at: trial.stop?.at ?? null,
    },
  }
}

const percent = ([low, high]: readonly [number, number]): Range => [100 * low, 100 * high]

function shareOf(members: readonly CaseOutcome[], counts: (row: CaseOutcome) => boolean): Measured {
  const n = members.length
  if (n === 0) return { n, value: null, interval: null }
  const yes = members.filter(counts).length
  return { n, value: (100 * yes) / n, interval: percent(wilson(yes, n)) }
}

const paid = (row: CaseOutcome) => row.paid
const stays = (row: CaseOutcome) => row.stayed
const margins = (members: readonly CaseOutcome[]) => momentsOf(members.map((row) => row.margin ?? Number.NaN))

function groupOf(id: string, members: readonly CaseOutcome[], plan: OutcomePlan): Group {
  const mean = meanInterval(margins(members))
  const measured = hasValue(mean)
    ? {
        n: mean.n,
        value: mean.mean,
        interval: hasValue(mean.interval) ? ([...mean.interval] as Range) : null,
      }
    : { n: 0, value: null, interval: null }
  return {
    id,
    n: members.length,
    repurchased: shareOf(members, paid),
    retained: shareOf(members, stays),
    margin: plan.money ? measured : null,
  }
}

/** First less second, with Newcombe's interval for shares and Welch's for means. */
export function compareOutcomes(
  first: readonly CaseOutcome[],
  second: readonly CaseOutcome[],
  plan: Pick<OutcomePlan, 'money'>,
): Compared {
  const shares = (counts: (row: CaseOutcome) => boolean): Apart => {
    const of = (members: readonly CaseOutcome[]) => ({
      successes: members.filter(counts).length,
      n: members.length,
    })
    const apart = newcombe(of(second), of(first))
    return hasValue(apart) ? told(100 * apart.difference, percent(apart.interval)) : told(null, null)
  }
  const means = welch(margins(second), margins(first))
  return {
    repurchased: shares(paid),
    retained: shares(stays),
    margin: !plan.money
      ? null
      : hasValue(means)
        ? told(means.difference, [...means.interval] as Range)
        : told(null, null),
  }
}

const told = (value: number | null, interval: Range | null): Apart => ({
  value,
  interval,
  verdict: !interval ? 'cannotTell' : interval[0] > 0 ? 'more' : interval[1] < 0 ? 'less' : 'cannotTell',
})
