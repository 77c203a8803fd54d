import Type from 'typebox'
import { isNoValue } from '../../stats/interval.ts'
import type { Moments } from '../../stats/moments.ts'
import { type PartialPooling, partialPooling, type WithinVariance } from '../../stats/partial-pooling.ts'
import { CellCounts, isBlank } from '../cells/cells.ts'
import type { Input, Method, Outcome } from '../method.ts'
import { UsageError } from '../options/usage-error.ts'
import { count, number, percent, table, whiskers } from '../output/paint.ts'
import { OrNull, Reasoned } from '../output/schema.ts'

const SHOWN = 40
const MOST_UNITS = 200_000

async function run({ csv, options }: Input): Promise<Outcome> {
  const unitColumn = options.column('unit')
  const scoreColumn = options.column('score')
  const method = options.choice('method', ['dl', 'ml', 'reml'], 'reml')
  const standard: WithinVariance = method === 'dl' ? 'pooled' : 'joint'
  const within = options.choice('within', ['pooled', 'joint', 'own'], standard)
  if (method === 'dl' && within === 'joint')
    throw new UsageError(
      '--within joint estimates both variances by likelihood (--method ml or reml); with dl it is pooled or own',
    )
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const units = new Map<string, { n: number; mean: number; squares: number }>()
  let used = 0
  const rows = await csv.eachRow((cells) => {
    const name = cells[unitColumn]!.trim()
    if (isBlank(name)) return counts.add('unit blank')
    const score = counts.number(cells, scoreColumn, 'score')
    if (Number.isNaN(score)) return
    used++
    let own = units.get(name)
    if (!own) {
      if (units.size >= MOST_UNITS)
        throw new UsageError(
          `"${csv.columns[unitColumn]}" has more than ${MOST_UNITS.toLocaleString('en')} different values; a unit is something that many answers share`,
        )
      own = { n: 0, mean: 0, squares: 0 }
      units.set(name, own)
    }
    own.n++
    const step = score - own.mean
    own.mean += step / own.n
    own.squares += step * (score - own.mean)
  })
  const names = [...units.keys()].sort(new Intl.Collator('en', { numeric: true }).compare)
  const found = partialPooling(names.map((name) => units.get(name)!) as Moments[], method, within)
  return {
    rows,
    used,
    dropped: counts.toRecord(),
    conventions: [
      `${{ dl: 'Moments (DerSimonian-Laird)', ml: 'Maximum likelihood', reml: 'Restricted maximum likelihood' }[method]}; variance within units: ${isNoValue(found) ? within : (found as PartialPooling).within}.`,
      "Rank 1 is the highest mean; ties share a rank. Both numbers are shown: the unit's own and the one drawn towards all.",
    ],
    result: isNoValue(found)
      ? found
      : {
          ...(found as PartialPooling),
          units: (found as PartialPooling).units.map((unit, i) => ({ unit: names[i], ...unit })),
        },
    sentences: isNoValue(found) ? [] : sentencesOf(found as PartialPooling, names),
    text: (paint) => {
      if (isNoValue(found)) return `No result: ${found.reason}${found.detail ? ` (${found.detail})` : ''}`
      const p = found as PartialPooling
      const list = p.units
        .map((unit, i) => ({ name: names[i]!, unit }))
        .sort((a, b) => a.unit.shrunkenRank - b.unit.shrunkenRank || a.unit.rank - b.unit.rank)
      const low = p.units.reduce((least, u) => Math.min(least, u.shrunken - 2 * u.sd), Infinity)
      const high = p.units.reduce((most, u) => Math.max(most, u.shrunken + 2 * u.sd), -Infinity)
      const lines = list
        .slice(0, SHOWN)
        .map(({ name, unit }) => [
          name,
          count(unit.n),
          number(unit.mean, 2),
          paint.bold(number(unit.shrunken, 2)),
          number(unit.sd, 2),
          whiskers(
            unit.shrunken,
            [unit.shrunken - 1.96 * unit.sd, unit.shrunken + 1.96 * unit.sd],
            low,
            high,
          ),
          percent(unit.weight, 0),
          number(unit.rank, unit.rank % 1 ? 1 : 0),
          number(unit.shrunkenRank, unit.shrunkenRank % 1 ? 1 : 0),
        ])
      return [
        `${p.units.length} units, mean ${number(p.mean)} (SE ${number(p.meanSe)}); τ² ${number(p.between, 4)}, σ² ${number(p.sigma2, 4)}, ICC ${number(p.icc, 4)}`,
        ...(p.between === 0
          ? ['The units do not differ more than chance: all are drawn to the common mean.']
          : []),
        '',
        table(
          ['unit', 'n', 'own mean', 'drawn', 'sd', 'drawn ± 1.96 sd', 'own weight', 'rank', 'rank drawn'],
          lines,
          [0, 5],
        ),
        ...(list.length > SHOWN ? [`... and ${list.length - SHOWN} more; --json has all`] : []),
      ].join('\n')
    },
  }
}

function sentencesOf(p: PartialPooling, names: readonly string[]): string[] {
  if (p.between === 0) return [`The ${p.units.length} units do not differ more than chance (τ² 0).`]
  const list = p.units
    .map((unit, i) => ({ name: names[i]!, unit }))
    .sort((a, b) => b.unit.shrunken - a.unit.shrunken)
  // A unit stands out when the mean of all lies outside the limits of its own drawn mean.
  const apart = list.filter(({ unit }) => Math.abs(unit.shrunken - p.mean) > 1.96 * unit.sd)
  if (apart.length === 0)
    return [
      `None of the ${count(p.units.length)} units stands out from the mean of ${number(p.mean, 2)} by more than chance (${percent(p.icc)} of the variance lies between them).`,
    ]
  const told = ({ name, unit }: (typeof list)[number]) =>
    `${name} ${number(unit.shrunken, 2)} (own mean ${number(unit.mean, 2)}, n ${count(unit.n)})`
  return [
    `${percent(p.icc)} of the variance lies between the ${count(p.units.length)} units; allowing for small ones, highest is ${told(list[0]!)}, lowest ${told(list.at(-1)!)}.`,
  ]
}

export const unitsMethod: Method = {
  name: 'units',
  summary: 'Fair means of many units: partial pooling, so that small units do not win or lose by luck',
  options: {
    unit: { value: 'COLUMN', text: 'the unit: store, team, agent', required: true },
    score: { value: 'COLUMN', text: 'any number', required: true },
    method: { value: 'NAME', text: 'dl (moments), ml, reml', standard: 'reml' },
    within: {
      value: 'HOW',
      text: 'variance within units: pooled, joint (estimated together with that between), own',
      standard: 'pooled for dl, joint for ml and reml',
    },
  },
  formulas: `- \`y_ij = μ + u_i + e_ij\`, \`var u = τ²\`, \`var e = σ²\`; \`ICC = τ² / (τ² + σ²)\`.
- dl: \`τ² = max(0, (Q - (k - 1)) / (Σw - Σw²/Σw))\` with \`w = n_i / σ²\`, σ² pooled within units (DerSimonian & Laird 1986; R \`metafor::rma(method = "DL")\`).
- ml, reml, joint: both variances by (restricted) maximum likelihood from n, mean and squares of each unit (R \`lme4::lmer(y ~ 1 + (1 | unit))\`); pooled or own: the variances within are taken as known (R \`metafor::rma(method = "ML" or "REML")\`).
- Drawn mean \`μ + B (ȳ_i - μ)\`, \`B = τ² / (τ² + v_i)\`, \`v_i = σ² / n_i\`; \`sd² = B v_i + (1 - B)² var μ\` (R \`metafor::blup\`), \`conditionalSd² = B v_i\` (R \`lme4::ranef\`).
- τ² = 0 is an answer: all units are drawn to the common mean. One unit, or no unit with two answers: \`too few\`; constant units: \`no variance\`.
- Ranks: 1 is the highest mean; equal means share the mean of their ranks (R \`rank\`), and so do means that rounding alone tells apart.`,
  schema: Reasoned({
    method: Type.Enum(['dl', 'ml', 'reml']),
    within: Type.Enum(['pooled', 'joint', 'own']),
    mean: Type.Number(),
    meanSe: Type.Number(),
    between: Type.Number({ description: 'τ²' }),
    sigma2: OrNull(Type.Number()),
    icc: OrNull(Type.Number()),
    units: Type.Array(
      Type.Object({
        unit: Type.String(),
        n: Type.Integer(),
        mean: Type.Number(),
        se: Type.Number(),
        shrunken: Type.Number(),
        sd: Type.Number(),
        conditionalSd: Type.Number(),
        weight: Type.Number(),
        rank: Type.Number(),
        shrunkenRank: Type.Number(),
      }),
    ),
  }),
  example: {
    csv: `store,score\n${[
      ['Oslo', 4, 8, 9, 7, 8, 9, 8, 10, 7, 8, 9],
      ['Bergen', 6, 7, 8, 6, 7, 9, 6],
      ['Bodø', 10, 9],
      ['Malmö', 5, 6, 7, 5, 8, 6, 5, 7],
      ['Lund', 3, 6],
    ]
      .flatMap(([store, ...scores]) => scores.map((score) => `${store},${score}`))
      .join('\n')}\n`,
    options: ['--unit', 'store', '--score', 'score'],
  },
  run,
}
