import { anova, welchAnova } from '../../../stats/anova.ts'
import { contingency } from '../../../stats/contingency.ts'
import { pairMoments, pearson, spearman } from '../../../stats/correlation.ts'
import { type Interval, isNoValue, type NoValue, noValue, type OrReason } from '../../../stats/interval.ts'
import { kendall } from '../../../stats/kendall.ts'
import { kruskalWallis } from '../../../stats/kruskal-wallis.ts'
import { momentsOf } from '../../../stats/moments.ts'
import { atRows, rowsOfPlaces } from '../../inputs/kept-columns.ts'
import { both, type Kept, MOST_CATEGORIES, type Values } from './columns.ts'

// A column with less than two rows a category is a name as well, unless the rows themselves are few.
const LEAST_CATEGORIES = 20

/** One measure of one pair. */
export interface Test {
  readonly measure: string
  /** The size of the relation: r, rho, tau, η², V; or the statistic where there is none. */
  readonly effect: OrReason<number>
  readonly interval?: OrReason<Interval>
  /** Of rank correlations: whether p is of their own distribution. */
  readonly exact?: boolean
  readonly statistics: Record<string, OrReason<number>>
  readonly p: OrReason<number>
}
function numberTests(a: Values, b: Values, binary: boolean, level: number): Test[] {
  const r = pearson(pairMoments(a, b), level)
  const rho = spearman(a, b)
  const tau = kendall(a, b)
  const no = (measure: string, why: NoValue): Test => ({ measure, effect: why, statistics: {}, p: why })
  const name = binary ? 'point-biserial' : 'pearson'
  return [
    isNoValue(r)
      ? no(name, r)
      : { measure: name, effect: r.r, interval: r.interval, statistics: { t: r.t, df: r.df }, p: r.p },
    isNoValue(rho)
      ? no('spearman', rho)
      : {
          measure: 'spearman',
          effect: rho.r,
          exact: rho.exact,
          statistics: rho.exact ? {} : { t: rho.t, df: rho.df },
          p: rho.p,
        },
    isNoValue(tau)
      ? no('kendall', tau)
      : {
          measure: 'kendall',
          effect: tau.tau,
          exact: tau.exact,
          statistics: tau.exact ? {} : { z: tau.z },
          p: tau.p,
        },
  ]
}

function groupTests(values: Values, groups: Values): Test[] {
  const count = 1 + highest(groups)
  const moments = rowsOfPlaces(groups, count)
    .filter((rows) => rows.length > 0)
    .map((rows) => momentsOf(atRows(values, rows)))
  const f = anova(moments)
  const w = welchAnova(moments)
  const h = kruskalWallis(values, groups)
  const no = (measure: string, why: NoValue): Test => ({ measure, effect: why, statistics: {}, p: why })
  return [
    isNoValue(f)
      ? no('anova', f)
      : {
          measure: 'anova',
          effect: f.etaSquared,
          statistics: { f: f.f, df1: f.df1, df2: f.df2, etaSquared: f.etaSquared },
          p: f.p,
        },
    isNoValue(w)
      ? no('welch-anova', w)
      : { measure: 'welch-anova', effect: w.f, statistics: { f: w.f, df1: w.df1, df2: w.df2 }, p: w.p },
    isNoValue(h)
      ? no('kruskal-wallis', h)
      : { measure: 'kruskal-wallis', effect: h.h, statistics: { h: h.h, df: h.df }, p: h.p },
  ]
}

function tableTests(a: Values, b: Values): Test[] {
  const rows = 1 + highest(a)
  const columns = 1 + highest(b)
  const counts = Array.from({ length: rows }, () => Array<number>(columns).fill(0))
  for (let i = 0; i < a.length; i++) counts[a[i]!]![b[i]!]!++
  const c = contingency(counts)
  if (isNoValue(c)) return [{ measure: 'chi-square', effect: c, statistics: {}, p: c }]
  const { chiSquare, df, v, vCorrected, leastExpected } = c
  return [
    { measure: 'chi-square', effect: v, statistics: { chiSquare, df, v, vCorrected, leastExpected }, p: c.p },
  ]
}

function highest(places: Values): number {
  let most = -1
  for (const place of places) if (place > most) most = place
  return most
}

/** Two columns and every measure that fits them, the one that counts first. */
export interface Pair {
  readonly x: string
  readonly o: string
  readonly kind: string
  readonly n: number
  readonly tests: readonly Test[]
}

/** Holds two columns against each other over the rows that have both. */
export function comparePair(x: Kept, o: Kept, level: number): Pair {
  const [a, b] = both(x, o)
  const common = { x: x.name, o: o.name, n: a.length }
  const nominal = (kept: Kept) => kept.kind === 'category'
  const most = Math.min(MOST_CATEGORIES, Math.max(LEAST_CATEGORIES, Math.floor(a.length / 2)))
  const tooMany = [x, o].find((kept) => kept.kind === 'category' && kept.categories > most)
  if (tooMany) {
    const why = noValue(
      'out of range',
      `${tooMany.name} has more than ${most} categories, too many for classes of ${a.length} rows`,
    )
    return {
      ...common,
      kind: 'too many categories',
      tests: [{ measure: 'none', effect: why, statistics: {}, p: why }],
    }
  }
  if (nominal(x) && nominal(o)) return { ...common, kind: 'categories', tests: tableTests(a, b) }
  if (x.kind === 'binary' && o.kind === 'binary') {
    return { ...common, kind: 'two by two', tests: [...tableTests(a, b), numberTests(a, b, true, level)[0]!] }
  }
  if (nominal(x) || nominal(o)) {
    const [values, groups, other] = nominal(o) ? [a, b, x] : [b, a, o]
    // A column of two classes against categories is a table.
    if (other.kind === 'binary') return { ...common, kind: 'categories', tests: tableTests(a, b) }
    return { ...common, kind: 'number by category', tests: groupTests(values, groups) }
  }
  const binary = x.kind === 'binary' || o.kind === 'binary'
  return {
    ...common,
    kind: binary ? 'number by two classes' : 'numbers',
    tests: numberTests(a, b, binary, level),
  }
}
