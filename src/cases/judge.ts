// For: finding the rule of an answer, and what a case of it would be.
// In: answers nothing has been decided about. Out: each with its rule, and a way to judge further conditions over it.
import { type Clock, timeOfWork } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { themesOf } from '../comments/code.ts'
import { withParents } from '../comments/coder.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Programs } from '../program/store.ts'
import type { Tx } from '../storage/postgres.ts'
import { scoredAnswer } from '../value/loyalty.ts'
import { valuesFor } from '../value/store.ts'
import type { Ruled } from './around.ts'
import type { Candidate } from './candidates.ts'
import { recommend } from './channel.ts'
import type { OwnerQuestion } from './owner.ts'
import { reasonOf } from './policy.ts'

/** An answer that a rule was sought for, with what its conditions are judged by. */
export interface Judged extends Ruled {
  /** From when the time to a first contact counts. */
  promisedFrom: Date
  holds: (cel: string) => boolean | undefined
  themes: string[]
}

interface JudgeParts {
  clock: Clock
  programs: Programs
  log: Log
}

/** Finds the rule of each; what cannot be judged, since a field it asks for is missing, does not hold. Answers of
 * programs without rules are left out.
 * @param cameIn when each came in, where that is known
 */
export async function judge(
  tx: Tx,
  parts: JudgeParts,
  candidates: readonly Candidate[],
  cameIn: ReadonlyMap<string, Date>,
): Promise<Judged[]> {
  const judged = await judgeBy(tx, parts, candidates, async (candidate) => {
    const at = timeOfWork(parts.clock, candidate.answeredAt)
    return {
      ...{ checked: await parts.programs.versionIn(tx, candidate.version), at },
      promisedFrom: startOfPromise(candidate, at, cameIn.get(candidate.responseId)),
    }
  })
  return judged.filter(({ checked }) => (checked.program.recovery?.rules.length ?? 0) > 0)
}

/** Of an answer from elsewhere nobody could have known before it came in; what comes by a link is given as it comes. A
 * replay decides about an answer when it was given, before the batch that it comes with has ended.
 */
function startOfPromise({ wayIn, answeredAt }: Candidate, at: Date, cameIn = at): Date {
  if (wayIn !== 'import') return answeredAt
  return cameIn < at ? cameIn : at
}

/** As `judge`, all of them.
 * @param by the program whose rules are asked, when it is judged, and from when the time to a first contact counts: left
 * out, from when it is judged
 */
export async function judgeBy(
  tx: Tx,
  parts: { log: Log },
  candidates: readonly Candidate[],
  by: (candidate: Candidate) => Promise<{ checked: CheckedProgram; at: Date; promisedFrom?: Date }>,
): Promise<Judged[]> {
  const themes = await themesOf(
    tx,
    candidates.map(({ responseId }) => responseId),
  )
  const values = await valuesFor(tx, candidates)
  const judged: Judged[] = []
  for (const [index, candidate] of candidates.entries()) {
    const { checked, at, promisedFrom = at } = await by(candidate)
    const about = withParents(checked.program, themes.get(candidate.responseId) ?? [])
    const variables = checked.variables(candidate.context, {
      answers: candidate.answers,
      response: candidate,
      themes: about,
      comment: candidate.comment,
      value: values[index] ?? {},
      now: at,
    })
    const holds = (cel: string) => {
      try {
        return checked.condition(cel)(variables)
      } catch (error) {
        parts.log.warn(
          { condition: cel, version: checked.version, kind: (error as Error).name },
          'a condition of the recovery policy could not be judged',
        )
        return undefined
      }
    }
    const rule = checked.program.recovery?.rules.find(({ when }) => holds(when))
    judged.push({ candidate, checked, rule, at, promisedFrom, holds, themes: about })
  }
  return judged
}

/** What is asked when an owner is sought for a case of this answer. */
export const questionOf = ({ checked, rule, candidate, at }: Judged): OwnerQuestion => ({
  program: checked.program,
  rule: rule!,
  context: candidate.context,
  unitKey: candidate.unitKey,
  employeeKey: candidate.employeeKey,
  at,
})

/** Who is kept informed of it, as the policy names them. */
export const stakeholdersOf = ({ rule, holds }: Judged): string[] =>
  (rule?.stakeholders ?? []).filter(({ when }) => when === undefined || holds(when)).map(({ who }) => who)

/** What a case is told apart by in lists and shares, and how its customer is best answered. */
export function draft(judged: Judged, caseId: string, reason = reasonOf(judged.rule!)) {
  const { candidate, checked, rule, holds, themes } = judged
  const { recovery } = checked.program
  const said = (cel: string | undefined) => cel !== undefined && holds(cel) === true
  return {
    judged,
    caseId,
    rule: rule!,
    reason,
    themes,
    band: scoredAnswer(checked.program, candidate.answers, candidate.survey)?.band ?? null,
    hasComment: Boolean(candidate.comment?.trim()),
    decisionMaker: said(recovery?.decisionMaker),
    highValue: recovery?.highValue === undefined ? undefined : said(recovery.highValue),
    priorityTheme: themes.some((theme) => recovery?.priorityThemes?.includes(theme)),
    recommended: recommend(rule!, (cel) => holds(cel) === true, candidate),
  }
}
export type Draft = ReturnType<typeof draft>
