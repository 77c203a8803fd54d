// For: how fast questions are answered over 1 and 10 million responses.
// In: the two stores, empty; sizes. Out: rows of the bench table, each question beside the query written by hand.
import { stableId } from '../src/base/ids.ts'
import { ask } from '../src/insight/answer.ts'
import type { Ask } from '../src/insight/ask.ts'
import { createTableSql, factTable, layoutOf } from '../src/insight/facts.ts'
import type { InsightParts } from '../src/insight/parts.ts'
import type { Program } from '../src/program/schema.ts'
import type { Columns } from '../src/storage/columns.ts'
import type { Database } from '../src/storage/postgres.ts'
import { type BenchRow, median } from './table.ts'

const workspaceId = stableId('bench', 'ask')
const markets = ['se', 'no', 'dk', 'fi']
const regions = Array.from({ length: 20 }, (_, i) => ({ key: `r${i}`, parent: markets[i % 4]! }))
const teams = Array.from({ length: 400 }, (_, i) => ({ key: `t${i}`, parent: `r${i % 20}` }))

/** A company of four markets, twenty regions and four hundred teams, asked after every order. */
export const benchProgram = {
  samklang: 1,
  workspace: { name: 'Bench', languages: ['en'], timeZone: 'Europe/Stockholm' },
  contacts: { as: 'customer', fields: { segment: { type: 'category' }, since: { type: 'time' } } },
  units: {
    levels: ['market', 'region', 'team'],
    list: [
      ...markets.map((key) => ({ key, level: 'market', name: key })),
      ...regions.map((each) => ({ ...each, level: 'region', name: each.key })),
      ...teams.map((each) => ({ ...each, level: 'team', name: each.key })),
    ],
  },
  transactions: {
    order: {
      fields: { price: { type: 'number' }, outcome: { type: 'category' }, promisedAt: { type: 'time' } },
    },
  },
  events: {},
  touchpoints: { order: { name: 'Order' } },
  metrics: {
    nps: { kind: 'nps', questions: ['order.recommend'] },
    csat: { kind: 'csat', questions: ['order.satisfied'] },
  },
  surveys: {
    order: {
      name: 'Order',
      touchpoint: 'order',
      kind: 'transactional',
      questions: [
        { id: 'recommend', kind: 'nps' },
        { id: 'satisfied', kind: 'csat' },
        { id: 'comment', kind: 'text' },
      ],
    },
  },
} as unknown as Program

/** Answers of three years, made by the column store itself; every column a question below reads is filled. */
const fill = (table: string, size: number) => `
  insert into ${table} (key, batch, sign, at, survey, touchpoint, version, contact_id, way_in, language, state,
    has_comment, unit, unit_market, unit_region, unit_team, q_order_recommend, q_order_satisfied,
    now_contact_segment, frozen_contact_segment, now_order_price, frozen_order_price, now_order_outcome,
    frozen_order_outcome)
  select reinterpretAsUUID(sipHash128(number)), intDiv(number, 2000), 1,
    toDateTime64('2023-01-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(intDiv(number * 94608000, ${size}) * 1000 + h % 1000),
    'order', 'order', 'v1', reinterpretAsUUID(sipHash128(h % 3000000)), 'survey', 'en',
    if(h % 50 = 0, 'partial', 'completed'), h % 4 = 0,
    concat('t', toString(h % 400)), ['se', 'no', 'dk', 'fi'][h % 4 + 1], concat('r', toString(h % 20)),
    concat('t', toString(h % 400)),
    if(h % 23 = 0 or h % 50 = 0, null, toUInt8(least(10, intDiv(h, 400) % 14))), toUInt8(1 + intDiv(h, 700) % 5),
    concat('segment ', toString(intDiv(h, 11) % 12)), concat('segment ', toString(intDiv(h, 11) % 12)),
    toFloat64(intDiv(h, 13) % 5000) / 10, toFloat64(intDiv(h, 13) % 5000) / 10,
    ['on time', 'late', 'not delivered'][intDiv(h, 17) % 3 + 1], ['on time', 'late', 'not delivered'][intDiv(h, 17) % 3 + 1]
  from (select number, cityHash64(number) as h from numbers(${size}))
  settings max_insert_threads = 2`

interface Question {
  name: string
  ask: Ask
  byHand: (table: string) => string
}

const scores = `sum(sign) as n, sumIf(sign, q_order_recommend >= 9) as top, sumIf(sign, q_order_recommend <= 6) as low`
const counted = 'isNotNull(q_order_recommend)'

const questions: Question[] = [
  {
    name: 'NPS by one of 400 units',
    ask: { metric: 'nps', by: ['unit'] },
    byHand: (table) => `select unit, ${scores} from ${table} where ${counted} group by unit`,
  },
  {
    name: 'NPS by market and month',
    ask: { metric: 'nps', by: ['unit.market'], over: 'month' },
    byHand: (table) =>
      `select unit_market, toStartOfMonth(day) as month, ${scores}
       from ${table} where ${counted} group by unit_market, month`,
  },
  {
    name: 'NPS by segment, filtered on price and outcome',
    ask: {
      metric: 'nps',
      by: ['customer.segment'],
      where: 'order.price > 100.0 && order.outcome in ["late", "not delivered"]',
    },
    byHand: (table) =>
      `select now_contact_segment, ${scores} from ${table}
       where ${counted} and now_order_price > 100 and now_order_outcome in ('late', 'not delivered')
       group by now_contact_segment`,
  },
]

const runs = 7
// The first runs compile our own code; a server has done that long ago.
const warmUps = 3

/** Median times in milliseconds of two kinds of work, done in turn so that both meet the same machine. */
async function medians(
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let run = -warmUps; run < runs; run++) {
    for (const [index, work] of [first, second].entries()) {
      const start = performance.now()
      await work()
      if (run >= 0) times[index]!.push(performance.now() - start)
    }
  }
  return [median(times[0]), median(times[1])]
}

/** Measures Asks, whole: from the question as data to the answer with its statistics.
 * @param sizes how many responses, each measured in a table of its own that is dropped afterwards
 */
export async function benchAsk(
  stores: { database: Database; columns: Columns },
  sizes: readonly number[] = [1_000_000, 10_000_000],
): Promise<BenchRow[]> {
  const layout = layoutOf(benchProgram)
  const parts: InsightParts = {
    ...stores,
    clock: { now: () => new Date('2026-01-01T00:00:00Z') },
    programs: { active: async () => ({ program: benchProgram, version: 'bench', contactName: 'customer' }) },
  }
  const rows: BenchRow[] = []
  for (const [index, size] of sizes.entries()) {
    const generation = 1000 + index
    const table = factTable(workspaceId, 'response', generation)
    await stores.columns.command(`drop table if exists ${table} sync`)
    await stores.columns.command(createTableSql(table, layout.columns.response, layout.zone))
    await stores.columns.command(fill(table, size))
    await stores.database.inWorkspace(workspaceId, (tx) =>
      tx.query(
        `insert into fact_projections (workspace_id, schema_hash, generation) values ($1, $2, $3)
         on conflict (workspace_id) do update set schema_hash = excluded.schema_hash, generation = excluded.generation`,
        [workspaceId, layout.hash, generation],
      ),
    )
    for (const question of questions) {
      const [byHand, asked] = await medians(
        () => stores.columns.query(question.byHand(table)),
        () => ask(parts, workspaceId, question.ask),
      )
      rows.push({
        name: `${question.name}, ${(size / 1e6).toLocaleString('en')} M answers`,
        value: asked,
        unit: 'ms',
        ratio: asked / byHand,
        target: size >= 10_000_000 ? '<= 1.5 x by hand, < 150 ms' : '<= 1.5 x by hand',
      })
    }
    await stores.columns.command(`drop table ${table} sync`)
  }
  return rows
}
