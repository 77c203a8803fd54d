import type { Random } from './random.ts'

/** Something that happened, or did not, which a simulated respondent may mention. */
export type Topic =
  | 'solvedAtOnce'
  | 'cameBack'
  | 'toldInTime'
  | 'heardNothing'
  | 'onTime'
  | 'late'
  | 'longWait'
  | 'friendly'
  | 'arrivedAsPromised'
  | 'arrivedLate'
  | 'partMissing'
  | 'quickAnswer'
  | 'passedAround'
  | 'goodOverall'
  | 'badOverall'

export type Tongue = 'sv' | 'nb' | 'en'

/** Sentences of simulated respondents, several for each topic. They are made up, and stand for no real customer. */
export const phrases: Record<Tongue, Record<Topic, readonly string[]>> = {
  sv: {
    solvedAtOnce: [
      'Felet var löst efter första besöket.',
      'Allt fungerade när teknikern åkte.',
      'Rätt reservdel i bilen, klart på en timme.',
      'Skönt att det blev rätt på en gång.',
    ],
    cameBack: [
      'Teknikern fick komma tillbaka en andra gång.',
      'Samma fel dök upp igen två dagar senare.',
      'Reservdelen saknades, så vi fick vänta på ett nytt besök.',
      'Fortfarande inte lagat ordentligt.',
    ],
    toldInTime: [
      'Bra att få sms innan ni kom.',
      'Teknikern ringde på vägen, det uppskattas.',
      'Vi visste hela tiden vad som skulle hända.',
    ],
    heardNothing: [
      'Ingen hörde av sig innan besöket.',
      'Vi fick själva ringa för att få veta när någon skulle komma.',
      'Jag stod och väntade utan att få veta något.',
    ],
    onTime: ['Kom på utsatt tid.', 'Punktligt.'],
    late: [
      'Kom flera timmar efter utsatt tid.',
      'Tiden höll inte.',
      'Jag tog ledigt i onödan, ni kom för sent.',
    ],
    longWait: ['Lång väntan på en tid.', 'Det tog några veckor innan någon kunde komma.'],
    friendly: [
      'Mycket trevlig tekniker.',
      'Kunnig och lugn, förklarade vad som gjordes.',
      'Städade efter sig också.',
    ],
    arrivedAsPromised: ['Leveransen kom den dag ni sa.', 'Allt levererat som utlovat.'],
    arrivedLate: ['Leveransen blev försenad.', 'Varorna kom nästan en vecka för sent.'],
    partMissing: ['En del saknades i paketet.', 'Fel artikel i lådan.'],
    quickAnswer: ['Snabbt svar och bra hjälp.', 'Löst i första samtalet.'],
    passedAround: [
      'Blev kopplad mellan tre personer.',
      'Fick förklara samma sak för varje ny person.',
      'Ärendet stängdes innan det var löst.',
    ],
    goodOverall: ['Tack för bra service!', 'Nöjd.', 'Fungerar fint.', 'Fortsätt så.'],
    badOverall: ['Inte nöjd.', 'Det här måste ni kunna bättre.', 'Vi funderar på att byta.'],
  },
  nb: {
    solvedAtOnce: [
      'Feilen var løst etter første besøk.',
      'Alt virket da teknikeren dro.',
      'Riktig del i bilen, ferdig på en time.',
      'Fint at det ble riktig med en gang.',
    ],
    cameBack: [
      'Teknikeren måtte komme tilbake en gang til.',
      'Samme feil kom igjen to dager senere.',
      'Delen manglet, så vi måtte vente på et nytt besøk.',
      'Fortsatt ikke ordentlig reparert.',
    ],
    toldInTime: [
      'Bra å få sms før dere kom.',
      'Teknikeren ringte på veien, det setter vi pris på.',
      'Vi visste hele tiden hva som skulle skje.',
    ],
    heardNothing: [
      'Ingen ga beskjed før besøket.',
      'Vi måtte selv ringe for å få vite når noen kom.',
      'Jeg sto og ventet uten å få vite noe.',
    ],
    onTime: ['Kom til avtalt tid.', 'Presis.'],
    late: [
      'Kom flere timer etter avtalt tid.',
      'Tiden holdt ikke.',
      'Jeg tok fri forgjeves, dere kom for sent.',
    ],
    longWait: ['Lang ventetid på en time.', 'Det tok noen uker før noen kunne komme.'],
    friendly: [
      'Veldig hyggelig tekniker.',
      'Flink og rolig, forklarte hva som ble gjort.',
      'Ryddet etter seg også.',
    ],
    arrivedAsPromised: ['Leveringen kom den dagen dere sa.', 'Alt levert som lovet.'],
    arrivedLate: ['Leveringen ble forsinket.', 'Varene kom nesten en uke for sent.'],
    partMissing: ['En del manglet i pakken.', 'Feil vare i esken.'],
    quickAnswer: ['Raskt svar og god hjelp.', 'Løst i første samtale.'],
    passedAround: [
      'Ble satt over mellom tre personer.',
      'Måtte forklare det samme til hver nye person.',
      'Saken ble lukket før den var løst.',
    ],
    goodOverall: ['Takk for god service!', 'Fornøyd.', 'Fungerer fint.', 'Fortsett slik.'],
    badOverall: ['Ikke fornøyd.', 'Dette må dere kunne bedre.', 'Vi vurderer å bytte.'],
  },
  en: {
    solvedAtOnce: [
      'Fixed on the first visit.',
      'Everything worked when the technician left.',
      'The right part was in the van, done within the hour.',
      'Good that it was right the first time.',
    ],
    cameBack: [
      'The technician had to come back a second time.',
      'The same fault came back two days later.',
      'The part was missing, so we waited for another visit.',
      'Still not properly repaired.',
    ],
    toldInTime: [
      'Good to get a message before you came.',
      'The technician called on the way, which we appreciate.',
      'We knew what would happen all the time.',
    ],
    heardNothing: [
      'Nobody told us anything before the visit.',
      'We had to call ourselves to learn when someone would come.',
      'I stood waiting without knowing.',
    ],
    onTime: ['Came at the agreed time.', 'On time.'],
    late: [
      'Came hours after the agreed time.',
      'The time did not hold.',
      'I took the day off for nothing, you came late.',
    ],
    longWait: ['A long wait for an appointment.', 'It took some weeks before someone could come.'],
    friendly: [
      'Very friendly technician.',
      'Skilled and calm, explained what was done.',
      'Cleaned up afterwards, too.',
    ],
    arrivedAsPromised: ['The delivery came on the day you said.', 'Everything delivered as promised.'],
    arrivedLate: ['The delivery was delayed.', 'The goods came almost a week late.'],
    partMissing: ['A part was missing from the package.', 'Wrong item in the box.'],
    quickAnswer: ['Quick answer and good help.', 'Solved in the first call.'],
    passedAround: [
      'Was passed between three people.',
      'Had to explain the same thing to every new person.',
      'The case was closed before it was solved.',
    ],
    goodOverall: ['Thank you for good service!', 'Satisfied.', 'Works well.', 'Keep it up.'],
    badOverall: ['Not satisfied.', 'You must be able to do better.', 'We are thinking of changing supplier.'],
  },
}

/** One to three sentences about these topics, the most telling first. */
export function compose(random: Random, tongue: Tongue, topics: readonly Topic[]): string {
  const chosen = topics.slice(0, random.whole(1, Math.min(3, Math.max(1, topics.length))))
  const text = chosen.map((topic) => random.pick(phrases[tongue][topic])).join(' ')
  // Some people write without capitals and full stops.
  return random.chance(0.15) ? text.toLowerCase().replace(/\.$/, '') : text
}
