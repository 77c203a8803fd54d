// For: answering many Asks at once, as a page of numbers puts them: one query instead of one for each.
// In: Asks, the asker's scope. Out: for each its AskResult, the same as asked alone, or the refusal it gets.
import { Refusal } from '../base/errors.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { FactKind } from '../storage/outbox.ts'
import { ask, fittingProjection, resultOf, tableIsGone } from './answer.ts'
import type { Ask, AskResult } from './ask.ts'
import { type CompiledAsk, compileAsk, type Scope } from './compile.ts'
import { factTable } from './facts.ts'
import { Parameters } from './parameters.ts'
import { type InsightParts, layoutFor } from './parts.ts'
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
 * @throws Refusal program.missing, store.unavailable while the facts are being rebuilt elsewhere
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
      : [pieceSql(each, index, false), ...(each.overlapping ? [pieceSql(each, index, true)] : [])],
  )
  if (pieces.length === 0) return compiled as Refusal[]
  const alone = (asked: Ask) => ask(parts, workspaceId, asked, scope, language)
  const rows = await parts.columns
    .query<Piece>(pieces.join(' union all '), parameters.values)
    .catch((error: Error) => {
      if (!tableIsGone(error)) throw error
    })
  const at = { watermark: (projection.projected_at ?? now).toISOString(), version }
  const byAsk = Map.groupBy(rows ?? [], (row) => Number(row.q))
  return Promise.all(
    compiled.map((each, index) => {
      if (each instanceof Refusal) return each
      const asked = asks[index]!
      const own = byAsk.get(index) ?? []
      const cells = own.filter((row) => Number(row.whole) === 0)
      if (rows === undefined || cells.length > each.cap) return alone(asked)
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
  cn: number
  ct: number
  cl: number
  cs: number
  cq: number
  [column: string]: unknown
}

/** One Ask's query with the columns that all of them have, of the same types. */
function pieceSql(compiled: CompiledAsk, index: number, whole: boolean): string {
  const { by, over, packed, metric } = compiled
  const grouped = !whole && !packed
  const text = (column: string | false | undefined) =>
    column ? `cast(toString(${column}) as Nullable(String))` : 'cast(null as Nullable(String))'
  const number = (column: string | false | undefined) => (column ? `toFloat64(ifNull(${column}, 0))` : '0.')
  const sum = (name: 'top' | 'low' | 'sum' | 'squares') => number(metric[name] && name)
  const columns = {
    q: `toUInt32(${index})`,
    whole: whole ? 'toUInt8(1)' : 'toUInt8(0)',
    g0: text(grouped && by[0] && 'b0'),
    g1: text(grouped && by[1] && 'b1'),
    gp: text(over && !(packed && !whole) && 'period'),
    gb: number(compiled.compared && 'before'),
    gk: packed && !whole ? 'toUInt64(k)' : 'toUInt64(0)',
    ...{ cn: number('n'), ct: sum('top'), cl: sum('low'), cs: sum('sum'), cq: sum('squares') },
  }
  const list = Object.entries(columns).map(([name, sql]) => `${sql} as ${name}`)
  return `select ${list.join(', ')} from (${whole ? compiled.totalSql : compiled.sql})`
}

const rowOf = (piece: Piece): CellRow => ({
  ...{ b0: piece.g0, b1: piece.g1, before: Boolean(Number(piece.gb)), k: piece.gk },
  ...(piece.gp === null ? {} : { period: piece.gp }),
  ...{ n: piece.cn, top: piece.ct, low: piece.cl, sum: piece.cs, squares: piece.cq },
})
