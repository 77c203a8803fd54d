// The figures that programs/quicksearch must give, counted from its scenario by code of its own: the product is not
// asked, only the words of its program are read out by hand.
import { readFileSync } from 'node:fs'
import type { SourceEvent } from '../../src/simulate/input.ts'

export type Region = 'north' | 'middle' | 'south'

export interface Answered {
  at: Date
  orderKey: string
  region: Region
  customer: string
  role: string
  accountClass: 'A' | 'B' | 'C'
  recommend: number
  about: string[]
  comment: string
  contactMe: boolean
}

/** A line of the scenario. */
export interface Line {
  at: string
  person: string
  event?: SourceEvent
  answer?: {
    survey: string
    transaction: { type: 'order'; key: string }
    answers: { recommend?: number; about?: string[]; comment?: string; contactMe?: boolean; solved?: string }
  }
  act?: {
    by: string
    transaction: { type: 'order'; key: string }
    action: { kind: string; [detail: string]: unknown }
  }
}

export const readScenario = (path: string): Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)

export const classOf = (revenue: number): Answered['accountClass'] =>
  revenue >= 1_000_000 ? 'A' : revenue >= 200_000 ? 'B' : 'C'

const lateWords = /(^|[^\p{L}])(sen|sena|sent|försen\p{L}*|väntat|dröj\p{L}*)(?!\p{L})/iu
export const isLate = ({ about, comment }: Answered) => about.includes('time') || lateWords.test(comment)

/** The first rule that holds. */
export function ruleOf(answer: Answered): string | undefined {
  const { recommend, comment } = answer
  const unhappy = recommend <= 6
  if (answer.accountClass === 'A' && unhappy) return 'keyAccount'
  if (answer.contactMe) return 'askedForContact'
  if (isLate(answer) && unhappy) return 'lateDelivery'
  if (answer.role === 'decisionMaker' && unhappy) return 'decides'
  if (recommend <= 3) return 'strongDetractor'
  if (!unhappy) return undefined
  return comment === '' ? 'silent' : 'commented'
}

/** The day in Stockholm, as 2026-03-02. */
const localDay = (at: Date) => at.toLocaleDateString('sv-SE', { timeZone: 'Europe/Stockholm' })

/** Order keys of the answers that open a case: `commented` opens two a day and region, `silent` none. */
export function opensCase(answers: readonly Answered[]): Set<string> {
  const opened = new Set<string>()
  const ofDay = new Map<string, number>()
  for (const answer of answers) {
    const rule = ruleOf(answer)
    if (rule === undefined || rule === 'silent') continue
    if (rule === 'commented') {
      const key = `${answer.region} ${localDay(answer.at)}`
      const before = ofDay.get(key) ?? 0
      if (before >= 2) continue
      ofDay.set(key, before + 1)
    }
    opened.add(answer.orderKey)
  }
  return opened
}
