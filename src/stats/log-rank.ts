import { chiSquareUpper } from './chi-square.ts'
import { type Correction, correct } from './corrections.ts'
import { isNoValue, noValue, type OrReason, SampleInvalid } from './interval.ts'
import { cholesky, choleskySolve } from './linear.ts'
import { matrixFromRows } from './matrix.ts'
import { eachTime, type FollowUp, orderFollowUp } from './survival-times.ts'

export interface LogRank {
  readonly groups: readonly { readonly n: number; readonly observed: number; readonly expected: number }[]
  readonly chiSquare: number
  readonly df: number
  readonly p: number
}

/** Log-rank test that all groups leave at the same rate.
 * @param group place of each customer's group, 0..groups - 1
 * @returns 'too few' with fewer than two groups at risk, 'no variance' when nobody left
 * @see Mantel 1966; Harrington & Fleming 1982 with rho = 0; R survival::survdiff
 */
export function logRank(followUp: FollowUp, group: ArrayLike<number>, groups: number): OrReason<LogRank> {
  const data = orderFollowUp(followUp)
  if (group.length !== data.n) throw new SampleInvalid(`${data.n} times but ${group.length} groups`)
  const n = new Float64Array(groups)
  for (let i = 0; i < data.n; i++) n[group[i]!]!++
  const left = Float64Array.from(n)
  const observed = new Float64Array(groups)
  const expected = new Float64Array(groups)
  const variance = Array.from({ length: groups }, () => new Float64Array(groups))
  eachTime(data, (start, end, events) => {
    const atRisk = data.n - start
    if (events > 0) {
      const spread = atRisk > 1 ? (events * (atRisk - events)) / (atRisk - 1) : 0
      for (let a = 0; a < groups; a++) {
        const share = left[a]! / atRisk
        expected[a]! += events * share
        for (let b = 0; b < groups; b++)
          variance[a]![b]! += spread * share * ((a === b ? 1 : 0) - left[b]! / atRisk)
      }
    }
    for (let i = start; i < end; i++) {
      const own = group[data.order[i]!]!
      observed[own]! += data.events[i]!
      left[own]!--
    }
  })
  const table = Array.from(n, (n, a) => ({ n, observed: observed[a]!, expected: expected[a]! }))
  const used = table.flatMap(({ expected }, a) => (expected > 0 ? [a] : []))
  if (observed.every((count) => count === 0)) return noValue('no variance', 'nobody has left')
  if (used.length < 2) return noValue('too few', 'fewer than two groups were at risk')
  const rest = used.slice(1)
  const factor = cholesky(matrixFromRows(rest.map((a) => rest.map((b) => variance[a]![b]!))))
  if (isNoValue(factor)) return noValue('no variance', 'the groups were never at risk together')
  const gap = rest.map((a) => observed[a]! - expected[a]!)
  const chiSquare = choleskySolve(factor, gap).reduce((sum, value, i) => sum + value * gap[i]!, 0)
  const df = rest.length
  return { groups: table, chiSquare, df, p: chiSquareUpper(chiSquare, df) }
}

export interface PairwiseLogRank {
  readonly first: number
  readonly second: number
  readonly test: OrReason<LogRank>
  /** Corrected over all pairs. */
  readonly corrected: number | null
}

/** The log-rank test of every two groups, each on their customers alone.
 * @see R survminer::pairwise_survdiff
 */
export function pairwiseLogRank(
  followUp: FollowUp,
  group: ArrayLike<number>,
  groups: number,
  correction: Correction,
): PairwiseLogRank[] {
  const members = Array.from({ length: groups }, (): number[] => [])
  for (let i = 0; i < group.length; i++) members[group[i]!]!.push(i)
  const pairs: { first: number; second: number; test: OrReason<LogRank> }[] = []
  for (let first = 0; first < groups; first++) {
    for (let second = first + 1; second < groups; second++) {
      const kept = [...members[first]!, ...members[second]!]
      const part = {
        times: kept.map((i) => followUp.times[i]!),
        events: kept.map((i) => followUp.events[i]!),
      }
      const which = kept.map((i) => (group[i] === first ? 0 : 1))
      pairs.push({ first, second, test: logRank(part, which, 2) })
    }
  }
  const corrected = correct(
    pairs.map(({ test }) => (isNoValue(test) ? null : (test as LogRank).p)),
    correction,
  )
  return pairs.map((pair, i) => ({ ...pair, corrected: corrected[i]! }))
}
