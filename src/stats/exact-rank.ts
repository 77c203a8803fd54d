import { normalUpper } from './normal.ts'

/** Up to this many pairs, and without ties, R counts Kendall's score exactly. */
export const KENDALL_EXACT_BELOW = 50
/** Up to this many pairs, and without ties, R takes Spearman's own distribution and not that of t. */
export const SPEARMAN_EXACT_UP_TO = 1290

/** Two-sided p of Kendall's tau without ties, from the number of orders with each count of concordant pairs.
 * @param concordant pairs that rise together, 0..n(n-1)/2
 * @see Kendall 1938; R cor.test(method = "kendall") with n < 50
 */
export function kendallExactP(concordant: number, n: number): number {
  // Shares of the orders with 0, 1, 2, ... concordant pairs, one element added at a time.
  let shares = new Float64Array([1])
  for (let size = 2; size <= n; size++) {
    const next = new Float64Array(shares.length + size - 1)
    shares.forEach((share, k) => {
      for (let more = 0; more < size; more++) next[k + more]! += share / size
    })
    shares = next
  }
  let upTo = 0
  let from = 0
  shares.forEach((share, k) => {
    if (k <= concordant) upTo += share
    if (k >= concordant) from += share
  })
  return Math.min(1, 2 * Math.min(upTo, from))
}

/** Two-sided p of Spearman's rho without ties: all orders up to nine pairs, an Edgeworth series above.
 * @param distance sum of the squared differences of the ranks
 * @see Best & Roberts 1975, AS 89; R cor.test(method = "spearman") with n <= 1290
 */
export function spearmanExactP(distance: number, n: number): number {
  const high = distance > (n ** 3 - n) / 6
  return Math.min(1, 2 * (high ? upperTail(distance, n) : 1 - upperTail(distance + 2, n)))
}

/** P(D >= d), where D is the sum of squared differences of the ranks. */
function upperTail(d: number, n: number): number {
  if (d <= 0) return 1
  if (d > (n ** 3 - n) / 3) return 0
  if (n <= 9) return countOrders(d, n)
  const b = 1 / n
  const x = ((6 * (d - 1) * b) / (n * n - 1) - 1) * Math.sqrt(n - 1)
  const y = x * x
  const inner = 0.0072 - 0.0831 * b + y * b * (0.0131 - 0.00046 * y)
  const middle = -0.0758 + b * (0.1033 + 0.3932 * b) - y * b * (0.0879 + 0.0151 * b - y * inner)
  const u = x * b * (0.2274 + b * (0.2531 + 0.1745 * b) + y * middle)
  return Math.min(1, Math.max(0, u / Math.exp(y / 2) + normalUpper(x)))
}

function countOrders(d: number, n: number): number {
  let all = 0
  let reached = 0
  const used = new Uint8Array(n)
  const place = (i: number, sum: number): void => {
    if (i === n) {
      all++
      if (sum >= d) reached++
      return
    }
    for (let j = 0; j < n; j++) {
      if (used[j]) continue
      used[j] = 1
      place(i + 1, sum + (i - j) ** 2)
      used[j] = 0
    }
  }
  place(0, 0)
  return reached / all
}
