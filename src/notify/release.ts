// For: letting go what praise first has held back, or keeping it back for good.
// In: which of it, and who decides. Out: each piece told to those whom it concerns by now, nobody twice.
import { type UnitScope, withinUnit } from '../people/access.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { readTold } from './answers.ts'
import type { NotificationKind } from './notes.ts'
import { keepNotifications, type Notification, type NotifyParts, readersOf, sendOut } from './praise.ts'

export interface Settling {
  /** These alone; all that are held when left out. */
  ids?: readonly string[]
  before?: Date
  by: string
  scope: UnitScope
}

/** Sends what was held, each by the quiet hours of now. Who reads it is found anew: units and people may have moved since
 * it was held. Whoever is not meant any more is told nothing (`moved`), and whoever is meant by now is.
 * @returns how many were held and are no more
 */
export async function releaseHeld(
  tx: Tx,
  parts: Omit<NotifyParts, 'database' | 'log'>,
  settling: Settling,
): Promise<number> {
  const checked = await parts.programs.activeIn(tx)
  const now = parts.clock.now()
  const held = await settle(tx, settling, 'queued', null, now)
  if (held.length === 0) return 0
  const kinds = new Map(held.map(({ kind, responseId }) => [`${kind} ${responseId}`, { kind, responseId }]))
  const told = await readTold(tx, [...new Set(held.map(({ responseId }) => responseId))])
  const pieces = told.flatMap((answer) =>
    [...kinds.values()].flatMap(({ kind, responseId }) =>
      responseId === answer.responseId ? [{ told: answer, kind }] : [],
    ),
  )
  const meant = await readersOf(tx, parts, checked, pieces, false)
  const ids = new Set(held.map(({ id }) => id))
  const still = meant.filter(({ id }) => ids.has(id))
  const fresh = await keepNotifications(
    tx,
    parts.clock,
    checked.version,
    meant.filter(({ id }) => !ids.has(id)),
  )
  await markReleased(tx, [...still, ...fresh], settling.by, now)
  const stillIds = new Set(still.map(({ id }) => id))
  await passOver(
    tx,
    held.filter(({ id }) => !stillIds.has(id)),
  )
  await sendOut(
    tx,
    parts,
    checked,
    [...still, ...fresh].filter(({ state }) => state === 'queued'),
  )
  return held.length
}

const markReleased = (tx: Tx, notifications: readonly Notification[], by: string, now: Date) =>
  tx.query(
    `update notifications n set due_at = r.due_at, state = r.state, reason = r.reason, recipient = r.recipient,
       language = r.language, settled_at = $2, settled_by = $3
     from json_to_recordset($1::json)
       as r(id uuid, due_at timestamptz, state text, reason text, recipient text, language text)
     where n.notification_id = r.id`,
    [
      JSON.stringify(
        notifications.map(({ id, dueAt, state, reason, recipient, language }) => ({
          ...{ id, due_at: dueAt, state, reason, recipient, language },
        })),
      ),
      now,
      by,
    ],
  )

/** Held for somebody who is not meant any more; what was held for nobody is told to somebody now, or stands anew. */
async function passOver(tx: Tx, held: readonly SettledRow[]): Promise<void> {
  const nobody = held.filter(({ readerKey, channel }) => readerKey === null && channel === null)
  const idsOf = (rows: readonly SettledRow[]) => rows.map(({ id }) => id)
  await tx.query('delete from notifications where notification_id = any($1::uuid[])', [idsOf(nobody)])
  await tx.query(
    `update notifications set state = 'dropped', reason = 'moved' where notification_id = any($1::uuid[])`,
    [idsOf(held.filter((each) => !nobody.includes(each)))],
  )
}

/** Lets what was held stay out for good. */
export async function keepOut(
  tx: Tx,
  parts: Pick<NotifyParts, 'clock'>,
  settling: Settling,
): Promise<number> {
  return (await settle(tx, settling, 'keptOut', 'notReleased', parts.clock.now())).length
}

interface SettledRow extends Row {
  id: string
  kind: NotificationKind
  responseId: string
  readerKey: string | null
  channel: string | null
}

function settle(
  tx: Tx,
  { ids, before, by, scope }: Settling,
  state: 'queued' | 'keptOut',
  reason: string | null,
  now: Date,
): Promise<SettledRow[]> {
  const values: unknown[] = [state, reason, now, by, ids ?? null, before ?? null]
  const within = withinUnit(scope, 'n.unit_key', values)
  return tx.query<SettledRow>(
    `update notifications n set state = $1, reason = $2, settled_at = $3, settled_by = $4
     where n.state = 'held' and ($5::uuid[] is null or n.notification_id = any($5))
       and ($6::timestamptz is null or n.created_at < $6) and ${within}
     returning n.notification_id as id, n.kind, n.response_id as "responseId", n.reader_key as "readerKey", n.channel`,
    values,
  )
}
