import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '../base/errors.ts'
import type { Database } from './postgres.ts'

const folder = join(import.meta.dirname, 'migrations')

/** The migrations of this version, in order: 0001-name.sql is number 1. */
export function migrations(): Array<{ number: number; name: string; sql: string }> {
  return readdirSync(folder)
    .filter((file) => /^\d{4}-.+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      number: Number(file.slice(0, 4)),
      name: file,
      sql: readFileSync(join(folder, file), 'utf8'),
    }))
}

/** Does what processes that start at the same time must do one after the other, since "create if not exists", grants and
 * the job store's own set-up fail when two do them at once.
 */
export function oneAtATime<T>(database: Database, work: () => Promise<T>): Promise<T> {
  // PGlite belongs to one process, and its one connection cannot wait for itself.
  if (database.engine === 'pglite') return work()
  return database.asOwner(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [5_281_605])
    return work()
  })
}

/** Brings the database forward to this version; running it again changes nothing. On an empty database several
 * processes take turns by `oneAtATime`.
 * @throws Refusal store.newer when a later version has written here
 */
export async function migrate(database: Database): Promise<void> {
  await database.script(`
    do $$ begin create role samklang_app nologin;
    exception when duplicate_object or unique_violation then null; end $$;
    do $$ begin execute format('grant samklang_app to %I', current_user);
    exception when others then null; end $$;
    create schema if not exists samklang;
    grant usage on schema samklang to samklang_app;
    create table if not exists samklang.migrations (number int primary key, name text not null, ran_at timestamptz not null default now());
  `)
  const known = migrations()
  const newest = known.at(-1)?.number ?? 0
  await database.asOwner(async (tx) => {
    // Two that migrate at once, wherever they come from, run the migrations one after the other.
    await tx.query('select pg_advisory_xact_lock($1)', [5_281_604])
    const done = await tx.query<{ number: number }>('select number from migrations order by number')
    const last = done.at(-1)?.number ?? 0
    if (last > newest) {
      throw new Refusal('store.newer', `It is at migration ${last}, this version knows ${newest}.`)
    }
    for (const migration of known.filter((each) => each.number > last)) {
      for (const statement of statements(migration.sql)) await tx.query(statement)
      await tx.query('insert into migrations (number, name) values ($1, $2)', [
        migration.number,
        migration.name,
      ])
    }
  })
}

/** Statements of a script, split at semicolons that stand outside of $$ bodies and comments. */
function statements(sql: string): string[] {
  const bare = sql.replace(/--[^\n]*/g, '')
  return bare
    .split(/(\$\$[\s\S]*?\$\$)/)
    .reduce<string[]>(
      (parts, piece, index) => {
        if (index % 2 === 1) parts[parts.length - 1] += piece
        else {
          const [first = '', ...rest] = piece.split(';')
          parts[parts.length - 1] += first
          parts.push(...rest)
        }
        return parts
      },
      [''],
    )
    .map((statement) => statement.trim())
    .filter(Boolean)
}
