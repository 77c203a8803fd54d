import type { CheckedProgram } from '../program/checked.ts'
import { calendarOf, contactDue, firstCheck } from './calendar.ts'

/** When the customer of a case that is opened again is to have been contacted, and when it is looked at first.
 * @param about the case's rule; one that the program no longer has leaves the usual time
 */
export function newDeadline(
  { program }: CheckedProgram,
  about: { rule: string; unitKey: string | null },
  at: Date,
): { contactDueAt: Date; next: Date } {
  const rule = program.recovery?.rules.find(({ id }) => id === about.rule) ?? {
    id: about.rule,
    when: 'false',
  }
  const calendar = calendarOf(program, rule, about.unitKey)
  const contactDueAt = contactDue(calendar, rule, at)
  return { contactDueAt, next: firstCheck(calendar, rule, contactDueAt, at) }
}
