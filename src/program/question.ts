import type { LanguageCode, ProgramQuestion, ProgramText } from './schema.ts'

/** The language the product has words in; English for any other. */
export function knownLanguage(language: string | undefined): LanguageCode {
  const short = (language ?? '').toLowerCase().split(/[-_]/)[0]
  if (short === 'sv') return 'sv'
  return short === 'nb' || short === 'no' || short === 'nn' ? 'nb' : 'en'
}

/** How dates are written in a language, in mails as on pages: the English of a company in Europe is that of Britain. */
export const localeOf = (language: string): string => (language === 'en' ? 'en-GB' : language)

/** A text of the program in a language; when it lacks it, in the first one it has. */
export function textIn(text: ProgramText | undefined, language: string): string {
  if (text === undefined) return ''
  if (typeof text === 'string') return text
  return text[language as LanguageCode] ?? text.en ?? text.sv ?? text.nb ?? ''
}

export interface Scale {
  from: number
  to: number
}

/** The whole numbers a question is answered with: nps 0-10, csat 1-5, ces 1-7, a rating as it says (1-5);
 * undefined when it is not answered with a number.
 */
export function scaleOf(question: ProgramQuestion): Scale | undefined {
  if (question.kind === 'nps') return { from: 0, to: 10 }
  if (question.kind === 'csat') return { from: 1, to: 5 }
  if (question.kind === 'ces') return { from: 1, to: 7 }
  if (question.kind === 'rating') return { from: question.from ?? 1, to: question.to ?? 5 }
  return undefined
}

type Worded = 'nps' | 'csat' | 'ces'

const ends: Record<LanguageCode, Record<Worded, [low: string, high: string]>> = {
  en: {
    nps: ['Not at all likely', 'Extremely likely'],
    csat: ['Very dissatisfied', 'Very satisfied'],
    ces: ['Strongly disagree', 'Strongly agree'],
  },
  sv: {
    nps: ['Inte alls troligt', 'Mycket troligt'],
    csat: ['Mycket missnöjd', 'Mycket nöjd'],
    ces: ['Instämmer inte alls', 'Instämmer helt'],
  },
  nb: {
    nps: ['Slett ikke sannsynlig', 'Svært sannsynlig'],
    csat: ['Svært misfornøyd', 'Svært fornøyd'],
    ces: ['Helt uenig', 'Helt enig'],
  },
}

/** What the lowest and highest number of a scale mean, in words; empty when the program says nothing. */
export function scaleEnds(question: ProgramQuestion, language: LanguageCode): [low: string, high: string] {
  if (question.kind === 'rating') return [textIn(question.low, language), textIn(question.high, language)]
  if (question.kind === 'nps' || question.kind === 'csat' || question.kind === 'ces') {
    return ends[language][question.kind]
  }
  return ['', '']
}

const usual: Record<LanguageCode, Record<ProgramQuestion['kind'], string>> = {
  en: {
    nps: 'How likely are you to recommend us to a friend or colleague?',
    csat: 'How satisfied were you?',
    ces: 'It was easy to get my issue handled.',
    rating: 'How would you rate it?',
    choice: 'Which one fits best?',
    multiChoice: 'Which of these fit?',
    text: 'What could we do better?',
    contactMe: 'Please contact me about this',
  },
  sv: {
    nps: 'Hur troligt är det att du skulle rekommendera oss till en vän eller kollega?',
    csat: 'Hur nöjd var du?',
    ces: 'Det var lätt att få mitt ärende löst.',
    rating: 'Vilket betyg vill du ge?',
    choice: 'Vilket stämmer bäst?',
    multiChoice: 'Vilka av dessa stämmer?',
    text: 'Vad kan vi göra bättre?',
    contactMe: 'Kontakta mig gärna om detta',
  },
  nb: {
    nps: 'Hvor sannsynlig er det at du vil anbefale oss til en venn eller kollega?',
    csat: 'Hvor fornøyd var du?',
    ces: 'Det var lett å få løst saken min.',
    rating: 'Hvilken karakter vil du gi?',
    choice: 'Hva passer best?',
    multiChoice: 'Hva av dette passer?',
    text: 'Hva kan vi gjøre bedre?',
    contactMe: 'Ta gjerne kontakt med meg om dette',
  },
}

/** The question in the reader's language: the program's words, or the usual ones of its kind. */
export function questionText(question: ProgramQuestion, language: LanguageCode): string {
  return textIn(question.text, language) || usual[language][question.kind]
}
