import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Refusal } from '../base/errors.ts'
import { createLoop, type Step } from '../loop.ts'
import type { Workspace } from '../people/workspaces.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { demoSource } from '../simulate/demo.ts'
import { demoPeople } from '../simulate/demoPeople.ts'
import { olistSource } from '../simulate/olist.ts'
import { playedBefore, type ReplayReport, replay, type Source } from '../simulate/replay.ts'
import { scenarioFile, scenarioSource } from '../simulate/scenario.ts'
import type { Database } from '../storage/postgres.ts'
import { refreshValues } from '../value/refresh.ts'
import type { Io } from './local.ts'
import type { Product } from './product.ts'
import { readProgramFiles } from './program.ts'
import { ownedWorkspace } from './workspace.ts'

/** Recorded data that can be replayed: the program's folder name, and how its data folder is read. */
const sources: Record<string, (folder: string) => Promise<Source>> = { olist: olistSource }

export async function replayCommand(argv: string[], io: Io, product: Product): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { data: { type: 'string' }, workspace: { type: 'string' } },
  })
  const [place] = positionals
  const name = basename(place ?? '')
  const read = sources[name]
  if (!place) throw new Refusal('request.malformed', 'Name the folder of a program.')
  const folder = resolve(io.folder, place)
  const source = await sourceOf(name, folder, read, values.data && resolve(io.folder, values.data))
  const workspace = await ownedWorkspace(product, values.workspace ?? name)
  await product.parts.programs.push(workspace.id, readProgramFiles(folder), 'replay')
  const report = await play(product, workspace, source, progressOn(io))
  await refreshValues(product.parts, workspace.id)
  io.out(told(workspace, report))
  return 0
}

/** The folder's own scenario, or recorded data. */
async function sourceOf(
  name: string,
  folder: string,
  read: ((folder: string) => Promise<Source>) | undefined,
  data: string | undefined,
): Promise<Source> {
  if (data === undefined && existsSync(join(folder, scenarioFile))) return scenarioSource(name, folder)
  if (read && data !== undefined) return read(data)
  const recorded = Object.keys(sources).join(', ')
  throw new Refusal(
    'request.malformed',
    `Name the folder of a program that has a ${scenarioFile}, or one with recorded data (${recorded}) and its --data folder.`,
  )
}

/** Plays a source into a workspace on a loop of its own, in virtual time.
 * @param also what follows of news besides
 */
function play(
  product: Product,
  workspace: Workspace,
  source: Source,
  progress: (share: number) => void,
  also: Record<string, Step[]> = {},
) {
  const { parts, jobs } = product
  return replay({
    database: parts.database,
    programs: parts.programs,
    workspaceId: workspace.id,
    announceLive: parts.announce,
    realClock: parts.clock,
    source,
    progress,
    stopwatch: () => performance.now(),
    async open(name, clock) {
      const lane = await jobs.lane(name, clock, true)
      const own = { ...parts, database: parts.database.withClock(clock), clock, announce: lane.announce }
      const loop = createLoop(own, lane, also)
      return { parts: own, lane, drain: loop.drain, project: () => loop.project(workspace.id) }
    },
  })
}

function progressOn(io: Io): (share: number) => void {
  let shown = -1
  const step = io.isTerminal ? 1 : 10
  return (share) => {
    const percent = Math.floor(share * 100)
    if (percent < shown + step && percent !== 100) return
    if (percent === shown) return
    shown = percent
    const bar = '█'.repeat(Math.round(share * 30)).padEnd(30, '·')
    io.err(io.isTerminal ? `\r${bar} ${percent} %${percent === 100 ? '\n' : ''}` : `${percent} %\n`)
  }
}

function told(workspace: Workspace, report: ReplayReport): string {
  const count = (value: number) => value.toLocaleString('en')
  const lines: string[] = []
  const { events, totals, added, changed } = report
  lines.push(`Workspace ${workspace.slug}${report.continued ? ', continued where it was stopped' : ''}`)
  lines.push(
    `  events recorded    ${report.continued ? 'in all its runs ' : ''}${count(events.recorded)}${events.duplicate ? `, ${count(events.duplicate)} known before` : ''}${events.refused ? `, ${count(events.refused)} refused` : ''}`,
  )
  const listed = (name: string, now: Record<string, number>, more: Record<string, number>) => {
    for (const [what, n] of Object.entries(now)) {
      lines.push(
        `  ${name} ${what}`.padEnd(38) +
          `${count(n).padStart(8)}${more[what] ? `   (+${count(more[what])})` : ''}`,
      )
    }
  }
  for (const [name, now] of Object.entries(totals) as Array<
    [keyof typeof totals, number | Record<string, number>]
  >) {
    const more = added[name] as number | Record<string, number>
    if (typeof now === 'number') listed(name, { '': now }, { '': more as number })
    else listed(name, now, more as Record<string, number>)
  }
  lines.push(
    changed
      ? `  done in ${report.seconds.toFixed(1)} s`
      : `  nothing changed; looked through in ${report.seconds.toFixed(1)} s`,
  )
  return `${lines.join('\n')}\n`
}

/** What stands under the bar when the demo is filled: what was made, and where it is to be seen. */
export function filledLine({ totals, changed, seconds }: ReplayReport, address: string): string {
  const count = (value: number) => value.toLocaleString('en')
  const answers = Object.values(totals.answers).reduce((sum, n) => sum + n, 0)
  const made = `${count(totals.events)} events, ${count(totals.invitations)} invitations, ${count(answers)} answers, ${count(totals.cases)} cases`
  const how = changed ? `is filled, in ${Math.round(seconds)} s` : 'was filled already'
  return `\nThe demo ${how}: ${made}.\nSee it at ${address} (for a new sign-in link: bin/samklang sign-in-link).\n\n`
}

export async function demoCommand(_argv: string[], io: Io, product: Product): Promise<number> {
  const { filled } = await startDemo(product, io)
  io.out(told((await filled).workspace, (await filled).report))
  return 0
}

const demoFolder = resolve(import.meta.dirname, '../../programs/demo')
const filling = new WeakMap<Product, ReturnType<typeof beginDemo>>()

/** Begins to fill the demo workspace, or goes on where it was; one that is filled stays as it is, and a filling that is
 * under way is joined.
 */
export function startDemo(product: Product, io: Io): ReturnType<typeof beginDemo> {
  const begun = filling.get(product) ?? beginDemo(product, io)
  filling.set(product, begun)
  return begun
}

async function beginDemo(product: Product, io: Io) {
  const { parts } = product
  const workspace = await ownedWorkspace(product, 'Demo')
  // Once it is filled people go on from there, with its program too: it is not played again.
  const stopwatch = () => performance.now()
  const report = await playedBefore({ database: parts.database, workspaceId: workspace.id, stopwatch })
  if (report) return { workspace, filled: Promise.resolve({ workspace, report }) }
  await parts.programs.push(workspace.id, readProgramFiles(demoFolder), 'demo')
  const end = await endOfDemo(product, workspace)
  const source = await demoSource((await parts.programs.active(workspace.id)) as CheckedProgram, end)
  const filled = play(product, workspace, source, progressOn(io), demoPeople(end)).then(async (report) => {
    // Once for all of the two years, not every night of them.
    await refreshValues(parts, workspace.id)
    await product.loop.project(workspace.id)
    return { workspace, report }
  })
  return { workspace, filled }
}

/** True when a demo was begun and is not filled to its end: the process was stopped amid it. */
export async function demoWaits(database: Database): Promise<boolean> {
  const rows = await database.asOwner((tx) =>
    tx.query(
      `select 1 from progress begun where begun.work = 'demo-end' and not exists (
         select 1 from progress done where done.workspace_id = begun.workspace_id and done.work = 'replay'
           and (done.state->>'complete')::boolean)`,
    ),
  )
  return rows.length > 0
}

/** The two years end when the demo was first made; kept, so that the same years are gone on with after a stop. */
async function endOfDemo({ parts }: Product, workspace: Workspace): Promise<Date> {
  const [row] = await parts.database.inWorkspace(workspace.id, (tx) =>
    tx.query<{ state: { end: string } }>(
      `insert into progress (workspace_id, work, state, changed_at) values ($1, 'demo-end', $2, $3)
       on conflict (workspace_id, work) do update set work = excluded.work returning state`,
      [workspace.id, JSON.stringify({ end: parts.clock.now().toISOString() }), parts.clock.now()],
    ),
  )
  return new Date(row!.state.end)
}
