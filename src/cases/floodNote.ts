// For: one mail where so many cases are new, or near their deadline or past it, that each would have been a mail.
// In: the cases by what there is to say, those of the reader. Out: the mail in the reader's language.
import type { Note } from '../channels/note.ts'
import { momentText, zoneOfReader } from '../people/quiet.ts'
import { knownLanguage } from '../program/question.ts'
import type { LanguageCode, Program } from '../program/schema.ts'
import { described, type FloodChange, namedAtMost, type Told, type ToldCase } from './newsNote.ts'

interface FloodWords {
  title: Record<FloodChange | 'deadlines' | 'mixed', (cases: string) => string>
  /** When all but one are untrue by now. */
  one: Record<FloodChange, string>
  labels: Record<FloodChange, (due: string) => string>
  more: Record<FloodChange, string>
  rest: (cases: string) => string
  open: string
  openOne: string
  why: string
  /** Why it is one mail. */
  few: string
}

const words: Record<LanguageCode, FloodWords> = {
  en: {
    title: {
      opened: (cases) => `${cases} new cases wait for you`,
      informed: (cases) => `${cases} new cases that you are kept informed of`,
      dueSoon: (cases) => `${cases} customers wait for you, with deadlines that are near`,
      handedUp: (cases) => `${cases} cases missed their deadline and were handed up to you`,
      deadlines: (cases) => `${cases} cases with deadlines that are near, or were missed`,
      mixed: (cases) => `${cases} cases that are new, near their deadline or past it`,
    },
    one: {
      opened: 'A new case waits for you',
      informed: 'A new case that you are kept informed of',
      dueSoon: 'A customer waits for you, with a deadline that is near',
      handedUp: 'A case missed its deadline and was handed up to you',
    },
    labels: {
      opened: (due) => `New, due ${due}`,
      informed: (due) => `New, due ${due}, for your information`,
      dueSoon: (due) => `Due ${due}`,
      handedUp: (due) => `Missed ${due}, handed up to you`,
    },
    more: {
      opened: 'New',
      informed: 'New, for your information',
      dueSoon: 'Due soon',
      handedUp: 'Missed, handed up to you',
    },
    rest: (cases) => `and ${cases} more`,
    open: 'Open the cases',
    openOne: 'Open the case',
    why: 'You get this mail because you have to do with it: it is yours, you are kept informed of it, or the policy hands it up to you.',
    few: 'Where there are few cases at once, each is a mail of its own.',
  },
  sv: {
    title: {
      opened: (cases) => `${cases} nya ärenden väntar på dig`,
      informed: (cases) => `${cases} nya ärenden som du hålls underrättad om`,
      dueSoon: (cases) => `${cases} kunder väntar på dig, med tidsgränser som är nära`,
      handedUp: (cases) => `${cases} ärenden missade sin tidsgräns och har lyfts upp till dig`,
      deadlines: (cases) => `${cases} ärenden med tidsgränser som är nära eller har missats`,
      mixed: (cases) => `${cases} ärenden som är nya, nära sin tidsgräns eller förbi den`,
    },
    one: {
      opened: 'Ett nytt ärende väntar på dig',
      informed: 'Ett nytt ärende som du hålls underrättad om',
      dueSoon: 'En kund väntar på dig, med en tidsgräns som är nära',
      handedUp: 'Ett ärende missade sin tidsgräns och har lyfts upp till dig',
    },
    labels: {
      opened: (due) => `Nytt, senast ${due}`,
      informed: (due) => `Nytt, senast ${due}, för kännedom`,
      dueSoon: (due) => `Senast ${due}`,
      handedUp: (due) => `Missat ${due}, lyft upp till dig`,
    },
    more: {
      opened: 'Nytt',
      informed: 'Nytt, för kännedom',
      dueSoon: 'Snart dags',
      handedUp: 'Missat, lyft upp till dig',
    },
    rest: (cases) => `och ${cases} till`,
    open: 'Öppna ärendena',
    openOne: 'Öppna ärendet',
    why: 'Du får det här mejlet för att du har med det att göra: ärendet är ditt, du hålls underrättad om det eller policyn lyfter upp det till dig.',
    few: 'När ärendena är få på en gång kommer ett mejl för vart och ett.',
  },
  nb: {
    title: {
      opened: (cases) => `${cases} nye saker venter på deg`,
      informed: (cases) => `${cases} nye saker du holdes orientert om`,
      dueSoon: (cases) => `${cases} kunder venter på deg, med frister som er nær`,
      handedUp: (cases) => `${cases} saker holdt ikke fristen og er løftet opp til deg`,
      deadlines: (cases) => `${cases} saker med frister som er nær eller ikke ble holdt`,
      mixed: (cases) => `${cases} saker som er nye, nær fristen eller forbi den`,
    },
    one: {
      opened: 'En ny sak venter på deg',
      informed: 'En ny sak du holdes orientert om',
      dueSoon: 'En kunde venter på deg, med en frist som er nær',
      handedUp: 'En sak holdt ikke fristen og er løftet opp til deg',
    },
    labels: {
      opened: (due) => `Ny, frist ${due}`,
      informed: (due) => `Ny, frist ${due}, til orientering`,
      dueSoon: (due) => `Frist ${due}`,
      handedUp: (due) => `Ikke holdt ${due}, løftet opp til deg`,
    },
    more: {
      opened: 'Ny',
      informed: 'Ny, til orientering',
      dueSoon: 'Snart frist',
      handedUp: 'Ikke holdt, løftet opp til deg',
    },
    rest: (cases) => `og ${cases} til`,
    open: 'Åpne sakene',
    openOne: 'Åpne saken',
    why: 'Du får denne e-posten fordi du har med det å gjøre: saken er din, du holdes orientert om den, eller policyen løfter den opp til deg.',
    few: 'Er sakene få på én gang, kommer én e-post for hver.',
  },
}

const latestFirst: readonly FloodChange[] = ['handedUp', 'dueSoon', 'opened', 'informed']

/** Where they stand in the portal. */
const tabs: Record<FloodChange, string> = {
  opened: 'mine',
  informed: 'watching',
  dueSoon: 'mine',
  handedUp: 'escalated',
}

/** One mail of all; the first of each kind are named, with their deadline, the rest are counted. */
export function floodNote(
  program: Program,
  reader: { language: string | null; unitKey: string | null },
  news: readonly Told[],
  cases: ReadonlyMap<string, ToldCase>,
): Note {
  const language = knownLanguage(reader.language ?? program.workspace.languages[0])
  const own = words[language]
  const zone = zoneOfReader(program, { unitKey: reader.unitKey, language })
  const rows: Array<readonly [string, string]> = []
  const only = new Set(news.flatMap(({ caseIds }) => caseIds))
  let counted = 0
  const kinds = new Set<FloodChange>()
  const named = new Set<string>()
  for (const change of latestFirst) {
    const all = news.filter((each) => each.change === change)
    const known = new Set(all.flatMap(({ caseIds }) => caseIds))
    // Two steps of one case that reach one person are one case; those that are only counted are taken for different ones.
    const uncounted = all.reduce((sum, { cases: n, caseIds }) => sum + n - caseIds.length, 0)
    // A case stands once, with the latest there is to say of it.
    for (const id of known) if (named.has(id)) known.delete(id)
    if (known.size + uncounted === 0) continue
    for (const id of known) named.add(id)
    kinds.add(change)
    const sum = known.size + uncounted
    counted += uncounted
    // Those whose deadline comes first are named.
    const dueAt = (id: string) => cases.get(id)?.due.getTime() ?? Number.POSITIVE_INFINITY
    const ids = [...known].sort((a, b) => dueAt(a) - dueAt(b)).slice(0, namedAtMost)
    for (const id of ids) {
      const told = cases.get(id)
      const due = told ? momentText(program, told.due, zone, language) : ''
      rows.push([own.labels[change](due), described(language, change, told)])
    }
    if (sum > ids.length) rows.push([own.more[change], own.rest((sum - ids.length).toLocaleString(language))])
  }
  const [kind = 'dueSoon', other] = kinds
  const total = only.size + counted
  const isNew = kinds.has('opened') || kinds.has('informed')
  const several = isNew ? 'mixed' : 'deadlines'
  const title =
    total === 1 ? own.one[kind] : own.title[other ? several : kind](total.toLocaleString(language))
  const [first] = only
  const action =
    total === 1
      ? { label: own.openOne, path: `/cases/${first}` }
      : { label: own.open, path: `/cases?tab=${other ? 'open' : tabs[kind]}` }
  const foot = total === 1 ? own.why : `${own.why} ${own.few}`
  return { language, subject: title, title, rows, action, foot }
}
