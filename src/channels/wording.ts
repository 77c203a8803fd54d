// For: words of the product's mails, and the program's own texts in the reader's language.
// In: a text of the program, a language, the O-data it may name. Out: plain text, not yet escaped.
import type { CheckedProgram } from '../program/checked.ts'
import type { Context, Value } from '../program/context.ts'
import { declaredField, valueLabel } from '../program/labels.ts'
import { knownLanguage, localeOf } from '../program/question.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { ResponseChannel } from '../program/schema-recovery.ts'

export interface MailWords {
  answer: string
  oneClick: string
  why: (workspace: string) => string
  stop: string
  /** Below mails that ask nothing. */
  stopNews: string
  caseTitles: Record<'case' | 'caseInformed' | 'caseReminder' | 'caseEscalated', string>
  /** To those who are kept informed, of one that was closed before; why they are told, and who has it. */
  caseInformedAgain: string
  caseInformedWhy: string
  caseOwner: string
  caseNobody: string
  /** Of a case that an answer has opened again: after a no to whether it was solved, or after another bad answer. */
  caseAgain: Record<'notSolved' | 'reopened', string>
  /** Until it was opened again. */
  caseClosed: string
  /** Above what the customer wrote when saying no. */
  caseSaidNo: string
  caseScore: string
  caseComment: string
  caseNoComment: string
  caseUnit: string
  caseCustomer: string
  caseAccount: string
  caseDue: string
  /** Of a deadline that has passed without contact. */
  caseMissed: (due: string) => string
  /** When the customer was reached. */
  caseContacted: string
  /** By which channel the policy would have them answered. */
  caseRecommended: string
  caseChannels: Record<ResponseChannel, string>
  /** How it came that a case was handed up: by which step of its policy's chain, or by whom. */
  caseHandedUp: string
  caseStep: (step: number, of: number) => string
  /** Who passed it on to the reader, and above what they wrote. */
  casePassedOn: string
  caseNote: (by: string) => string
  caseOpen: string
  /** Leads from a shortened quote to the whole. */
  more: string
  /** To somebody who cannot open what the mail links to. */
  noAccount: (administrators: readonly string[], address: string) => string
}

const listed = (names: readonly string[], or: string, nobody: string) => names.join(` ${or} `) || nobody

export const mailWords: Record<LanguageCode, MailWords> = {
  en: {
    answer: 'Answer here',
    oneClick: 'Click a number; you can change it before it is sent.',
    why: (workspace) => `You get this mail because you are a customer of ${workspace}.`,
    stop: 'Do not ask me again',
    stopNews: 'Send me no more of these',
    caseTitles: {
      case: 'A customer needs you',
      caseInformed: 'You are kept informed of a case',
      caseReminder: 'A customer still waits for you',
      caseEscalated: 'A case was handed up to you',
    },
    caseInformedAgain: 'A case you are kept informed of is open again',
    caseInformedWhy: 'Its owner makes contact with the customer; you get this mail so that you know of it.',
    caseOwner: 'Owner',
    caseNobody: 'nobody yet',
    caseAgain: {
      notSolved: 'The customer says it is not solved',
      reopened: 'A case is open again',
    },
    caseClosed: 'Had been closed since',
    caseSaidNo: 'Why it is not solved, in their words',
    caseScore: 'Answer',
    caseComment: 'In their words',
    caseNoComment: 'No comment was written.',
    caseUnit: 'Unit',
    caseCustomer: 'Customer',
    caseAccount: 'Company',
    caseDue: 'First contact before',
    caseMissed: (due) => `${due} (missed)`,
    caseContacted: 'Customer reached',
    caseRecommended: 'Recommended',
    caseChannels: { phone: 'phone', mail: 'mail', meeting: 'a meeting', message: 'a message' },
    caseHandedUp: 'Handed up',
    caseStep: (step, of) => `by the policy, step ${step} of ${of}`,
    casePassedOn: 'Passed on by',
    caseNote: (by) => `${by} writes`,
    caseOpen: 'Open the case',
    more: 'Read the whole answer',
    noAccount: (names, address) =>
      `You cannot sign in yet: ${listed(names, 'or', 'an administrator')} can add ${address} under Members.`,
  },
  sv: {
    answer: 'Svara här',
    oneClick: 'Klicka på en siffra; du kan ändra den innan den skickas.',
    why: (workspace) => `Du får det här mejlet för att du är kund hos ${workspace}.`,
    stop: 'Fråga mig inte igen',
    stopNews: 'Skicka inga fler sådana mejl',
    caseTitles: {
      case: 'En kund behöver dig',
      caseInformed: 'Du hålls underrättad om ett ärende',
      caseReminder: 'En kund väntar fortfarande på dig',
      caseEscalated: 'Ett ärende har lyfts till dig',
    },
    caseInformedAgain: 'Ett ärende du hålls underrättad om är öppnat igen',
    caseInformedWhy: 'Ägaren tar kontakt med kunden; du får mejlet för att du ska känna till det.',
    caseOwner: 'Ägare',
    caseNobody: 'ingen än',
    caseAgain: {
      notSolved: 'Kunden säger att det inte är löst',
      reopened: 'Ett ärende är öppnat igen',
    },
    caseClosed: 'Var avslutat sedan',
    caseSaidNo: 'Varför det inte är löst, med kundens ord',
    caseScore: 'Svar',
    caseComment: 'Med kundens ord',
    caseNoComment: 'Ingen kommentar skrevs.',
    caseUnit: 'Enhet',
    caseCustomer: 'Kund',
    caseAccount: 'Företag',
    caseDue: 'Första kontakt före',
    caseMissed: (due) => `${due} (missad)`,
    caseContacted: 'Kunden nådd',
    caseRecommended: 'Rekommenderat',
    caseChannels: { phone: 'telefon', mail: 'mejl', meeting: 'ett möte', message: 'ett meddelande' },
    caseHandedUp: 'Lyft',
    caseStep: (step, of) => `av reglerna, steg ${step} av ${of}`,
    casePassedOn: 'Lämnat vidare av',
    caseNote: (by) => `${by} skriver`,
    caseOpen: 'Öppna ärendet',
    more: 'Läs hela svaret',
    noAccount: (names, address) =>
      `Du kan inte logga in än: ${listed(names, 'eller', 'en administratör')} kan lägga till ${address} under Medlemmar.`,
  },
  nb: {
    answer: 'Svar her',
    oneClick: 'Klikk på et tall; du kan endre det før det sendes.',
    why: (workspace) => `Du får denne e-posten fordi du er kunde hos ${workspace}.`,
    stop: 'Ikke spør meg igjen',
    stopNews: 'Ikke send meg flere slike e-poster',
    caseTitles: {
      case: 'En kunde trenger deg',
      caseInformed: 'Du holdes orientert om en sak',
      caseReminder: 'En kunde venter fortsatt på deg',
      caseEscalated: 'En sak er løftet til deg',
    },
    caseInformedAgain: 'En sak du holdes orientert om er åpnet igjen',
    caseInformedWhy: 'Eieren tar kontakt med kunden; du får e-posten for at du skal vite om det.',
    caseOwner: 'Eier',
    caseNobody: 'ingen ennå',
    caseAgain: {
      notSolved: 'Kunden sier at det ikke er løst',
      reopened: 'En sak er åpnet igjen',
    },
    caseClosed: 'Var avsluttet siden',
    caseSaidNo: 'Hvorfor det ikke er løst, med kundens ord',
    caseScore: 'Svar',
    caseComment: 'Med kundens ord',
    caseNoComment: 'Ingen kommentar ble skrevet.',
    caseUnit: 'Enhet',
    caseCustomer: 'Kunde',
    caseAccount: 'Bedrift',
    caseDue: 'Første kontakt før',
    caseMissed: (due) => `${due} (ikke holdt)`,
    caseContacted: 'Kunden nådd',
    caseRecommended: 'Anbefalt',
    caseChannels: { phone: 'telefon', mail: 'e-post', meeting: 'et møte', message: 'en melding' },
    caseHandedUp: 'Løftet',
    caseStep: (step, of) => `av reglene, trinn ${step} av ${of}`,
    casePassedOn: 'Gitt videre av',
    caseNote: (by) => `${by} skriver`,
    caseOpen: 'Åpne saken',
    more: 'Les hele svaret',
    noAccount: (names, address) =>
      `Du kan ikke logge inn ennå: ${listed(names, 'eller', 'en administrator')} kan legge til ${address} under Medlemmer.`,
  },
}

const named = /( ?)\{\s*([a-z][A-Za-z0-9]*)\.([a-z][A-Za-z0-9]*)\s*(?:\|([^{}]*))?\}/g

/** What a name such as order.product or employee.name stands for; empty when there is no value. */
export type Naming = (scope: string, field: string) => string

/** Names as people read them: values of categories by their labels, times as days of the workspace. */
export function namingFrom(
  context: Context | undefined,
  { program, contactName }: Pick<CheckedProgram, 'program' | 'contactName'>,
  language: string,
): Naming {
  const value = (scope: string, field: string): Value | undefined => {
    if (!context) return undefined
    if (scope === contactName) return own(context.contact?.fields, field) ?? keyOf(context.contact, field)
    if (scope === 'account')
      return (
        own(context.account?.fields, field) ?? keyOf(context.account, field) ?? nameOf(context.account, field)
      )
    if (scope === 'unit') return nameOf(context.unit, field)
    if (scope === 'employee') return nameOf(context.employee, field)
    if (scope !== context.transaction?.type) return undefined
    return own(context.transaction.fields, field) ?? keyOf(context.transaction, field)
  }
  return (scope, field) => {
    const found = value(scope, field)
    const declared = typeof found === 'string' ? declaredField(program, scope, field) : undefined
    return declared?.labels
      ? valueLabel(declared, String(found), knownLanguage(language))
      : shown(found, language, program.workspace.timeZone)
  }
}

/** Fills the names in {braces} from the O-data. For one without a value stands what is written behind its bar, as in
 * {employee.name | our technician}; without a bar it is left out, with the blank before it.
 * @param finish what is done to each value, such as escaping it; not to what the text itself holds
 */
export function personal(text: string, naming: Naming, finish = (value: string) => value): string {
  if (!text.includes('{')) return text
  return text.replace(named, (_, blank: string, scope: string, field: string, otherwise = '') => {
    const value = naming(scope, field)
    const filled = value ? finish(value) : (otherwise as string).trim()
    return filled && blank + filled
  })
}

const keyOf = (thing: { key: string } | undefined, field: string) =>
  field === 'key' ? thing?.key : undefined

const nameOf = (thing: { name?: string } | undefined, field: string) =>
  field === 'name' ? thing?.name : undefined

function own(fields: Record<string, Value> | undefined, field: string): Value | undefined {
  return fields && Object.hasOwn(fields, field) ? fields[field] : undefined
}

function shown(value: Value | undefined, language: string, timeZone: string): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return value.toLocaleString(localeOf(language))
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) {
    return new Date(value).toLocaleDateString(localeOf(language), { dateStyle: 'long', timeZone })
  }
  return String(value)
}

/** Text as HTML, safe in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string)
}
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
