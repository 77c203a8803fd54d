import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '../../src/base/clock.ts'
import { stableId } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { createMailer } from '../../src/channels/deliver.ts'
import { createHookSender } from '../../src/channels/hooks/deliver.ts'
import { openPoster } from '../../src/channels/hooks/post.ts'
import { takeReplies } from '../../src/channels/inbound.ts'
import { openMailbox } from '../../src/channels/mailbox.ts'
import { listMailbox, type MailRead, readMailbox } from '../../src/channels/mailboxReading.ts'
import { openTransport } from '../../src/channels/transport.ts'
import { createLoop, type Parts } from '../../src/loop.ts'
import { createWorkspace } from '../../src/people/workspaces.ts'
import { openPrograms } from '../../src/program/store.ts'
import { announceCompleted } from '../../src/responses/record.ts'
import { openColumns } from '../../src/storage/columns.ts'
import { openJobs } from '../../src/storage/jobs.ts'
import { migrate } from '../../src/storage/migrate.ts'
import type { Tx } from '../../src/storage/postgres.ts'
import { openStore } from '../cluster.ts'

export interface Answered {
  id: string
  recommend: number
  comment?: string
  employee?: string
  unit?: string
  at?: Date
}

/** The whole product in memory at a time of its own, with one workspace and its program. */
export async function openNotifyRig(program: string, start: Date) {
  const folder = mkdtempSync(join(tmpdir(), 'notify-'))
  const clock = new VirtualClock(start)
  const database = await openStore(undefined, clock)
  await migrate(database)
  const jobs = await openJobs(database, silentLog)
  const lane = await jobs.lane('live', clock, true)
  const inbound = { database, clock, announce: lane.announce }
  const mailbox = await openMailbox(inbound, 0, (mail) => takeReplies(inbound, mail))
  const transport = openTransport(mailbox.url)
  const columns = openColumns({ folder: join(folder, 'facts') })
  const parts: Parts = {
    database,
    columns,
    clock,
    announce: lane.announce,
    programs: openPrograms(database, clock),
    log: silentLog,
    publicUrl: 'https://feedback.example.org',
    mailer: createMailer({
      transport,
      toMailbox: true,
      mailFrom: 'Samklang <feedback@example.org>',
      sole: true,
    }),
    hooks: createHookSender({ poster: openPoster({ allowPrivate: true, timeout: 2000 }), sole: true }),
    sole: true,
  }
  const { id: workspaceId } = await createWorkspace(parts, 'Sales')
  const loop = createLoop(parts, lane)
  const within = <T>(work: (tx: Tx) => Promise<T>) => database.inWorkspace(workspaceId, work)
  const rig = {
    parts,
    workspaceId,
    clock,
    lane,
    loop,
    within,
    push: (text: string) => parts.programs.push(workspaceId, [{ path: 'program.yaml', text }]),
    idOf: (id: string) => stableId('response', id),
    /** Somebody answered, as the survey pages leave it. */
    async answered(...all: Answered[]) {
      const { version } = await parts.programs.active(workspaceId)
      await within(async (tx) => {
        for (const { id, recommend, comment, employee, unit, at = clock.now() } of all)
          await tx.query(
            `insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
               answered_at, answers, comment, context, version, employee_key, unit_key)
             values ($1, $2, 'call', 'call', 'survey', 'completed', 'sv', $3, $3, $4, $5, $6, $7, $8, $9)`,
            [
              workspaceId,
              rig.idOf(id),
              at,
              JSON.stringify({ recommend }),
              comment ?? null,
              JSON.stringify({ at: at.toISOString() }),
              version,
              employee ?? null,
              unit ?? null,
            ],
          )
        const completed = all.map(({ id }) => ({ responseId: rig.idOf(id) }))
        await announceCompleted(tx, lane.announce, completed)
      })
    },
    /** Lives on until a time, doing everything when it falls due. */
    async live(until: Date) {
      for (;;) {
        await loop.drain()
        if ((await lane.failing()) > 0) throw new Error('a step of the loop failed')
        const next = await lane.nextAt()
        if (next === undefined || next > until) break
        clock.moveTo(next)
      }
      clock.moveTo(until)
    },
    async drain() {
      await rig.live(clock.now())
    },
    /** All mails there are, oldest first. */
    async mails(): Promise<MailRead[]> {
      return within(async (tx) => {
        const { items } = await listMailbox(tx, { limit: 1000 })
        const mails: MailRead[] = []
        for (const { mailId } of items.reverse()) mails.push(await readMailbox(tx, mailId))
        return mails
      })
    },
    async close() {
      transport.close()
      await mailbox.close()
      await jobs.close()
      await columns.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await rig.push(program)
  return rig
}
export type NotifyRig = Awaited<ReturnType<typeof openNotifyRig>>

/** A sales company: two teams under a head, each with a manager; the manager of the second also makes calls. */
export const salesProgram = (notify: string) => `
samklang: 1
workspace: { name: Sales, languages: [sv, nb, en], timeZone: Europe/Stockholm }
units:
  levels: [company, team]
  list:
    - { key: all, level: company, name: Hela }
    - { key: south, level: team, name: Syd, parent: all }
    - { key: north, level: team, name: Nord, parent: all }
employees:
  - { key: head, name: Hanna Head, email: head@example.se, unit: all, role: manager, functions: [lead] }
  - { key: sm, name: Sara Syd, email: sm@example.se, unit: south, role: manager }
  - { key: nm, name: Nils Nord, email: nm@example.no, unit: north, role: manager, language: nb }
  - { key: s1, name: Ebba Ros, email: s1@example.se, unit: south }
  - { key: s2, name: Kalle Dahl, email: s2@example.se, unit: south, language: en }
  - { key: n1, name: Ida Lam, unit: north }
events: {}
touchpoints: { call: { name: Samtal } }
surveys:
  call:
    name: Samtal
    touchpoint: call
    kind: transactional
    questions: [{ id: recommend, kind: nps }, { id: comment, kind: text }]
metrics: { nps: { kind: nps, questions: [call.recommend] } }
recovery: { rules: [{ id: unhappy, when: answers.recommend <= 3, owner: [unitManager] }] }
notify:
  praise: { when: answers.recommend >= 9 }
  criticism: { when: answers.recommend <= 6 }
${notify}
`
