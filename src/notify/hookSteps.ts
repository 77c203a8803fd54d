// For: telling other systems and chat channels what happened: an answer came, a case was opened, changed, closed.
// In: news of responses and cases. Out: posts queued, each happening once for each who asked for it.
import { subtractDuration } from '../base/clock.ts'
import { scoreText } from '../channels/content.ts'
import type { ChatText } from '../channels/hooks/chat.ts'
import type { CaseOnHook, HookEventName } from '../channels/hooks/events.ts'
import { type HookEvent, isWanted, queueHooks } from '../channels/hooks/outgoing.ts'
import { latestAnswer } from '../channels/latestAnswer.ts'
import { excerpt } from '../channels/note.ts'
import { type LinkTo, readLinkTo } from '../channels/portalLink.ts'
import { mailWords } from '../channels/wording.ts'
import { tellAt } from '../people/quiet.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { localeOf } from '../program/question.ts'
import type { LanguageCode, Program } from '../program/schema.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { onHook, readTold } from './answers.ts'
import { type NotifyParts, newsFor } from './praise.ts'
import { notifyWords } from './wording.ts'

/** Looked back this far; what was posted is known for longer (see tidy.ts), so that nothing is posted twice. */
const lookBack = 'P7D'

/** Tells of completed responses.
 * @param cameIn when each came in, by its id
 */
export async function hookResponses(
  parts: NotifyParts,
  workspaceId: string,
  cameIn: ReadonlyMap<string, Date>,
): Promise<void> {
  const wanted = await parts.database.inWorkspace(workspaceId, (tx) => isWanted(tx, ['response.completed']))
  if (!wanted) return
  const { told, linkTo } = await parts.database.inWorkspace(workspaceId, async (tx) => ({
    told: await readTold(tx, [...cameIn.keys()]),
    linkTo: await readLinkTo(tx, parts.publicUrl),
  }))
  const forPeople = subtractDuration(parts.clock.now(), newsFor)
  const programs = await programsOf(parts, workspaceId, told)
  const events = told.map((each): HookEvent => {
    const { program } = programs.get(each.version) as CheckedProgram
    return {
      event: 'response.completed',
      id: each.responseId,
      aboutId: each.responseId,
      at: each.answeredAt,
      knownAt: cameIn.get(each.responseId) as Date,
      unitKey: each.unitKey,
      data: onHook(program, each, linkTo),
      ...(each.answeredAt < forPeople
        ? {}
        : {
            chat: (language: LanguageCode) => ({
              title: `${notifyWords[language].score}: ${scoreText(program.surveys[each.survey]?.questions ?? [], each.answers)}`,
              rows: each.unitName ? [[notifyWords[language].unit, each.unitName]] : [],
              ...(each.comment ? { quote: excerpt(each.comment) } : {}),
              link: {
                label: notifyWords[language].read,
                url: linkTo(`/responses/${each.responseId}`),
              },
            }),
          }),
      chatAt: tellAt(program.notify?.quietHours, program.workspace.timeZone, parts.clock.now()),
    }
  })
  await parts.database.inWorkspace(workspaceId, (tx) => queueHooks(tx, parts, events))
}

interface Change extends Row {
  caseId: string
  state: string
  rule: string
  revision: number
  owner: string | null
  outcome: string | null
  openedAt: Date
  contactDueAt: Date
  closedAt: Date | null
  contactKey: string | null
  unitKey: string | null
  unitName: string | null
  /** The one it was opened with. */
  responseId: string
  latestResponseId: string
  /** Of the latest answer, as of its program. */
  survey: string
  answers: Record<string, unknown>
  comment: string | null
  answerVersion: string
  version: string
  changed: number
  kind: string
  at: Date
  actor: string | null
  note: string | null
}

const caseEvents: HookEventName[] = ['case.opened', 'case.changed', 'case.closed']

/** Tells of every change of these cases that was not told yet, with the case as it stands now. Of a case that a trial makes
 * wait nothing is told before it has waited, unless somebody has begun to work on it: whoever is told would call.
 */
export async function hookCases(
  parts: NotifyParts,
  workspaceId: string,
  caseIds: readonly string[],
): Promise<void> {
  const found = await parts.database.inWorkspace(workspaceId, async (tx) => {
    if (!(await isWanted(tx, caseEvents))) return undefined
    const now = parts.clock.now()
    const held = await readHeld(tx, caseIds, now)
    for (const until of new Set(held.map((each) => each.until.getTime()))) {
      const waiting = held.filter((each) => each.until.getTime() === until).map(({ caseId }) => caseId)
      await parts.announce(tx, { kind: 'case.changed', workspaceId, caseIds: waiting }, new Date(until))
    }
    const told = caseIds.filter((id) => !held.some(({ caseId }) => caseId === id))
    return {
      changes: await readChanges(tx, told, subtractDuration(now, lookBack)),
      linkTo: await readLinkTo(tx, parts.publicUrl),
    }
  })
  if (!found || found.changes.length === 0) return
  const { changes, linkTo } = found
  const answers = changes.map(({ answerVersion }) => ({ version: answerVersion }))
  const programs = await programsOf(parts, workspaceId, [...changes, ...answers])
  const events = changes.map((change) => eventOf(parts, programs, change, linkTo))
  await parts.database.inWorkspace(workspaceId, (tx) => queueHooks(tx, parts, events))
}

async function programsOf(parts: NotifyParts, workspaceId: string, rows: ReadonlyArray<{ version: string }>) {
  const programs = new Map<string, CheckedProgram>()
  for (const version of new Set(rows.map((row) => row.version)))
    programs.set(version, await parts.programs.version(workspaceId, version))
  return programs
}

/** Those of the cases that wait by lot and that nobody has touched. */
const readHeld = (tx: Tx, caseIds: readonly string[], now: Date) =>
  tx.query<{ caseId: string; until: Date }>(
    `select k.case_id as "caseId", k.hold_until as until from cases k
     where k.case_id = any($1::uuid[]) and k.hold_until > $2 and k.state <> 'closed'
       and not exists (select from case_events e where e.workspace_id = k.workspace_id and e.case_id = k.case_id
         and (e.actor is not null or e.kind in ('escalated', 'missed', 'reopened')))`,
    [[...caseIds], now],
  )

const readChanges = (tx: Tx, caseIds: readonly string[], since: Date) =>
  tx.query<Change>(
    `select k.case_id as "caseId", k.state, k.rule, d.revision, k.owner, k.outcome, k.opened_at as "openedAt",
       k.contact_due_at as "contactDueAt", k.closed_at as "closedAt", c.contact_key as "contactKey",
       k.unit_key as "unitKey", u.name as "unitName", k.response_id as "responseId", r.response_id as "latestResponseId", r.survey, r.answers, r.comment,
       k.version, r.version as "answerVersion", e.revision as changed, e.kind, e.at, e.actor, e.note
     from case_events e
     join cases k on k.case_id = e.case_id
     join case_deadlines d on d.case_id = k.case_id
     cross join lateral (select ${latestAnswer('k')} as response_id offset 0) l
     join responses r on r.response_id = l.response_id
     left join contacts c on c.contact_id = k.contact_id
     left join units u on u.unit_key = k.unit_key
     where e.case_id = any($1::uuid[]) and greatest(e.at, k.hold_until) >= $2
     order by e.at, e.case_id, e.revision`,
    [caseIds, since],
  )

function eventOf(
  parts: NotifyParts,
  programs: ReadonlyMap<string, CheckedProgram>,
  change: Change,
  linkTo: LinkTo,
): HookEvent {
  const { program } = programs.get(change.version) as CheckedProgram
  const answered = programs.get(change.answerVersion) as CheckedProgram
  const { changed, kind, at, actor, note, unitKey, unitName } = change
  const data: CaseOnHook = {
    caseId: change.caseId,
    state: change.state,
    rule: change.rule,
    revision: change.revision,
    owner: change.owner,
    outcome: change.outcome,
    openedAt: change.openedAt,
    contactDueAt: change.contactDueAt,
    closedAt: change.closedAt,
    contactKey: change.contactKey,
    unit: unitKey === null ? null : { key: unitKey, name: unitName },
    responseId: change.responseId,
    latestResponseId: change.latestResponseId,
    change: { kind, at, actor, note },
    link: linkTo(`/cases/${change.caseId}`),
  }
  const chat = chatOfCase(program, answered.program, change, linkTo)
  const { quietHours } = program.notify ?? {}
  const passes = deadlineKinds.includes(kind) && quietHours?.letThrough?.includes('caseDeadlines')
  return {
    event: kind === 'opened' ? 'case.opened' : kind === 'closed' ? 'case.closed' : 'case.changed',
    id: `${change.caseId} ${changed}`,
    aboutId: change.caseId,
    at,
    unitKey,
    data,
    ...(chat ? { chat } : {}),
    chatAt: passes ? at : tellAt(quietHours, program.workspace.timeZone, parts.clock.now()),
  }
}

const deadlineKinds = ['reminded', 'missed', 'escalated']

/** What a channel is told of; notes and reassignments stay with those who work on the case. */
function chatOfCase(
  program: Program,
  answered: Program,
  change: Change,
  linkTo: LinkTo,
): ((language: LanguageCode) => ChatText) | undefined {
  const title = (language: LanguageCode) => {
    const { caseTitles } = mailWords[language]
    const words = notifyWords[language]
    if (change.kind === 'opened') return caseTitles.case
    if (change.kind === 'closed')
      return `${words.closed}${change.outcome ? `: ${words.outcome[change.outcome] ?? ''}` : ''}`
    if (change.kind === 'reopened') return words.reopened
    if (change.kind === 'escalated') return caseTitles.caseEscalated
    return change.kind === 'missed' ? words.missed : undefined
  }
  if (title('en') === undefined) return undefined
  const open = change.kind !== 'closed'
  return (language) => ({
    title: title(language) as string,
    rows: [
      [
        mailWords[language].caseScore,
        scoreText(answered.surveys[change.survey]?.questions ?? [], change.answers),
      ],
      ...(change.unitName ? [[mailWords[language].caseUnit, change.unitName] as const] : []),
      ...(open
        ? [
            [
              mailWords[language].caseDue,
              change.contactDueAt.toLocaleString(localeOf(language), {
                dateStyle: 'medium',
                timeStyle: 'short',
                timeZone: program.workspace.timeZone,
              }),
            ] as const,
          ]
        : []),
    ],
    ...(change.comment && open ? { quote: excerpt(change.comment) } : {}),
    link: { label: mailWords[language].caseOpen, url: linkTo(`/cases/${change.caseId}`) },
  })
}
