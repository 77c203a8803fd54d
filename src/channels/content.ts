// For: what stands in each mail.
// In: claimed messages. Out: whole mails, or the reason why there is none to send.
import type { Clock } from '../base/clock.ts'
import { momentText, tellAt, zoneOfReader } from '../people/quiet.ts'
import { isUnsubscribed } from '../people/unsubscribed.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import { knownLanguage, scaleOf } from '../program/question.ts'
import type { LanguageCode, Program, ProgramQuestion } from '../program/schema.ts'
import { type KnownAnswers, shownQuestions } from '../program/survey.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { caseNote } from './caseNote.ts'
import { type CaseRow, caseSql } from './caseRow.ts'
import type { Note } from './note.ts'
import { noteTemplate, shapeOf, valuesOf } from './noteTemplate.ts'
import { optOutToken } from './optOut.ts'
import { isInPortal } from './portalLink.ts'
import { type CaseMailKind, type Claimed, caseKinds, isOfDeadline, type MessageKind } from './queue.ts'
import { replyAddressOf, replyKey } from './replyAddress.ts'
import { readStrangers, type Strangers } from './strangers.ts'
import { fill, invitationTemplate, type Template } from './template.ts'
import type { Mail } from './transport.ts'
import { mailWords, namingFrom } from './wording.ts'

/** `dropped` says why the mail must not be sent, `withdrawn` why it need not be any more; `later` when it may be, as at
 * the end of quiet hours.
 */
export type Written =
  | { claimed: Claimed; mail: Mail }
  | { claimed: Claimed; dropped: string }
  | { claimed: Claimed; withdrawn: string }
  | { claimed: Claimed; later: Date }

export interface WritingParts {
  database: Database
  programs: { version(workspaceId: string, version: string): Promise<CheckedProgram> }
  publicUrl: string
  mailFrom: string
  /** Into which the tag of a case is put, for answers to letters. */
  replyTo: string
  /** Says, by the id of the message, which of those that have waited are no longer true; left out, all are. */
  outdated?: (tx: Tx, messages: readonly Claimed[], clock: Clock) => Promise<ReadonlyMap<string, string>>
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
  answered: boolean
}

/** Why a mail is not sent to somebody who wants none any more. */
export const unsubscribed = 'unsubscribed'
/** Why an invitation is not sent whose visit has been answered about meanwhile, as where the mail server was away. */
export const answeredElsewhere = 'answeredElsewhere'

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
    const naming = namingFrom(context, checked, language)
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

  async function caseMail(
    workspaceId: string,
    claimed: Claimed,
    row: CaseRow,
    checked: CheckedProgram,
    at: Date,
    { workspace, strangers }: { workspace: Workspace; strangers: Strangers },
  ): Promise<Written> {
    const { program } = checked
    const language = knownLanguage(row.language ?? program.workspace.languages[0])
    const kind = claimed.kind as CaseMailKind
    const quiet = program.notify?.quietHours
    const zone = zoneOfReader(program, { unitKey: row.readerUnit, language })
    if (quiet && !(isOfDeadline(kind) && quiet.letThrough?.includes('caseDeadlines'))) {
      const later = tellAt(quiet, zone, at)
      if (later > at) return { claimed, later }
    }
    const answered = await parts.programs.version(workspaceId, row.answerVersion)
    const moment = (at: Date) => momentText(program, at, zone, language)
    const by = row.passedBy ?? row.handedBy
    const text = row.passedBy ? row.passedNote : row.handedNote
    const note = caseNote(language, kind, {
      ...row,
      score: scoreText(answered.program.surveys[row.survey]?.questions ?? [], row.answers),
      due: moment(row.dueAt),
      missed: row.dueAt <= at,
      contacted: row.contactedAt && moment(row.contactedAt),
      handedUp: kind === 'caseEscalated' ? handedUp(program, row, language) : null,
      passedOnBy: row.passedBy,
      note: by && text ? { by, text } : null,
      again: row.againBy && {
        by: row.againBy,
        closed: row.closedAt && moment(row.closedAt),
        why: row.saidWhy,
      },
    })
    const open = await template(`note ${shapeOf(note)}`, () => noteTemplate(note))
    const door = strangers.told(claimed.recipient, language)
    return {
      claimed,
      mail: {
        ...fill(open, valuesOf(note, parts.publicUrl, workspace, { door }), () => ''),
        messageId: messageIdHeader(claimed.messageId, host),
        from: parts.mailFrom,
        to: claimed.recipient,
        headers: { 'Auto-Submitted': 'auto-generated' },
      },
    }
  }

  async function noteMail(
    workspaceId: string,
    claimed: Claimed,
    note: Note,
    row: NoteRow,
    { workspace, strangers }: { workspace: Workspace; strangers: Strangers },
  ): Promise<Written> {
    const wantsNone = note.consentOf !== undefined && row.unsubscribed.includes(note.consentOf)
    if (wantsNone && !note.answers) return { claimed, dropped: unsubscribed }
    const open = await template(`note ${shapeOf(note)}`, () => noteTemplate(note))
    const headers: Record<string, string> = { 'Auto-Submitted': 'auto-generated' }
    if (note.replyCase) {
      headers['Reply-To'] = replyAddressOf(parts.replyTo, row.replyKey, note.replyCase)
      // A person wrote it, so that an absence note may answer; what comes in by itself goes no further.
      delete headers['Auto-Submitted']
    }
    if (note.references?.length) {
      headers['In-Reply-To'] = note.references.at(-1) as string
      headers.References = note.references.join(' ')
    }
    const unsubscribe = note.consentOf
      ? `${parts.publicUrl}/u/${optOutToken(row.replyKey, workspaceId, claimed.messageId)}`
      : ''
    if (unsubscribe) {
      headers['List-Unsubscribe'] = `<${unsubscribe}>`
      headers['List-Unsubscribe-Post'] = 'List-Unsubscribe=One-Click'
    }
    return {
      claimed,
      mail: {
        ...fill(
          open,
          valuesOf(note, parts.publicUrl, workspace, {
            door: strangers.told(claimed.recipient, note.language),
            unsubscribe,
          }),
          () => '',
        ),
        messageId: messageIdHeader(claimed.messageId, host),
        // A name alone: a sender of one's own address would be taken for forged by most mail servers.
        from: sender(note.from?.replaceAll('@', ' '), parts.mailFrom),
        to: claimed.recipient,
        headers,
      },
    }
  }

  /** Writes the mails of one workspace; reads all of them at once.
   * @param clock of whoever delivers: a replay's, whose mails must not wait for ours
   */
  return async function write(workspaceId: string, messages: Claimed[], clock: Clock): Promise<Written[]> {
    const now = clock.now()
    const notes = messages.flatMap(({ note }) => note ?? [])
    const ids = (...kinds: MessageKind[]) =>
      messages.filter((each) => !each.note && kinds.includes(each.kind)).map((each) => each.messageId)
    const { rows, workspace, forNotes, strangers, outdated } = await parts.database.inWorkspace(
      workspaceId,
      async (tx) => {
        const read = async <R extends Record<string, unknown>>(sql: string, of: string[]) =>
          of.length === 0 ? [] : tx.query<R>(sql, [of])
        const invitations = await read<InvitationRow>(invitationSql, ids('invitation'))
        const cases = await read<CaseRow>(caseSql, ids(...caseKinds))
        return {
          rows: new Map([...invitations, ...cases].map((row) => [row.messageId, row])),
          workspace: await readWorkspace(tx),
          forNotes: notes.length > 0 ? await readForNotes(tx, notes) : noteless,
          strangers: await readStrangers(
            tx,
            messages.filter(leadsIn).map((each) => each.recipient),
          ),
          outdated: (await parts.outdated?.(tx, messages, clock)) ?? new Map<string, string>(),
        }
      },
    )
    const written: Written[] = []
    for (const claimed of messages) {
      const row = rows.get(claimed.messageId)
      const withdrawn = outdated.get(claimed.messageId)
      if (withdrawn !== undefined) written.push({ claimed, withdrawn })
      else if (claimed.note)
        written.push(await noteMail(workspaceId, claimed, claimed.note, forNotes, { workspace, strangers }))
      else if (!row) written.push({ claimed, dropped: 'what it is about no longer exists' })
      else if ('unsubscribed' in row && row.unsubscribed) written.push({ claimed, dropped: unsubscribed })
      else if ('answered' in row && row.answered) written.push({ claimed, dropped: answeredElsewhere })
      else {
        const checked = await parts.programs.version(workspaceId, row.version)
        written.push(
          'token' in row
            ? await invitation(claimed, row as InvitationRow, checked)
            : await caseMail(workspaceId, claimed, row as CaseRow, checked, claimed.sendingAt ?? now, {
                workspace,
                strangers,
              }),
        )
      }
    }
    return written
  }
}

/** A mail that links to the portal, where one signs in; pages behind a link of one's own need no account. */
const leadsIn = ({ kind, note }: Claimed) =>
  note ? isInPortal(note.action?.path ?? '') : kind !== 'invitation'

interface Workspace {
  /** As its program calls it, which customers know. */
  name: string
  slug: string
}

async function readWorkspace(tx: Tx): Promise<Workspace> {
  const [workspace] = await tx.query<{ name: string; slug: string }>(
    `select coalesce(p.program->'workspace'->>'name', w.name) as name, w.slug from workspaces w
     left join program_versions p on p.workspace_id = w.workspace_id and p.version = w.active_version`,
  )
  return workspace ?? { name: '', slug: '' }
}

interface NoteRow {
  replyKey: string
  /** Contacts who want no more mails. */
  unsubscribed: string[]
}
const noteless: NoteRow = { replyKey: '', unsubscribed: [] }

async function readForNotes(tx: Tx, notes: Note[]): Promise<NoteRow> {
  const contacts = notes.flatMap(({ consentOf }) => consentOf ?? [])
  const unsubscribed =
    contacts.length === 0
      ? []
      : await tx.query<{ id: string }>(
          `select c.contact_id as id from contacts c
           where c.contact_id = any($1::uuid[]) and ${isUnsubscribed('c')}`,
          [contacts],
        )
  return {
    replyKey: notes.some(({ replyCase, consentOf }) => replyCase || consentOf) ? await replyKey(tx) : '',
    unsubscribed: unsubscribed.map((row) => row.id),
  }
}

const invitationSql = `
  select m.message_id as "messageId", i.token, i.survey, i.language, i.version, i.frozen, i.known,
         i.due_at as "dueAt", ${isUnsubscribed('c')} as unsubscribed,
         i.answered_by is not null as answered
  from messages m
  join invitations i on i.invitation_id = m.about_id
  left join contacts c on c.contact_id = i.contact_id
  where m.message_id = any($1::uuid[])`

/** How a case came to be handed up to somebody, in words. */
function handedUp(program: Program, { rule, step, handedBy }: CaseRow, language: LanguageCode): string {
  if (handedBy !== null || step === null) return handedBy ?? '–'
  const steps = program.recovery?.rules.find(({ id }) => id === rule)?.escalate?.length ?? step
  return mailWords[language].caseStep(step, Math.max(steps, step))
}

/** Found again in the development mailbox after a crash. */
export const messageIdHeader = (messageId: string, host: string) => `<${messageId}@${host}>`

/** A sender the program names: an address of its own, or a name before the usual address. */
function sender(named: string | undefined, usual: string): string {
  if (!named) return usual
  if (named.includes('@')) return named
  const address = /<([^>]+)>/.exec(usual)?.[1] ?? usual
  return `"${named.replace(/["\\\r\n]/g, '')}" <${address}>`
}

/** The answer to the first scale question, such as 3/10. */
export function scoreText(questions: ProgramQuestion[], answers: Record<string, unknown>): string {
  for (const question of questions) {
    const scale = scaleOf(question)
    const value = answers[question.id]
    if (scale && typeof value === 'number') return `${value}/${scale.to}`
  }
  return '–'
}
