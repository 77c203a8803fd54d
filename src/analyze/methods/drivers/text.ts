import type { Drivers } from '../../../stats/drivers.ts'
import type { DriverLimits } from '../../../stats/drivers-bootstrap.ts'
import { type Interval, isNoValue, type OrReason } from '../../../stats/interval.ts'
import type { Coefficient, Regression } from '../../../stats/regression.ts'
import { studentTwoSided } from '../../../stats/student.ts'
import { bar, count, interval, number, type Paint, percent, pValue, table } from '../../output/paint.ts'

/** The drivers in plain words. */
export function sentencesOf(found: Drivers, names: readonly string[]): string[] {
  const known = found.drivers.flatMap((driver, i) =>
    isNoValue(driver.lmgShare) || isNoValue(driver.pearson)
      ? []
      : [{ name: names[i]!, share: driver.lmgShare as number, r: driver.pearson as number }],
  )
  known.sort((a, b) => b.share - a.share)
  if (known.length < 2 || isNoValue(found.r2)) return []
  const fit = isNoValue(found.regression) ? undefined : (found.regression as Regression)
  const p = fit && !isNoValue(fit.p) ? (fit.p as number) : undefined
  const r2 = found.r2 as number
  const share = r2 >= LITTLE ? percent(r2, 0) : r2 < 0.0005 ? 'less than 0.1 %' : `only ${percent(r2, 1)}`
  const rows = found.n > 0 ? `n ${count(found.n)}` : 'n unknown'
  const figures = `R² ${percent(r2, r2 >= LITTLE ? 0 : 1)}, ${rows}, ${p === undefined ? 'not tested' : `F test p ${pValue(p)}`}`
  const outcome = names.at(-1)
  if (p !== undefined && p >= 0.05)
    return [
      `Nothing beyond chance: together these columns are not seen to account for ${outcome} (${figures}).`,
    ]
  // A driver is named when it alone goes with the outcome, or when it does with the others held equal.
  const told = known
    .filter(({ name, r }) => {
      const own = found.drivers[names.indexOf(name)]!.coefficient
      const added = isNoValue(own) || isNoValue((own as Coefficient).p) ? 1 : (own as Coefficient).p
      return (added as number) < 0.05 || !(pearsonP(r, found.n) >= 0.05)
    })
    .slice(0, 3)
    .map(({ name, share, r }) => `${name} (${percent(share, 0)} of it, r ${number(r, 2)})`)
  const most =
    told.length > 0 ? `most of it goes with ${told.join(', then ')}` : 'no column stands out by itself'
  return [`Together these columns account for ${share} of the variance of ${outcome} (${figures}); ${most}.`]
}

// NaN where a matrix came without the rows behind it.
function pearsonP(r: number, n: number): number {
  if (n <= 2) return Number.NaN
  const left = 1 - r * r
  return left > 0 ? studentTwoSided(r * Math.sqrt((n - 2) / left), n - 2) : 0
}

/** The drivers in tables. */
export function textOf(
  found: Drivers,
  names: readonly string[],
  level: number,
  limits: readonly DriverLimits[] | undefined,
  paint: Paint,
): string {
  const most = Math.max(
    ...found.drivers.map((driver) => (isNoValue(driver.lmgShare) ? 0 : (driver.lmgShare as number))),
  )
  const order = found.drivers.map((driver, i) => ({ driver, i }))
  const size = (value: OrReason<number>) => (isNoValue(value) ? -1 : (value as number))
  order.sort((a, b) => size(b.driver.lmg) - size(a.driver.lmg))
  const lines = order.map(({ driver, i }) => [
    names[i]!,
    paint.bold(percent(driver.lmgShare)),
    bar(isNoValue(driver.lmgShare) ? 0 : (driver.lmgShare as number), most, 16),
    number(driver.lmg, 4),
    percent(driver.johnsonShare),
    number(driver.pearson),
    number(driver.standardisedBeta),
    number(driver.vif, 2),
    ...(limits ? [percentLimits(limits[i]!.lmgShare)] : []),
  ])
  const titles = [
    'driver',
    'LMG',
    '',
    'LMG raw',
    'Johnson',
    'Pearson',
    'beta',
    'VIF',
    ...(limits ? ['LMG limits'] : []),
  ]
  const parts = [`R² of ${names.at(-1)} = ${number(found.r2, 4)}`, '', table(titles, lines, [0, 2]), '']
  const fit = found.regression
  if (isNoValue(fit)) parts.push(`No regression table: ${fit.reason}`)
  else {
    const regression = fit as Regression
    const row = (name: string, coefficient: OrReason<Coefficient>) => {
      if (isNoValue(coefficient)) return [name, `- (${coefficient.reason})`]
      const c = coefficient as Coefficient
      return [
        name,
        number(c.estimate, 4),
        number(c.se, 4),
        number(c.t, 2),
        pValue(c.p),
        interval(c.interval, 4),
      ]
    }
    const all = found.drivers.map((driver, i) => row(names[i]!, driver.coefficient))
    if (found.basis !== 'given') all.unshift(row('(intercept)', regression.intercept))
    parts.push(table(['least squares', 'estimate', 'SE', 't', 'p', `${100 * level} % limits`], all))
    const { adjustedR2, f, dfModel, dfResidual, p } = regression
    parts.push(
      isNoValue(dfResidual)
        ? `No adjusted R² and no F test: ${dfResidual.reason} (${dfResidual.detail ?? 'no row is left over'}).`
        : `adjusted R² ${number(adjustedR2, 4)}, F ${number(f, 2)} on ${dfModel} and ${dfResidual} df, p ${pValue(p)}`,
    )
  }
  return parts.join('\n')
}

// Of many answers less than this may be beyond chance, and is little all the same.
const LITTLE = 0.02

function percentLimits(limits: OrReason<Interval>): string {
  return isNoValue(limits)
    ? `- (${limits.reason})`
    : (limits as Interval).map((share) => percent(share)).join(' .. ')
}
