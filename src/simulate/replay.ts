// For: playing a stream of inputs through the running loop in virtual time, years in seconds.
// In: events and answers in the order of their time, a workspace with its program, a loop on a lane and clock of its own.
// Out: all that the loop makes of them, as if it had been lived (docs/scenarios.md: how nearly); a report of what was added.
import type { Clock } from '../base/clock.ts'
import { recordEvents } from '../events/intake.ts'
import type { Programs } from '../program/store.ts'
import type { Announce, Lane } from '../storage/jobs.ts'
import type { Database } from '../storage/postgres.ts'
import { carryOut } from './act.ts'
import { type Batch, cutBatches } from './batches.ts'
import { type AnswersIn, handIn } from './handIn.ts'
import { handOver } from './handOver.ts'
import type { Input } from './input.ts'
import { isPlayed, type Position, readPosition, savePosition } from './position.ts'
import { ReplayClock } from './replayClock.ts'
import { countTotals, subtractTotals, type Totals } from './totals.ts'
import { wakesOf } from './wakes.ts'

/** What is played. The same fingerprint stands for the same inputs, so that a run that was stopped can be continued. */
export interface Source {
  name: string
  fingerprint: string
  inputs(): AsyncIterable<Input> | Iterable<Input>
  /** How many inputs there are, for the progress shown. */
  count: number
  /** Whether persons matter to each other, by turns and caps, and whatever falls due between two inputs is done at its
   * own time; see Cutting. */
  exact?: boolean
  /** When virtual time stops; what falls due later is left for the live loop. Left out: when nothing more falls due. */
  end?: Date
}

/** A loop on the replay's own clock and lane. */
export interface ReplayLoop {
  parts: Parameters<typeof recordEvents>[0] & AnswersIn
  lane: Lane
  /** Does everything that is due by the clock. */
  drain(): Promise<unknown>
  /** Brings what is waiting in the outbox to the column store; how many rows that were. */
  project(): Promise<number>
}

export interface Replay {
  database: Database
  programs: Programs
  workspaceId: string
  source: Source
  /** Opens the loop with this clock, on a lane of this name that nobody else drains. */
  open(name: string, clock: ReplayClock): Promise<ReplayLoop>
  /** Of the live loop, which goes on where a source ends at a time of its own. */
  announceLive: Announce
  /** Inputs after which a batch is closed; left out: 1,000. */
  size?: number
  /** Told after each batch: share of the inputs played, 0..1. */
  progress?(share: number, at: Date): void
  /** The machine's own, for when it has last gone on. */
  realClock: Clock
  /** Milliseconds that only grow, to measure the run by. */
  stopwatch(): number
}

export interface ReplayReport {
  /** Of this run; a duplicate is an event that was there before. */
  events: { recorded: number; duplicate: number; refused: number }
  /** What the workspace holds now, and how much of it this run added. */
  totals: Totals
  added: Totals
  changed: boolean
  batches: number
  /** Whether an earlier run was continued. */
  continued: boolean
  seconds: number
  /** Seconds by stage. */
  spent: Record<Stage, number>
}

type Stage = 'reading' | 'events' | 'work' | 'answers' | 'facts'

/** The intake takes as many events at a time. */
const atOnce = 1000
const projectEvery = 2000

/** Plays a source through the loop. Stopped at any moment, even by kill -9, the same call goes on where it was: every
 * step is idempotent and batches are the same each time. A source that has been played changes nothing when played again.
 * @throws Error when work of the loop failed: virtual time does not go on past it
 */
export async function replay(run: Replay): Promise<ReplayReport> {
  const began = run.stopwatch()
  const { workspaceId, source } = run
  const checked = await run.programs.active(workspaceId)
  const position = await readPosition(run.database, workspaceId, source, checked.version)
  const clock = new ReplayClock(position.until)
  const loop = await run.open(`replay-${workspaceId}`, clock)
  const continued = position.taken > 0
  // From now on the workspace is the replay's alone: a live loop leaves what falls due there until it has ended.
  await savePosition(run.database, workspaceId, { ...position, total: source.count }, run.realClock.now())
  const before = await countTotals(run.database, workspaceId)
  const { lap, spent } = laps(run.stopwatch)

  let batches = 0
  let unprojected = 0
  const cutting = {
    // Where every moment is lived by itself, the lane tells what falls due between two.
    wakes: source.exact ? () => [] : wakesOf(checked),
    size: run.size ?? atOnce,
    ...(source.end ? { end: source.end } : {}),
    ...(source.exact ? { exact: true } : {}),
  }
  for await (const batch of cutBatches(source.inputs(), cutting)) {
    lap('reading')
    if (batch.taken <= position.taken && batch.until <= position.until) continue
    if (source.exact) {
      await live(loop, clock, (due) => due < batch.until)
      lap('work')
    }
    clock.moveTo(batch.until)
    await playBatch(loop, workspaceId, batch, position, lap)
    Object.assign(position, { taken: batch.taken, total: source.count, until: batch.until })
    await savePosition(run.database, workspaceId, position, run.realClock.now())
    batches++
    unprojected += batch.events.length + 3 * batch.answers.length
    if (unprojected >= projectEvery) {
      unprojected = 0
      await loop.project()
    }
    lap('facts')
    run.progress?.(source.count === 0 ? 1 : Math.min(1, batch.taken / source.count), batch.until)
  }
  await live(loop, clock, (due) => source.end === undefined || due <= source.end)
  if (source.end) clock.moveTo(source.end)
  if (source.end) await handOver(run.database, run.announceLive, workspaceId)
  position.complete = true
  await savePosition(run.database, workspaceId, position, run.realClock.now())
  lap('work')
  while ((await loop.project()) > 0);
  lap('facts')
  const totals = await countTotals(run.database, workspaceId)
  const { recorded, duplicate, refused } = position
  return {
    events: { recorded, duplicate, refused },
    totals,
    added: subtractTotals(totals, before),
    changed: JSON.stringify(totals) !== JSON.stringify(before),
    batches,
    continued,
    seconds: (run.stopwatch() - began) / 1000,
    spent,
  }
}

/** What a replay that has come to its end had made; nothing when there was none, or it was stopped. */
export async function playedBefore({
  database,
  workspaceId,
  stopwatch,
}: Pick<Replay, 'database' | 'workspaceId' | 'stopwatch'>): Promise<ReplayReport | undefined> {
  const began = stopwatch()
  if (!(await isPlayed(database, workspaceId))) return undefined
  const totals = await countTotals(database, workspaceId)
  return {
    events: { recorded: 0, duplicate: 0, refused: 0 },
    totals,
    added: subtractTotals(totals, totals),
    changed: false,
    batches: 0,
    continued: false,
    seconds: (stopwatch() - began) / 1000,
    spent: laps(stopwatch).spent,
  }
}

/** A batch in its steps; see batches.ts for why this is the order in which everybody lived it. */
async function playBatch(
  loop: ReplayLoop,
  workspaceId: string,
  batch: Batch,
  position: Position,
  lap: (stage: Stage) => void,
) {
  for (let start = 0; start < batch.events.length; start += atOnce) {
    const events = batch.events.slice(start, start + atOnce).map(({ event }) => event)
    for (const { status } of await recordEvents(loop.parts, workspaceId, events)) position[status]++
  }
  lap('events')
  await work(loop)
  lap('work')
  if (batch.answers.length > 0) {
    await handIn(loop.parts, workspaceId, batch.answers)
    lap('answers')
    await work(loop)
    lap('work')
  }
  if (batch.acts.length > 0) {
    await carryOut(loop.parts, workspaceId, batch.acts)
    await work(loop)
    lap('work')
  }
}

/** @throws Error when something of it failed: later time must not come before it is done */
async function work({ lane, drain }: ReplayLoop) {
  await drain()
  const failing = await lane.failing()
  if (failing > 0)
    throw new Error(`${failing} steps of the loop failed; the log tells why. Run it again to go on.`)
}

/** Goes from one thing that falls due to the next, each done at its own time, until nothing that is meant is waiting. */
async function live(loop: ReplayLoop, clock: ReplayClock, isMeant: (due: Date) => boolean) {
  for (;;) {
    const next = await loop.lane.nextAt()
    if (next === undefined || !isMeant(next)) return
    clock.moveTo(next)
    await work(loop)
  }
}

function laps(stopwatch: () => number) {
  const spent: Record<Stage, number> = { reading: 0, events: 0, work: 0, answers: 0, facts: 0 }
  let last = stopwatch()
  return {
    spent,
    /** Books the time since the last call on a stage. */
    lap(stage: Stage) {
      const now = stopwatch()
      spent[stage] += (now - last) / 1000
      last = now
    },
  }
}
