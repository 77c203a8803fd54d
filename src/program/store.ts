// For: the programs of a workspace, every version that was ever active.
// In: YAML files that are pushed. Out: checked programs, each made once; units and employees in the people tables.
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { type CheckResult, checkProgram } from './check.ts'
import { type CheckedProgram, checkedProgram } from './checked.ts'
import { namedChannels } from './meaning-notify.ts'
import { scaleChanges } from './scales.ts'
import type { Program } from './schema.ts'
import type { ProgramFault, SourceFile } from './source.ts'

export interface ProgramVersion {
  version: string
  createdAt: Date
  createdBy: string | undefined
  active: boolean
}

export interface Programs {
  /** The program in force. @throws Refusal program.missing */
  active(workspaceId: string): Promise<CheckedProgram>
  /** A version, in force or not. @throws Refusal thing.unknown */
  version(workspaceId: string, version: string): Promise<CheckedProgram>
  /** Checks the files for this workspace; changes nothing. */
  check(workspaceId: string, files: readonly SourceFile[]): Promise<CheckResult>
  /** Checks the files and puts them in force; pushing what is in force already changes nothing. `warnings` tell what the
   * change does to answers that are there and what the workspace lacks for it, `checkWarnings` what the check found
   * that hinders nothing.
   * @throws Refusal program.invalid with a fault for each mistake, where = file:line:column path
   */
  push(
    workspaceId: string,
    files: readonly SourceFile[],
    by?: string,
  ): Promise<{ version: string; changed: boolean; warnings: string[]; checkWarnings: ProgramFault[] }>
  /** Newest first. */
  versions(workspaceId: string): Promise<ProgramVersion[]>
  /** The files of a version as they were written. @throws Refusal thing.unknown */
  files(workspaceId: string, version: string): Promise<SourceFile[]>
  /** The same store for code that holds a transaction: on one connection there cannot be two. */
  activeIn(tx: Tx): Promise<CheckedProgram>
  versionIn(tx: Tx, version: string): Promise<CheckedProgram>
}

/** What a program with mistakes is refused with. */
export const invalidProgram = (faults: readonly ProgramFault[]) =>
  new Refusal(
    'program.invalid',
    undefined,
    faults.map(({ file, line, column, where, message }) => ({
      where: `${file}:${line}:${column}${where ? ` ${where}` : ''}`,
      message,
    })),
  )

/** How long another process's push may go unnoticed. */
const freshFor = 1000
const mostCached = 200

export function openPrograms(database: Database, clock: Clock): Programs {
  /** A version never changes, so that what is cached stays true. */
  const checked = new Map<string, CheckedProgram>()
  /** Wall time, not the clock's: it measures how old an answer of the database is. */
  const activeVersions = new Map<string, { version: string; readAt: number }>()

  function remember(workspaceId: string, program: CheckedProgram): CheckedProgram {
    checked.set(`${workspaceId} ${program.version}`, program)
    const oldest = checked.size > mostCached ? checked.keys().next().value : undefined
    if (oldest !== undefined) checked.delete(oldest)
    return program
  }

  async function versionIn(tx: Tx, version: string): Promise<CheckedProgram> {
    const workspaceId = workspaceOf(tx)
    const cached = checked.get(`${workspaceId} ${version}`)
    if (cached) return cached
    const rows = await tx.query<{ program: Program }>(
      'select program from program_versions where workspace_id = $1 and version = $2',
      [workspaceId, version],
    )
    if (!rows[0]) throw new Refusal('thing.unknown', `There is no program version ${version.slice(0, 20)}.`)
    return remember(workspaceId, checkedProgram(rows[0].program, version))
  }

  async function activeIn(tx: Tx): Promise<CheckedProgram> {
    const workspaceId = workspaceOf(tx)
    const cached = cachedActive(workspaceId)
    if (cached) return cached
    const rows = await tx.query<{ active_version: string | null }>(
      'select active_version from workspaces where workspace_id = $1',
      [workspaceId],
    )
    const version = rows[0]?.active_version
    if (!version) throw new Refusal('program.missing')
    const program = await versionIn(tx, version)
    activeVersions.set(workspaceId, { version, readAt: performance.now() })
    return program
  }

  function cachedActive(workspaceId: string): CheckedProgram | undefined {
    const active = activeVersions.get(workspaceId)
    if (!active || performance.now() - active.readAt > freshFor) return undefined
    return checked.get(`${workspaceId} ${active.version}`)
  }

  return {
    activeIn,
    versionIn,
    async active(workspaceId) {
      return cachedActive(workspaceId) ?? (await database.inWorkspace(workspaceId, activeIn))
    },
    async version(workspaceId, version) {
      const cached = checked.get(`${workspaceId} ${version}`)
      return cached ?? (await database.inWorkspace(workspaceId, (tx) => versionIn(tx, version)))
    },
    async check(workspaceId, files) {
      const channels = await database.inWorkspace(workspaceId, channelNames)
      return checkProgram(files, { channels })
    },
    async push(workspaceId, files, by) {
      const { program, version, faults, warnings: checkWarnings } = checkProgram(files)
      if (!program || version === undefined) throw invalidProgram(faults)
      const { changed, warnings } = await database.inWorkspace(workspaceId, async (tx) => {
        const before = await putInForce(tx, program, files, clock, by)
        const lacking = await channelsLacking(tx, program.program)
        if (before === version) return { changed: false, warnings: lacking }
        const replaced = before === null ? undefined : await versionIn(tx, before)
        const scales = replaced ? scaleChanges(replaced.program, program.program) : []
        return { changed: true, warnings: [...scales, ...lacking] }
      })
      remember(workspaceId, program)
      activeVersions.set(workspaceId, { version, readAt: performance.now() })
      return { version, changed, warnings, checkWarnings }
    },
    versions: (workspaceId) => database.inWorkspace(workspaceId, listVersions),
    files: (workspaceId, version) =>
      database.inWorkspace(workspaceId, async (tx) => {
        const rows = await tx.query<{ files: SourceFile[] }>(
          'select files from program_versions where workspace_id = $1 and version = $2',
          [workspaceId, version],
        )
        if (!rows[0])
          throw new Refusal('thing.unknown', `There is no program version ${version.slice(0, 20)}.`)
        return rows[0].files
      }),
  }
}

function workspaceOf(tx: Tx): string {
  if (tx.workspaceId === undefined) throw new Error('a program belongs to a workspace')
  return tx.workspaceId
}

async function channelNames(tx: Tx): Promise<Set<string>> {
  const rows = await tx.query<{ name: string }>(`select name from chat_channels where state <> 'gone'`)
  return new Set(rows.map(({ name }) => name))
}

/** A sentence for each chat channel that the program tells and nobody has made. */
async function channelsLacking(tx: Tx, program: Program): Promise<string[]> {
  const named = new Set(namedChannels(program).map(({ name }) => name))
  if (named.size === 0) return []
  const there = await channelNames(tx)
  return [...named]
    .filter((name) => !there.has(name))
    .map((name) => `This workspace has no chat channel ${name}: nobody is told there before it is made.`)
}

async function listVersions(tx: Tx): Promise<ProgramVersion[]> {
  const rows = await tx.query<{ version: string; at: Date; by: string | null; active: boolean }>(
    `select v.version, v.created_at as at, v.created_by as by, v.version = w.active_version as active
     from program_versions v join workspaces w using (workspace_id)
     where v.workspace_id = $1 order by v.created_at desc, v.version`,
    [workspaceOf(tx)],
  )
  return rows.map(({ version, at, by, active }) => ({
    version,
    createdAt: at,
    createdBy: by ?? undefined,
    active,
  }))
}

/** @returns the version that was in force until now; null for none */
async function putInForce(
  tx: Tx,
  { program, version }: CheckedProgram,
  files: readonly SourceFile[],
  clock: Clock,
  by: string | undefined,
): Promise<string | null> {
  const workspaceId = workspaceOf(tx)
  // Two who push at once take turns.
  const [workspace] = await tx.query<{ active_version: string | null }>(
    'select active_version from workspaces where workspace_id = $1 for update',
    [workspaceId],
  )
  if (!workspace) throw new Refusal('workspace.unknown')
  // Of one content the files as last written: comments and layout may have changed.
  await tx.query(
    `insert into program_versions (workspace_id, version, files, program, created_at, created_by)
     values ($1, $2, $3::json::jsonb, $4::json, $5, $6)
     on conflict (workspace_id, version) do update set files = excluded.files, program = excluded.program`,
    [workspaceId, version, JSON.stringify(files), JSON.stringify(program), clock.now(), by ?? null],
  )
  // People know the workspace by the name that the program gives it; its slug stays what addresses hold.
  await tx.query('update workspaces set active_version = $2, name = $3 where workspace_id = $1', [
    workspaceId,
    version,
    program.workspace.name,
  ])
  if (workspace.active_version === version) return version
  await upsertUnits(tx, workspaceId, program)
  await upsertEmployees(tx, workspaceId, program)
  return workspace.active_version
}

/** Units that left the program stay: answers were given for them. */
async function upsertUnits(tx: Tx, workspaceId: string, program: Program): Promise<void> {
  const list = program.units?.list ?? []
  if (list.length === 0) return
  const parents = new Map(list.map((unit) => [unit.key, unit.parent]))
  const rows = list.map((unit) => ({
    unit_key: unit.key,
    parent_key: unit.parent ?? null,
    level: unit.level,
    name: unit.name,
    path: unitPath(unit.key, parents),
  }))
  await tx.query(
    `insert into units (workspace_id, unit_key, parent_key, level, name, path)
     select $1::uuid, r.unit_key, r.parent_key, r.level, r.name, r.path
     from json_to_recordset($2::json) as r(unit_key text, parent_key text, level text, name text, path text[])
     on conflict (workspace_id, unit_key) do update
     set parent_key = excluded.parent_key, level = excluded.level, name = excluded.name, path = excluded.path`,
    [workspaceId, JSON.stringify(rows)],
  )
}

/** Keys from the root down to the unit itself. */
export function unitPath(key: string, parents: ReadonlyMap<string, string | undefined>): string[] {
  const path: string[] = []
  for (let at: string | undefined = key; at !== undefined; at = parents.get(at)) path.unshift(at)
  return path
}

async function upsertEmployees(tx: Tx, workspaceId: string, program: Program): Promise<void> {
  const rows = (program.employees ?? []).map((employee) => ({
    employee_key: employee.key,
    name: employee.name,
    email: employee.email ?? null,
    unit_key: employee.unit,
    role: employee.role ?? 'employee',
    language: employee.language ?? null,
    functions: employee.functions ?? [],
  }))
  // Who has left the program is given and told of nothing more; their name stays, for what they did.
  await tx.query(
    `update employees set active = false, role = 'employee', functions = '{}'
     where workspace_id = $1 and active
       and employee_key not in (select r.employee_key from json_to_recordset($2::json) as r(employee_key text))`,
    [workspaceId, JSON.stringify(rows)],
  )
  if (rows.length === 0) return
  await tx.query(
    `insert into employees (workspace_id, employee_key, name, email, unit_key, role, language, functions)
     select $1::uuid, r.* from json_to_recordset($2::json)
       as r(employee_key text, name text, email text, unit_key text, role text, language text, functions text[])
     on conflict (workspace_id, employee_key) do update
     set name = excluded.name, email = excluded.email, unit_key = excluded.unit_key, active = true,
         role = excluded.role, language = excluded.language, functions = excluded.functions`,
    [workspaceId, JSON.stringify(rows)],
  )
}
