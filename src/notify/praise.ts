// For: telling people at once what a customer said of their work: praise to the one it is about and the manager,
// criticism to the manager alone.
// In: completed responses, and the program's `notify`. Out: rows of table notifications; mails, posts and chat queued,
// or held with the reason.
import { Temporal } from 'temporal-polyfill'
import { type Clock, subtractDuration, timeOfWork } from '../base/clock.ts'
import { stableId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { type HookEvent, queueHooks } from '../channels/hooks/outgoing.ts'
import { readLinkTo } from '../channels/portalLink.ts'
import { queueMessages } from '../channels/queue.ts'
import { tellAt, zoneOfReader } from '../people/quiet.ts'
import { accountOwnerOf, resolvePeople, type WhoAsk } from '../people/who.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { ConditionFailed, type Variables } from '../program/conditions.ts'
import { knownLanguage } from '../program/question.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { NotifyPolicy } from '../program/schema-notify.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { onHook, readTold, type Told, variablesOf } from './answers.ts'
import { chatOf, type NotificationKind, noteOf } from './notes.ts'

export interface NotifyParts {
  database: Database
  clock: Clock
  announce: Announce
  programs: Programs
  log: Log
  publicUrl: string
}

/** One reader of one piece of praise or criticism. */
export interface Notification {
  id: string
  kind: NotificationKind
  told: Told
  readerKey: string | null
  channel: string | null
  recipient: string | null
  language: LanguageCode
  state: 'queued' | 'held' | 'dropped'
  reason: string | null
  dueAt: Date
}

const usualReaders: Record<NotificationKind, string[]> = {
  praise: ['employee', 'employeeManager'],
  criticism: ['employeeManager'],
}

/** What was answered longer ago, as in an import of old answers, is no news to anybody. */
export const newsFor = 'P7D'

/** Tells of these responses what the program says is praise or criticism. Running it again tells nothing twice. */
export async function sendPraise(
  parts: NotifyParts,
  workspaceId: string,
  responseIds: readonly string[],
): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  const { notify } = checked.program
  if (!notify?.praise && !notify?.criticism) return
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const since = subtractDuration(parts.clock.now(), newsFor)
    const news = (await readTold(tx, responseIds)).filter(({ answeredAt }) => answeredAt >= since)
    const variables = await variablesOf(tx, checked, news, parts.clock.now())
    const judged = news.flatMap((told, at) => {
      const kind = kindOf(parts, checked, notify, variables[at] as Variables)
      return kind ? [{ told, kind }] : []
    })
    if (judged.length === 0) return
    const praiseFirst = await isPraiseFirst(tx, checked, parts.clock.now())
    const notifications = await readersOf(tx, parts, checked, judged, praiseFirst)
    const fresh = await keepNotifications(tx, parts.clock, checked.version, notifications)
    await sendOut(
      tx,
      parts,
      checked,
      fresh.filter(({ state }) => state === 'queued'),
    )
  })
}

/** An answer that is both is praise with a reservation: it goes the way of criticism. */
function kindOf(
  { log }: NotifyParts,
  checked: CheckedProgram,
  notify: NotifyPolicy,
  variables: Variables,
): NotificationKind | undefined {
  return (['criticism', 'praise'] as const).find((kind) => {
    const cel = notify[kind]?.when
    if (cel === undefined) return false
    try {
      return checked.condition(cel)(variables)
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
      log.warn({ kind, version: checked.version }, 'whether an answer is praise or criticism cannot be told')
      return false
    }
  })
}

/** True while only the good goes out. */
export async function isPraiseFirst(tx: Tx, { program }: CheckedProgram, now: Date): Promise<boolean> {
  const until = program.notify?.praiseFirst?.until
  if (until === undefined) return false
  const ended = await tx.query('select 1 from praise_first_ends where ended_at <= $1', [now])
  if (ended.length > 0) return false
  if (until === 'released') return true
  const zone = program.workspace.timeZone
  const begins = Temporal.PlainDate.from(until).toZonedDateTime(zone)
  return now.getTime() < begins.epochMilliseconds
}

/** Who is to be told of each of these by now, or why nobody is.
 * @param praiseFirst criticism is held
 */
export async function readersOf(
  tx: Tx,
  { clock }: Pick<NotifyParts, 'clock'>,
  checked: CheckedProgram,
  judged: ReadonlyArray<{ told: Told; kind: NotificationKind }>,
  praiseFirst: boolean,
): Promise<Notification[]> {
  const { program } = checked
  const notify: NotifyPolicy = program.notify ?? {}
  const now = clock.now()
  const channels = await tx.query<{ name: string }>('select name from chat_channels')
  const wanted = judged.map(({ told, kind }) => {
    const to = notify[kind]?.to ?? usualReaders[kind]
    const asks = to
      .filter((who) => !who.startsWith('channel.'))
      .map(
        (who): WhoAsk => ({
          who,
          unitKey: told.unitKey,
          employeeKey: told.employeeKey,
          accountOwner: accountOwnerOf(program, told.context),
          at: now,
          criticism: kind === 'criticism',
        }),
      )
    return { told, kind, asks, channels: to.flatMap((who) => /^channel\.(.+)$/.exec(who)?.[1] ?? []) }
  })
  const found = await resolvePeople(
    tx,
    wanted.flatMap(({ asks }) => asks),
  )
  return wanted.flatMap(({ told, kind, asks, channels: named }) => {
    const mine = found.splice(0, asks.length)
    const held = praiseFirst && kind === 'criticism' ? 'praiseFirst' : null
    const one = (
      reader: Pick<Notification, 'readerKey' | 'channel' | 'recipient' | 'language'>,
      dropped: string | null,
      zone: string,
    ): Notification => ({
      ...reader,
      id: stableId(
        tx.workspaceId as string,
        'notification',
        kind,
        told.responseId,
        reader.channel ? `channel.${reader.channel}` : (reader.readerKey ?? ''),
      ),
      kind,
      told,
      state: held ? 'held' : dropped ? 'dropped' : 'queued',
      reason: held ?? dropped,
      dueAt: tellAt(notify.quietHours, zone, now),
    })
    // Whoever is meant twice, as a manager who is also the one it is about, is told once.
    const people = new Map(mine.flatMap((each) => each.people).map((person) => [person.key, person]))
    const notifications = [...people.values()].map((person) => {
      const language = knownLanguage(person.language ?? program.workspace.languages[0])
      const zone = zoneOfReader(program, { unitKey: person.unitKey, language })
      const reader = { readerKey: person.key, channel: null, recipient: person.email, language }
      return one(reader, person.email ? null : 'noAddress', zone)
    })
    const usual = knownLanguage(program.workspace.languages[0])
    for (const channel of named) {
      const there = channels.some(({ name }) => name === channel)
      const reader = { readerKey: null, channel, recipient: null, language: usual }
      notifications.push(one(reader, there ? null : 'noChannel', program.workspace.timeZone))
    }
    if (notifications.length > 0) return notifications
    const nobody = mine.find((each) => each.nobody)?.nobody ?? 'nobody'
    const reader = { readerKey: null, channel: null, recipient: null, language: usual }
    return [one(reader, nobody, program.workspace.timeZone)]
  })
}

/** @returns those that were not there before */
export async function keepNotifications(
  tx: Tx,
  clock: Clock,
  version: string,
  notifications: Notification[],
): Promise<Notification[]> {
  const rows = notifications.map(({ id, kind, told, readerKey, dueAt, ...each }) => ({
    id,
    kind,
    response: told.responseId,
    employee: told.employeeKey,
    unit: told.unitKey,
    reader: readerKey,
    channel: each.channel,
    recipient: each.recipient,
    language: each.language,
    state: each.state,
    reason: each.reason,
    at: timeOfWork(clock, told.answeredAt),
    due_at: dueAt,
  }))
  const inserted = await tx.query<{ id: string }>(
    `insert into notifications (workspace_id, notification_id, kind, response_id, employee_key, unit_key, reader_key,
       channel, recipient, language, state, reason, created_at, due_at, version)
     select $1::uuid, r.id, r.kind, r.response, r.employee, r.unit, r.reader, r.channel, r.recipient, r.language,
       r.state, r.reason, r.at, r.due_at, $2
     from json_to_recordset($3::json) as r(id uuid, kind text, response uuid, employee text, unit text, reader text,
       channel text, recipient text, language text, state text, reason text, at timestamptz, due_at timestamptz)
     on conflict do nothing returning notification_id as id`,
    [tx.workspaceId, version, JSON.stringify(rows)],
  )
  const fresh = new Set(inserted.map(({ id }) => id))
  return notifications.filter(({ id }) => fresh.has(id))
}

/** Queues the mails of these, and tells webhooks and channels of each piece of praise or criticism once. */
export async function sendOut(
  tx: Tx,
  parts: Omit<NotifyParts, 'database' | 'programs' | 'log'>,
  { program }: CheckedProgram,
  notifications: readonly Notification[],
): Promise<void> {
  await appendOutbox(tx, 'response', [...new Set(notifications.map(({ told }) => told.responseId))])
  const now = parts.clock.now()
  await queueMessages(
    tx,
    parts,
    notifications.flatMap(({ id, kind, told, readerKey, recipient, language, dueAt }) =>
      recipient === null
        ? []
        : [
            {
              kind,
              aboutId: id,
              recipient,
              note: noteOf(program, kind, told, language, readerKey),
              ...(dueAt > now ? { sendAt: dueAt } : {}),
            },
          ],
    ),
  )
  const pieces = Map.groupBy(notifications, ({ kind, told }) => `${kind} ${told.responseId}`)
  const chatAt = tellAt(program.notify?.quietHours, program.workspace.timeZone, now)
  const linkTo = await readLinkTo(tx, parts.publicUrl)
  await queueHooks(
    tx,
    parts,
    [...pieces.values()].map((readers): HookEvent => {
      const { kind, told } = readers[0] as Notification
      return {
        event: `${kind}.given`,
        id: told.responseId,
        aboutId: told.responseId,
        at: now,
        unitKey: told.unitKey,
        data: {
          kind,
          response: onHook(program, told, linkTo),
          readers: readers.flatMap(({ readerKey }) => readerKey ?? []),
        },
        chat: (language) => chatOf(program, kind, told, language, linkTo),
        channels: readers.flatMap(({ channel }) => channel ?? []),
        chatAt,
      }
    }),
  )
}
