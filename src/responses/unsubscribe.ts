import { isOurs, type OptOut, readOptOut } from '../channels/optOut.ts'
import { keepUnsubscribed } from '../people/unsubscribed.ts'
import { knownLanguage } from '../program/question.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { Database } from '../storage/postgres.ts'
import { renderMessage } from './page.ts'
import type { Shown, Visit, VisitParts } from './visit.ts'
import { surveyWords } from './wording.ts'

type StopParts = VisitParts & { database: Database }

interface Asking {
  workspaceId: string
  contactId: string
  mail: { invitationId: string } | { messageId: string }
  language: LanguageCode
  workspace: string
}

/** Asks once more: a mail scanner that follows the link must not unsubscribe anybody. */
export async function unsubscribePage(parts: StopParts, visit: Visit): Promise<Shown> {
  const asking = await find(parts, visit)
  if (!asking) return unknown(visit)
  const words = surveyWords[asking.language]
  return {
    status: 200,
    html: renderMessage({
      ...asking,
      title: words.stopTitle,
      message: words.stop(asking.workspace),
      form: { action: `/u/${visit.token}`, button: words.stopButton },
    }),
  }
}

/** The button, and the one click of a mail program (RFC 8058). Done twice it changes nothing. */
export async function unsubscribe(parts: StopParts, visit: Visit): Promise<Shown> {
  const asking = await find(parts, visit)
  if (!asking) return unknown(visit)
  await parts.database.inWorkspace(asking.workspaceId, (tx) =>
    keepUnsubscribed(tx, asking, parts.clock.now()),
  )
  const words = surveyWords[asking.language]
  return {
    status: 200,
    html: renderMessage({ ...asking, title: words.stoppedTitle, message: words.stopped(asking.workspace) }),
  }
}

async function find(parts: StopParts, visit: Visit): Promise<Asking | undefined> {
  const named = readOptOut(visit.token)
  if (named) return ofMail(parts, named)
  const found = await parts.lookup(visit.token)
  if (!found) return undefined
  const { workspaceId, invited } = found
  const { program } = await parts.programs.version(workspaceId, invited.version)
  const language = knownLanguage(invited.language)
  const { contactId, invitationId } = invited
  const mail = { invitationId }
  return { workspaceId, contactId, mail, language, workspace: program.workspace.name }
}

/** Whom a mail that was no invitation went to, when its link is of our making. */
async function ofMail({ database }: StopParts, named: OptOut): Promise<Asking | undefined> {
  const { workspaceId, messageId } = named
  const [found] = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ key: string; contactId: string; language: string; workspace: string }>(
      `select k.key, c.contact_id as "contactId", m.content->>'language' as language,
         coalesce(p.program->'workspace'->>'name', w.name) as workspace
       from messages m join contacts c on c.contact_id = (m.content->>'consentOf')::uuid
       cross join reply_keys k cross join workspaces w
       left join program_versions p on p.workspace_id = w.workspace_id and p.version = w.active_version
       where m.message_id = $1 and w.workspace_id = $2`,
      [messageId, workspaceId],
    ),
  )
  if (!found || !isOurs(named, found.key)) return undefined
  const { contactId, language, workspace } = found
  return { workspaceId, contactId, mail: { messageId }, language: knownLanguage(language), workspace }
}

function unknown(visit: Visit): Shown {
  const { unknownStopTitle: title, unknownStop: message } = surveyWords[visit.wished]
  return { status: 404, html: renderMessage({ language: visit.wished, workspace: '', title, message }) }
}
