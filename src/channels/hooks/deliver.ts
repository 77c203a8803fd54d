// For: posting what is queued to webhooks and chat channels, until each is taken or given up.
// In: rows of table deliveries. Out: posts with one id each, however often they are tried; rows delivered or dead.
import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../../base/clock.ts'
import type { Announce } from '../../storage/jobs.ts'
import type { Database, Row, Tx } from '../../storage/postgres.ts'
import type { Posted, Poster } from './post.ts'
import { signatures } from './signing.ts'

/** What a process posts with: opened once. */
export interface HookSender {
  poster: Poster
  /** No other process posts from this database: a claim that is not ours belongs to a dead one. */
  sole: boolean
  runId: string
  /** The machine's own time, for claims. */
  leaseClock: Clock
}

export const createHookSender = (
  options: { poster: Poster; sole: boolean },
  leaseClock: Clock = systemClock,
): HookSender => ({ ...options, runId: randomUUID(), leaseClock })

export interface HookParts {
  database: Database
  clock: Clock
  announce: Announce
  hooks: HookSender
}

const seconds = 1000
const minutes = 60 * seconds
const hours = 60 * minutes
/** After the first, second … try that failed. Standard Webhooks asks for several tries over some days. */
const waits = [
  5 * seconds,
  5 * minutes,
  30 * minutes,
  2 * hours,
  5 * hours,
  10 * hours,
  14 * hours,
  20 * hours,
  24 * hours,
]
/** All of them together; nothing is tried for longer. */
const givenUpAfter = waits.reduce((sum, wait) => sum + wait)
const batchSize = 100
const atOncePerTarget = 4
const lease = 5 * minutes
const gone = 410

interface Claimed extends Row {
  id: string
  target: 'webhook' | 'chat'
  targetId: string
  body: string
  attempts: number
  queuedAt: Date
  url: string | null
  secret: string | null
  earlierSecret: string | null
  earlierUntil: Date | null
}

interface Outcome {
  id: string
  targetId: string
  state: 'delivered' | 'queued' | 'dead'
  /** It was not tried, since the target failed a moment ago. */
  putOff: boolean
  tryAt: Date
  status: number | null
  error: string | null
}

export interface HookDelivery {
  delivered: number
  waiting: number
  dead: number
}

/** Posts everything that is due in a workspace. A post whose answer was lost is made again under the same id, so
 * that a receiver which notes the ids it has seen does everything once.
 */
export async function deliverHooks(parts: HookParts, workspaceId: string): Promise<HookDelivery> {
  const total: HookDelivery = { delivered: 0, waiting: 0, dead: 0 }
  for (;;) {
    const claimed = await claim(parts, workspaceId)
    if (claimed.length === 0) break
    const until = parts.hooks.leaseClock.now().getTime() + lease / 2
    const targets = Map.groupBy(claimed, ({ targetId }) => targetId)
    const outcomes = await Promise.all([...targets.values()].map((own) => postAll(parts, own, until)))
    const marked = outcomes.flat()
    await parts.database.inWorkspace(workspaceId, (tx) => mark(tx, parts, marked))
    total.delivered += marked.filter(({ state }) => state === 'delivered').length
    total.waiting += marked.filter(({ state }) => state === 'queued').length
    total.dead += marked.filter(({ state }) => state === 'dead').length
  }
  await parts.database.inWorkspace(workspaceId, (tx) => announceNext(tx, parts))
  return total
}

/** Workspaces in which something is due, also what a process that died had claimed. */
export async function workspacesWithHooks(parts: HookParts): Promise<string[]> {
  const rows = await parts.database.script(
    `select distinct workspace_id as id from samklang.deliveries
     where try_at <= $1 and (state = 'queued' or (state = 'sending' and ((claimed_by <> $2 and $3) or claimed_at < $4)))`,
    [parts.clock.now(), parts.hooks.runId, parts.hooks.sole, lapsed(parts.hooks)],
  )
  return rows.map((row) => row.id as string)
}

const lapsed = ({ leaseClock }: HookSender) => new Date(leaseClock.now().getTime() - lease)

function claim({ database, clock, hooks }: HookParts, workspaceId: string): Promise<Claimed[]> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const rows = await tx.query<Claimed>(
      `update deliveries d set state = 'sending', attempts = attempts + 1, claimed_by = $2, claimed_at = $3
       from (select d.delivery_id from deliveries d
             where d.try_at <= $1
               and (d.state = 'queued' or (d.state = 'sending'
                 and ((d.claimed_by <> $2 and $4) or d.claimed_at < $5)))
               and not exists (select 1 from webhooks w where w.webhook_id = d.target_id and w.state <> 'active')
               and not exists (select 1 from chat_channels c where c.channel_id = d.target_id and c.state <> 'active')
             order by d.queued_at, d.sequence limit ${batchSize} for update skip locked) due
       where d.delivery_id = due.delivery_id
       returning d.delivery_id as id, d.target, d.target_id as "targetId", d.body, d.attempts,
         d.queued_at as "queuedAt", d.sequence`,
      [clock.now(), hooks.runId, hooks.leaseClock.now(), hooks.sole, lapsed(hooks)],
    )
    const targets = await tx.query<
      Pick<Claimed, 'url' | 'secret' | 'earlierSecret' | 'earlierUntil'> & { id: string }
    >(
      `select webhook_id as id, url, secret, earlier_secret as "earlierSecret", earlier_until as "earlierUntil"
       from webhooks where webhook_id = any($1::uuid[])
       union all select channel_id, url, null, null, null from chat_channels where channel_id = any($1::uuid[])`,
      [rows.map(({ targetId }) => targetId)],
    )
    const byId = new Map(targets.map((target) => [target.id, target]))
    return rows
      .sort((a, b) => (a.sequence as number) - (b.sequence as number))
      .map((row) => ({ ...row, ...noAddress, ...byId.get(row.targetId), id: row.id }))
  })
}
const noAddress = { url: null, secret: null, earlierSecret: null, earlierUntil: null }

/** Posts what one target is to get, a few at once; when it fails, the rest waits with it and is not tried. */
async function postAll(parts: HookParts, claimed: Claimed[], until: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let failed: Outcome | undefined
  const waiting = [...claimed]
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (failed) {
        outcomes.push(putOff(parts, next, failed))
        continue
      }
      // Before the claim runs out for others, so that nobody posts what we are about to.
      if (parts.hooks.leaseClock.now().getTime() > until) {
        outcomes.push(notReached(parts, next))
        continue
      }
      const outcome = judge(parts, next, await post(parts, next))
      // One event that is refused says nothing about the next one; a receiver that is away does.
      const away = outcome.state !== 'delivered' && (outcome.status === null || outcome.status >= 429)
      if (away) failed = outcome
      outcomes.push(outcome)
    }
  }
  await Promise.all(Array.from({ length: atOncePerTarget }, lane))
  return outcomes
}

function putOff({ clock }: HookParts, { id, targetId, queuedAt }: Claimed, failed: Outcome): Outcome {
  const now = clock.now()
  const tooLong = now.getTime() - queuedAt.getTime() >= givenUpAfter
  const later = failed.state === 'queued' ? failed.tryAt : new Date(now.getTime() + hours)
  return {
    id,
    targetId,
    putOff: !tooLong,
    status: null,
    error: `not tried: ${failed.error}`,
    ...(tooLong ? { state: 'dead', tryAt: now } : { state: 'queued', tryAt: later }),
  }
}

const notReached = ({ clock }: HookParts, { id, targetId }: Claimed): Outcome => ({
  id,
  targetId,
  state: 'queued',
  putOff: true,
  tryAt: clock.now(),
  status: null,
  error: null,
})

function post({ clock, hooks }: HookParts, delivery: Claimed): Promise<Posted> {
  const { id, url, body } = delivery
  if (url === null) return Promise.resolve({ error: 'its webhook or channel is there no more', status: gone })
  const json = { 'content-type': 'application/json' }
  if (delivery.secret === null) return hooks.poster.post(url, json, body)
  const now = clock.now()
  const timestamp = Math.floor(now.getTime() / 1000)
  const overlaps = delivery.earlierSecret && delivery.earlierUntil && delivery.earlierUntil > now
  const secrets = [delivery.secret, ...(overlaps ? [delivery.earlierSecret as string] : [])]
  return hooks.poster.post(
    url,
    {
      ...json,
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures(secrets, id, timestamp, body),
    },
    body,
  )
}

function judge({ clock }: HookParts, delivery: Claimed, posted: Posted): Outcome {
  const { id, targetId, attempts, queuedAt } = delivery
  const now = clock.now()
  const own = { id, targetId, putOff: false, status: posted.status ?? null, error: posted.error ?? null }
  if (posted.error === undefined) return { ...own, state: 'delivered', tryAt: now }
  const wait = Math.max(waits[attempts - 1] ?? Number.POSITIVE_INFINITY, (posted.retryAfter ?? 0) * seconds)
  const tooLong = now.getTime() - queuedAt.getTime() >= givenUpAfter
  if (posted.status === gone || tooLong || !Number.isFinite(wait))
    return { ...own, state: 'dead', tryAt: now }
  return { ...own, state: 'queued', tryAt: new Date(now.getTime() + Math.min(wait, 24 * hours)) }
}

async function mark(tx: Tx, { clock }: HookParts, outcomes: Outcome[]): Promise<void> {
  const now = clock.now()
  await tx.query(
    `update deliveries d set state = r.state, status = coalesce(r.status, d.status), error = r.error,
       attempts = d.attempts - r.spared, try_at = r.try_at,
       delivered_at = case when r.state = 'delivered' then $1::timestamptz end, claimed_by = null, claimed_at = null
     from json_to_recordset($2::json) as r(id uuid, state text, status int, error text, spared int, try_at timestamptz)
     where d.delivery_id = r.id and d.state = 'sending'`,
    [
      now,
      JSON.stringify(
        outcomes.map(({ id, state, status, error, putOff, tryAt }) => ({
          id,
          state,
          status,
          error,
          spared: putOff ? 1 : 0,
          try_at: tryAt,
        })),
      ),
    ],
  )
  // A receiver that says it is gone for good is asked no more, until somebody puts the webhook back in force.
  const over = outcomes.filter(({ status }) => status === gone).map(({ targetId }) => targetId)
  if (over.length > 0) {
    await tx.query(`update webhooks set state = 'gone' where webhook_id = any($1::uuid[])`, [over])
    await tx.query(`update chat_channels set state = 'gone' where channel_id = any($1::uuid[])`, [over])
  }
  // A receiver that is back gets at once what waited for it.
  const back = outcomes.filter(({ state }) => state === 'delivered').map(({ targetId }) => targetId)
  if (back.length > 0)
    await tx.query(
      `update deliveries set try_at = $2 where target_id = any($1::uuid[]) and state = 'queued'
         and error is not null and try_at > $2`,
      [[...new Set(back)], now],
    )
}

/** Says when the next one is due. What another process is at may come back to us when its claim has run out. */
async function announceNext(tx: Tx, { clock, announce, hooks }: HookParts): Promise<void> {
  const [next] = await tx.query<{ at: Date | null; sending: boolean }>(
    `select min(d.try_at) filter (where d.state = 'queued') as at, bool_or(d.state = 'sending') as sending
     from deliveries d where d.state in ('queued', 'sending')
       and not exists (select 1 from webhooks w where w.webhook_id = d.target_id and w.state <> 'active')
       and not exists (select 1 from chat_channels c where c.channel_id = d.target_id and c.state <> 'active')`,
  )
  const workspaceId = tx.workspaceId as string
  // What is due now is in another process's hands; a moment later it is not.
  const soonest = clock.now().getTime() + seconds
  if (next?.at) {
    await announce(tx, { kind: 'hook.queued', workspaceId }, new Date(Math.max(next.at.getTime(), soonest)))
  }
  if (next?.sending && !hooks.sole) {
    await announce(tx, { kind: 'hook.queued', workspaceId }, new Date(clock.now().getTime() + lease))
  }
}
