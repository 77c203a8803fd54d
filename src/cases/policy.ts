// For: which answers are followed up: the recovery policy as steps, each of which may decide, with its reason. Pure.
// In: the rule that holds for an answer and what is so around it. Out: what is done about the answer, and why.
import { addDuration } from '../base/clock.ts'
import type { Program } from '../program/schema.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'

/** What is done about an answer. */
export type Handling = 'case' | 'joined' | 'reopened' | 'reply' | 'none'

/** Why that is done. The first ones of each line are the usual ones. */
export const decisionReasons = [
  ...(['opened', 'heldByTrial'] as const),
  ...(['joinedOpen', 'reopened', 'followUpNo'] as const),
  ...(['replied', 'noCustomer', 'noMail'] as const),
  ...(['capped', 'cappedReplied', 'cappedNoReply'] as const),
  ...(['noRule', 'noneByRule', 'tooOld'] as const),
] as const
export type DecisionReason = (typeof decisionReasons)[number]

/** Why a customer cannot be sent a mail. */
export type NoReply = Extract<DecisionReason, 'noCustomer' | 'noMail'>

/** What is so when an answer is judged. */
export interface Circumstances {
  /** The first rule that holds. */
  rule: RecoveryRule | undefined
  noReply: NoReply | undefined
  /** It was given longer ago than `openWithin`. */
  tooOld: boolean
  /** The case of this customer and reason that is open. */
  openCase: string | undefined
  /** One that was closed less long ago than `reopenWithin`. */
  closedCase: string | undefined
  /** Cases of the rule this day, in the unit or the whole program. */
  opened: number
}

export interface Decision {
  handling: Handling
  reason: DecisionReason
  /** The case that is joined or reopened. */
  caseId?: string
}

type Ruled = Circumstances & { rule: RecoveryRule }
type Step = (circumstances: Ruled) => Decision | undefined

const steps: readonly Step[] = [respectNone, leaveOld, replyByRule, joinOpen, reopenClosed, holdCap]

/** The first step that decides; an answer that none stops gets a case of its own. */
export function decide(circumstances: Circumstances): Decision {
  const { rule } = circumstances
  if (!rule) return { handling: 'none', reason: 'noRule' }
  for (const step of steps) {
    const decision = step({ ...circumstances, rule })
    if (decision) return decision
  }
  return { handling: 'case', reason: 'opened' }
}

function respectNone({ rule }: Ruled): Decision | undefined {
  return rule.handle === 'none' ? { handling: 'none', reason: 'noneByRule' } : undefined
}

/** Answers of years that are handed in at once would drown those of today. */
function leaveOld({ tooOld }: Ruled): Decision | undefined {
  return tooOld ? { handling: 'none', reason: 'tooOld' } : undefined
}

function replyByRule({ rule, noReply }: Ruled): Decision | undefined {
  if (rule.handle !== 'reply') return undefined
  return noReply ? { handling: 'none', reason: noReply } : { handling: 'reply', reason: 'replied' }
}

/** Further answers of a customer cost nobody a second call, so that no cap holds them back. */
function joinOpen({ openCase }: Ruled): Decision | undefined {
  return openCase === undefined ? undefined : { handling: 'joined', reason: 'joinedOpen', caseId: openCase }
}

function reopenClosed({ closedCase }: Ruled): Decision | undefined {
  if (closedCase === undefined) return undefined
  return { handling: 'reopened', reason: 'reopened', caseId: closedCase }
}

function holdCap({ rule, opened, noReply }: Ruled): Decision | undefined {
  if (!rule.cap || opened < rule.cap.perDay) return undefined
  if (rule.cap.rest !== 'reply') return { handling: 'none', reason: 'capped' }
  return noReply
    ? { handling: 'none', reason: 'cappedNoReply' }
    : { handling: 'reply', reason: 'cappedReplied' }
}

/** As `recovery.openWithin`, where a program says nothing. */
export const usualOpenWithin = 'P14D'

/** Whether an answer was handed in so long after it was given that nobody is to be woken by it. One that comes by a link
 * is given as it comes.
 * @param at when it is decided; a replay decides when the answer was given
 */
export function isTooOld(
  { recovery, workspace }: Program,
  { wayIn, answeredAt }: { wayIn: string; answeredAt: Date },
  at: Date,
): boolean {
  const within = recovery?.openWithin ?? usualOpenWithin
  return wayIn === 'import' && at > addDuration(answeredAt, within, workspace.timeZone)
}

/** A customer has one open case for each reason. */
export const reasonOf = (rule: RecoveryRule): string => rule.reason ?? rule.id

/** Of cases that are opened by hand: they join nothing, and no cap or lot holds them. */
export const selected = 'selected'

/** By what a case that is opened by hand is worked: the rule that holds for its answer; where that gives no case, the
 * usual times and people.
 */
export const ruleByHand = (rule: RecoveryRule | undefined): RecoveryRule =>
  rule && (rule.handle ?? 'case') === 'case' ? rule : { id: selected, when: 'true' }
