import type { LanguageCode } from '../program/schema.ts'
import type { ProgramDigest } from '../program/schema-notify.ts'

export interface NotifyWords {
  /** To the one it is about. */
  praiseOfYou: string
  praiseOf: (name: string) => string
  praise: string
  criticismOf: (name: string) => string
  criticism: string
  score: string
  unit: string
  about: string
  theirWords: string
  read: string
  openCase: string
  passItOn: string
  coach: string
  /** `longer` when turns were missed, and it covers more than one. */
  digest: Record<ProgramDigest['every'] | 'longer', string>
  period: (from: string, to: string) => string
  praiseCount: string
  criticismCount: string
  openCases: string
  overdue: string
  soonestDue: string
  openDesk: string
  closed: string
  reopened: string
  missed: string
  outcome: Record<string, string>
}

export const notifyWords: Record<LanguageCode, NotifyWords> = {
  en: {
    praiseOfYou: 'A customer praises you',
    praiseOf: (name) => `A customer praises ${name}`,
    praise: 'Praise from a customer',
    criticismOf: (name) => `A customer was not happy with the contact with ${name}`,
    criticism: 'A customer was not happy',
    score: 'Answer',
    unit: 'Unit',
    about: 'About',
    theirWords: 'In their words',
    read: 'Read the answer',
    openCase: 'Open the case',
    passItOn: 'They have been told as well. A word from you makes it count twice.',
    coach: 'They have not been told. Take it up with them yourself, in private.',
    digest: {
      day: 'Yesterday from your customers',
      week: 'The week from your customers',
      month: 'The month from your customers',
      longer: 'What came from your customers',
    },
    period: (from, to) => `${from} to ${to}`,
    praiseCount: 'Praise',
    criticismCount: 'Criticism',
    openCases: 'Open cases',
    overdue: 'Past their deadline',
    soonestDue: 'Due first',
    openDesk: 'Open the cases',
    closed: 'A case was closed',
    reopened: 'A case was opened again',
    missed: 'A deadline was missed',
    outcome: { solved: 'solved', 'not solved': 'not solved', 'no answer': 'no answer' },
  },
  sv: {
    praiseOfYou: 'En kund berömmer dig',
    praiseOf: (name) => `En kund berömmer ${name}`,
    praise: 'Beröm från en kund',
    criticismOf: (name) => `En kund var inte nöjd med kontakten med ${name}`,
    criticism: 'En kund var inte nöjd',
    score: 'Svar',
    unit: 'Enhet',
    about: 'Gäller',
    theirWords: 'Med kundens ord',
    read: 'Läs svaret',
    openCase: 'Öppna ärendet',
    passItOn: 'Medarbetaren har också fått veta det. Ett ord från dig gör det dubbelt värt.',
    coach: 'Medarbetaren har inte fått veta detta. Ta upp det själv, i enrum.',
    digest: {
      day: 'Gårdagen från era kunder',
      week: 'Veckan från era kunder',
      month: 'Månaden från era kunder',
      longer: 'Vad som kommit från era kunder',
    },
    period: (from, to) => `${from} till ${to}`,
    praiseCount: 'Beröm',
    criticismCount: 'Kritik',
    openCases: 'Öppna ärenden',
    overdue: 'Över tiden',
    soonestDue: 'Närmast i tid',
    openDesk: 'Öppna ärendena',
    closed: 'Ett ärende stängdes',
    reopened: 'Ett ärende öppnades igen',
    missed: 'En tidsgräns missades',
    outcome: { solved: 'löst', 'not solved': 'inte löst', 'no answer': 'inget svar' },
  },
  nb: {
    praiseOfYou: 'En kunde roser deg',
    praiseOf: (name) => `En kunde roser ${name}`,
    praise: 'Ros fra en kunde',
    criticismOf: (name) => `En kunde var ikke fornøyd med kontakten med ${name}`,
    criticism: 'En kunde var ikke fornøyd',
    score: 'Svar',
    unit: 'Enhet',
    about: 'Gjelder',
    theirWords: 'Med kundens ord',
    read: 'Les svaret',
    openCase: 'Åpne saken',
    passItOn: 'Medarbeideren har også fått vite det. Et ord fra deg gjør det dobbelt verdt.',
    coach: 'Medarbeideren har ikke fått vite dette. Ta det opp selv, på tomannshånd.',
    digest: {
      day: 'Gårsdagen fra kundene',
      week: 'Uken fra kundene',
      month: 'Måneden fra kundene',
      longer: 'Det som har kommet fra kundene',
    },
    period: (from, to) => `${from} til ${to}`,
    praiseCount: 'Ros',
    criticismCount: 'Kritikk',
    openCases: 'Åpne saker',
    overdue: 'Over fristen',
    soonestDue: 'Nærmest fristen',
    openDesk: 'Åpne sakene',
    closed: 'En sak ble lukket',
    reopened: 'En sak ble åpnet igjen',
    missed: 'En frist ble brutt',
    outcome: { solved: 'løst', 'not solved': 'ikke løst', 'no answer': 'ikke svar' },
  },
}
