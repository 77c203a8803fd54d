// For: one mail where deadlines of so many cases are near, or were missed, that each would have been a mail.
// In: the cases by what there is to say, those of the reader. Out: the mail in the reader's language.
import type { Note } from '../channels/note.ts'
import { momentText, zoneOfReader } from '../people/quiet.ts'
import { knownLanguage } from '../program/question.ts'
import type { LanguageCode, Program } from '../program/schema.ts'
import {
  type DeadlineChange,
  described,
  isOfDeadlines,
  namedAtMost,
  type Told,
  type ToldCase,
} from './newsNote.ts'

interface DeadlineWords {
  title: Record<DeadlineChange | 'both', (cases: string) => string>
  /** When all but one are untrue by now. */
  one: Record<DeadlineChange, string>
  labels: Record<DeadlineChange, (due: string) => string>
  more: Record<DeadlineChange, string>
  rest: (cases: string) => string
  open: string
  why: string
}

const words: Record<LanguageCode, DeadlineWords> = {
  en: {
    title: {
      dueSoon: (cases) => `${cases} customers wait for you, with deadlines that are near`,
      handedUp: (cases) => `${cases} cases missed their deadline and were handed up to you`,
      both: (cases) => `${cases} cases with deadlines that are near, or were missed`,
    },
    one: {
      dueSoon: 'A customer waits for you, with a deadline that is near',
      handedUp: 'A case missed its deadline and was handed up to you',
    },
    labels: { dueSoon: (due) => `Due ${due}`, handedUp: (due) => `Missed ${due}, handed up to you` },
    more: { dueSoon: 'Due soon', handedUp: 'Missed, handed up to you' },
    rest: (cases) => `and ${cases} more`,
    open: 'Open the cases',
    why: 'You get this mail because these cases are yours, or the policy hands them up to you. Where there are few at once, each is a mail of its own.',
  },
  sv: {
    title: {
      dueSoon: (cases) => `${cases} kunder väntar på dig, med tidsgränser som är nära`,
      handedUp: (cases) => `${cases} ärenden missade sin tidsgräns och har lyfts upp till dig`,
      both: (cases) => `${cases} ärenden med tidsgränser som är nära eller har missats`,
    },
    one: {
      dueSoon: 'En kund väntar på dig, med en tidsgräns som är nära',
      handedUp: 'Ett ärende missade sin tidsgräns och har lyfts upp till dig',
    },
    labels: { dueSoon: (due) => `Senast ${due}`, handedUp: (due) => `Missat ${due}, lyft upp till dig` },
    more: { dueSoon: 'Snart dags', handedUp: 'Missat, lyft upp till dig' },
    rest: (cases) => `och ${cases} till`,
    open: 'Öppna ärendena',
    why: 'Du får det här mejlet för att ärendena är dina eller för att policyn lyfter upp dem till dig. När de är få på en gång kommer ett mejl för vart och ett.',
  },
  nb: {
    title: {
      dueSoon: (cases) => `${cases} kunder venter på deg, med frister som er nær`,
      handedUp: (cases) => `${cases} saker holdt ikke fristen og er løftet opp til deg`,
      both: (cases) => `${cases} saker med frister som er nær eller ikke ble holdt`,
    },
    one: {
      dueSoon: 'En kunde venter på deg, med en frist som er nær',
      handedUp: 'En sak holdt ikke fristen og er løftet opp til deg',
    },
    labels: {
      dueSoon: (due) => `Frist ${due}`,
      handedUp: (due) => `Ikke holdt ${due}, løftet opp til deg`,
    },
    more: { dueSoon: 'Snart frist', handedUp: 'Ikke holdt, løftet opp til deg' },
    rest: (cases) => `og ${cases} til`,
    open: 'Åpne sakene',
    why: 'Du får denne e-posten fordi sakene er dine, eller fordi policyen løfter dem opp til deg. Er de få på én gang, kommer én e-post for hver.',
  },
}

/** One mail of all; the first of each kind are named, with their deadline, the rest are counted. */
export function deadlineNote(
  program: Program,
  reader: { language: string | null; unitKey: string | null },
  news: readonly Told[],
  cases: ReadonlyMap<string, ToldCase>,
): Note {
  const language = knownLanguage(reader.language ?? program.workspace.languages[0])
  const own = words[language]
  const zone = zoneOfReader(program, { unitKey: reader.unitKey, language })
  const rows: Array<readonly [string, string]> = []
  let total = 0
  const kinds = new Set<DeadlineChange>()
  for (const [change, all] of Map.groupBy(news, (each) => each.change)) {
    if (!isOfDeadlines(change)) continue
    kinds.add(change)
    const known = new Set(all.flatMap(({ caseIds }) => caseIds))
    // Two steps of one case that reach one person are one case; those that are only counted are taken for different ones.
    const sum = all.reduce((sum, { cases: n, caseIds }) => sum + n - caseIds.length, known.size)
    total += sum
    const ids = [...known].slice(0, namedAtMost)
    for (const id of ids) {
      const told = cases.get(id)
      const due = told ? momentText(program, told.due, zone, language) : ''
      rows.push([own.labels[change](due), described(language, change, told)])
    }
    if (sum > ids.length) rows.push([own.more[change], own.rest((sum - ids.length).toLocaleString(language))])
  }
  const [kind = 'dueSoon', other] = kinds
  const title = total === 1 ? own.one[kind] : own.title[other ? 'both' : kind](total.toLocaleString(language))
  const tab = other ? 'open' : kind === 'handedUp' ? 'escalated' : 'mine'
  return {
    ...{ language, subject: title, title, rows, foot: own.why },
    action: { label: own.open, path: `/cases?tab=${tab}` },
  }
}
