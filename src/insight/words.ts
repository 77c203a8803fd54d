import type { LanguageCode } from '../program/schema.ts'
import { type LoopWords, loopWords } from './loopWords.ts'

const en = {
  fields: {
    at: 'Time',
    survey: 'Survey',
    touchpoint: 'Touchpoint',
    version: 'Program version',
    employee: 'Employee',
    wayIn: 'Way in',
    language: 'Language',
    trigger: 'Trigger',
    hasComment: 'With a comment',
    question: 'Question answered',
    lastQuestion: 'Last question answered',
    'decision.outcome': 'Decision',
    'decision.reason': 'Reason withheld',
    'decision.trigger': 'Trigger',
    'case.state': 'State of the case',
    'case.outcome': 'Outcome of the case',
    'case.rule': 'Rule of the case',
  },
  metrics: {
    responses: 'Responses',
    comments: 'Comments',
    invited: 'Invited',
    answered: 'Response rate of sent invitations',
    begun: 'Answers begun, of sent invitations',
    started: 'Answers begun',
    completion: 'Finished, of answers begun',
    dropOff: 'Left unfinished, of answers begun',
    withheld: 'Invitations withheld',
    cases: 'Cases',
  },
  unit: 'Unit',
  frozen: 'when asked',
  waysIn: { survey: 'Survey page', mail: 'Score in the mail', import: 'Imported', api: 'API' },
  outcomes: { invited: 'Invited', withheld: 'Withheld' },
  caseStates: { open: 'Open', taken: 'Taken', contacted: 'Contacted', closed: 'Closed' },
}

type Common = typeof en
export type Words = Common & LoopWords
export type BuiltInMetric = keyof Words['metrics']

const sv: Common = {
  fields: {
    at: 'Tid',
    survey: 'Enkät',
    touchpoint: 'Kontaktpunkt',
    version: 'Programversion',
    employee: 'Medarbetare',
    wayIn: 'Väg in',
    language: 'Språk',
    trigger: 'Utlösare',
    hasComment: 'Med kommentar',
    question: 'Besvarad fråga',
    lastQuestion: 'Sist besvarade fråga',
    'decision.outcome': 'Beslut',
    'decision.reason': 'Skäl att avstå',
    'decision.trigger': 'Utlösare',
    'case.state': 'Ärendets läge',
    'case.outcome': 'Ärendets utfall',
    'case.rule': 'Ärendets regel',
  },
  metrics: {
    responses: 'Svar',
    comments: 'Kommentarer',
    invited: 'Inbjudna',
    answered: 'Svarsandel av skickade inbjudningar',
    begun: 'Påbörjade svar, av skickade inbjudningar',
    started: 'Påbörjade svar',
    completion: 'Slutförda, av påbörjade svar',
    dropOff: 'Avbrutna, av påbörjade svar',
    withheld: 'Ej skickade inbjudningar',
    cases: 'Ärenden',
  },
  unit: 'Enhet',
  frozen: 'vid frågan',
  waysIn: { survey: 'Enkätsidan', mail: 'Betyg i mejlet', import: 'Importerat', api: 'API' },
  outcomes: { invited: 'Inbjuden', withheld: 'Ej inbjuden' },
  caseStates: { open: 'Öppet', taken: 'Taget', contacted: 'Kontaktat', closed: 'Avslutat' },
}

const nb: Common = {
  fields: {
    at: 'Tid',
    survey: 'Undersøkelse',
    touchpoint: 'Kontaktpunkt',
    version: 'Programversjon',
    employee: 'Medarbeider',
    wayIn: 'Vei inn',
    language: 'Språk',
    trigger: 'Utløser',
    hasComment: 'Med kommentar',
    question: 'Besvart spørsmål',
    lastQuestion: 'Sist besvarte spørsmål',
    'decision.outcome': 'Beslutning',
    'decision.reason': 'Grunn til å la være',
    'decision.trigger': 'Utløser',
    'case.state': 'Sakens tilstand',
    'case.outcome': 'Sakens utfall',
    'case.rule': 'Sakens regel',
  },
  metrics: {
    responses: 'Svar',
    comments: 'Kommentarer',
    invited: 'Inviterte',
    answered: 'Svarandel av sendte invitasjoner',
    begun: 'Påbegynte svar, av sendte invitasjoner',
    started: 'Påbegynte svar',
    completion: 'Fullførte, av påbegynte svar',
    dropOff: 'Avbrutte, av påbegynte svar',
    withheld: 'Ikke sendte invitasjoner',
    cases: 'Saker',
  },
  unit: 'Enhet',
  frozen: 'da det ble spurt',
  waysIn: { survey: 'Undersøkelsessiden', mail: 'Poeng i e-posten', import: 'Importert', api: 'API' },
  outcomes: { invited: 'Invitert', withheld: 'Ikke invitert' },
  caseStates: { open: 'Åpen', taken: 'Tatt', contacted: 'Kontaktet', closed: 'Avsluttet' },
}

const joined = (common: Common, loop: LoopWords): Words => ({
  ...common,
  ...loop,
  fields: { ...common.fields, ...loop.fields },
  metrics: { ...common.metrics, ...loop.metrics },
})
const all: Record<LanguageCode, Words> = {
  en: joined(en, loopWords.en),
  sv: joined(sv, loopWords.sv),
  nb: joined(nb, loopWords.nb),
}

/** The words for what every program has without declaring it. */
export const wordsIn = (language: LanguageCode): Words => all[language]
