import { keepUnsubscribed } from '../people/unsubscribed.ts'
import { knownLanguage } from '../program/question.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { Database } from '../storage/postgres.ts'
import { renderMessage } from './page.ts'
import type { Shown, Visit, VisitParts } from './visit.ts'
import { surveyWords } from './wording.ts'

interface Asking {
  workspaceId: string
  contactId: string
  invitationId: string
  language: LanguageCode
  workspace: string
}

/** Asks once more: a mail scanner that follows the link must not unsubscribe anybody. */
export async function unsubscribePage(parts: VisitParts, visit: Visit): Promise<Shown> {
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
export async function unsubscribe(parts: VisitParts & { database: Database }, visit: Visit): Promise<Shown> {
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

async function find(parts: VisitParts, visit: Visit): Promise<Asking | undefined> {
  const found = await parts.lookup(visit.token)
  if (!found) return undefined
  const { workspaceId, invited } = found
  const { program } = await parts.programs.version(workspaceId, invited.version)
  const language = knownLanguage(invited.language)
  const { contactId, invitationId } = invited
  return { workspaceId, contactId, invitationId, language, workspace: program.workspace.name }
}

function unknown(visit: Visit): Shown {
  const { unknownStopTitle: title, unknownStop: message } = surveyWords[visit.wished]
  return { status: 404, html: renderMessage({ language: visit.wished, workspace: '', title, message }) }
}
