// For: the facts. One interface over a ClickHouse server and chDB, with the same SQL for both.
// In: an address or a data folder.
// Out: queries with named parameters, commands, and inserts of whole blocks.
import { mkdirSync } from 'node:fs'
import { type ClickHouseClient, createClient } from '@clickhouse/client'

import { createChdbConnection } from 'chdb/connection'

type Connection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>

export interface Columns {
  /** @param parameters for {name:Type} placeholders */
  query<R>(sql: string, parameters?: Record<string, unknown>): Promise<R[]>
  command(sql: string): Promise<void>
  /** One block, written whole or not at all (tables are not partitioned); at most 100,000 rows. */
  insert(table: string, rows: object[]): Promise<void>
  ready(): Promise<boolean>
  close(): Promise<void>
}

export function openColumns(place: { url: string } | { folder: string }): Columns {
  if ('folder' in place) mkdirSync(place.folder, { recursive: true })
  // chDB's connection is typed against its own copy of the client's types; at run time they are the same.
  const client: ClickHouseClient =
    'url' in place
      ? createClient({ url: place.url })
      : createClient({ connection: createChdbConnection({ path: place.folder }) as unknown as Connection })
  return {
    async query<R>(sql: string, parameters: Record<string, unknown> = {}) {
      const result = await client.query({ query: sql, query_params: parameters, format: 'JSONEachRow' })
      return (await result.json()) as R[]
    },
    async command(sql) {
      await client.command({ query: sql })
    },
    async insert(table, rows) {
      if (rows.length === 0) return
      await client.insert({
        table,
        values: rows,
        format: 'JSONEachRow',
        clickhouse_settings: { date_time_input_format: 'best_effort', max_insert_block_size: '200000' },
      })
    },
    async ready() {
      return client.query({ query: 'select 1' }).then(
        (result) => result.text().then(() => true),
        () => false,
      )
    },
    close: () => client.close(),
  }
}
