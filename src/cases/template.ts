import { namingFrom } from '../channels/wording.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import { textIn } from '../program/question.ts'
import type { ProgramText } from '../program/schema.ts'

/** Who and what a letter speaks of. */
export interface LetterSubject {
  /** As frozen with the answer. */
  context: Context | undefined
  customer: { name: string | null; email: string | null; phone: string | null } | undefined
  ownerName: string | null
}

export interface Letter {
  subject: string
  body: string
}

const named = /( ?)\{\{\s*([a-z][A-Za-z0-9]*)\.([a-z][A-Za-z0-9]*)\s*(?:\|([^{}]*))?\}\}/g

/** A template with its names filled in: {{customer.name}} (as the program calls its contacts, or
 * just so), and the .email and .phone that events map, {{owner.name}}, {{workspace.name}}, and all that surveys know: {{unit.name}}, {{employee.name}},
 * {{account.name}}, keys and fields of the customer, the account and the transaction. For what has no value stands what is
 * written behind its bar, as in {{customer.name | customer}}; without one it is left out, with the blank before it.
 */
export function fillLetter(
  checked: CheckedProgram,
  template: { subject: ProgramText; body: ProgramText },
  about: LetterSubject,
  language: string,
): Letter {
  const { contactName, program } = checked
  const naming = namingFrom(about.context, checked, language)
  const value = (scope: string, field: string) => {
    if (field === 'name' && scope === 'owner') return about.ownerName ?? ''
    if (field === 'name' && scope === 'workspace') return program.workspace.name
    const ofCustomer = scope === contactName || scope === 'customer'
    if (ofCustomer && field === 'name') return about.customer?.name ?? ''
    // A declared field of this name goes before what events map as the address to write to or the number to call.
    const said = naming(scope, field)
    return said === '' && ofCustomer && (field === 'email' || field === 'phone')
      ? (about.customer?.[field] ?? '')
      : said
  }
  const filled = (text: string) =>
    text.replace(named, (_, blank: string, scope: string, field: string, otherwise = '') => {
      const said = value(scope, field) || (otherwise as string).trim()
      return said && blank + said
    })
  return {
    subject: filled(textIn(template.subject, language)),
    body: filled(textIn(template.body, language)),
  }
}

/** A template of recovery.templates, filled in; undefined when the program has no such template. */
export function fillTemplate(
  checked: CheckedProgram,
  template: string,
  about: LetterSubject,
  language: string,
): Letter | undefined {
  const found = checked.program.recovery?.templates?.[template]
  return found && fillLetter(checked, found, about, language)
}
