import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { VirtualClock } from '../src/base/clock.ts'
import { silentLog } from '../src/base/log.ts'
import { createMailer } from '../src/channels/deliver.ts'
import { createHookSender } from '../src/channels/hooks/deliver.ts'
import { openPoster } from '../src/channels/hooks/post.ts'
import { openMailbox } from '../src/channels/mailbox.ts'
import { openTransport } from '../src/channels/transport.ts'
import { createLoop, type Parts, type Step } from '../src/loop.ts'
import { createWorkspace, findWorkspaces } from '../src/people/workspaces.ts'
import { openPrograms } from '../src/program/store.ts'
import { type ReplayReport, replay, type Source } from '../src/simulate/replay.ts'
import { openColumns } from '../src/storage/columns.ts'
import { openJobs } from '../src/storage/jobs.ts'
import { migrate } from '../src/storage/migrate.ts'
import { openStore } from './cluster.ts'

/** A whole product in a folder, with one workspace and its program, to play a source in. */
export interface Rig {
  parts: Parts
  workspaceId: string
  play(source: Source, watch?: Watch): Promise<ReplayReport>
  close(): Promise<void>
}

interface Watch {
  size?: number
  progress?(share: number): void
  /** People who live in it besides. */
  also?: Record<string, Step[]>
}

const programs = join(import.meta.dirname, '../programs')

/** @param files of the program; left out: those of this repository's program of that name */
export async function openRig(folder: string, program: string, files = programFiles(program)): Promise<Rig> {
  // The machine's own time plays no part in a replay; this is any time after all that is played.
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'))
  const database = await openStore(join(folder, 'truth'), clock)
  await migrate(database)
  const columns = openColumns({ folder: join(folder, 'facts') })
  const jobs = await openJobs(database, silentLog)
  const mailbox = await openMailbox({ database, clock }, 0)
  const transport = openTransport(mailbox.url)
  const lane = await jobs.lane('live', clock, true)
  const parts: Parts = {
    database,
    columns,
    clock,
    announce: lane.announce,
    programs: openPrograms(database, clock),
    log: silentLog,
    publicUrl: 'http://localhost:4000',
    mailer: createMailer({
      transport,
      toMailbox: true,
      mailFrom: 'Samklang <feedback@localhost>',
      sole: true,
    }),
    hooks: createHookSender({ poster: openPoster({ allowPrivate: false }), sole: true }),
    sole: true,
  }
  const [known] = await findWorkspaces(database, program)
  const workspaceId = (known ?? (await createWorkspace(parts, program))).id
  await parts.programs.push(workspaceId, files)
  return {
    parts,
    workspaceId,
    play: (source, { size, progress, also } = {}) =>
      replay({
        database,
        programs: parts.programs,
        workspaceId,
        announceLive: lane.announce,
        realClock: clock,
        source,
        ...(size ? { size } : {}),
        ...(progress ? { progress } : {}),
        stopwatch: () => performance.now(),
        async open(name, replayClock) {
          const own = await jobs.lane(name, replayClock, true)
          const withClock = {
            ...parts,
            database: database.withClock(replayClock),
            clock: replayClock,
            announce: own.announce,
          }
          const loop = createLoop(withClock, own, also)
          return {
            parts: withClock,
            lane: own,
            drain: loop.drain,
            project: () => loop.project(workspaceId),
          }
        },
      }),
    async close() {
      transport.close()
      await mailbox.close()
      await jobs.close()
      await columns.close()
      await database.close()
    },
  }
}

/** Files of a program of this repository. */
export const programFiles = (program: string) =>
  readdirSync(join(programs, program))
    .filter((file) => file.endsWith('.yaml'))
    .map((path) => ({ path, text: readFileSync(join(programs, program, path), 'utf8') }))
