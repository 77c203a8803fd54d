import type { LanguageCode } from '../program/schema.ts'

/** Words of the survey page itself; questions are the program's. */
export interface SurveyWords {
  next: string
  send: string
  back: string
  optional: string
  page: (page: number, pages: number) => string
  faults: string
  faultNeeded: string
  faultScale: (from: number, to: number) => string
  faultLong: (characters: number) => string
  faultOther: string
  faultSeveral: string
  notAsked: (questions: readonly string[]) => string
  noAnswer: string
  saved: string
  tooLarge: string
  wrongType: string
  failed: string
  retry: string
  chosen: string
  thanksTitle: string
  thanks: string
  answeredTitle: string
  answered: string
  changed: string
  youSaid: string
  weDid: string
  expiredTitle: string
  expired: string
  unknownTitle: string
  unknown: string
  /** A link to be left out that is not known: what else one can do. */
  unknownStopTitle: string
  unknownStop: string
  stopTitle: string
  stop: (workspace: string) => string
  stopButton: string
  stoppedTitle: string
  stopped: (workspace: string) => string
}

export const surveyWords: Record<LanguageCode, SurveyWords> = {
  en: {
    next: 'Next',
    send: 'Send answer',
    back: 'Back',
    optional: 'optional',
    page: (page, pages) => `Page ${page} of ${pages}`,
    faults: 'Please look at this again:',
    faultNeeded: 'This one needs an answer.',
    faultScale: (from, to) => `Choose a number from ${from} to ${to}.`,
    faultLong: (characters) => `That is more than the ${characters} characters there is room for.`,
    faultOther: 'This answer does not fit the question.',
    faultSeveral: 'Choose one answer only.',
    notAsked: (questions) =>
      `This is not asked of you, given your other answers, and was left out: ${questions.join('; ')}`,
    noAnswer: 'There is no answer yet.',
    saved: 'Kept',
    tooLarge: 'That was more than we can take in one go. Nothing you sent before is lost.',
    wrongType:
      'This address takes the form of the survey page: send it as application/x-www-form-urlencoded.',
    failed: 'Something failed on our side. Nothing you sent before is lost; please try again in a while.',
    retry: 'Back to the survey',
    chosen: 'Your choice from the mail is marked. It is not kept before you go on.',
    thanksTitle: 'Thank you',
    thanks: 'Your answer has arrived.',
    answeredTitle: 'You have answered already',
    changed: 'What your answer changed',
    youSaid: 'You said',
    weDid: 'We did',
    answered: 'Thank you, we have your answer. There is nothing more to do.',
    expiredTitle: 'This survey has closed',
    expired: 'Thank you for wanting to answer. The time for it has passed.',
    unknownTitle: 'This link leads to no survey',
    unknown: 'Perhaps a part of it got lost. Try to click the link in the mail again.',
    unknownStopTitle: 'This link does not work',
    unknownStop:
      'Perhaps a part of it got lost, and nothing has been changed. Try to click the link in the mail again. If that does not help, answer the mail and write that you want no more of them.',
    stopTitle: 'No more of these mails?',
    stop: (workspace) =>
      `Press the button, and ${workspace} will not ask you for feedback or send you news by mail again.`,
    stopButton: 'Do not ask me again',
    stoppedTitle: 'Done',
    stopped: (workspace) => `${workspace} will not ask you for feedback or send you news by mail again.`,
  },
  sv: {
    next: 'Nästa',
    send: 'Skicka svar',
    back: 'Tillbaka',
    optional: 'frivilligt',
    page: (page, pages) => `Sida ${page} av ${pages}`,
    faults: 'Titta gärna på det här igen:',
    faultNeeded: 'Den här frågan behöver ett svar.',
    faultScale: (from, to) => `Välj ett tal från ${from} till ${to}.`,
    faultLong: (characters) => `Det är mer än de ${characters} tecken som får plats.`,
    faultOther: 'Svaret passar inte frågan.',
    faultSeveral: 'Välj bara ett svar.',
    notAsked: (questions) =>
      `Det här frågas du inte om, med tanke på dina andra svar, och det har utelämnats: ${questions.join('; ')}`,
    noAnswer: 'Det finns inget svar än.',
    saved: 'Sparat',
    tooLarge: 'Det var mer än vi kan ta emot på en gång. Inget du skickat tidigare har gått förlorat.',
    wrongType:
      'Den här adressen tar emot enkätsidans formulär: skicka det som application/x-www-form-urlencoded.',
    failed: 'Något gick fel hos oss. Inget du skickat tidigare har gått förlorat; försök igen om en stund.',
    retry: 'Tillbaka till enkäten',
    chosen: 'Ditt val från mejlet är markerat. Det sparas först när du går vidare.',
    thanksTitle: 'Tack',
    thanks: 'Ditt svar har kommit fram.',
    answeredTitle: 'Du har redan svarat',
    changed: 'Vad ditt svar ändrade',
    youSaid: 'Du sa',
    weDid: 'Vi gjorde',
    answered: 'Tack, vi har ditt svar. Du behöver inte göra något mer.',
    expiredTitle: 'Enkäten är stängd',
    expired: 'Tack för att du ville svara. Tiden för det har gått ut.',
    unknownTitle: 'Länken leder inte till någon enkät',
    unknown: 'Kanske har en del av den fallit bort. Försök klicka på länken i mejlet igen.',
    unknownStopTitle: 'Länken fungerar inte',
    unknownStop:
      'Kanske har en del av den fallit bort, och ingenting har ändrats. Försök klicka på länken i mejlet igen. Hjälper inte det, svara på mejlet och skriv att du inte vill ha fler.',
    stopTitle: 'Inga fler sådana mejl?',
    stop: (workspace) =>
      `Tryck på knappen, så frågar ${workspace} dig inte igen och skickar inga nyheter via mejl.`,
    stopButton: 'Fråga mig inte igen',
    stoppedTitle: 'Klart',
    stopped: (workspace) => `${workspace} kommer inte att fråga dig igen eller skicka nyheter via mejl.`,
  },
  nb: {
    next: 'Neste',
    send: 'Send svar',
    back: 'Tilbake',
    optional: 'valgfritt',
    page: (page, pages) => `Side ${page} av ${pages}`,
    faults: 'Se gjerne på dette igjen:',
    faultNeeded: 'Dette spørsmålet trenger et svar.',
    faultScale: (from, to) => `Velg et tall fra ${from} til ${to}.`,
    faultLong: (characters) => `Det er mer enn de ${characters} tegnene det er plass til.`,
    faultOther: 'Svaret passer ikke til spørsmålet.',
    faultSeveral: 'Velg bare ett svar.',
    notAsked: (questions) =>
      `Dette blir du ikke spurt om, gitt de andre svarene dine, og det er utelatt: ${questions.join('; ')}`,
    noAnswer: 'Det er ikke noe svar ennå.',
    saved: 'Lagret',
    tooLarge: 'Det var mer enn vi kan ta imot på én gang. Ingenting du har sendt før, er gått tapt.',
    wrongType:
      'Denne adressen tar imot skjemaet på undersøkelsessiden: send det som application/x-www-form-urlencoded.',
    failed: 'Noe gikk galt hos oss. Ingenting du har sendt før, er gått tapt; prøv igjen om litt.',
    retry: 'Tilbake til undersøkelsen',
    chosen: 'Valget ditt fra e-posten er markert. Det lagres først når du går videre.',
    thanksTitle: 'Takk',
    thanks: 'Svaret ditt har kommet frem.',
    answeredTitle: 'Du har allerede svart',
    changed: 'Hva svaret ditt endret',
    youSaid: 'Du sa',
    weDid: 'Vi gjorde',
    answered: 'Takk, vi har svaret ditt. Du trenger ikke gjøre noe mer.',
    expiredTitle: 'Undersøkelsen er stengt',
    expired: 'Takk for at du ville svare. Fristen er gått ut.',
    unknownTitle: 'Lenken fører ikke til noen undersøkelse',
    unknown: 'Kanskje har en del av den falt bort. Prøv å klikke på lenken i e-posten igjen.',
    unknownStopTitle: 'Lenken virker ikke',
    unknownStop:
      'Kanskje har en del av den falt bort, og ingenting er endret. Prøv å klikke på lenken i e-posten igjen. Hjelper ikke det, svar på e-posten og skriv at du ikke vil ha flere.',
    stopTitle: 'Ingen flere slike e-poster?',
    stop: (workspace) =>
      `Trykk på knappen, så spør ${workspace} deg ikke igjen og sender ingen nyheter på e-post.`,
    stopButton: 'Ikke spør meg igjen',
    stoppedTitle: 'Ferdig',
    stopped: (workspace) => `${workspace} kommer ikke til å spørre deg igjen eller sende nyheter på e-post.`,
  },
}

/** The language to show somebody of whom nothing is known but the browser's wish. */
export function wishedLanguage(
  acceptLanguage: string | undefined,
  among: readonly LanguageCode[] = ['en', 'sv', 'nb'],
): LanguageCode {
  for (const part of (acceptLanguage ?? '').split(',')) {
    const short = part.trim().slice(0, 2).toLowerCase()
    const wished = /^(no|nn|da)$/.test(short) ? 'nb' : short
    const found = among.find((each) => each === wished)
    if (found) return found
  }
  return among[0] ?? 'en'
}
