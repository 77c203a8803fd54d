import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../src/base/clock.ts'
import { Refusal } from '../../src/base/errors.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { type Database, openPglite, openPostgres } from '../../src/storage/postgres.ts'
import { startPostgres } from '../postgres.ts'

const clock = new VirtualClock(new Date('2026-03-02T10:00:00Z'))
const mine = '019565f0-0000-7000-8000-000000000001'
const theirs = '019565f0-0000-7000-8000-000000000002'

/** Opens one of the two engines; `again` opens the same database a second time where that can be. */
type Engine = () => Promise<{ database: Database; stop(): Promise<void> }>
const engines: Record<string, Engine> = {
  PGlite: async () => {
    const database = await openPglite(undefined, clock)
    return { database, stop: () => database.close() }
  },
  'PostgreSQL 18': async () => {
    const server = await startPostgres()
    const database = openPostgres(server.url, clock)
    return {
      database,
      async stop() {
        await database.close()
        await server.stop()
      },
    }
  },
}

describe.each(Object.entries(engines))('on %s', (_name, open) => {
  let database: Database
  let stop: () => Promise<void> = async () => {}
  beforeAll(async () => {
    const opened = await open()
    database = opened.database
    stop = opened.stop
    await migrate(database)
    for (const workspace of [mine, theirs]) {
      await database.inWorkspace(workspace, async (tx) => {
        await tx.query(
          'insert into workspaces (workspace_id, slug, name, created_at) values ($1, $2, $2, $3)',
          [workspace, `slug-${workspace.at(-1)}`, clock.now()],
        )
        await tx.query(
          `insert into units (workspace_id, unit_key, level, name, path) values ($1, 'a', 'x', 'A', '{a}')`,
          [workspace],
        )
      })
    }
  }, 120_000)
  afterAll(() => stop())

  const tables = async () => {
    const rows = await database.script(
      `select tablename as name from pg_tables where schemaname = 'samklang' and tablename <> 'migrations' order by 1`,
    )
    return rows.map((row) => row.name as string)
  }

  describe('every table', () => {
    it('has workspace_id, row-level security, and a policy for reading and writing', async () => {
      const rows = await database.script(`
        select c.relname as name, c.relrowsecurity as secured,
          exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and a.attnotnull) as owned,
          (select count(*) from pg_policy p where p.polrelid = c.oid and p.polcmd = '*'
             and p.polqual is not null and p.polwithcheck is not null) as policies
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'samklang' and c.relkind in ('r', 'p') and c.relname <> 'migrations'`)
      expect(rows.length).toBeGreaterThan(20)
      expect(rows.filter((row) => !row.secured || !row.owned || row.policies !== 1)).toEqual([])
    })

    it('has the same policy: rows of the workspace that is set, to read and to write', async () => {
      const rows = await database.script(`
        select distinct pg_get_expr(polqual, polrelid) as reading, pg_get_expr(polwithcheck, polrelid) as writing
        from pg_policy`)
      const own = expect.stringMatching(/^\(workspace_id = .*current_setting\('samklang.workspace'/)
      expect(rows).toEqual([{ reading: own, writing: own }])
    })

    it('shows nothing to a query without a workspace', async () => {
      const seen: string[] = []
      for (const table of await tables()) {
        const rows = await database.inNoWorkspace((tx) => tx.query(`select 1 from ${table} limit 1`))
        if (rows.length > 0) seen.push(table)
      }
      expect(seen).toEqual([])
    })
  })

  it('a workspace sees its own rows alone', async () => {
    const seen = await database.inWorkspace(mine, (tx) => tx.query('select workspace_id from units'))
    expect(seen).toEqual([{ workspace_id: mine }])
    const asked = await database.inWorkspace(mine, (tx) =>
      tx.query('select 1 from units where workspace_id = $1', [theirs]),
    )
    expect(asked).toEqual([])
  })

  it('what reads as owner is known by name, and gives rows of the workspace that is set alone', async () => {
    const asOwner = await database.script(`
      select relname as name from pg_class
        where relnamespace = 'samklang'::regnamespace and relkind in ('v', 'm')
      union all
      select proname from pg_proc where pronamespace = 'samklang'::regnamespace and prosecdef
      order by 1`)
    expect(asOwner.map(({ name }) => name)).toEqual(['case_readers', 'find_cases'])
    for (const workspace of [mine, theirs]) {
      await database.inWorkspace(workspace, async (tx) => {
        await tx.query(`insert into employees (workspace_id, employee_key, name) values ($1, $2, 'E')`, [
          workspace,
          `of-${workspace.at(-1)}`,
        ])
        await tx.query(
          `insert into case_words (workspace_id, case_id, words) values ($1, $1, 'same'::tsvector)`,
          [workspace],
        )
      })
    }
    const readers = 'select person from case_readers'
    const found = `select find_cases('same'::tsquery, 10) as id`
    const [people, cases] = await database.inWorkspace(mine, async (tx) => [
      await tx.query(readers),
      await tx.query(found),
    ])
    expect([people, cases]).toEqual([[{ person: 'of-1' }], [{ id: mine }]])
    const nobody = await database.inNoWorkspace(async (tx) => [
      ...(await tx.query(readers)),
      ...(await tx.query(found)),
    ])
    expect(nobody).toEqual([])
  })

  it('a workspace cannot write, change or take rows of another', async () => {
    const insert = (tx: { query(text: string, values: unknown[]): Promise<unknown> }) =>
      tx.query(
        `insert into units (workspace_id, unit_key, level, name, path) values ($1, 'b', 'x', 'B', '{b}')`,
        [theirs],
      )
    await expect(database.inWorkspace(mine, insert)).rejects.toThrow(/row-level security/)
    await expect(database.inNoWorkspace(insert)).rejects.toThrow(/row-level security/)
    const move = `update units set workspace_id = $1 where workspace_id = $2`
    await expect(database.inWorkspace(mine, (tx) => tx.query(move, [theirs, mine]))).rejects.toThrow(
      /row-level/,
    )
    const touched = await database.inWorkspace(mine, (tx) =>
      tx.query(`update units set name = 'taken' where workspace_id = $1 returning 1`, [theirs]),
    )
    expect(touched).toEqual([])
    const gone = await database.inWorkspace(mine, (tx) =>
      tx.query(`delete from units where workspace_id = $1 returning 1`, [theirs]),
    )
    expect(gone).toEqual([])
  })

  it('the application’s role reaches no sign-in, and cannot put row-level security aside', async () => {
    const refused = [
      'select 1 from auth.users',
      'select 1 from auth.sessions',
      'alter table units disable row level security',
      'drop policy own_workspace on units',
      'create table mine (a int)',
    ]
    for (const statement of refused) {
      await expect(database.inWorkspace(mine, (tx) => tx.query(statement))).rejects.toThrow(
        /permission denied|must be owner/,
      )
    }
  })

  it('what was set for one transaction is gone in the next', async () => {
    await database.inWorkspace(mine, (tx) => tx.query('select 1'))
    expect(await database.inNoWorkspace((tx) => tx.query('select 1 from units'))).toEqual([])
    const failed = database.inWorkspace(mine, (tx) => tx.query('select no_such_column from units'))
    await expect(failed).rejects.toThrow(/no_such_column/)
    expect(await database.inNoWorkspace((tx) => tx.query('select 1 from units'))).toEqual([])
  })

  describe('migrations', () => {
    it('run once, however many processes start', async () => {
      await Promise.all([migrate(database), migrate(database)])
      const rows = await database.script('select number from samklang.migrations order by number')
      expect(rows.map((row) => row.number)).toEqual([...rows.keys()].map((index) => index + 1))
    })

    it('refuse a database that a newer version has written', async () => {
      await database.script(`insert into samklang.migrations (number, name) values (9999, 'later')`)
      const refused = await migrate(database).catch((error: Refusal) => error)
      await database.script('delete from samklang.migrations where number = 9999')
      expect(refused).toBeInstanceOf(Refusal)
      expect((refused as Refusal).code).toBe('store.newer')
    })
  })

  it('numbers come as numbers, times as Date, and work after a commit runs only then', async () => {
    const told: string[] = []
    const row = await database.inWorkspace(mine, async (tx) => {
      tx.afterCommit(() => told.push('committed'))
      expect(told).toEqual([])
      const [first] = await tx.query(
        `select count(*) as n, 1.5::numeric as x, '2026-03-02T10:00:00Z'::timestamptz as at from units`,
      )
      return first
    })
    expect(row).toEqual({ n: 1, x: 1.5, at: clock.now() })
    expect(told).toEqual(['committed'])
    const rolledBack = database.inWorkspace(mine, async (tx) => {
      tx.afterCommit(() => told.push('never'))
      throw new Error('stop')
    })
    await expect(rolledBack).rejects.toThrow('stop')
    expect(told).toEqual(['committed'])
  })

  describe('statements that go together', () => {
    const add = {
      name: 'test: add a unit',
      text: `insert into samklang.units (workspace_id, unit_key, level, name, path)
        values ($1::uuid, $2::text, 'x', $3::text, '{}')`,
    }
    const names = { name: 'test: names', text: 'select name from samklang.units order by unit_key' }

    it('are all stored, with any text, and say so when that is over', async () => {
      const hard = `'; drop table units; -- "\\ \\' $1 ö 🎈\n`
      let over = false
      const rows = await database.inWorkspaceAtOnce(mine, async (tx) => {
        tx.afterCommit(() => {
          over = true
        })
        const [, , read] = await Promise.all([
          tx.query(add, [mine, 'together-1', hard]),
          tx.query(add, [mine, 'together-2', 'B']),
          tx.query(names),
        ])
        return read
      })
      expect(rows).toEqual([{ name: 'A' }, { name: hard }, { name: 'B' }])
      expect(over).toBe(true)
    })

    it('are stored all or none, and leave the connection usable', async () => {
      let over = false
      const twice = database.inWorkspaceAtOnce(mine, async (tx) => {
        tx.afterCommit(() => {
          over = true
        })
        await Promise.all([
          tx.query(add, [mine, 'together-3', 'C']),
          tx.query(add, [mine, 'together-3', 'C']),
        ])
      })
      await expect(twice).rejects.toMatchObject({ code: '23505' })
      expect(over).toBe(false)
      const held = await database.inWorkspace(mine, (tx) =>
        tx.query("select 1 from units where unit_key = 'together-3'"),
      )
      expect(held).toEqual([])
    })

    it('see and write rows of their workspace alone', async () => {
      expect(await database.inWorkspaceAtOnce(theirs, (tx) => tx.query(names))).toEqual([{ name: 'A' }])
      await expect(
        database.inWorkspaceAtOnce(theirs, (tx) => tx.query(add, [mine, 'foreign', 'F'])),
      ).rejects.toThrow(/row-level security/)
    })

    it('are not sent when the work fails before, or asks for more afterwards', async () => {
      const failing = database.inWorkspaceAtOnce(mine, async (tx) => {
        const asked = tx.query(add, [mine, 'together-4', 'D'])
        asked.catch(() => {})
        throw new Error('changed its mind')
      })
      await expect(failing).rejects.toThrow('changed its mind')
      const late = database.inWorkspaceAtOnce(mine, async (tx) => {
        await tx.query(names)
        return tx.query(add, [mine, 'together-5', 'E'])
      })
      await expect(late).rejects.toThrow('the transaction has ended')
      const held = await database.inWorkspace(mine, (tx) =>
        tx.query("select 1 from units where unit_key in ('together-4', 'together-5')"),
      )
      expect(held).toEqual([])
    })
  })
})
