import { NO_CLUSTERS, sumClusters } from './cluster-sums.ts'
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
  for (let i = 0; i < value.length; i++) {
    const cell = place(i)
    squares[cell]! += (value[i]! - sum[cell]! / n[cell]!) ** 2
  }
  const cells = Array.from(n, (n, c) => ({ n, sum: sum[c]!, squares: squares[c]! }))
  const clusters = rows.cluster
    ? sumClusters(
        value,
        rows.cluster,
        Int32Array.from({ length: value.length }, (_, i) => place(i)),
        size,
      )
    : NO_CLUSTERS
  return { periods, begin: rows.begin, cells, clusters }
}
