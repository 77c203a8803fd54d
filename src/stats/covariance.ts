import { SampleInvalid } from './interval.ts'
import { at, type Matrix, matrix } from './matrix.ts'

/** What a regression needs to know of its columns. A database can compute it in one scan. */
export interface Covariance {
  /** Rows; for pairwise covariances the fewest of any pair. */
  readonly n: number
  readonly means: Float64Array
  /** Sample covariances (n - 1). */
  readonly matrix: Matrix
  /** Complete cases, pairwise, or handed over without rows. */
  readonly basis: 'complete' | 'pairwise' | 'given'
  /** Rows of each pair; pairwise alone. */
  readonly pairs?: Matrix
}

/** Gathers covariances row by row over the complete rows. Sums are taken from the first row on, so that
 * columns far from zero lose no digits. */
export class CovarianceSums {
  readonly #p: number
  readonly #origin: Float64Array
  readonly #sums: Float64Array
  readonly #products: Float64Array
  readonly #row: Float64Array
  #n = 0
  #started = false

  constructor(columns: number) {
    this.#p = columns
    this.#origin = new Float64Array(columns)
    this.#sums = new Float64Array(columns)
    this.#products = new Float64Array(columns * columns)
    this.#row = new Float64Array(columns)
  }

  get n(): number {
    return this.#n
  }

  /** Adds a row `times` times; false (and not added) when a value is missing (NaN). */
  add(row: ArrayLike<number>, times = 1): boolean {
    const p = this.#p
    for (let i = 0; i < p; i++) if (Number.isNaN(row[i]!)) return false
    if (!this.#started) {
      for (let i = 0; i < p; i++) this.#origin[i] = row[i]!
      this.#started = true
    }
    this.#n += times
    const own = this.#row
    for (let i = 0; i < p; i++) own[i] = row[i]! - this.#origin[i]!
    for (let i = 0; i < p; i++) {
      const weighted = own[i]! * times
      this.#sums[i]! += weighted
      const base = i * p
      for (let j = i; j < p; j++) this.#products[base + j]! += weighted * own[j]!
    }
    return true
  }

  /** @throws SampleInvalid with fewer than two rows */
  result(): Covariance {
    const { p, n } = { p: this.#p, n: this.#n }
    if (n < 2) throw new SampleInvalid('covariances need two rows')
    const m = matrix(p, p)
    for (let i = 0; i < p; i++) {
      for (let j = i; j < p; j++) {
        const value = (this.#products[i * p + j]! - (this.#sums[i]! * this.#sums[j]!) / n) / (n - 1)
        m.data[i * p + j] = i === j ? Math.max(0, value) : value
        m.data[j * p + i] = m.data[i * p + j]!
      }
    }
    return { n, means: this.#sums.map((sum, i) => this.#origin[i]! + sum / n), matrix: m, basis: 'complete' }
  }
}

/** Gathers covariances over the rows that each pair of columns has in common. */
export class PairwiseSums {
  readonly #p: number
  readonly #origin: Float64Array
  // For each ordered pair: n, sum of i, of i squared, and of i times j, over the rows that have both.
  readonly #n: Float64Array
  readonly #sum: Float64Array
  readonly #square: Float64Array
  readonly #product: Float64Array

  constructor(columns: number) {
    this.#p = columns
    this.#origin = new Float64Array(columns).fill(Number.NaN)
    this.#n = new Float64Array(columns * columns)
    this.#sum = new Float64Array(columns * columns)
    this.#square = new Float64Array(columns * columns)
    this.#product = new Float64Array(columns * columns)
  }

  add(row: ArrayLike<number>, times = 1): void {
    const p = this.#p
    for (let i = 0; i < p; i++) {
      if (Number.isNaN(row[i]!)) continue
      if (Number.isNaN(this.#origin[i]!)) this.#origin[i] = row[i]!
      const x = row[i]! - this.#origin[i]!
      for (let j = 0; j < p; j++) {
        if (Number.isNaN(row[j]!)) continue
        const k = i * p + j
        this.#n[k]! += times
        this.#sum[k]! += times * x
        this.#square[k]! += times * x * x
        if (j >= i) {
          const y = row[j]! - (Number.isNaN(this.#origin[j]!) ? row[j]! : this.#origin[j]!)
          this.#product[k]! += times * x * y
        }
      }
    }
  }

  /** Correlations of each pair on its own rows, scaled by the standard deviations over all rows of a column.
   * @see R cor(use = "pairwise.complete.obs")
   */
  result(): Covariance {
    const p = this.#p
    const m = matrix(p, p)
    const pairs = matrix(p, p, this.#n)
    const sd = (i: number) => Math.sqrt(this.#squares(i, i) / (this.#n[i * p + i]! - 1))
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < p; i++) {
      for (let j = i; j < p; j++) {
        const n = this.#n[i * p + j]!
        least = Math.min(least, n)
        const centred = this.#product[i * p + j]! - (this.#sum[i * p + j]! * this.#sum[j * p + i]!) / n
        const scale = Math.sqrt(this.#squares(i, j) * this.#squares(j, i))
        const r = scale > 0 ? centred / scale : 0
        const value = i === j ? sd(i) ** 2 : r * sd(i) * sd(j)
        m.data[i * p + j] = value
        m.data[j * p + i] = value
      }
    }
    if (!(least >= 2)) throw new SampleInvalid('a pair of columns has fewer than two rows in common')
    const means = Float64Array.from(
      { length: p },
      (_, i) => this.#origin[i]! + this.#sum[i * p + i]! / this.#n[i * p + i]!,
    )
    return { n: least, means, matrix: m, basis: 'pairwise', pairs }
  }

  #squares(i: number, j: number): number {
    const k = i * this.#p + j
    return Math.max(0, this.#square[k]! - this.#sum[k]! ** 2 / this.#n[k]!)
  }
}

/** Correlations of a covariance matrix. A column without variance gets zeros off the diagonal. */
export function correlationsOf(covariance: Matrix): Matrix {
  const p = covariance.rows
  const sd = Float64Array.from({ length: p }, (_, i) => Math.sqrt(at(covariance, i, i)))
  const made = matrix(p, p)
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) {
      const scale = sd[i]! * sd[j]!
      made.data[i * p + j] = i === j ? 1 : scale > 0 ? at(covariance, i, j) / scale : 0
    }
  }
  return made
}
