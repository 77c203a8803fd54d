import Type from 'typebox'
import type { Covariance } from '../../../stats/covariance.ts'
import { type Drivers, drivers, leastForDrivers } from '../../../stats/drivers.ts'
import { type DriverLimits, driverLimits } from '../../../stats/drivers-bootstrap.ts'
import { isNoValue, noValue, type OrReason } from '../../../stats/interval.ts'
import type { Coefficient, Regression } from '../../../stats/regression.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'
import { IntervalSchema, OrNull, Reasoned } from '../../output/schema.ts'
import { gather, readMatrix } from './input.ts'
import { sentencesOf, textOf } from './text.ts'

async function run(input: Input): Promise<Outcome> {
  const { csv, options } = input
  const outcome = options.column('outcome')
  const chosen = options.columnsBeside('drivers', ['outcome'])
  const positions = [...chosen, outcome]
  const names = positions.map((column) => csv.columns[column]!)
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const rounds = options.whole('bootstrap', 0, 0, 100_000)
  const seed = options.whole('seed', 1)
  const least = options.whole('min-n', leastForDrivers(chosen.length), chosen.length + 2)
  const given = options.has('covariance')
  const isKnown = !given || options.has('n')
  if (given && options.has('missing')) throw new UsageError('--missing has no effect with --covariance')
  if (given && options.has('bootstrap')) throw new UsageError('--bootstrap needs rows, not a matrix')
  if (options.has('bootstrap') && rounds < LEAST_RESAMPLES)
    throw new UsageError(`--bootstrap takes ${LEAST_RESAMPLES} resamples or more, not ${rounds}`)
  if (!isKnown)
    for (const name of ['level', 'min-n'])
      if (options.has(name))
        throw new UsageError(`--${name} has no effect with --covariance without --n: nothing has limits`)

  const gathered = given ? undefined : await gather(input, positions, rounds > 0)
  const covariance = gathered ? gathered.covariance : await readMatrix(input, names)
  const found = isNoValue(covariance) ? covariance : drivers(covariance as Covariance, least, level)
  const basis = given ? 'given' : options.choice('missing', ['complete', 'pairwise'], 'complete')
  if (basis === 'pairwise' && rounds === 0 && options.has('level'))
    throw new UsageError(
      '--level has no effect with --missing pairwise without --bootstrap: nothing has limits',
    )
  const limits =
    gathered && rounds > 0 && !isNoValue(found)
      ? driverLimits(gathered.columns, { rounds, seed, basis: basis as 'complete' | 'pairwise', level })
      : undefined
  const rows = gathered?.rows ?? (covariance as Covariance).n
  const dropped = gathered?.counts.toRecord() ?? {}
  const used = rows - (gathered?.counts.total ?? 0)
  return {
    rows,
    used,
    dropped,
    conventions: [
      basis === 'complete'
        ? 'Complete cases: a row with any of these columns blank is left out.'
        : basis === 'pairwise'
          ? 'Pairwise correlations: each pair over the rows that have both; standard errors have no single n and are left out. LMG and Johnson differ from complete cases.'
          : `Covariances handed over; rows are not looked at.${options.has('n') ? '' : ' Without --n it is not known how many lie behind them (n 0), so nothing has a standard error.'}`,
      ...(isKnown
        ? [`At least ${least} rows are needed (max(100, 15 x drivers) unless --min-n says otherwise).`]
        : []),
      'LMG is exact over all orders of entry. Importance is correlation, not proof of cause.',
      ...(limits ? [`Percentile bootstrap of ${rounds} resamples, seed ${seed}, ${100 * level} %.`] : []),
    ],
    result: isNoValue(found) ? found : resultOf(found as Drivers, names, level, limits),
    sentences: isNoValue(found) ? [] : sentencesOf(found as Drivers, names),
    text: (paint) =>
      isNoValue(found)
        ? `No result: ${found.reason}${found.detail ? ` (${found.detail})` : ''}`
        : textOf(found as Drivers, names, level, limits, paint),
  }
}

// With fewer the limits would be the two outermost values.
const LEAST_RESAMPLES = 20

function tableRow(name: string, coefficient: OrReason<Coefficient>): object {
  return isNoValue(coefficient) ? { name, estimate: coefficient } : { name, ...(coefficient as Coefficient) }
}

function resultOf(
  found: Drivers,
  names: readonly string[],
  level: number,
  limits?: readonly DriverLimits[],
): object {
  const fit = found.regression
  const regression = isNoValue(fit) ? undefined : (fit as Regression)
  return {
    outcome: names.at(-1),
    n: found.n,
    basis: found.basis,
    level,
    r2: found.r2,
    drivers: found.drivers.map(({ coefficient: _, ...driver }, i) => ({
      name: names[i],
      ...driver,
      ...(limits && { limits: limits[i] }),
    })),
    regression: regression
      ? {
          coefficients: [
            tableRow(
              '(intercept)',
              found.basis === 'given'
                ? noValue('not applicable', 'a matrix has no means')
                : regression.intercept,
            ),
            ...found.drivers.map((driver, i) => tableRow(names[i]!, driver.coefficient)),
          ],
          r2: regression.r2,
          adjustedR2: regression.adjustedR2,
          sigma: regression.sigma,
          f: regression.f,
          p: regression.p,
          dfModel: regression.dfModel,
          dfResidual: regression.dfResidual,
        }
      : fit,
  }
}

const value = OrNull(Type.Number())
const limitsSchema = OrNull(IntervalSchema)

export const driversMethod: Method = {
  name: 'drivers',
  summary: 'What goes with satisfaction: correlation, regression, LMG and Johnson relative weights',
  options: {
    outcome: { value: 'COLUMN', text: 'the score to explain', required: true },
    drivers: { value: 'COLUMNS', text: 'the columns that may explain it, by commas', required: true },
    missing: {
      value: 'HOW',
      text: 'complete: rows with all values; pairwise: correlations over what each pair has',
      standard: 'complete',
    },
    bootstrap: { value: 'N', text: 'limits from N resamples', standard: '0, none' },
    seed: { needs: ['bootstrap'], value: 'N', text: 'of the bootstrap', standard: '1' },
    covariance: { text: 'FILE.csv is a covariance or correlation matrix with a header' },
    n: {
      needs: ['covariance'],
      value: 'N',
      text: 'rows behind the matrix of --covariance; without it no standard errors',
    },
    'min-n': {
      value: 'N',
      text: 'fewest rows for an answer, at least two more than there are drivers',
      standard: 'max(100, 15 x drivers)',
    },
    level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' },
  },
  formulas: `- Pearson \`r\`; standardised coefficients \`R⁻¹ r\`; \`VIF_j = (R⁻¹)_jj\`.
- LMG: the mean increase of R² when a driver enters, over all orders (Lindeman, Merenda & Gold 1980; Grömping 2006, J. Statistical Software 17(1)); all \`2^p\` subsets are walked once on the correlation matrix, up to 20 drivers, without a refit. A driver that is a combination of others (remaining variance below 1e-11) adds nothing to a subset that holds them.
- Johnson: \`R = QΛQ', A = QΛ^½Q', b = A⁻¹r, ε_j = Σ_k A_jk² b_k²\` (Johnson 2000, Multivariate Behavioral Research 35, 1-19).
- Shares are the raw values divided by their sum, R².
- The table is that of R's \`summary(lm())\`, from means and covariances. Collinear columns: the table, VIF, betas and Johnson are \`singular\`, LMG stands.
- \`--missing pairwise\`: R's \`cor(use = "pairwise.complete.obs")\`, scaled by the standard deviations of each column; correlations that contradict each other are \`singular\`.
- Bootstrap: rows drawn with replacement, percentile limits (quantiles of type 7), numbers from xoshiro128** with the seed.
- Fewer rows than \`max(100, 15 x drivers)\`, or behind a matrix a smaller \`--n\`: \`too few\`. Of a matrix without \`--n\` that cannot be judged.`,
  schema: Type.Object({
    outcome: Type.String(),
    n: Type.Integer(),
    basis: Type.Union([Type.Literal('complete'), Type.Literal('pairwise'), Type.Literal('given')]),
    level: Type.Number(),
    r2: value,
    drivers: Type.Array(
      Reasoned({
        name: Type.String(),
        mean: Type.Number(),
        sd: Type.Number(),
        pearson: value,
        standardisedBeta: value,
        vif: value,
        lmg: value,
        lmgShare: value,
        johnson: value,
        johnsonShare: value,
        limits: Type.Optional(
          Reasoned({
            lmg: limitsSchema,
            lmgShare: limitsSchema,
            johnson: limitsSchema,
            johnsonShare: limitsSchema,
            pearson: limitsSchema,
          }),
        ),
      }),
    ),
    regression: OrNull(
      Reasoned({
        coefficients: Type.Array(
          Reasoned({
            name: Type.String(),
            estimate: value,
            se: Type.Optional(value),
            t: Type.Optional(value),
            p: Type.Optional(value),
            interval: Type.Optional(limitsSchema),
          }),
        ),
        r2: Type.Number(),
        adjustedR2: value,
        sigma: value,
        f: value,
        p: value,
        dfModel: Type.Integer(),
        dfResidual: OrNull(Type.Integer({ minimum: 1 })),
      }),
    ),
    reason: Type.Optional(Type.String()),
    reasons: Type.Optional(Type.Record(Type.String(), Type.String())),
  }),
  example: {
    csv: `overall,staff,range,queue\n${Array.from({ length: 24 }, (_, i) => {
      const [staff, range, queue] = [
        1 + ((i * 7) % 5),
        1 + ((i * 3 + (i % 4)) % 5),
        1 + ((i * 5 + (i % 3)) % 5),
      ]
      return `${Math.round(0.6 * staff + 0.3 * range + 0.2 * queue + ((i * 11) % 7) / 4)},${staff},${range},${queue}`
    }).join('\n')}\n`,
    options: ['--outcome', 'overall', '--drivers', 'staff,range,queue', '--min-n', '20'],
  },
  run,
}
