// For: what stands in each mail.
// In: claimed messages. Out: whole mails, or the reason why there is none to send.
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import { knownLanguage, scaleOf } from '../program/question.ts'
import type { ProgramQuestion } from '../program/schema.ts'
import { type KnownAnswers, shownQuestions } from '../program/survey.ts'
import type { Database } from '../storage/postgres.ts'
import type { MessageKind } from './queue.ts'
import { caseTemplate, fill, invitationTemplate, type Template } from './template.ts'
import type { Mail } from './transport.ts'
import { namingFrom } from './wording.ts'

export interface Claimed {
  messageId: string
  kind: MessageKind
  aboutId: string
  recipient: string
}

/** `dropped` says why the mail must not be sent. */
export type Written = { claimed: Claimed; mail: Mail } | { claimed: Claimed; dropped: string }

export interface WritingParts {
  database: Database
  programs: { version(workspaceId: string, version: string): Promise<CheckedProgram> }
  publicUrl: string
  mailFrom: string
}

interface InvitationRow extends Record<string, unknown> {
  messageId: string
  token: string
  survey: string
  language: string
  version: string
  frozen: Context | null
  known: KnownAnswers
  dueAt: Date
  unsubscribed: boolean
}

interface CaseRow extends Record<string, unknown> {
  messageId: string
  caseId: string
  dueAt: Date
  unit: string | null
  survey: string
  answers: Record<string, unknown>
  comment: string | null
  version: string
  language: string | null
}

/** Why a mail is not sent to somebody who wants none any more. */
export const unsubscribed = 'unsubscribed'
const excerptLength = 600

/** Writes mails; keeps the compiled templates. */
export function createWriter(parts: WritingParts) {
  const templates = new Map<string, Promise<Template>>()
  const template = (key: string, make: () => Promise<Template>) => {
    let found = templates.get(key)
    if (!found) {
      // Versions come and go; only the newest few hundred are worth keeping.
      if (templates.size >= 300) templates.delete(templates.keys().next().value as string)
      found = make()
      templates.set(key, found)
      found.catch(() => templates.delete(key))
    }
    return found
  }
  const host = new URL(parts.publicUrl).hostname

  async function invitation(claimed: Claimed, row: InvitationRow, checked: CheckedProgram): Promise<Written> {
    const { program } = checked
    const survey = program.surveys[row.survey]
    if (!survey) return { claimed, dropped: `the program has no survey ${row.survey}` }
    const language = knownLanguage(row.language)
    const context = row.frozen ?? { at: row.dueAt.toISOString() }
    const [first] = shownQuestions({ checked, survey, context, known: row.known, now: row.dueAt }, {})
    const key = [checked.version, program.workspace.name, row.survey, language, first?.id].join(' ')
    const open = await template(key, () => invitationTemplate(program, row.survey, first, language))
    const survey$ = `${parts.publicUrl}/s/${row.token}`
    const unsubscribe = `${parts.publicUrl}/u/${row.token}`
    const naming = namingFrom(context, checked.contactName, language, program.workspace.timeZone)
    const filled = fill(open, { survey: survey$, unsubscribe }, naming)
    return {
      claimed,
      mail: {
        ...filled,
        messageId: messageIdHeader(claimed.messageId, host),
        from: sender(survey.sender, parts.mailFrom),
        to: claimed.recipient,
        headers: {
          'List-Unsubscribe': `<${unsubscribe}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          'Auto-Submitted': 'auto-generated',
        },
      },
    }
  }

  async function caseMail(claimed: Claimed, row: CaseRow, checked: CheckedProgram): Promise<Written> {
    const { program } = checked
    const language = knownLanguage(row.language ?? program.workspace.languages[0])
    const open = await template(`case ${language}`, () => caseTemplate(language))
    const values = {
      score: scoreText(program.surveys[row.survey]?.questions ?? [], row.answers),
      unit: row.unit ?? '',
      due: row.dueAt.toLocaleString(language, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone: program.workspace.timeZone,
      }),
      comment: excerpt(row.comment ?? '') || '–',
      case: `${parts.publicUrl}/cases/${row.caseId}`,
      workspace: program.workspace.name,
    }
    return {
      claimed,
      mail: {
        ...fill(open, values, () => ''),
        messageId: messageIdHeader(claimed.messageId, host),
        from: parts.mailFrom,
        to: claimed.recipient,
        headers: { 'Auto-Submitted': 'auto-generated' },
      },
    }
  }

  /** Writes the mails of one workspace; reads all of them at once. */
  return async function write(workspaceId: string, messages: Claimed[]): Promise<Written[]> {
    const ids = (kind: MessageKind) =>
      messages.filter((each) => each.kind === kind).map((each) => each.messageId)
    const [invitations, cases] = await parts.database.inWorkspace(workspaceId, async (tx) => [
      await tx.query<InvitationRow>(invitationSql, [ids('invitation')]),
      await tx.query<CaseRow>(caseSql, [ids('case')]),
    ])
    const rows = new Map([...invitations, ...cases].map((row) => [row.messageId, row]))
    const written: Written[] = []
    for (const claimed of messages) {
      const row = rows.get(claimed.messageId)
      if (!row) written.push({ claimed, dropped: 'what it is about no longer exists' })
      else if ('unsubscribed' in row && row.unsubscribed) written.push({ claimed, dropped: unsubscribed })
      else {
        const checked = await parts.programs.version(workspaceId, row.version)
        written.push(
          'token' in row
            ? await invitation(claimed, row as InvitationRow, checked)
            : await caseMail(claimed, row as CaseRow, checked),
        )
      }
    }
    return written
  }
}

const invitationSql = `
  select m.message_id as "messageId", i.token, i.survey, i.language, i.version, i.frozen, i.known,
         i.due_at as "dueAt", c.unsubscribed_at is not null as unsubscribed
  from messages m
  join invitations i on i.invitation_id = m.about_id
  left join contacts c on c.contact_id = i.contact_id
  where m.message_id = any($1::uuid[])`

const caseSql = `
  select m.message_id as "messageId", k.case_id as "caseId", k.contact_due_at as "dueAt", u.name as unit,
         r.survey, r.answers, r.comment, k.version,
         (select e.language from employees e where e.email = m.recipient limit 1) as language
  from messages m
  join cases k on k.case_id = m.about_id
  join responses r on r.response_id = k.response_id
  left join units u on u.unit_key = k.unit_key
  where m.message_id = any($1::uuid[])`

/** Found again in the development mailbox after a crash. */
export const messageIdHeader = (messageId: string, host: string) => `<${messageId}@${host}>`

/** A sender the program names: an address of its own, or a name before the usual address. */
function sender(named: string | undefined, usual: string): string {
  if (!named) return usual
  if (named.includes('@')) return named
  const address = /<([^>]+)>/.exec(usual)?.[1] ?? usual
  return `"${named.replace(/["\\\r\n]/g, '')}" <${address}>`
}

/** The beginning of a comment, up to a whole word. */
function excerpt(comment: string): string {
  if (comment.length <= excerptLength) return comment
  const beginning = comment.slice(0, excerptLength)
  return `${beginning.replace(/\s+\S*$/, '').toWellFormed()} …`
}

/** The answer to the first scale question, such as 3/10. */
function scoreText(questions: ProgramQuestion[], answers: Record<string, unknown>): string {
  for (const question of questions) {
    const scale = scaleOf(question)
    const value = answers[question.id]
    if (scale && typeof value === 'number') return `${value}/${scale.to}`
  }
  return '–'
}
