// For: taking in O-data. Each event is checked, mapped, kept and folded into people and transactions.
// In: CloudEvents as received, one or many, in any order of arrival.
// Out: a receipt for each; news of what may set off a trigger; refused ones kept aside with their reason.
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { type MappedEvent, mapEvents } from '../program/mapping.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { applyOccurrences, idOf, type Occurrence } from './apply.ts'
import { type CloudEvent, readCloudEvent } from './cloudEvent.ts'
import { type KeptAside, keepAside, storeKeptAside } from './keptAside.ts'
import { watchDates } from './watches.ts'

export interface IntakeParts {
  database: Database
  clock: Clock
  announce: Announce
  programs: Programs
}

export interface Receipt {
  source?: string
  id?: string
  status: 'recorded' | 'duplicate' | 'refused'
  /** Of a refusal: its code in the error catalogue, what was wrong, and under which id the record is kept aside. */
  code?: string
  detail?: string
  recordId?: string
}

interface Candidate {
  index: number
  event: CloudEvent
  occurrence: Occurrence
}

/** Records a batch in one transaction. What is refused is kept aside; the rest goes through.
 * The same (source, id) again is answered "duplicate" and changes nothing.
 * @param incoming at most a few thousand events as received
 * @param mends id of the kept-aside record that the one event in `incoming` is the mended form of
 * @returns one receipt for each, in their order
 * @throws Refusal program.missing when the workspace has no program
 */
export async function recordEvents(
  parts: IntakeParts,
  workspaceId: string,
  incoming: unknown[],
  mends?: string,
): Promise<Receipt[]> {
  const checked = await parts.programs.active(workspaceId)
  const receipts: Receipt[] = new Array(incoming.length)
  const kept: KeptAside[] = []
  const candidates: Candidate[] = []
  const seen = new Set<string>()
  const now = parts.clock.now()

  const refuse = (index: number, refusal: Refusal) => {
    const aside = keepAside(workspaceId, 'event', incoming[index], refusal, mends)
    kept.push(aside)
    receipts[index] = refused(aside)
  }
  const read: Array<{ index: number; event: CloudEvent }> = []
  for (const [index, item] of incoming.entries()) {
    try {
      const event = readCloudEvent(item, now)
      requireKnownType(checked, event)
      read.push({ index, event })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refuse(index, error)
    }
  }
  const unfit: Array<{ index: number; event: CloudEvent; refusal: Refusal }> = []
  const mapped = await mapEvents(
    checked,
    read.map((each) => ({ ...each.event })),
  )
  for (const [position, { index, event }] of read.entries()) {
    const found = mapped[position] as MappedEvent | Refusal
    const identity = JSON.stringify([event.source, event.id])
    if (found instanceof Refusal) unfit.push({ index, event, refusal: found })
    else if (seen.has(identity)) receipts[index] = { source: event.source, id: event.id, status: 'duplicate' }
    else {
      candidates.push({ index, event, occurrence: locate(workspaceId, event, found) })
      seen.add(identity)
    }
  }

  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const known = await knownEvents(
      tx,
      unfit.map((each) => each.event),
    )
    for (const { index, event, refusal } of unfit) {
      const identity = JSON.stringify([event.source, event.id])
      if (known.has(identity) || seen.has(identity)) {
        receipts[index] = { source: event.source, id: event.id, status: 'duplicate' }
      } else refuse(index, refusal)
    }
    await storeKeptAside(tx, parts.clock, 'event', kept)
    const fresh = await insertEvents(tx, checked, parts.clock, candidates)
    for (const { index, event } of candidates) {
      const status = fresh.has(index) ? 'recorded' : 'duplicate'
      receipts[index] = { source: event.source, id: event.id, status }
    }
    const recorded = candidates.filter((each) => fresh.has(each.index))
    if (recorded.length === 0) return
    const applied = await applyOccurrences(
      tx,
      checked,
      recorded.map((each) => each.occurrence),
    )
    await watchDates(tx, parts, checked, applied)
    const late = await giveToPerson(tx, [...applied.personFound, ...withoutPerson(recorded)])
    const triggering = new Set(
      Object.values(checked.program.triggers ?? {}).flatMap((each) =>
        'event' in each.on ? [each.on.event] : [],
      ),
    )
    const seqs = recorded
      .filter((each) => triggering.has(each.event.type))
      .map((each) => fresh.get(each.index) as number)
    const found = late.filter((each) => triggering.has(each.type)).map((each) => each.event_seq)
    const due = [...new Set([...seqs, ...found])]
    if (due.length > 0) await parts.announce(tx, { kind: 'event.recorded', workspaceId, seqs: due })
  })
  return receipts
}

function requireKnownType(checked: CheckedProgram, event: CloudEvent) {
  if (Object.hasOwn(checked.program.events, event.type)) return
  throw new Refusal('event.unknownType', `Its type is ${event.type.slice(0, 100)}.`, [
    { where: 'type', message: `expected one of ${Object.keys(checked.program.events).join(', ')}` },
  ])
}

function locate(workspaceId: string, event: CloudEvent, mapped: MappedEvent): Occurrence {
  const { contact, account, transaction } = mapped
  return {
    time: event.time,
    mapped,
    contactId: contact && idOf.contact(workspaceId, contact.key),
    accountId: account && idOf.account(workspaceId, account.key),
    transactionId: transaction && idOf.transaction(workspaceId, transaction.type, transaction.key),
  }
}

const refused = (aside: KeptAside): Receipt => ({
  ...(aside.source ? { source: aside.source } : {}),
  ...(aside.eventId ? { id: aside.eventId } : {}),
  status: 'refused',
  code: aside.refusal.code,
  detail: aside.refusal.message,
  recordId: aside.recordId,
})

/** @returns identities of those that are recorded already: what comes twice is a duplicate, whatever it says by now */
async function knownEvents(tx: Tx, events: CloudEvent[]): Promise<Set<string>> {
  if (events.length === 0) return new Set()
  const rows = await tx.query<{ source: string; event_id: string }>(
    `select e.source, e.event_id from events e
     join json_to_recordset($2::json) as r(source text, id text) on e.source = r.source and e.event_id = r.id
     where e.workspace_id = $1`,
    [tx.workspaceId, JSON.stringify(events.map(({ source, id }) => ({ source, id })))],
  )
  return new Set(rows.map((row) => JSON.stringify([row.source, row.event_id])))
}

/** @returns index of the candidate -> its sequence number, for those that were not there yet */
async function insertEvents(tx: Tx, checked: CheckedProgram, clock: Clock, candidates: Candidate[]) {
  if (candidates.length === 0) return new Map<number, number>()
  // Two batches that both meet a new customer would each overwrite the other's fields; one after the other they merge.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [tx.workspaceId])
  const rows = candidates.map(({ index, event, occurrence }) => ({
    i: index,
    source: event.source,
    id: event.id,
    type: event.type,
    time: event.time,
    data: event.data,
    fields: occurrence.mapped.fields,
    contact: occurrence.contactId,
    account: occurrence.accountId,
    transaction: occurrence.transactionId,
    unit: occurrence.mapped.unit,
    employee: occurrence.mapped.employee,
  }))
  const inserted = await tx.query<{ source: string; event_id: string; event_seq: number }>(
    `insert into events (workspace_id, source, event_id, type, time, received_at, data, fields, contact_id, account_id,
       transaction_id, unit_key, employee_key, version)
     select $1::uuid, r.source, r.id, r.type, r.time, $2, r.data, r.fields,
       coalesce(r.contact, t.contact_id), coalesce(r.account, t.account_id), r.transaction,
       coalesce(r.unit, t.unit_key), coalesce(r.employee, t.employee_key), $3
     from json_to_recordset($4::json)
       as r(i int, source text, id text, type text, time timestamptz, data jsonb, fields jsonb, contact uuid,
            account uuid, transaction uuid, unit text, employee text)
     left join transactions t on t.workspace_id = $1::uuid and t.transaction_id = r.transaction
     order by r.time, r.i
     on conflict (workspace_id, source, event_id) do nothing
     returning source, event_id, event_seq`,
    [tx.workspaceId, clock.now(), checked.version, JSON.stringify(rows)],
  )
  const sequence = new Map(inserted.map((row) => [JSON.stringify([row.source, row.event_id]), row.event_seq]))
  return new Map(
    candidates.flatMap(({ index, event }) => {
      const seq = sequence.get(JSON.stringify([event.source, event.id]))
      return seq === undefined ? [] : [[index, seq] as const]
    }),
  )
}

const withoutPerson = (recorded: Candidate[]) =>
  recorded.flatMap(({ occurrence: { contactId, transactionId } }) =>
    contactId === undefined && transactionId ? [transactionId] : [],
  )

/** Events that came before anybody knew whose transaction they were about are given to the person now found. */
async function giveToPerson(tx: Tx, transactionIds: string[]) {
  if (transactionIds.length === 0) return []
  return tx.query<{ event_seq: number; type: string }>(
    `update events e set contact_id = t.contact_id, account_id = coalesce(e.account_id, t.account_id)
     from transactions t
     where e.workspace_id = $1 and e.transaction_id = any($2::uuid[]) and e.contact_id is null
       and t.workspace_id = e.workspace_id and t.transaction_id = e.transaction_id
       and t.contact_id is not null
     returning e.event_seq, e.type`,
    [tx.workspaceId, transactionIds],
  )
}
