// For: words of the mails and pages of the outer loop.
// In: a language. Out: plain text, not yet escaped.
import type { LanguageCode } from '../program/schema.ts'

export interface ImproveWords {
  toldSubject: string
  toldIntro: (name: string) => string
  youSaid: string
  weDid: string
  seeAnswer: string
  planRows: Record<'open' | 'doing' | 'done' | 'dropped', string>
  planDue: (day: string) => string
  /** What came of an answer before it is done. */
  receipt: Record<'decided' | 'doing', string>
  answer: string
  pass: string
  review: string
  upsellSubject: (name: string) => string
  upsellIntro: string
  /** Of a lead that a promoter sent: whom they know it from. */
  leadIntro: (promoter: string) => string
  leadName: string
  leadEmail: string
  /** To where leads stand: whom a promoter has sent is no customer yet. */
  leadOpen: string
  upsellScore: string
  upsellOpen: string
  referenceTitle: string
  referenceAsk: (workspace: string) => string
  referenceYes: string
  referenceNo: string
  /** To whoever has just answered, and to whoever opens the page again. */
  referenceThanks: (answer: string) => string
  referenceNoted: (answer: string, day: string) => string
  referenceChange: (answer: string) => string
  referralTitle: (workspace: string) => string
  referralAsk: (workspace: string) => string
  goOn: string
  look: (workspace: string) => string
  yourName: string
  yourEmail: string
  yourMessage: string
  send: string
  leadThanks: (workspace: string) => string
  leadFault: string
  reviewTitle: string
  reviewAsk: string
  gone: string
}

export const improveWords: Record<LanguageCode, ImproveWords> = {
  en: {
    toldSubject: 'You said, we did',
    toldIntro: (name) =>
      `${name ? `Hello ${name},` : 'Hello,'}\n\nwhat you told us has been used. This came of it.`,
    youSaid: 'You said',
    weDid: 'We did',
    seeAnswer: 'What your answer changed',
    planRows: { open: 'To be done', doing: 'Under way', done: 'Done', dropped: 'Not done' },
    planDue: (day) => `by ${day}`,
    receipt: { decided: 'Decided', doing: 'Under way' },
    answer: 'Answer',
    pass: 'Your link',
    review: 'Write a review',
    upsellSubject: (name) => `Somebody to talk to: ${name}`,
    upsellIntro: 'A customer who is content, and whom you may have more to offer.',
    leadIntro: (name) =>
      `${name || 'A customer'} has passed your link on. This is who asks you to get in touch.`,
    leadName: 'Name',
    leadEmail: 'E-mail',
    leadOpen: 'Open the leads',
    upsellScore: 'Answer',
    upsellOpen: 'Open the customer',
    referenceTitle: 'May we name you?',
    referenceAsk: (workspace) =>
      `${workspace} would like to name you to others as a customer who is content. You can say no, and change your mind at any time.`,
    referenceYes: 'Yes, gladly',
    referenceNo: 'No, thank you',
    referenceThanks: (answer) => `Thank you. We have noted your answer: “${answer}”. You can change it here.`,
    referenceNoted: (answer, day) => `We noted your answer on ${day}: “${answer}”. You can change it here.`,
    referenceChange: (answer) => `Change it to “${answer}”`,
    referralTitle: (workspace) => `Recommended to you: ${workspace}`,
    referralAsk: (workspace) =>
      `Somebody who knows ${workspace} thought of you. Look for yourself, or leave your name and we get in touch.`,
    goOn: 'Write the review',
    look: (workspace) => `See what ${workspace} offers`,
    yourName: 'Your name',
    yourEmail: 'Your e-mail address',
    yourMessage: 'What is it about?',
    send: 'Get in touch with me',
    leadThanks: (workspace) => `Thank you. ${workspace} will get in touch.`,
    leadFault: 'A name and an e-mail address are needed.',
    reviewTitle: 'Thank you for writing a review',
    reviewAsk: 'The page where you can write it is one click away.',
    gone: 'This link leads nowhere any more.',
  },
  sv: {
    toldSubject: 'Du sa, vi gjorde',
    toldIntro: (name) =>
      `${name ? `Hej ${name},` : 'Hej,'}\n\ndet du berättade har kommit till nytta. Det här blev det av det.`,
    youSaid: 'Du sa',
    weDid: 'Vi gjorde',
    seeAnswer: 'Vad ditt svar ändrade',
    planRows: { open: 'Ska göras', doing: 'Pågår', done: 'Klart', dropped: 'Görs inte' },
    planDue: (day) => `senast ${day}`,
    receipt: { decided: 'Beslutat', doing: 'Pågår' },
    answer: 'Svara',
    pass: 'Din länk',
    review: 'Skriv en recension',
    upsellSubject: (name) => `Någon att tala med: ${name}`,
    upsellIntro: 'En nöjd kund, som du kanske har mer att erbjuda.',
    leadIntro: (name) =>
      `${name || 'En kund'} har skickat er länk vidare. Det här är vem som vill att ni hör av er.`,
    leadName: 'Namn',
    leadEmail: 'E-post',
    leadOpen: 'Öppna uppslagen',
    upsellScore: 'Svar',
    upsellOpen: 'Öppna kunden',
    referenceTitle: 'Får vi nämna dig?',
    referenceAsk: (workspace) =>
      `${workspace} vill gärna nämna dig för andra som en nöjd kund. Du kan säga nej, och ändra dig när du vill.`,
    referenceYes: 'Ja, gärna',
    referenceNo: 'Nej tack',
    referenceThanks: (answer) => `Tack. Vi har noterat ditt svar: ”${answer}”. Du kan ändra det här.`,
    referenceNoted: (answer, day) => `Vi noterade ditt svar den ${day}: ”${answer}”. Du kan ändra det här.`,
    referenceChange: (answer) => `Ändra till ”${answer}”`,
    referralTitle: (workspace) => `Rekommenderas till dig: ${workspace}`,
    referralAsk: (workspace) =>
      `Någon som känner till ${workspace} tänkte på dig. Titta själv, eller lämna ditt namn så hör vi av oss.`,
    goOn: 'Skriv recensionen',
    look: (workspace) => `Se vad ${workspace} erbjuder`,
    yourName: 'Ditt namn',
    yourEmail: 'Din e-postadress',
    yourMessage: 'Vad gäller det?',
    send: 'Hör av er till mig',
    leadThanks: (workspace) => `Tack. ${workspace} hör av sig.`,
    leadFault: 'Namn och e-postadress behövs.',
    reviewTitle: 'Tack för att du skriver en recension',
    reviewAsk: 'Sidan där du kan skriva den är ett klick bort.',
    gone: 'Den här länken leder inte längre någonstans.',
  },
  nb: {
    toldSubject: 'Du sa, vi gjorde',
    toldIntro: (name) =>
      `${name ? `Hei ${name},` : 'Hei,'}\n\ndet du fortalte har kommet til nytte. Dette ble det av det.`,
    youSaid: 'Du sa',
    weDid: 'Vi gjorde',
    seeAnswer: 'Hva svaret ditt endret',
    planRows: { open: 'Skal gjøres', doing: 'Pågår', done: 'Ferdig', dropped: 'Gjøres ikke' },
    planDue: (day) => `innen ${day}`,
    receipt: { decided: 'Besluttet', doing: 'Pågår' },
    answer: 'Svar',
    pass: 'Lenken din',
    review: 'Skriv en anmeldelse',
    upsellSubject: (name) => `Noen å snakke med: ${name}`,
    upsellIntro: 'En fornøyd kunde, som du kanskje har mer å tilby.',
    leadIntro: (name) =>
      `${name || 'En kunde'} har sendt lenken deres videre. Dette er den som vil at dere tar kontakt.`,
    leadName: 'Navn',
    leadEmail: 'E-post',
    leadOpen: 'Åpne tipsene',
    upsellScore: 'Svar',
    upsellOpen: 'Åpne kunden',
    referenceTitle: 'Kan vi nevne deg?',
    referenceAsk: (workspace) =>
      `${workspace} vil gjerne nevne deg for andre som en fornøyd kunde. Du kan si nei, og ombestemme deg når du vil.`,
    referenceYes: 'Ja, gjerne',
    referenceNo: 'Nei takk',
    referenceThanks: (answer) => `Takk. Vi har notert svaret ditt: «${answer}». Du kan endre det her.`,
    referenceNoted: (answer, day) => `Vi noterte svaret ditt ${day}: «${answer}». Du kan endre det her.`,
    referenceChange: (answer) => `Endre til «${answer}»`,
    referralTitle: (workspace) => `Anbefalt til deg: ${workspace}`,
    referralAsk: (workspace) =>
      `Noen som kjenner ${workspace} tenkte på deg. Se selv, eller legg igjen navnet ditt, så tar vi kontakt.`,
    goOn: 'Skriv anmeldelsen',
    look: (workspace) => `Se hva ${workspace} tilbyr`,
    yourName: 'Navnet ditt',
    yourEmail: 'E-postadressen din',
    yourMessage: 'Hva gjelder det?',
    send: 'Ta kontakt med meg',
    leadThanks: (workspace) => `Takk. ${workspace} tar kontakt.`,
    leadFault: 'Navn og e-postadresse trengs.',
    reviewTitle: 'Takk for at du skriver en anmeldelse',
    reviewAsk: 'Siden der du kan skrive den er ett klikk unna.',
    gone: 'Denne lenken fører ikke lenger noe sted.',
  },
}
