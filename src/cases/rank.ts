// For: what following up each new case is worth, and which of the unimportant ones wait by lot.
// In: drafts of cases. Out: their priority with its terms; the arm of those that take part in a trial.
import { dayIn } from '../base/clock.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Tx } from '../storage/postgres.ts'
import { type PriorityTerms, priorityOf } from '../value/priority.ts'
import type { Draft } from './judge.ts'
import { type Arm, armOf, holdUntil, isEligible, stopped, type Trial } from './trial.ts'

export interface Ranked extends Omit<Draft, 'highValue'> {
  /** Expected value saved; null while a term of it is unknown. */
  priority: number | null
  terms: PriorityTerms | null
  segment: string | null
  highValue: boolean
}

export interface Lot {
  trial: string
  arm: Arm
  /** Of those who wait. */
  until?: Date
}

/** Tells whether those who wait in a trial are harmed for certain, by more than it allows. */
export type HarmOf = (tx: Tx, checked: CheckedProgram, trial: Trial) => Promise<boolean>

/** In the order of the drafts. */
export async function rankCases(tx: Tx, drafts: readonly Draft[]): Promise<Ranked[]> {
  const ranked = new Map<string, Ranked>()
  for (const [checked, group] of Map.groupBy(drafts, ({ judged }) => judged.checked)) {
    const priorities = await priorityOf(
      tx,
      checked,
      group.map(({ judged: { candidate }, band, recommended }) => ({
        ...candidate,
        band,
        channel: recommended.channel,
      })),
    )
    for (const [index, draft] of group.entries()) {
      const found = priorities?.[index]
      ranked.set(draft.caseId, {
        ...draft,
        priority: found?.expected ?? null,
        terms: found?.terms ?? null,
        segment: found?.segment ?? null,
        highValue: draft.highValue ?? found?.high ?? false,
      })
    }
  }
  return drafts.map(({ caseId }) => ranked.get(caseId)!)
}

/** Draws the lots of those that take part, by their ids; whether the trial has ended is asked before each. */
export async function heldByLot(
  tx: Tx,
  ranked: readonly Ranked[],
  harmOf?: HarmOf,
): Promise<Map<string, Lot>> {
  const lots = new Map<string, Lot>()
  const trials = new Map<string, { taken: number; harmed: boolean }>()
  for (const each of ranked) {
    const { judged, caseId, priority, rule } = each
    const { checked, at, holds } = judged
    const trial = checked.program.recovery?.trial
    if (!trial) continue
    const never = trial.never === undefined ? false : holds(trial.never)
    if (!isEligible(trial, { rule: rule.id, priority, never })) continue
    const known = trials.get(trial.id) ?? {
      taken: await countTaken(tx, trial),
      harmed: trial.stop?.harm === undefined ? false : ((await harmOf?.(tx, checked, trial)) ?? false),
    }
    trials.set(trial.id, known)
    const { timeZone } = checked.program.workspace
    if (stopped(trial, known.taken, known.harmed, dayIn(timeZone, at))) continue
    known.taken++
    const arm = armOf(trial, caseId)
    const until = arm === 'later' ? { until: holdUntil(trial, at, timeZone) } : {}
    lots.set(caseId, { trial: trial.id, arm, ...until })
  }
  return lots
}

async function countTaken(tx: Tx, trial: Trial): Promise<number> {
  const [row] = await tx.query<{ n: number }>('select count(*) as n from cases where trial = $1', [trial.id])
  return row?.n ?? 0
}
