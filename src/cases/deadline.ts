import { addDuration } from '../base/clock.ts'
import type { CheckedProgram } from '../program/checked.ts'

const usualFirstContact = 'PT48H'

/** When the customer of a case that is opened again is to have been contacted, and when it is looked at first.
 * @param about the case's rule, which the program may no longer have
 */
export function newDeadline(
  { program }: CheckedProgram,
  about: { rule: string; unitKey: string | null },
  at: Date,
): { contactDueAt: Date; next: Date } {
  const rule = program.recovery?.rules.find(({ id }) => id === about.rule)
  const contactDueAt = addDuration(at, rule?.firstContact ?? usualFirstContact, program.workspace.timeZone)
  return { contactDueAt, next: contactDueAt }
}
