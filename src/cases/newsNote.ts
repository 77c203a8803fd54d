import type { Note } from '../channels/note.ts'
import { knownLanguage } from '../program/question.ts'
import type { LanguageCode, Program } from '../program/schema.ts'
import type { CaseEventKind } from './standing.ts'

/** Changes that come from the customer: the owner hears of them too, and nobody waits for an hour to pass. */
export const fromCustomer: ReadonlySet<string> = new Set<CaseEventKind>(['replied', 'joined'])

/** What a mail says of a case that something became of. */
export interface ToldCase {
  customer: string | null
  unit: string | null
  owner: string | null
  outcome: string | null
  /** When the customer is to have been reached. */
  due: Date
}

/** What is a mail for each case, and one for all where there are many at once. `opened`: the case is new and the reader's to
 * answer; `informed`: new, and the reader is kept informed; `dueSoon`: the reader is reminded; `handedUp`: a deadline was
 * missed, and the policy hands the case up to the reader.
 */
export const floodChanges = ['opened', 'informed', 'dueSoon', 'handedUp'] as const
export type FloodChange = (typeof floodChanges)[number]
export const isOfFlood = (change: string): change is FloodChange =>
  (floodChanges as readonly string[]).includes(change)

/** `aside`: letters to a case were set aside as too many; `takenFrom`: somebody else has it now, by a colleague's hand;
 * `movedFrom`: since its owner sees it no more; `nobodys`: nobody has it now; and what comes in floods.
 */
export type NewsChange = CaseEventKind | 'aside' | 'takenFrom' | 'movedFrom' | 'nobodys' | FloodChange

/** One has to act on it, or was about to: it waits for no hour to pass, and stands first. */
export const urgent: ReadonlySet<NewsChange> = new Set([
  'assigned',
  'nobodys',
  'taken',
  'takenFrom',
  'movedFrom',
])

const rankOf = (change: NewsChange) => {
  const place = [...urgent].indexOf(change)
  return place < 0 ? urgent.size : place
}

export interface Told {
  change: NewsChange
  cases: number
  caseIds: readonly string[]
}

interface NewsWords {
  title: (cases: number) => string
  /** When some of them are the reader's now: how many, of all. */
  yours: (yours: number, all: number) => string
  /** When all of it came from customers. */
  fromCustomers: (cases: number) => string
  changes: Partial<Record<NewsChange, string>>
  outcomes: Record<string, string>
  nobody: string
  noOwner: string
  /** Letters that were set aside, of all cases; and what that means. */
  aside: (letters: number) => string
  asideWhy: string
  asideOpen: string
  more: (cases: number) => string
  open: string
  openMany: string
  openOwn: string
  why: string
}

const words: Record<LanguageCode, NewsWords> = {
  en: {
    title: (cases) =>
      cases === 1 ? 'What became of a case' : `What became of ${cases.toLocaleString('en')} cases`,
    yours: (yours, all) =>
      `${yours === 1 ? 'A case is yours now' : `${yours.toLocaleString('en')} cases are yours now`}${all > yours ? `, and news of ${(all - yours).toLocaleString('en')} more` : ''}`,
    fromCustomers: (cases) =>
      cases === 1
        ? 'A customer has written'
        : `Customers have written about ${cases.toLocaleString('en')} cases`,
    changes: {
      taken: 'Taken by a system, which reads no mails',
      takenFrom: 'Taken over from you',
      movedFrom: 'No longer yours, since you do not see them any more',
      assigned: 'Yours now',
      nobodys: 'Nobody has it',
      contacted: 'Customer reached',
      escalated: 'Handed up',
      forwarded: 'Passed on',
      closed: 'Closed',
      reopened: 'Opened again',
      replied: 'Customer replied',
      joined: 'Another answer came',
    },
    outcomes: { solved: 'solved', 'not solved': 'not solved', 'no answer': 'no answer' },
    nobody: 'a customer without a name',
    noOwner: 'nobody yet',
    aside: (letters) =>
      letters === 1 ? 'A letter was set aside' : `${letters.toLocaleString('en')} letters were set aside`,
    asideWhy:
      'More came on one case in an hour than people write. They wait above the list of cases until somebody puts each on its case or away. There is one such mail an hour for a case.',
    asideOpen: 'See what was set aside',
    more: (cases) => `and ${cases.toLocaleString('en')} more`,
    open: 'Open the case',
    openMany: 'Open the cases',
    openOwn: 'Open your cases',
    why: 'You get this mail because you are kept informed of these cases or have to do with them; at most once an hour, but at once when a customer writes (of several letters of one, every quarter of an hour) or a system takes a case.',
  },
  sv: {
    title: (cases) =>
      cases === 1 ? 'Vad det blev av ett ärende' : `Vad det blev av ${cases.toLocaleString('sv')} ärenden`,
    yours: (yours, all) =>
      `${yours === 1 ? 'Ett ärende är nu ditt' : `${yours.toLocaleString('sv')} ärenden är nu dina`}${all > yours ? `, och nytt om ${(all - yours).toLocaleString('sv')} till` : ''}`,
    fromCustomers: (cases) =>
      cases === 1 ? 'En kund har skrivit' : `Kunder har skrivit i ${cases.toLocaleString('sv')} ärenden`,
    changes: {
      taken: 'Taget av ett system, som inte läser mejl',
      takenFrom: 'Övertaget från dig',
      movedFrom: 'Inte längre dina, eftersom du inte ser dem mer',
      assigned: 'Nu ditt',
      nobodys: 'Ingen har det',
      contacted: 'Kunden nådd',
      escalated: 'Lyft uppåt',
      forwarded: 'Lämnat vidare',
      closed: 'Avslutat',
      reopened: 'Öppnat igen',
      replied: 'Kunden svarade',
      joined: 'Ett svar till kom',
    },
    outcomes: { solved: 'löst', 'not solved': 'inte löst', 'no answer': 'inget svar' },
    nobody: 'en kund utan namn',
    noOwner: 'ingen än',
    aside: (letters) =>
      letters === 1
        ? 'Ett brev har lagts åt sidan'
        : `${letters.toLocaleString('sv')} brev har lagts åt sidan`,
    asideWhy:
      'Det kom fler i ett ärende på en timme än människor skriver. De väntar ovanför listan över ärenden tills någon lägger vart och ett i sitt ärende eller lägger undan det. Det kommer ett sådant mejl i timmen för ett ärende.',
    asideOpen: 'Se vad som lagts åt sidan',
    more: (cases) => `och ${cases.toLocaleString('sv')} till`,
    open: 'Öppna ärendet',
    openMany: 'Öppna ärendena',
    openOwn: 'Öppna dina ärenden',
    why: 'Du får det här mejlet för att du hålls underrättad om ärendena eller har med dem att göra; högst en gång i timmen, men genast när en kund skriver (vid flera brev från samma kund varje kvart) eller ett system tar ett ärende.',
  },
  nb: {
    title: (cases) =>
      cases === 1 ? 'Hva det ble av en sak' : `Hva det ble av ${cases.toLocaleString('nb')} saker`,
    yours: (yours, all) =>
      `${yours === 1 ? 'En sak er nå din' : `${yours.toLocaleString('nb')} saker er nå dine`}${all > yours ? `, og nytt om ${(all - yours).toLocaleString('nb')} til` : ''}`,
    fromCustomers: (cases) =>
      cases === 1 ? 'En kunde har skrevet' : `Kunder har skrevet i ${cases.toLocaleString('nb')} saker`,
    changes: {
      taken: 'Tatt av et system, som ikke leser e-post',
      takenFrom: 'Overtatt fra deg',
      movedFrom: 'Ikke lenger dine, fordi du ikke ser dem mer',
      assigned: 'Nå din',
      nobodys: 'Ingen har den',
      contacted: 'Kunden nådd',
      escalated: 'Løftet opp',
      forwarded: 'Gitt videre',
      closed: 'Avsluttet',
      reopened: 'Åpnet igjen',
      replied: 'Kunden svarte',
      joined: 'Et svar til kom',
    },
    outcomes: { solved: 'løst', 'not solved': 'ikke løst', 'no answer': 'ikke svar' },
    nobody: 'en kunde uten navn',
    noOwner: 'ingen ennå',
    aside: (letters) =>
      letters === 1 ? 'Ett brev er lagt til side' : `${letters.toLocaleString('nb')} brev er lagt til side`,
    asideWhy:
      'Det kom flere i én sak på en time enn mennesker skriver. De venter over listen over saker til noen legger hvert av dem i saken sin eller legger det bort. Det kommer én slik e-post i timen for en sak.',
    asideOpen: 'Se hva som er lagt til side',
    more: (cases) => `og ${cases.toLocaleString('nb')} til`,
    open: 'Åpne saken',
    openMany: 'Åpne sakene',
    openOwn: 'Åpne sakene dine',
    why: 'Du får denne e-posten fordi du holdes orientert om sakene eller har med dem å gjøre; høyst én gang i timen, men straks når en kunde skriver (ved flere brev fra samme kunde hvert kvarter) eller et system tar en sak.',
  },
}

/** As many cases of each kind of change are named; the rest are counted. */
export const namedAtMost = 10

/** One mail of all that one person is to be told, in their language: each kind of change with its cases. */
export function newsNote(
  program: Program,
  reader: { language: string | null },
  news: readonly Told[],
  cases: ReadonlyMap<string, ToldCase>,
): Note {
  const language = knownLanguage(reader.language ?? program.workspace.languages[0])
  const own = words[language]
  const rows: Array<readonly [string, string]> = []
  const only = new Set(news.flatMap(({ caseIds }) => caseIds))
  let [total, yours] = [only.size, 0]
  const inOrder = [...news].sort((a, b) => rankOf(a.change) - rankOf(b.change))
  for (const [change, all] of Map.groupBy(inOrder, (each) => each.change)) {
    const label = own.changes[change] ?? change
    const known = new Set(all.flatMap(({ caseIds }) => caseIds))
    // Of those that moved the places are named, and not each.
    const ids = change === 'movedFrom' ? [...known] : [...known].slice(0, namedAtMost)
    if (change === 'movedFrom') rows.push(...movedRows(own, label, ids, cases))
    else
      for (const id of ids) rows.push([label, described(language, change, cases.get(id)) + timesOf(id, all)])
    // Twice of one case is one case; those that are only counted are taken for different ones.
    const sum = all.reduce((sum, { cases: n, caseIds }) => sum + n - caseIds.length, known.size)
    if (sum > ids.length) rows.push([label, own.more(sum - ids.length)])
    total = Math.max(total, sum)
    if (change === 'assigned') yours = sum
  }
  const customers = news.every(({ change }) => fromCustomer.has(change))
  const title = customers ? own.fromCustomers(total) : yours > 0 ? own.yours(yours, total) : own.title(total)
  const action = news.every(({ change }) => change === 'movedFrom')
    ? { label: own.openOwn, path: '/cases?tab=mine' }
    : total === 1
      ? { label: own.open, path: `/cases/${[...only][0]}` }
      : {
          label: own.openMany,
          path: `/cases?tab=${tabOf(news.filter(({ change }) => change !== 'movedFrom'))}`,
        }
  return { language, subject: title, title, rows, action, foot: own.why }
}

/** Of cases that their reader sees no more neither the customer is named nor each case: how many went where. */
function movedRows(
  { noOwner }: NewsWords,
  label: string,
  ids: readonly string[],
  cases: ReadonlyMap<string, ToldCase>,
): Array<readonly [string, string]> {
  const where = (id: string) =>
    [cases.get(id)?.unit, cases.get(id)?.owner ?? noOwner].filter(Boolean).join(', ')
  return [...Map.groupBy(ids, where)].map(([to, some]) => [
    label,
    some.length > 1 ? `${to} ×${some.length}` : to,
  ])
}

/** How often a customer has written, where it was more than once. */
function timesOf(id: string, all: readonly Told[]): string {
  const times = all.flatMap(({ caseIds }) => caseIds).filter((each) => each === id).length
  return times > 1 && all.every(({ change }) => fromCustomer.has(change)) ? ` ×${times}` : ''
}

/** One mail of letters that were set aside as too many, with how many of each case wait. */
export function asideNote(
  program: Program,
  reader: { language: string | null },
  counted: ReadonlyArray<{ letters: number; told: ToldCase | undefined }>,
): Note {
  const language = knownLanguage(reader.language ?? program.workspace.languages[0])
  const own = words[language]
  const title = own.aside(counted.reduce((sum, { letters }) => sum + letters, 0))
  return {
    ...{ language, subject: title, title, intro: own.asideWhy },
    rows: counted.map(
      ({ letters, told }) => [described(language, 'aside', told), letters.toLocaleString(language)] as const,
    ),
    action: { label: own.asideOpen, path: '/cases#aside' },
    foot: own.why,
  }
}

/** Whose case it is and where, as a mail names it. */
export const described = (language: LanguageCode, change: NewsChange, told: ToldCase | undefined) => {
  const { nobody, outcomes } = words[language]
  return [
    told?.customer ?? nobody,
    told?.unit,
    change === 'closed' && told?.outcome ? (outcomes[told.outcome] ?? told.outcome) : told?.owner,
  ]
    .filter(Boolean)
    .join(', ')
}

/** The tab of the portal in which all of it stands. */
function tabOf(news: readonly Told[]): string {
  const changes = new Set(news.map(({ change }) => change))
  const only = (...some: NewsChange[]) => [...changes].every((change) => some.includes(change))
  if ([...changes].every((change) => fromCustomer.has(change))) return 'news'
  if (only('escalated')) return 'escalated'
  if (only('assigned')) return 'mine'
  if (only('nobodys')) return 'unassigned'
  if (only('closed')) return 'closed'
  if (only('taken', 'takenFrom')) return 'open'
  // What is closed stands under no other tab, and what a system has taken is not watched.
  return changes.has('closed') || changes.has('taken') || changes.has('takenFrom') ? 'all' : 'watching'
}
