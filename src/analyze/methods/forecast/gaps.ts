import { noValue, type OrReason } from '../../../stats/interval.ts'
import type { Series, SeriesPoint } from '../../inputs/series.ts'
import { enoughAnswers, type LeftOut } from '../../inputs/sparse-periods.ts'
import type { Options } from '../../options/options.ts'
import { UsageError } from '../../options/usage-error.ts'
import { percent } from '../../output/paint.ts'

/** A series with one value a period. */
export interface Filled {
  readonly values: Float64Array
  readonly labels: readonly string[]
  /** One a value: false where it was filled in and nobody answered so. */
  readonly observed: readonly boolean[]
  /** Periods within the series that had no value of their own. */
  readonly missing: number
  /** Periods left out before and behind the series, for having too few answers. */
  readonly cut: readonly LeftOut[]
  /** The last time of the series; what is forecast comes after it. */
  readonly last: number
  /** Why there is no forecast: too much would be made up. */
  readonly refusal: OrReason<true>
}

type Present = SeriesPoint & { value: number }

/** Cuts sparse periods off both ends, and fills gaps as asked.
 * @throws UsageError at a gap, when gaps are to be refused
 */
export function fillGaps(series: Series, options: Options): Filled {
  const gaps = options.choice('gaps', ['refuse', 'linear', 'zero'], 'refuse')
  const most = options.number('max-filled', 0.2, 0, 1)
  const all = series.points.filter((point): point is Present => point.value !== null)
  const { present, cut } = withoutSparseEnds(all, options.number('ends', 0, 0, 1))
  // A period without orders has no orders: where amounts are counted or summed, zero is the value itself.
  const zeroIsTrue =
    gaps === 'zero' &&
    series.kind === 'value' &&
    options.choice('stat', ['mean', 'sum', 'count'], 'mean') !== 'mean'
  const values: number[] = []
  const labels: string[] = []
  const observed: boolean[] = []
  let missing = 0
  // Without periods the points follow one another, whatever lies between their dates.
  const regular = series.period !== undefined
  present.forEach((point, i) => {
    const before = present[i - 1]
    const between = before && regular ? point.time - before.time - 1 : 0
    if (between > 0 && gaps === 'refuse') {
      throw new UsageError(
        `${series.nameAt(before!.time + 1)} has no values; say --gaps linear or --gaps zero`,
      )
    }
    for (let g = 1; g <= between; g++) {
      const part = g / (between + 1)
      values.push(gaps === 'zero' ? 0 : before!.value + part * (point.value - before!.value))
      labels.push(series.nameAt(before!.time + g))
      observed.push(zeroIsTrue)
      missing++
    }
    values.push(point.value)
    labels.push(point.label)
    observed.push(true)
  })
  const made = zeroIsTrue ? 0 : missing
  return {
    values: Float64Array.from(values),
    labels,
    observed,
    missing,
    cut,
    last: present.at(-1)?.time ?? 0,
    refusal:
      made > most * values.length
        ? noValue(
            'too few',
            `${made} of ${values.length} ${series.unit}s have no values, more than ${percent(most, 0)}`,
          )
        : true,
  }
}

// A month that had just begun when the file was written says little, and would lead the forecast.
function withoutSparseEnds(points: readonly Present[], share: number) {
  const enough = enoughAnswers(points, share)
  const first = points.findIndex(({ n }) => n >= enough)
  const last = points.findLastIndex(({ n }) => n >= enough)
  const kept = points.slice(first, last + 1)
  const cut = [...points.slice(0, Math.max(0, first)), ...points.slice(last + 1)]
  return { present: kept, cut: cut.map(({ label, n }) => ({ label, n })) }
}
