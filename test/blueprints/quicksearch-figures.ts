// The figures that programs/quicksearch must give, counted from its scenario by code of its own: nothing of the product
// is used here but the words of the program.
import { readFileSync } from 'node:fs'

export interface Order {
  id: string
  region: 'north' | 'middle' | 'south'
  kind: 'project' | 'goods' | 'service'
}
export interface Answered {
  at: Date
  order: Order
  customer: string
  role: string
  accountClass: 'A' | 'B' | 'C'
  recommend: number
  about: string[]
  comment: string
  contactMe: boolean
}

const late = /(^|[^\p{L}])(sen|sena|sent|försen\p{L}*|väntat|dröj\p{L}*)(?!\p{L})/iu
const lateWord = (comment: string) => late.test(comment)

/** The first rule of programs/quicksearch that holds, by hand. */
export function ruleOf(answer: Answered): string | undefined {
  const { recommend, comment } = answer
  const unhappy = recommend <= 6
  if (answer.accountClass === 'A' && unhappy) return 'keyAccount'
  if (answer.contactMe) return 'askedForContact'
  if (isLate(answer) && unhappy) return 'lateDelivery'
  if (answer.role === 'decisionMaker' && unhappy) return 'decides'
  if (recommend <= 3) return 'strongDetractor'
  if (unhappy && comment !== '') return 'commented'
  if (unhappy) return 'silent'
  return undefined
}

export const isLate = ({ about, comment }: Answered) => about.includes('time') || lateWord(comment)

export const classOf = (revenue: number): Answered['accountClass'] =>
  revenue >= 1_000_000 ? 'A' : revenue >= 200_000 ? 'B' : 'C'

/** The day in Stockholm, as 2026-03-02. */
export const localDay = (at: Date) => at.toLocaleDateString('sv-SE', { timeZone: 'Europe/Stockholm' })

export interface Line {
  at: string
  person: string
  event?: { type: string; data: Record<string, Record<string, unknown>> & { region: string } }
  answer?: {
    survey: string
    transaction: { key: string }
    answers: { recommend?: number; about?: string[]; comment?: string; contactMe?: boolean; solved?: string }
  }
  act?: { by: string; transaction: { key: string }; action: { kind: string; [detail: string]: unknown } }
}

export const readScenario = (path: string): Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
