// For: the facts. One interface over a ClickHouse server and chDB, with the same SQL for both.
// In: an address or a data folder.
// Out: queries with named parameters, commands, and inserts of whole blocks.
import { mkdirSync } from 'node:fs'
import { type ClickHouseClient, createClient } from '@clickhouse/client'

import { createChdbConnection } from 'chdb/connection'

type Connection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>

export interface Columns {
  /** Times come back as ISO 8601 text, counts as numbers.
   * @param parameters for {name:Type} placeholders; nothing a person wrote is ever put into the text itself
   */
  query<R>(sql: string, parameters?: Record<string, unknown>): Promise<R[]>
  command(sql: string): Promise<void>
  /** One block, written whole or not at all (tables are not partitioned); at most 100,000 rows.
   * @param token a block whose token the table has just seen is dropped: an insert whose end was not heard of may
   *   be sent again (for tables with non_replicated_deduplication_window)
   */
  insert(table: string, rows: readonly object[], token?: string): Promise<void>
  ready(): Promise<boolean>
  close(): Promise<void>
}

const blockLimit = 100_000

// On chDB settings are statements before the query and stay; both engines get the same ones with every call.
const settings = {
  date_time_output_format: 'iso',
  output_format_json_quote_64bit_integers: 0,
} as const

export function openColumns(place: { url: string } | { folder: string }): Columns {
  if ('folder' in place) mkdirSync(place.folder, { recursive: true })
  // chDB's connection is typed against its own copy of the client's types; at run time they are the same.
  const client: ClickHouseClient =
    'url' in place
      ? createClient({ url: place.url, clickhouse_settings: settings })
      : createClient({
          connection: createChdbConnection({ path: place.folder }) as unknown as Connection,
          clickhouse_settings: settings,
        })
  return {
    async query<R>(sql: string, parameters: Record<string, unknown> = {}) {
      const result = await client.query({ query: sql, query_params: parameters, format: 'JSONEachRow' })
      return (await result.json()) as R[]
    },
    async command(sql) {
      await client.command({ query: sql })
    },
    async insert(table, rows, token = '') {
      if (rows.length === 0) return
      if (rows.length > blockLimit) throw new Error(`a block holds at most ${blockLimit} rows`)
      await client.insert({
        table,
        values: rows as object[],
        format: 'JSONEachRow',
        clickhouse_settings: {
          date_time_input_format: 'best_effort',
          // One block however large, so that it is one part of the table.
          max_insert_block_size: String(2 * blockLimit),
          min_insert_block_size_rows: String(2 * blockLimit),
          min_insert_block_size_bytes: '0',
          input_format_parallel_parsing: 0,
          insert_deduplication_token: token,
        },
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
