// For: the mails about a single case: that it is new, waits, was handed up, or that one is kept informed of it.
// In: the case as it stands when the mail is written. Out: what the mail says.
import type { LanguageCode } from '../program/schema.ts'
import type { ResponseChannel } from '../program/schema-recovery.ts'
import { excerpt, type Note } from './note.ts'
import type { CaseMailKind } from './queue.ts'
import { mailWords } from './wording.ts'

/** Times as their reader reads them. */
export interface CaseInMail {
  caseId: string
  /** Such as 3/10. */
  score: string
  comment: string | null
  unit: string | null
  customer: string | null
  account: string | null
  owner: string | null
  due: string
  /** The deadline has passed, and nobody has reached the customer. */
  missed: boolean
  /** When the customer was reached. */
  contacted: string | null
  recommended: ResponseChannel | null
  phone: string | null
  email: string | null
  /** Of one that was handed up: by which step of the policy, or who did it. */
  handedUp: string | null
  /** The colleague who passed it on to the reader. */
  passedOnBy: string | null
  /** What the colleague wrote who passed it on or handed it up. */
  note: { by: string; text: string } | null
  /** Of one that was closed before: since when, how it came to be open again, and why it is not solved in the customer's
   * words.
   */
  again: { by: 'notSolved' | 'reopened' | 'person'; closed: string | null; why: string | null } | null
}

/** The mail that tells of a new case those it waits for and those who are kept informed, reminds of one, or hands one on. */
export function caseNote(language: LanguageCode, kind: CaseMailKind, told: CaseInMail): Note {
  const words = mailWords[language]
  const { again, customer, account, unit, score } = told
  const informed = kind === 'caseInformed'
  const news = kind === 'case' && again && again.by !== 'person' ? words.caseAgain[again.by] : undefined
  const title = informed && again ? words.caseInformedAgain : (news ?? words.caseTitles[kind])
  const rows: Array<readonly [string, string | null]> = [
    [words.caseCustomer, customer],
    [words.caseAccount, account],
    [words.caseScore, score],
    [words.caseUnit, unit],
    [words.caseOwner, informed ? (told.owner ?? words.caseNobody) : null],
    told.contacted === null
      ? [words.caseDue, told.missed ? words.caseMissed(told.due) : told.due]
      : [words.caseContacted, told.contacted],
    [words.caseRecommended, informed || told.contacted !== null ? null : recommendedIn(language, told)],
    [words.caseClosed, again ? (again.closed ?? '–') : null],
    [words.caseHandedUp, told.handedUp],
    [words.casePassedOn, told.passedOnBy],
  ]
  return {
    language,
    subject: `${title}: ${[customer, account, score, unit].filter(Boolean).join(', ')}`,
    title,
    ...(informed ? { intro: words.caseInformedWhy } : {}),
    rows: rows.filter((row): row is readonly [string, string] => Boolean(row[1])),
    quotes: [
      ...(told.note ? [{ label: words.caseNote(told.note.by), text: excerpt(told.note.text) }] : []),
      ...(again?.why ? [{ label: words.caseSaidNo, text: excerpt(again.why) }] : []),
      { label: words.caseComment, text: excerpt(told.comment ?? '') || '–' },
    ],
    action: { label: words.caseOpen, path: `/cases/${told.caseId}` },
  }
}

/** By which channel the policy would have the customer answered, and where they are reached by it: who reads on the road
 * can act at once.
 */
function recommendedIn(language: LanguageCode, { recommended, phone, email }: CaseInMail): string | null {
  if (recommended === null) return null
  const where = recommended === 'mail' ? email : phone
  const by = mailWords[language].caseChannels[recommended]
  return where ? `${by}: ${where}` : by
}
