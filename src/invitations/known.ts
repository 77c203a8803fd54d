import { addDuration } from '../base/clock.ts'
import type { Surroundings } from '../events/context.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Value } from '../program/context.ts'

/** An answer that O-data gave, so that the question is not asked. */
export interface KnownAnswer {
  value: Value
  /** The field it was taken from, and when that field was set. */
  field: string
  since: string
}

/** Answers to a survey that O-data already holds: of each question with `answeredBy` whose field has a fresh value.
 * A value older than the question's maxAge is not fresh, and the question is asked.
 * @returns question id -> answer
 */
export function knownAnswers(
  checked: CheckedProgram,
  survey: string,
  { context, times }: Pick<Surroundings, 'context' | 'times'>,
  now: Date,
): Record<string, KnownAnswer> {
  const known: Record<string, KnownAnswer> = {}
  for (const { id, answeredBy } of checked.program.surveys[survey]?.questions ?? []) {
    if (!answeredBy) continue
    const [scope, field] = answeredBy.field.split('.') as [string, string]
    const found =
      scope === checked.contactName
        ? { fields: context.contact?.fields, times: times.contact }
        : scope === 'account'
          ? { fields: context.account?.fields, times: times.account }
          : {
              fields: scope === context.transaction?.type ? context.transaction.fields : undefined,
              times: times.transaction,
            }
    const value = found.fields?.[field]
    // A derived field has no time of its own; it is as fresh as the context.
    const since = found.times[field] ?? context.at
    if (value === undefined) continue
    const { maxAge, values } = answeredBy
    if (maxAge && addDuration(new Date(since), maxAge, checked.program.workspace.timeZone) < now) continue
    // A value such as "constructor" is not to find what every object has.
    const translated = values && Object.hasOwn(values, String(value)) ? values[String(value)] : undefined
    const answer = values ? translated : value
    if (answer !== undefined) known[id] = { value: answer, field: answeredBy.field, since }
  }
  return known
}
