import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../test/cluster.ts'
import { startPostgres } from '../../test/postgres.ts'
import { VirtualClock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { stableId } from '../base/ids.ts'
import { migrate } from '../storage/migrate.ts'
import { type Database, openPostgres } from '../storage/postgres.ts'
import { openPrograms, type Programs } from './store.ts'

const text = (target: number, manager = 'manager') => `
samklang: 1
workspace: { name: Shop, languages: [en], timeZone: Europe/Stockholm }
units:
  levels: [market, team]
  list:
    - { key: t1, level: team, name: Team 1, parent: se }
    - { key: se, level: market, name: Sweden }
employees: [{ key: e1, name: Eva, email: eva@example.org, unit: t1, role: ${manager} }]
events: {}
touchpoints: { delivery: { name: Delivery } }
metrics: { csat: { kind: csat, questions: [delivery.satisfaction], target: ${target} } }
surveys:
  delivery: { name: Delivery, touchpoint: delivery, kind: transactional, questions: [{ id: satisfaction, kind: csat }] }
`
const files = (target: number, manager?: string) => [{ path: 'program.yaml', text: text(target, manager) }]
const workspace = stableId('workspace', 'shop')
const other = stableId('workspace', 'other')
const engines = {
  PGlite: async (clock: VirtualClock) => {
    const database = await openStore(undefined, clock)
    return { database, close: () => database.close() }
  },
  PostgreSQL: async (clock: VirtualClock) => {
    const server = await startPostgres()
    const database = openPostgres(server.url, clock)
    return { database, close: () => database.close().finally(() => server.stop()) }
  },
}

describe.each(Object.entries(engines))('programs of a workspace, on %s', (_, open) => {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'))
  let database: Database
  let programs: Programs
  let close: () => Promise<void>

  beforeAll(async () => {
    const opened = await open(clock)
    database = opened.database
    close = opened.close
    await migrate(database)
    await database.asOwner((tx) =>
      tx.query(
        'insert into workspaces (workspace_id, slug, name, created_at) values ($1, $2, $2, $4), ($3, $5, $5, $4)',
        [workspace, 'shop', other, clock.now(), 'other'],
      ),
    )
    programs = openPrograms(database, clock)
  })
  afterAll(() => close())

  const rows = (table: string) =>
    database.inWorkspace(workspace, (tx) => tx.query(`select * from ${table} order by 2`))

  it('there is none before one is pushed', async () => {
    await expect(programs.active(workspace)).rejects.toMatchObject({ code: 'program.missing' })
  })

  it('a wrong one is refused with every place, and changes nothing', async () => {
    const wrong = [{ path: 'program.yaml', text: text(80).replace('kind: csat }', 'kind: csta }') }]
    const refused = await programs.push(workspace, wrong).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Refusal)
    expect((refused as Refusal).code).toBe('program.invalid')
    expect((refused as Refusal).faults[0]?.where).toBe(
      'program.yaml:14:112 surveys.delivery.questions[0].kind',
    )
    expect(await programs.versions(workspace)).toEqual([])
  })

  it('the one pushed last is in force, and pushing it again changes nothing', async () => {
    const first = await programs.push(workspace, files(80), 'eva')
    expect(first.changed).toBe(true)
    expect((await programs.active(workspace)).version).toBe(first.version)
    clock.moveTo(new Date('2026-01-02T00:00:00Z'))
    expect(await programs.push(workspace, files(80), 'ola')).toEqual({
      version: first.version,
      changed: false,
      warnings: [],
      checkWarnings: [],
    })
    const second = await programs.push(workspace, files(85))
    expect(await programs.versions(workspace)).toEqual([
      {
        version: second.version,
        createdAt: new Date('2026-01-02T00:00:00Z'),
        createdBy: undefined,
        active: true,
      },
      {
        version: first.version,
        createdAt: new Date('2026-01-01T00:00:00Z'),
        createdBy: 'eva',
        active: false,
      },
    ])
    const back = await programs.push(workspace, files(80))
    expect(back).toMatchObject({ version: first.version, changed: true, warnings: [] })
    expect((await programs.active(workspace)).program.metrics.csat?.target).toBe(80)
    expect((await programs.version(workspace, second.version)).program.metrics.csat?.target).toBe(85)
    expect(await programs.files(workspace, second.version)).toEqual(files(85))
  })

  it('one that changes the scale of a question is taken, with a warning', async () => {
    const rated = (to: number) => [
      {
        path: 'program.yaml',
        text: text(80)
          .replace('kind: csat }', `kind: rating, to: ${to}, text: How was it? }`)
          .replace('{ kind: csat,', '{ kind: mean,'),
      },
    ]
    await programs.push(workspace, rated(7))
    const { changed, warnings } = await programs.push(workspace, rated(5))
    expect(changed).toBe(true)
    expect(warnings).toEqual([
      'delivery.satisfaction: the scale was 1-7 and is 1-5. Answers given before keep theirs, and csat over both mixes the two; a question with a new id keeps them apart.',
    ])
    await programs.push(workspace, files(80))
  })

  it('what a map holds comes back in the order it was written in, also to a process that starts', async () => {
    const metrics = 'metrics: { satisfaction: { kind: csat, questions: [delivery.satisfaction] }, csat:'
    await programs.push(workspace, [
      { path: 'program.yaml', text: text(80).replace('metrics: { csat:', metrics) },
    ])
    const { program } = await openPrograms(database, clock).active(workspace)
    expect(Object.keys(program.metrics)).toEqual(['satisfaction', 'csat'])
    await programs.push(workspace, files(80))
  })

  it('units come with their path, and employees with their role', async () => {
    expect(await rows('units')).toMatchObject([
      { unit_key: 'se', parent_key: null, path: ['se'] },
      { unit_key: 't1', parent_key: 'se', path: ['se', 't1'], level: 'team', name: 'Team 1' },
    ])
    expect(await rows('employees')).toMatchObject([
      { employee_key: 'e1', name: 'Eva', email: 'eva@example.org', unit_key: 't1', role: 'manager' },
    ])
    await programs.push(workspace, files(80, 'employee'))
    expect(await rows('employees')).toMatchObject([{ employee_key: 'e1', role: 'employee' }])
  })

  it('another process reads the same from the database', async () => {
    const { version } = await programs.active(workspace)
    const elsewhere = openPrograms(database, clock)
    expect((await elsewhere.active(workspace)).version).toBe(version)
    expect(await database.inWorkspace(workspace, async (tx) => (await elsewhere.activeIn(tx)).version)).toBe(
      version,
    )
  })

  it('another workspace sees nothing of them', async () => {
    const { version } = await programs.active(workspace)
    await expect(programs.active(other)).rejects.toMatchObject({ code: 'program.missing' })
    await expect(programs.version(other, version)).rejects.toMatchObject({ code: 'thing.unknown' })
    await expect(programs.files(other, version)).rejects.toMatchObject({ code: 'thing.unknown' })
    expect(await programs.versions(other)).toEqual([])
  })
})
