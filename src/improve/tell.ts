// For: "you said, we did": telling those whose answers an improvement concerns what came of them.
// In: an improvement, its linked answers and its condition. Out: a preview; mails queued, each person once.
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import type { LetterSubject } from '../cases/template.ts'
import type { Note } from '../channels/note.ts'
import { queueMessages } from '../channels/queue.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { knownLanguage } from '../program/question.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Tx } from '../storage/postgres.ts'
import { type Answered, matching, readAnswered } from './concerned.ts'
import type { Doing } from './doing.ts'
import { filledFor, namelessIn } from './named.ts'
import { judgeNow, type OutreachReason, type Reachable, readReachable } from './outreach.ts'
import { addEvent, readImprovement, type StoredImprovement } from './store.ts'
import { improveWords } from './wording.ts'

export interface Recipient {
  contactId: string
  name: string | null
  email: string | null
  language: LanguageCode
  /** The latest answer by which it concerns them. */
  responseId: string
  answeredAt: Date
}

export interface Telling {
  recipients: Recipient[]
  withheld: Array<Recipient & { reason: OutreachReason }>
  /** The mail as it is in each language that somebody reads: as the first of its readers gets it, by the name they have. */
  mails: Array<{
    language: LanguageCode
    subject: string
    said: string
    did: string
    count: number
    reader: string | null
  }>
}
/** By contact: whom names in the words stand for. */
type Subjects = ReadonlyMap<string, Pick<LetterSubject, 'context' | 'customer'>>

/** An answer longer ago than this is told of nothing, unless it is linked. */
export const usualSince = 365 * 86_400_000

export interface TellWish {
  /** Only answers since then, of those that match the condition. */
  since?: Date
}

/** Whom it concerns and what they would read; nobody who was told before.
 * @throws Refusal thing.unknown; request.malformed when the words are missing in a language that somebody reads, or name
 * what there is not
 */
export async function previewTelling(
  tx: Tx,
  checked: CheckedProgram,
  improvementId: string,
  wish: TellWish,
  doing: Pick<Doing, 'scope' | 'clock'>,
): Promise<Telling> {
  const { subjects: _, ...telling } = await foresee(tx, checked, improvementId, wish, doing)
  return telling
}

async function foresee(
  tx: Tx,
  checked: CheckedProgram,
  improvementId: string,
  wish: TellWish,
  { scope, clock }: Pick<Doing, 'scope' | 'clock'>,
): Promise<Telling & { subjects: Subjects }> {
  const improvement = await readImprovement(tx, improvementId, scope)
  const now = clock.now()
  const latest = new Map<string, Answered>()
  const keep = (answers: Answered[]) => {
    for (const each of answers) {
      if (each.contactId === null) continue
      const known = latest.get(each.contactId)
      if (!known || known.answeredAt < each.answeredAt) latest.set(each.contactId, each)
    }
  }
  keep(await readAnswered(tx, await linkedResponses(tx, improvementId)))
  if (improvement.concerns) {
    const since = wish.since ?? new Date(now.getTime() - usualSince)
    for await (const answers of matching(tx, checked, improvement.concerns, since, now)) keep(answers)
  }
  const people = await readReachable(tx, [...latest.keys()], now)
  const told = await toldAlready(tx, improvementId)
  const recipients: Recipient[] = []
  const withheld: Telling['withheld'] = []
  const subjects = new Map<string, Pick<LetterSubject, 'context' | 'customer'>>()
  for (const [contactId, answer] of latest) {
    const person = people.get(contactId)
    if (!person) continue
    const recipient = recipientOf(person, answer, checked)
    const reason = told.has(contactId) ? 'told' : judgeNow(checked, person, now)
    if (reason) withheld.push({ ...recipient, reason })
    else recipients.push(recipient)
    subjects.set(contactId, { context: answer.context, customer: person })
  }
  const order = (a: Recipient, b: Recipient) =>
    b.answeredAt.getTime() - a.answeredAt.getTime() || (a.contactId < b.contactId ? -1 : 1)
  recipients.sort(order)
  withheld.sort(order)
  const languages = new Set(recipients.map(({ language }) => language))
  if (languages.size === 0) languages.add(fallback(checked))
  const mails = [...languages].map((language) => {
    const readers = recipients.filter((each) => each.language === language)
    const written = mailWordsOf(checked, improvement, language)
    const about = subjects.get(readers[0]?.contactId ?? '')
    const words = about ? { ...written, ...filledFor(checked, written, about, language) } : written
    return { language, ...words, count: readers.length, reader: readers[0]?.name ?? null }
  })
  return { recipients, withheld, mails, subjects }
}

const fallback = (checked: CheckedProgram) => knownLanguage(checked.program.workspace.languages[0])

function recipientOf(person: Reachable, answer: Answered, checked: CheckedProgram): Recipient {
  const spoken = knownLanguage(person.language ?? answer.language)
  const { languages } = checked.program.workspace
  return {
    contactId: person.contactId,
    name: person.name,
    email: person.email,
    language: (languages as readonly string[]).includes(spoken) ? spoken : fallback(checked),
    responseId: answer.responseId,
    answeredAt: answer.answeredAt,
  }
}

/** @throws Refusal request.malformed */
function mailWordsOf({ program }: CheckedProgram, { said, did }: StoredImprovement, language: LanguageCode) {
  const words = { said: said[language]?.trim() ?? '', did: did[language]?.trim() ?? '' }
  const missing = (['said', 'did'] as const).filter((name) => words[name] === '')
  if (missing.length > 0) {
    throw new Refusal(
      'request.malformed',
      'What customers said, and what was done, has to be written in every language that somebody reads.',
      missing.map((name) => ({ where: `${name}/${language}`, message: 'is missing' })),
    )
  }
  // The program may have changed since they were written.
  const faults = namelessIn(program, { said: { [language]: words.said }, did: { [language]: words.did } })
  if (faults.length > 0) throw new Refusal('request.malformed', undefined, faults)
  return { subject: improveWords[language].toldSubject, ...words }
}

export interface TellParts {
  announce: Announce
  clock: Clock
}

/** Queues the mails of the preview as it is now, and keeps who was told and who was not. Done again, it tells those who
 * were not told yet.
 * @throws Refusal as the preview; improvement.cannotMove unless it is done; access.denied
 */
export async function tell(
  tx: Tx,
  parts: TellParts,
  checked: CheckedProgram,
  improvementId: string,
  wish: TellWish,
  doing: Doing,
): Promise<{ told: number; withheld: number }> {
  await tx.query('select 1 from improvements where improvement_id = $1 for update', [improvementId])
  const improvement = await readImprovement(tx, improvementId, doing.scope)
  if (improvement.state !== 'done') {
    throw new Refusal('improvement.cannotMove', 'Customers are told of what is done.')
  }
  const { recipients, withheld, subjects } = await foresee(tx, checked, improvementId, wish, doing)
  const fresh = withheld.filter(({ reason }) => reason !== 'told')
  const rows = [
    ...recipients.map((each) => ({ ...rowOf(each), state: 'queued', reason: null })),
    ...fresh.map((each) => ({ ...rowOf(each), state: 'withheld', reason: each.reason })),
  ]
  await tx.query(
    `insert into improvement_tellings (workspace_id, improvement_id, contact_id, response_id, language, state, reason,
       at, by_actor)
     select $1::uuid, $2::uuid, r.contact, r.response, r.language, r.state, r.reason, $3::timestamptz, $4
     from json_to_recordset($5::json) as r(contact uuid, response uuid, language text, state text, reason text)
     on conflict (workspace_id, improvement_id, contact_id) do update set response_id = excluded.response_id,
       language = excluded.language, state = excluded.state, reason = excluded.reason, at = excluded.at,
       by_actor = excluded.by_actor where improvement_tellings.state = 'withheld'`,
    [tx.workspaceId, improvementId, doing.clock.now(), doing.actor.id, JSON.stringify(rows)],
  )
  const links = await surveyLinks(
    tx,
    recipients.map(({ responseId }) => responseId),
  )
  await queueMessages(
    tx,
    parts,
    recipients.map((each) => ({
      kind: 'youSaidWeDid' as const,
      aboutId: improvementId,
      recipient: each.email as string,
      // Two people may share an address; each is told of their own answer.
      occasion: each.contactId,
      note: noteFor(checked, improvement, each, subjects, links.get(each.responseId)),
    })),
  )
  if (recipients.length > 0) await addEvent(tx, improvementId, 'told', doing, { told: recipients.length })
  return { told: recipients.length, withheld: fresh.length }
}

const rowOf = ({ contactId, responseId, language }: Recipient) => ({
  contact: contactId,
  response: responseId,
  language,
})

function noteFor(
  checked: CheckedProgram,
  improvement: StoredImprovement,
  to: Recipient,
  subjects: Subjects,
  token: string | undefined,
): Note {
  const words = improveWords[to.language]
  const { subject, ...written } = mailWordsOf(checked, improvement, to.language)
  const about = subjects.get(to.contactId)
  const { said, did } = about ? filledFor(checked, written, about, to.language) : written
  return {
    language: to.language,
    subject,
    title: subject,
    intro: words.toldIntro(to.name ?? ''),
    quotes: [
      { label: words.youSaid, text: said },
      { label: words.weDid, text: did },
    ],
    consentOf: to.contactId,
    // The old link shows what the answer changed.
    ...(token ? { action: { label: words.seeAnswer, path: `/s/${token}` } } : {}),
  }
}

/** Tokens of the links by which these answers were given. */
async function surveyLinks(tx: Tx, responseIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; token: string }>(
    `select r.response_id as id, i.token from responses r
     join invitations i on i.workspace_id = r.workspace_id and i.invitation_id = r.invitation_id
     where r.workspace_id = $1 and r.response_id = any($2::uuid[])`,
    [tx.workspaceId, responseIds],
  )
  return new Map(rows.map(({ id, token }) => [id, token]))
}

async function toldAlready(tx: Tx, improvementId: string): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `select contact_id as id from improvement_tellings
     where workspace_id = $1 and improvement_id = $2 and state = 'queued'`,
    [tx.workspaceId, improvementId],
  )
  return new Set(rows.map(({ id }) => id))
}

/** Answers tied to it, by themselves or through their case. */
async function linkedResponses(tx: Tx, improvementId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select link_id as id from improvement_links
     where workspace_id = $1 and improvement_id = $2 and kind = 'response'
     union
     select c.response_id from improvement_links l
     join case_responses c on c.workspace_id = l.workspace_id and c.case_id = l.link_id
     where l.workspace_id = $1 and l.improvement_id = $2 and l.kind = 'case'`,
    [tx.workspaceId, improvementId],
  )
  return rows.map(({ id }) => id)
}
