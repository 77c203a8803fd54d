import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Database } from '../storage/postgres.ts'

/** The sign-in library's SQL, run by our own database on either engine, one statement at a time. Transactions
 * are refused: on PGlite's one connection a transaction held by the library would wait for itself. */
export function dialectOf(database: Pick<Database, 'script'>): Dialect {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const rows = (await database.script(query.sql, [...query.parameters])) as R[]
      return { rows, numAffectedRows: BigInt(rows.length) }
    },
    // biome-ignore lint/correctness/useYield: the interface asks for a generator; there is nothing to give
    async *streamQuery() {
      throw new Error('sign-in does not stream')
    },
  }
  const refuse = () => Promise.reject(new Error('sign-in runs without transactions'))
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => {},
  }
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}
