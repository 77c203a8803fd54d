import { systemClock, VirtualClock } from '../src/base/clock.ts'
import { silentLog } from '../src/base/log.ts'
import { ensureWorkspace } from '../src/people/workspaces.ts'
import { openPrograms } from '../src/program/store.ts'
import { openJobs } from '../src/storage/jobs.ts'
import { migrate } from '../src/storage/migrate.ts'
import type { Row } from '../src/storage/postgres.ts'
import { openStore } from './cluster.ts'

/** A repair shop's program: enough of everything for tests of the flow. */
export const shop = `
samklang: 1
workspace: { name: Shop, languages: [en, sv, nb], timeZone: Europe/Stockholm }
contacts:
  fields:
    tier: { type: category, values: [gold, plain] }
transactions:
  repair:
    fields:
      kind: { type: category, values: [pump, boiler] }
      visits: { type: number }
      doneAt: { type: time }
      promisedAt: { type: time }
      late: { type: boolean, derive: 'has(repair.doneAt) && has(repair.promisedAt) && repair.doneAt > repair.promisedAt' }
events:
  repair.ordered:
    about: repair
    map:
      contact: { key: data.customer, email: data.email, language: data.language, fields: { tier: data.tier } }
      unit: data.unit
      employee: data.employee
      transaction: { key: data.repair, fields: { kind: data.kind, promisedAt: data.promisedAt } }
  repair.done:
    about: repair
    map:
      contact: { key: data.customer }
      transaction: { key: data.repair, fields: { visits: data.visits, doneAt: time } }
  repair.noted:
    about: repair
    map:
      transaction: { key: data.repair, fields: { visits: data.visits } }
units:
  levels: [region, team]
  list:
    - { key: north, level: region, name: North }
    - { key: team1, level: team, name: Team one, parent: north }
employees:
  - { key: kari, name: Kari, email: kari@shop.invalid, unit: team1, role: manager, language: nb }
touchpoints: { repair: { name: Repair } }
metrics:
  nps: { kind: nps, questions: [repair.recommend] }
  csat: { kind: csat, questions: [repair.satisfaction] }
surveys:
  repair:
    name: { en: Your repair, sv: Din reparation, nb: Reparasjonen din }
    touchpoint: repair
    kind: transactional
    questions:
      - { id: recommend, kind: nps }
      - { id: satisfaction, kind: csat }
      - { id: why, kind: text, text: { en: Why, sv: Varför, nb: Hvorfor } }
      - { id: visits, kind: rating, from: 0, to: 10, text: { en: Visits, sv: Besök, nb: Besøk }, answeredBy: { field: repair.visits, maxAge: P30D } }
      - { id: contactMe, kind: contactMe, show: has(answers.recommend) && answers.recommend <= 6 }
triggers:
  done:
    survey: repair
    on: { event: repair.done }
    when: repair.kind == 'pump'
    delay: P1D
    unless: has(repair.visits) && repair.visits > 5.0
  promised:
    survey: repair
    on: { date: repair.promisedAt }
    unless: has(repair.doneAt)
recovery:
  rules:
    - { id: detractor, when: has(answers.recommend) && answers.recommend <= 6 }
`

let house: ReturnType<typeof openHouse> | undefined
let opened = 0

/** One database for a test file: opening PGlite takes seconds, a workspace a few milliseconds. */
async function openHouse() {
  const database = await openStore(undefined, systemClock)
  await migrate(database)
  return { database, jobs: await openJobs(database, silentLog) }
}

/** A workspace of its own in memory, with a program, a clock and a lane; for tests. */
export async function openWorkshop(start: string, program = shop) {
  house ??= openHouse()
  const { database: shared, jobs } = await house
  const clock = new VirtualClock(new Date(start))
  const database = shared.withClock(clock)
  const name = `shop-${++opened}`
  const lane = await jobs.lane(name, clock, true)
  const parts = { database, clock, announce: lane.announce, programs: openPrograms(database, clock) }
  const workspace = await ensureWorkspace(parts, name)
  await parts.programs.push(workspace.id, [{ path: 'shop.yaml', text: program }])
  return {
    ...parts,
    lane,
    jobs,
    workspaceId: workspace.id,
    rows: <R extends Row>(sql: string) => database.inWorkspace(workspace.id, (tx) => tx.query<R>(sql)),
  }
}

/** After the last test of a file. */
export async function closeHouse() {
  const { database, jobs } = (await house) ?? {}
  house = undefined
  await jobs?.close()
  await database?.close()
}

export type Workshop = Awaited<ReturnType<typeof openWorkshop>>
