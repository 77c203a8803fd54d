// For: answering many Asks at once, as a page of numbers puts them: one query instead of one for each.
// In: Asks, the asker's scope. Out: for each its AskResult, the same as asked alone, or the refusal it gets.
import { Refusal } from '../base/errors.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { FactKind } from '../storage/outbox.ts'
import { ask, fittingProjection, resultOf, tableIsGone } from './answer.ts'
import type { Ask, AskResult } from './ask.ts'
import { type CompiledAsk, compileAsk, groupCap, nameOf, type Scope, sumNames } from './compile.ts'
import { factTable } from './facts.ts'
import { Parameters } from './parameters.ts'
import { type InsightParts, layoutFor } from './parts.ts'
import { sumSql } from './plan.ts'
import { type CellRow, cellsOf } from './result.ts'

/** A way to ask by which all Asks put at the same moment are answered together. */
export function askTogether(
  parts: InsightParts,
  workspaceId: string,
  scope: Scope = {},
  language: LanguageCode = 'en',
): (asked: Ask) => Promise<AskResult> {
  let waiting: Array<{ asked: Ask; settle: (answer: Promise<AskResult>) => void }> = []
  const flush = () => {
    const now = waiting
    waiting = []
    const answers = answerAll(
      parts,
      workspaceId,
      now.map(({ asked }) => asked),
      scope,
      language,
    )
    for (const [index, { settle }] of now.entries()) {
      settle(
        answers.then((all) => {
          const answer = all[index]!
          if (answer instanceof Refusal) throw answer
          return answer
        }),
      )
    }
  }
  return (asked) =>
    new Promise((settle) => {
      if (waiting.length === 0) queueMicrotask(flush)
      waiting.push({ asked, settle })
    })
}

/** Answers Asks together.
 * @returns in their order; a Refusal for one that cannot be understood
 * @throws Refusal program.missing, store.unavailable while the facts are being rebuilt elsewhere,
 * facts.missing when they are in another column store than this one
 */
export async function answerAll(
  parts: InsightParts,
  workspaceId: string,
  asks: readonly Ask[],
  scope: Scope = {},
  language: LanguageCode = 'en',
): Promise<Array<AskResult | Refusal>> {
  const { program, version } = await parts.programs.active(workspaceId)
  const now = parts.clock.now()
  const projection = await fittingProjection(parts, workspaceId, layoutFor(program).hash)
  const table = (kind: FactKind) => factTable(workspaceId, kind, projection.generation)
  const parameters = new Parameters()
  const compiled = asks.map((asked) => {
    try {
      return compileAsk(asked, program, table, scope, now, language, parameters)
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
  })
  const pieces = compiled.flatMap((each, index) =>
    each instanceof Refusal
      ? []
      : [
          { compiled: each, index, whole: false },
          ...(each.overlapping ? [{ compiled: each, index, whole: true }] : []),
        ],
  )
  if (pieces.length === 0) return compiled as Refusal[]
  const statements = [...Map.groupBy(pieces, sameRows).values()].map(piecesSql)
  const alone = (asked: Ask) => ask(parts, workspaceId, asked, scope, language)
  const rows = await parts.columns
    .query<Piece>(statements.join(' union all '), parameters.values)
    .catch((error: Error) => {
      if (!tableIsGone(error)) throw error
    })
  const cut = tooMany(pieces, rows ?? [])
  const at = { watermark: (projection.projected_at ?? now).toISOString(), version }
  // What is asked together is grouped together: a group in which an Ask has nothing is none of its groups.
  const told = (rows ?? []).filter((row) => Number(row.any) === 1 || Number(row.cn) > 0)
  const byAsk = Map.groupBy(told, (row) => Number(row.q))
  return Promise.all(
    compiled.map((each, index) => {
      if (each instanceof Refusal) return each
      const asked = asks[index]!
      const own = byAsk.get(index) ?? []
      const cells = own.filter((row) => Number(row.whole) === 0)
      if (rows === undefined || cut.has(index)) return alone(asked)
      const totals = cellsOf(own.filter((row) => Number(row.whole) === 1).map(rowOf), 0)
      return resultOf(parts, workspaceId, asked, each, cells.map(rowOf), totals, at)
    }),
  )
}

interface Piece {
  q: number
  whole: number
  g0: string | null
  g1: string | null
  gp: string | null
  gb: number
  gk: number
  /** There are no groups: the row stands, also when nothing was counted. */
  any: number
  cn: number
  ct: number
  cl: number
  cs: number
  cq: number
  cw: number
  [column: string]: unknown
}

/** An Ask's part of a statement: its groups, or its total. */
interface Part {
  compiled: CompiledAsk
  index: number
  whole: boolean
}

const keysOf = ({ compiled: { made }, whole }: Part) => (whole ? made.extra : made.keys)

/** What is alike of parts that one reading of the same rows, in the same groups, can answer. */
const sameRows = (part: Part) => {
  const { source, common } = part.compiled.made
  return JSON.stringify([source, common, keysOf(part), part.whole])
}

/** Parts that read the same rows as one statement, with the columns that all statements have, of the same types: a
 * statement for each would cost the column store more than the reading.
 */
function piecesSql(parts: readonly Part[]): string {
  const [{ compiled, whole }] = parts as [Part]
  const { by, over, packed, made } = compiled
  const keys = keysOf(parts[0] as Part)
  const grouped = !whole && !packed
  const text = (column: string | false | undefined) =>
    column ? `cast(toString(${column}) as Nullable(String))` : 'cast(null as Nullable(String))'
  const columns = {
    whole: whole ? 'toUInt8(1)' : 'toUInt8(0)',
    g0: text(grouped && by[0] && 'b0'),
    g1: text(grouped && by[1] && 'b1'),
    gp: text(over && !(packed && !whole) && 'period'),
    gb: compiled.compared ? 'toFloat64(ifNull(before, 0))' : '0.',
    gk: packed && !whole ? 'toUInt64(k)' : 'toUInt64(0)',
    any: keys.length === 0 ? 'toUInt8(1)' : 'toUInt8(0)',
  }
  const sums = parts.flatMap(({ compiled: { made, metric }, index }) => [
    ...sumNames.flatMap((name) => {
      const sum = (whole ? made.totals : made.sums)[name]
      return sum ? [`${sumSql(sum, [...made.own, ...made.protecting])} as ${name}${index}`] : []
    }),
    `${sumSql(metric.n, made.own)} as whole${index}`,
  ])
  const told = parts.map(({ compiled: { made }, index }) => {
    const values = sumNames.map((name) => (made.sums[name] ? `toFloat64(ifNull(${name}${index}, 0))` : '0.'))
    return `tuple(toUInt32(${index}), ${values.join(', ')}, toFloat64(ifNull(whole${index}, 0)))`
  })
  const where = made.common.length > 0 ? ` where ${made.common.join(' and ')}` : ''
  const groups = keys.length > 0 ? ` group by ${keys.map(nameOf).join(', ')} limit ${groupCap + 1}` : ''
  const list = Object.entries(columns).map(([name, sql]) => `${sql} as ${name}`)
  const values = ['q', 'cn', 'ct', 'cl', 'cs', 'cq', 'cw'].map(
    (name, at) => `tupleElement(t, ${at + 1}) as ${name}`,
  )
  return `select ${[...Object.keys(columns), ...values].join(', ')} from (
    select ${list.join(', ')}, arrayJoin([${told.join(', ')}]) as t from (
      select ${[...keys, ...sums].join(', ')} from ${made.source}${where}${groups}))`
}

/** Asks whose groups are more than were read. */
function tooMany(parts: readonly Part[], rows: readonly Piece[]): Set<number> {
  const counts = Map.groupBy(
    rows.filter((row) => Number(row.whole) === 0),
    (row) => Number(row.q),
  )
  return new Set(
    parts.map(({ index }) => index).filter((index) => (counts.get(index)?.length ?? 0) > groupCap),
  )
}

const rowOf = (piece: Piece): CellRow => ({
  ...{ b0: piece.g0, b1: piece.g1, before: Boolean(Number(piece.gb)), k: piece.gk },
  ...(piece.gp === null ? {} : { period: piece.gp }),
  ...{ n: piece.cn, top: piece.ct, low: piece.cl, sum: piece.cs, squares: piece.cq, whole: piece.cw },
})
