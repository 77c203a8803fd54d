import type { ClusterCells } from './cell-regression.ts'
import type { Panel } from './difference-in-differences.ts'
import { SampleInvalid } from './interval.ts'

export interface PanelRows {
  readonly value: ArrayLike<number>
  /** Place of the period, 0..periods - 1. */
  readonly period: ArrayLike<number>
  /** 0 or 1. */
  readonly treated: ArrayLike<number>
  /** Place of the cluster, any whole numbers from 0; leave out when answers are independent. */
  readonly cluster?: ArrayLike<number> | undefined
  readonly periods: number
  readonly begin: number
}

/** Sums of single answers by arm, period and cluster, as `differenceInDifferences` takes them.
 * @throws SampleInvalid when a row lies outside the periods or arms
 */
export function panelOf(rows: PanelRows): Panel {
  const { periods, value } = rows
  const size = 2 * periods
  const n = new Float64Array(size)
  const sum = new Float64Array(size)
  const squares = new Float64Array(size)
  const place = (i: number) => {
    const at = rows.treated[i]! * periods + rows.period[i]!
    if (!(rows.period[i]! < periods && at >= 0 && at < size))
      throw new SampleInvalid(`row ${i} lies outside the panel`)
    return at
  }
  for (let i = 0; i < value.length; i++) {
    const cell = place(i)
    n[cell]!++
    sum[cell]! += value[i]!
  }
  const parts = new Map<number, Map<number, { n: number; sum: number }>>()
  for (let i = 0; i < value.length; i++) {
    const cell = place(i)
    squares[cell]! += (value[i]! - sum[cell]! / n[cell]!) ** 2
    if (!rows.cluster) continue
    const name = rows.cluster[i]!
    let cluster = parts.get(name)
    if (!cluster) {
      cluster = new Map()
      parts.set(name, cluster)
    }
    const part = cluster.get(cell)
    if (part) {
      part.n++
      part.sum += value[i]!
    } else cluster.set(cell, { n: 1, sum: value[i]! })
  }
  const clusters = [...parts.values()].map((cells): ClusterCells => {
    const entries = [...cells.values()]
    return {
      cells: [...cells.keys()],
      n: entries.map((part) => part.n),
      sum: entries.map((part) => part.sum),
    }
  })
  const cells = Array.from(n, (n, c) => ({ n, sum: sum[c]!, squares: squares[c]! }))
  return { periods, begin: rows.begin, cells, clusters }
}
