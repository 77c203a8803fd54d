// For: finding the rule of an answer, and what a case of it would be.
// In: answers nothing has been decided about. Out: each with its rule, and a way to judge further conditions over it.
import { type Clock, timeOfWork } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { themesOf } from '../comments/code.ts'
import { withParents } from '../comments/coder.ts'
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
  holds: (cel: string) => boolean | undefined
  themes: string[]
}

/** Finds the rule of each; what cannot be judged, since a field it asks for is missing, does not hold. */
export async function judge(
  tx: Tx,
  parts: { clock: Clock; programs: Programs; log: Log },
  candidates: readonly Candidate[],
): Promise<Judged[]> {
  const themes = await themesOf(
    tx,
    candidates.map(({ responseId }) => responseId),
  )
  const values = await valuesFor(tx, candidates)
  const judged: Judged[] = []
  for (const [index, candidate] of candidates.entries()) {
    const checked = await parts.programs.versionIn(tx, candidate.version)
    const { recovery } = checked.program
    if (!recovery || recovery.rules.length === 0) continue
    const at = timeOfWork(parts.clock, candidate.answeredAt)
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
    const rule = recovery.rules.find(({ when }) => holds(when))
    judged.push({ candidate, checked, rule, at, holds, themes: about })
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
export function draft(judged: Judged, caseId: string) {
  const { candidate, checked, rule, holds, themes } = judged
  const recovery = checked.program.recovery!
  const said = (cel: string | undefined) => cel !== undefined && holds(cel) === true
  return {
    judged,
    caseId,
    rule: rule!,
    reason: reasonOf(rule!),
    themes,
    band: scoredAnswer(checked.program, candidate.answers, candidate.survey)?.band ?? null,
    hasComment: Boolean(candidate.comment?.trim()),
    decisionMaker: said(recovery.decisionMaker),
    highValue: recovery.highValue === undefined ? undefined : said(recovery.highValue),
    priorityTheme: themes.some((theme) => recovery.priorityThemes?.includes(theme)),
    recommended: recommend(rule!, (cel) => holds(cel) === true, candidate),
  }
}
export type Draft = ReturnType<typeof draft>
