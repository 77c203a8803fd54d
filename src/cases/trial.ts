// For: delaying the follow-up of some unimportant cases by lot, so that its worth is measured.
// In: the program's trial, a case about to be opened. Out: whether it takes part, and in which arm.

import { addDuration } from '../base/clock.ts'
import { sha256 } from '../base/ids.ts'
import type { RecoveryPolicy } from '../program/schema-recovery.ts'

export type Trial = NonNullable<RecoveryPolicy['trial']>
export type Arm = 'now' | 'later'

/** Why no more lots are drawn. */
export type Stopped = 'cases' | 'at' | 'harm'

/** Whether a trial has come to its end, by the first of its rules for stopping that is met.
 * @param taken cases that have taken part, in both arms
 * @param harmed those who wait are retained less, for certain and by more than the program allows
 * @param now as a day in the workspace's time zone, such as 2026-03-01
 */
export function stopped(trial: Trial, taken: number, harmed: boolean, today: string): Stopped | undefined {
  const { stop } = trial
  if (stop?.cases !== undefined && taken >= stop.cases) return 'cases'
  if (stop?.at !== undefined && today >= stop.at) return 'at'
  return harmed ? 'harm' : undefined
}

/** What a case must be to take part.
 * @param never whether the trial's guard holds; undefined when it could not be judged, which keeps the case out
 */
export function isEligible(
  trial: Trial,
  facts: { rule: string; priority: number | null; never: boolean | undefined },
): boolean {
  if (!trial.rules.includes(facts.rule) || facts.never !== false) return false
  if (trial.priorityBelow === undefined) return true
  // What is not known to be unimportant does not wait.
  return facts.priority !== null && facts.priority < trial.priorityBelow
}

/** The lot of a case: the same however often it is drawn. */
export function armOf(trial: Trial, caseId: string): Arm {
  const share = Number.parseInt(sha256(`${trial.id} ${caseId}`).slice(0, 12), 16) / 2 ** 48
  return share < trial.share ? 'later' : 'now'
}

export const holdUntil = (trial: Trial, at: Date, timeZone: string): Date =>
  addDuration(at, trial.delay, timeZone)
