import { afterAll, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../src/base/clock.ts'
import { many } from '../../src/storage/many.ts'
import { type Database, openPostgres } from '../../src/storage/postgres.ts'
import { openStore } from '../cluster.ts'
import { startPostgres } from '../postgres.ts'

const clock = new VirtualClock(new Date('2026-03-02T10:00:00Z'))

interface Line {
  id: string
  n: number | null
  at: Date | null
  who?: string
}
const columns = { id: 'uuid', n: 'int', at: 'timestamptz', who: 'text' } as const
const id = '019565f0-0000-7000-8000-000000000001'

const server = await startPostgres()
const stores: Record<string, Database> = {
  PGlite: await openStore(undefined, clock),
  PostgreSQL: openPostgres(server.url, clock),
}
afterAll(async () => {
  for (const store of Object.values(stores)) await store.close()
  await server.stop()
})

describe.each(Object.entries(stores))('many rows on %s', (_name, store) => {
  const sent = (rows: Line[]) =>
    store.asOwner((tx) => {
      const { from, values } = many(rows, columns, 2)
      return tx.query(`select $1::text as also, r.* from ${from} order by r.n nulls last`, ['x', ...values])
    })

  it('come as they were, to the millisecond, and what they lack is null', async () => {
    const rows = await sent([
      { id, n: 1, at: new Date('2026-10-25T00:59:59.999Z'), who: 'function.product Owner, "north"' },
      { id, n: -2, at: new Date('1969-12-31T23:59:59.001Z'), who: 'null' },
      { id, n: null, at: null },
    ])
    expect(rows).toEqual([
      { also: 'x', id, n: -2, at: new Date('1969-12-31T23:59:59.001Z'), who: 'null' },
      {
        also: 'x',
        id,
        n: 1,
        at: new Date('2026-10-25T00:59:59.999Z'),
        who: 'function.product Owner, "north"',
      },
      { also: 'x', id, n: null, at: null, who: null },
    ])
  })

  it('hold any text', async () => {
    const texts = ['', ' ', '{}', 'a,b', '"', '\\', 'C:\\new "one"', 'NULL', 'é\n\t\x1f\x1e', '🙂']
    const rows = await sent(texts.map((who, n) => ({ id, n, at: null, who })))
    expect(rows.map(({ who }) => who)).toEqual(texts)
  })

  it('may be one, and none', async () => {
    expect(await sent([{ id, n: null, at: null }])).toEqual([{ also: 'x', id, n: null, at: null, who: null }])
    expect(await sent([])).toEqual([])
  })

  it('count where they hold nothing', async () => {
    const nothing = { id: null as unknown as string, n: null, at: null }
    expect(await sent([nothing, nothing])).toHaveLength(2)
  })

  it('are thousands of times, each as it was', async () => {
    const times = Array.from({ length: 5000 }, (_, n) => new Date(Date.UTC(2024, 0, 1) + n * 86_399_989))
    const rows = await sent(times.map((at, n) => ({ id, n, at })))
    expect(rows.map(({ at }) => at)).toEqual(times)
  })
})
