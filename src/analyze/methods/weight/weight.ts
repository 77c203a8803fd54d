import Type from 'typebox'
import { isNoValue, type OrReason } from '../../../stats/interval.ts'
import { normalQuantile } from '../../../stats/normal.ts'
import { type Nps, nps, withinScale } from '../../../stats/nps.ts'
import { type Raked, rake } from '../../../stats/raking.ts'
import {
  type EffectiveSize,
  effectiveSize,
  type WeightedNps,
  weightedNps,
} from '../../../stats/weighted-nps.ts'
import { CellCounts, isBlank } from '../../cells/cells.ts'
import { refuseWordsForNps } from '../../inputs/nps-answers.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'
import { count, interval, number, percent, table } from '../../output/paint.ts'
import { IntervalSchema, OrNull, Reasoned, ShareSchema } from '../../output/schema.ts'

import { checkMargins, parseMargin, readTargets } from './margins.ts'

interface CellOfAnswers {
  readonly categories: readonly number[]
  n: number
  promoters: number
  passives: number
  detractors: number
}

async function run({ csv, options }: Input): Promise<Outcome> {
  const margins = options.all('margin').map((text) => parseMargin(text, csv.columns, options))
  const path = options.text('targets')
  if (path) margins.push(...(await readTargets(path, csv.columns, options)))
  checkMargins(margins)
  if (margins.length === 0)
    throw new UsageError('weight needs --margin COLUMN=CATEGORY:SHARE,... or --targets FILE.csv')
  if (margins.length === 1 && options.has('rounds'))
    throw new UsageError('--rounds has no effect with one margin: post-stratification takes one step')
  const score = options.columnIfGiven('score')
  const scored = margins.find(({ columns }) => score !== undefined && columns.includes(score))
  if (scored)
    throw new UsageError(
      `"${csv.columns[score!]}" is the --score, and cannot be a margin (${scored.name}): the weights would make the score what they are told`,
    )
  if (score !== undefined) refuseWordsForNps(csv, score)
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const z = normalQuantile(0.5 + level / 2)
  const rounds = options.whole('rounds', 1000, 1)
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const cells = new Map<string, CellOfAnswers>()
  let used = 0
  const rows = await csv.eachRow((row) => {
    const categories: number[] = []
    for (const margin of margins) {
      const texts = margin.columns.map((column) => row[column]!.trim())
      if (texts.some(isBlank)) return counts.add(`${margin.name} blank`)
      const place = margin.categories.indexOf(texts.join('/'))
      if (place < 0) return counts.add(`${margin.name} without a target`)
      categories.push(place)
    }
    let answer = Number.NaN
    if (score !== undefined) {
      answer = counts.number(row, score, 'score')
      if (Number.isNaN(answer)) return
      if (!Number.isInteger(answer) || answer < 0 || answer > 10)
        return counts.add('score not a whole number 0..10')
    }
    used++
    const key = categories.join()
    let own = cells.get(key)
    if (!own) {
      own = { categories, n: 0, promoters: 0, passives: 0, detractors: 0 }
      cells.set(key, own)
    }
    own.n++
    if (answer >= 9) own.promoters++
    else if (answer >= 7) own.passives++
    else if (answer >= 0) own.detractors++
  })
  const list = [...cells.values()].sort((a, b) => (a.categories.join() < b.categories.join() ? -1 : 1))
  const raked = rake(
    list.map((cell) => ({ categories: cell.categories, count: cell.n })),
    margins.map((margin) => margin.targets),
    {
      rounds,
      nameOf: (margin, category) => `${margins[margin]!.name} ${margins[margin]!.categories[category]}`,
    },
  )
  const weights = isNoValue(raked) ? undefined : (raked as Raked).weights
  const size: OrReason<EffectiveSize> = weights
    ? effectiveSize(list.map((cell, i) => ({ n: cell.n, weight: weights[i]! })))
    : (raked as OrReason<EffectiveSize>)
  const score_ =
    score === undefined
      ? undefined
      : weights
        ? weightedNps(
            list.map((cell, i) => ({ ...cell, weight: weights[i]! })),
            z,
          )
        : (raked as OrReason<WeightedNps>)
  const plain = score === undefined ? undefined : nps(sumOf(list), z)
  const label = (cell: CellOfAnswers) => margins.map((margin, j) => margin.categories[cell.categories[j]!]!)
  const kind = margins.length === 1 ? 'post-stratification' : 'raking'
  return {
    rows,
    used,
    dropped: counts.toRecord(),
    conventions: [
      `${kind === 'raking' ? 'Raking: one margin after the other until all fit' : 'Post-stratification: one set of categories'}; targets are scaled to 1, the mean weight is 1.`,
      'The linearised error takes the weights as given; the Kish error is the trinomial one on the effective sample; the calibrated one takes out what the margins tell.',
    ],
    result: {
      kind,
      level,
      margins: margins.map(({ name, categories, targets }) => {
        const total = targets.reduce((sum, target) => sum + target, 0)
        return {
          name,
          categories: categories.map((category, i) => ({
            category,
            target: total > 0 ? targets[i]! / total : 0,
          })),
        }
      }),
      rounds: weights ? (raked as Raked).rounds : raked,
      distance: weights ? (raked as Raked).distance : raked,
      cells: list.map((cell, i) => ({
        categories: label(cell),
        n: cell.n,
        weight: weights ? weights[i]! : raked,
      })),
      size,
      ...(score_ !== undefined && { unweighted: plain, nps: score_ }),
    },
    text: (paint) => {
      if (isNoValue(raked)) return `No weights: ${raked.reason}${raked.detail ? ` (${raked.detail})` : ''}`
      const lines = list.map((cell, i) => [
        ...label(cell),
        count(cell.n),
        paint.bold(number(weights![i]!, 4)),
        percent((cell.n * weights![i]!) / used),
      ])
      const parts = [
        table(
          [...margins.map((margin) => margin.name), 'n', 'weight', 'weighted share'],
          lines,
          margins.map((_, i) => i),
        ),
      ]
      const s = size as EffectiveSize
      parts.push(
        '',
        `n ${count(s.n)}, effective n ${number(s.effective, 1)}, design effect ${number(s.designEffect)}; ${(raked as Raked).rounds} rounds`,
      )
      if (score_ !== undefined && !isNoValue(score_) && plain && !isNoValue(plain)) {
        const w = score_ as WeightedNps
        const p = plain as Nps
        const row = (
          name: string,
          value: number,
          se: OrReason<number>,
          limits: OrReason<readonly [number, number]>,
        ) => [
          name,
          number(value, 1),
          number(se, 2),
          isNoValue(limits)
            ? interval(limits)
            : interval(withinScale(limits as readonly [number, number]), 1),
        ]
        parts.push(
          '',
          table(
            ['NPS', 'points', 'SE', `${100 * level} % limits`],
            [
              row('not weighted', p.nps, p.se, p.adjustedWald),
              row('weighted, linearised', w.nps, w.linearisedSe, w.linearisedInterval),
              row('weighted, calibrated', w.nps, w.calibratedSe, aroundScore(w, z)),
              row('weighted, Kish', w.nps, w.kishSe, w.kishInterval),
            ],
          ),
        )
      }
      return parts.join('\n')
    },
  }
}

function aroundScore({ nps, calibratedSe }: WeightedNps, z: number): OrReason<readonly [number, number]> {
  if (isNoValue(calibratedSe)) return calibratedSe
  const half = z * (calibratedSe as number)
  return [nps - half, nps + half]
}

function sumOf(cells: readonly CellOfAnswers[]): { promoters: number; passives: number; detractors: number } {
  const sum = { promoters: 0, passives: 0, detractors: 0 }
  for (const cell of cells) {
    sum.promoters += cell.promoters
    sum.passives += cell.passives
    sum.detractors += cell.detractors
  }
  return sum
}

const value = OrNull(Type.Number())
const limits = OrNull(IntervalSchema)

export const weightMethod: Method = {
  name: 'weight',
  summary: 'Weights that bring the answers to known shares, what they cost, and the weighted NPS',
  options: {
    margin: {
      value: 'TARGETS',
      text: "COLUMN=CATEGORY:SHARE,...; repeat for each margin; 'a+b=x/y:SHARE,...' for cells of two columns",
    },
    targets: { value: 'FILE', text: 'the same from a CSV file with the columns variable, category, share' },
    score: { value: 'COLUMN', text: 'answers 0..10 for the weighted NPS' },
    rounds: { value: 'N', text: 'most rounds of raking', standard: '1000' },
    level: { needs: ['score'], value: 'SHARE', text: 'level of the limits', standard: '0.95' },
  },
  formulas: `- Raking: each margin in turn, \`w ← w target / sum\`, until every weighted share is within 1e-12 of its target (Deming & Stephan 1940; R \`survey::rake\`). One margin alone is post-stratification (R \`survey::postStratify\`).
- The shares of a variable add up to 1 (or 100) as far as rounding goes, or are counts of people (whole numbers, a thousand or more together); anything else, a variable that stands twice and a category that stands twice are refused.
- A category with a target but no answers is \`empty group\`; margins that contradict each other are \`not converged\`. Answers outside the categories are left out and counted.
- Kish: \`n_eff = (Σw)² / Σw²\`, design effect \`n / n_eff\` (Kish 1965).
- Weighted NPS \`100 (p - d)\` with weighted shares. Linearised SE: \`100 sqrt(n/(n-1) Σ w² (y - ȳ)²) / Σw\`, y = +1, 0, -1 (R \`svymean\` with the weights as given); Kish SE: \`100 sqrt((p + d - (p - d)²) / n_eff)\`; \`calibratedSe\`: as linearised, with what the margins tell taken out of y (R \`svymean\` after \`rake\` or \`postStratify\`).`,
  schema: Reasoned({
    kind: Type.Enum(['raking', 'post-stratification']),
    level: Type.Number(),
    margins: Type.Array(
      Type.Object({
        name: Type.String(),
        categories: Type.Array(Type.Object({ category: Type.String(), target: Type.Number() })),
      }),
    ),
    rounds: value,
    distance: value,
    cells: Type.Array(Reasoned({ categories: Type.Array(Type.String()), n: Type.Integer(), weight: value })),
    size: OrNull(Type.Object({ n: Type.Integer(), effective: Type.Number(), designEffect: Type.Number() })),
    unweighted: Type.Optional(
      OrNull(
        Type.Object({
          n: Type.Integer(),
          nps: Type.Number(),
          se: Type.Number(),
          promoters: ShareSchema,
          passives: ShareSchema,
          detractors: ShareSchema,
          wald: IntervalSchema,
          adjustedWald: IntervalSchema,
        }),
      ),
    ),
    nps: Type.Optional(
      OrNull(
        Reasoned({
          n: Type.Integer(),
          effective: Type.Number(),
          designEffect: Type.Number(),
          nps: Type.Number(),
          promoters: Type.Number(),
          passives: Type.Number(),
          detractors: Type.Number(),
          linearisedSe: value,
          linearisedInterval: limits,
          kishSe: Type.Number(),
          kishInterval: IntervalSchema,
          calibratedSe: value,
        }),
      ),
    ),
  }),
  example: {
    csv: `sex,age,score\n${Array.from({ length: 40 }, (_, i) => `${i % 3 === 0 ? 'm' : 'f'},${i % 4 === 0 ? 'old' : 'young'},${[9, 10, 7, 8, 3, 9, 6, 10][(i * 3) % 8]}`).join('\n')}\n`,
    options: ['--margin', 'sex=f:0.51,m:0.49', '--margin', 'age=young:0.6,old:0.4', '--score', 'score'],
  },
  run,
}
