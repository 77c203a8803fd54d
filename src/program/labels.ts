import { textIn } from './question.ts'
import type { LanguageCode, Program, ProgramField } from './schema.ts'
import { contactNameOf } from './scope.ts'

/** What people see a value of a category called: by its label, else as the systems send it.
 * @param labels as the field declares them
 */
export function valueLabel(
  { labels }: Pick<ProgramField, 'labels'>,
  value: string,
  language: LanguageCode,
): string {
  // A value such as "constructor" is not to find what every object has.
  return (labels && Object.hasOwn(labels, value) && textIn(labels[value], language)) || value
}

/** The declared field that a text or a condition names: customer.role, account.size, order.product. */
export function declaredField(program: Program, scope: string, name: string): ProgramField | undefined {
  const { contacts, accounts, transactions = {} } = program
  const fields =
    scope === contactNameOf(program)
      ? contacts?.fields
      : scope === 'account'
        ? accounts?.fields
        : Object.hasOwn(transactions, scope)
          ? transactions[scope]?.fields
          : undefined
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined
}
