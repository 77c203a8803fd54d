import { scoreText } from '../channels/content.ts'
import type { ChatText } from '../channels/hooks/chat.ts'
import { excerpt, type Note } from '../channels/note.ts'
import type { LinkTo } from '../channels/portalLink.ts'
import { textIn } from '../program/question.ts'
import type { LanguageCode, Program } from '../program/schema.ts'
import type { Told } from './answers.ts'
import { notifyWords } from './wording.ts'

export type NotificationKind = 'praise' | 'criticism'

function titleOf(kind: NotificationKind, told: Told, language: LanguageCode, ofReader: boolean): string {
  const words = notifyWords[language]
  const name = told.employeeName
  if (kind === 'praise') return ofReader ? words.praiseOfYou : name ? words.praiseOf(name) : words.praise
  return name ? words.criticismOf(name) : words.criticism
}

const score = (program: Program, told: Told) =>
  scoreText(program.surveys[told.survey]?.questions ?? [], told.answers)

function rowsOf(program: Program, told: Told, language: LanguageCode): Array<[string, string]> {
  const words = notifyWords[language]
  return [
    [words.score, score(program, told)],
    [words.about, textIn(program.touchpoints[told.touchpoint]?.name, language)],
    ...(told.unitName ? [[words.unit, told.unitName] as [string, string]] : []),
  ]
}

/** The mail of praise or criticism, to one reader.
 * @param readerKey who reads it; of praise the one it is about reads it as theirs
 */
export function noteOf(
  program: Program,
  kind: NotificationKind,
  told: Told,
  language: LanguageCode,
  readerKey: string | null,
): Note {
  const words = notifyWords[language]
  const ofReader = readerKey !== null && readerKey === told.employeeKey
  const title = titleOf(kind, told, language, ofReader)
  const toManager = kind === 'criticism' ? words.coach : words.passItOn
  const action =
    kind === 'criticism' && told.caseId
      ? { label: words.openCase, path: `/cases/${told.caseId}` }
      : { label: words.read, path: `/responses/${told.responseId}` }
  return {
    language,
    subject: `${title}: ${score(program, told)}`,
    title,
    rows: rowsOf(program, told, language),
    ...(told.comment ? { quotes: [{ label: words.theirWords, text: excerpt(told.comment) }] } : {}),
    ...(told.employeeKey && !ofReader ? { body: toManager } : {}),
    action,
  }
}

/** The same for a chat channel. */
export function chatOf(
  program: Program,
  kind: NotificationKind,
  told: Told,
  language: LanguageCode,
  linkTo: LinkTo,
): ChatText {
  return {
    title: titleOf(kind, told, language, false),
    rows: rowsOf(program, told, language),
    ...(told.comment ? { quote: excerpt(told.comment) } : {}),
    link: { label: notifyWords[language].read, url: linkTo(`/responses/${told.responseId}`) },
  }
}
