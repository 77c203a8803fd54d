import { SampleInvalid } from './interval.ts'

// What clusters (stores, customers) have in each cell of a design: counts and sums, laid end to end.
// In: rows with their cluster and cell. Out: the same for any coarser cells. A million customers take some 30 MB.

/** The cells that each cluster reaches, rising, with how many answers it has there and their sum. */
export interface ClusterSums {
  /** Where the entries of each cluster begin, and where those of the last one end. */
  readonly starts: Int32Array
  readonly cells: Int32Array
  readonly n: Int32Array
  readonly sum: Float64Array
}

/** No clusters at all: answers are independent. */
export const NO_CLUSTERS: ClusterSums = {
  starts: new Int32Array(1),
  cells: new Int32Array(0),
  n: new Int32Array(0),
  sum: new Float64Array(0),
}

export const clusterCount = ({ starts }: ClusterSums): number => starts.length - 1

/** Sums of single answers by cluster and cell.
 * @param cluster whole numbers from 0; those that no row has are no clusters
 * @param cells place of each row's cell, 0..width - 1
 * @throws SampleInvalid when the columns differ in length or a cluster is no whole number from 0
 */
export function sumClusters(
  values: ArrayLike<number>,
  cluster: ArrayLike<number>,
  cells: ArrayLike<number>,
  width: number,
): ClusterSums {
  const { length } = values
  if (cluster.length !== length || cells.length !== length)
    throw new SampleInvalid(`${length} values, ${cluster.length} clusters and ${cells.length} cells`)
  const { starts, rows } = rowsByCluster(cluster)
  const made = new Entries(length, width)
  for (let g = 0; g + 1 < starts.length; g++) {
    for (let i = starts[g]!; i < starts[g + 1]!; i++) made.add(cells[rows[i]!]!, 1, values[rows[i]!]!)
    made.close()
  }
  return made.finish()
}

/** The same clusters over other cells; those that reach none of them are left out.
 * @param place of each cell among the new ones, 0..width - 1; -1 for a cell that falls away
 */
export function poolClusters(clusters: ClusterSums, place: ArrayLike<number>, width: number): ClusterSums {
  const { starts, cells, n, sum } = clusters
  const made = new Entries(cells.length, width)
  for (let g = 0; g + 1 < starts.length; g++) {
    for (let i = starts[g]!; i < starts[g + 1]!; i++) {
      const to = place[cells[i]!]!
      if (to >= 0) made.add(to, n[i]!, sum[i]!)
    }
    made.close()
  }
  return made.finish()
}

/** Row numbers, cluster after cluster. */
function rowsByCluster(cluster: ArrayLike<number>): { starts: Int32Array; rows: Int32Array } {
  let most = -1
  for (let i = 0; i < cluster.length; i++) {
    const own = cluster[i]!
    if (!(Number.isInteger(own) && own >= 0)) throw new SampleInvalid(`row ${i} has the cluster ${own}`)
    if (own > most) most = own
  }
  const starts = new Int32Array(most + 2)
  for (let i = 0; i < cluster.length; i++) starts[cluster[i]! + 1]!++
  for (let g = 1; g < starts.length; g++) starts[g]! += starts[g - 1]!
  const next = starts.slice()
  const rows = new Int32Array(cluster.length)
  for (let i = 0; i < cluster.length; i++) rows[next[cluster[i]!]!++] = i
  return { starts, rows }
}

/** Collects the entries of one cluster after the other. */
class Entries {
  readonly #starts: Int32Array
  readonly #cells: Int32Array
  readonly #n: Int32Array
  readonly #sum: Float64Array
  readonly #ownN: Int32Array
  readonly #ownSum: Float64Array
  readonly #reached: number[] = []
  #clusters = 0
  #length = 0

  constructor(most: number, width: number) {
    this.#starts = new Int32Array(most + 1)
    this.#cells = new Int32Array(most)
    this.#n = new Int32Array(most)
    this.#sum = new Float64Array(most)
    this.#ownN = new Int32Array(width)
    this.#ownSum = new Float64Array(width)
  }

  add(cell: number, n: number, sum: number): void {
    if (this.#ownN[cell] === 0) this.#reached.push(cell)
    this.#ownN[cell]! += n
    this.#ownSum[cell]! += sum
  }

  close(): void {
    if (this.#reached.length === 0) return
    for (const cell of this.#reached.sort((a, b) => a - b)) {
      this.#cells[this.#length] = cell
      this.#n[this.#length] = this.#ownN[cell]!
      this.#sum[this.#length++] = this.#ownSum[cell]!
      this.#ownN[cell] = 0
      this.#ownSum[cell] = 0
    }
    this.#reached.length = 0
    this.#starts[++this.#clusters] = this.#length
  }

  finish(): ClusterSums {
    return {
      starts: this.#starts.subarray(0, this.#clusters + 1),
      cells: this.#cells.subarray(0, this.#length),
      n: this.#n.subarray(0, this.#length),
      sum: this.#sum.subarray(0, this.#length),
    }
  }
}
