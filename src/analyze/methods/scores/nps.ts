import Type from 'typebox'
import { isNoValue, type OrReason } from '../../../stats/interval.ts'
import { normalQuantile } from '../../../stats/normal.ts'
import { type Nps, type NpsDifference, nps, npsDifference, withinScale } from '../../../stats/nps.ts'
import { CellCounts } from '../../cells/cells.ts'
import {
  Grouping,
  groupingOptions,
  type Place,
  pairsToCompare,
  placeLabel,
  placeSchema,
} from '../../inputs/grouping.ts'
import { refuseWordsForNps } from '../../inputs/nps-answers.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { count, interval, number, percent, pValue, table, whiskers } from '../../output/paint.ts'
import { IntervalSchema, OrNull, Reasoned, ShareSchema } from '../../output/schema.ts'
import { AskedOn } from './asked-on.ts'
import { groupsDiffer, namedGroups } from './groups-differ.ts'

const comparison = Type.Object({
  difference: Type.Number({ description: 'second minus first, points' }),
  se: Type.Number(),
  interval: IntervalSchema,
  z: Type.Number(),
  p: Type.Number({ description: 'two-sided' }),
})

async function run({ csv, options }: Input): Promise<Outcome> {
  const score = options.column('score')
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const z = normalQuantile(0.5 + level / 2)
  const grouping = new Grouping(options, () => ({ promoters: 0, passives: 0, detractors: 0 }))
  refuseWordsForNps(csv, score)
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const askedOn = new AskedOn(csv.columns[score]!)
  let used = 0
  const rows = await csv.eachRow((cells) => {
    // First the group, so that one without answers is shown as such.
    const own = grouping.of(cells, counts)
    if (!own) return
    const answer = counts.number(cells, score, 'score')
    if (Number.isNaN(answer)) return
    if (!Number.isInteger(answer) || answer < 0 || answer > 10)
      return counts.add('score not a whole number 0..10')
    used++
    askedOn.add(answer)
    if (answer >= 9) own.promoters++
    else if (answer >= 7) own.passives++
    else own.detractors++
  })
  const entries = grouping.entries()
  const scores = entries.map(({ place, value }) => ({ place, score: nps(value, z) }))
  const differences = pairsToCompare(entries, options).map(([a, b]) => ({
    first: a.place,
    second: b.place,
    difference: npsDifference(a.value, b.value, z),
  }))
  const hint = askedOn.notForNps()
  return {
    rows,
    used,
    dropped: counts.toRecord(),
    ...(hint && { hint }),
    conventions: [
      'Promoters 9-10, passives 7-8, detractors 0-6; skipped questions are not in n.',
      `Limits at ${100 * level} %: adjusted Wald (Rocks 2016) for the score, Wilson for shares; the standard error is trinomial, divided by n.`,
    ],
    result: {
      level,
      groups: scores.map(({ place, score }) =>
        isNoValue(score) ? { ...place, n: 0, nps: score } : { ...place, ...score },
      ),
      differences: differences.map(({ first, second, difference }) =>
        isNoValue(difference)
          ? { first, second, adjusted: difference, plain: difference }
          : { first, second, ...difference },
      ),
    },
    sentences: [...(hint ? [hint] : []), ...sentencesOf(scores, differences)],
    text: (paint) => {
      const cells = scores.map(({ place, score }) =>
        isNoValue(score)
          ? [placeLabel(place), '0', `- (${score.reason})`]
          : [
              placeLabel(place),
              count(score.n),
              paint.bold(number(score.nps, 0)),
              interval(withinScale(score.adjustedWald), 1),
              whiskers(score.nps, withinScale(score.adjustedWald), -100, 100),
              percent(score.promoters.share),
              percent(score.passives.share),
              percent(score.detractors.share),
              number(score.se, 2),
            ],
      )
      const parts = [
        table(
          [
            'group',
            'n',
            'NPS',
            `${100 * level} % limits`,
            '-100        0        100',
            'prom.',
            'pass.',
            'detr.',
            'SE',
          ],
          cells,
          [0, 4],
        ),
      ]
      if (differences.length > 0) {
        parts.push('', paint.bold('Differences (second minus first)'))
        const lines = differences.flatMap(({ first, second, difference }) => {
          const name = `${placeLabel(first)} -> ${placeLabel(second)}`
          if (isNoValue(difference)) return [[name, `- (${difference.reason})`]]
          const { plain, adjusted } = difference
          const line = (kind: string, c: typeof adjusted) => [
            name,
            kind,
            number(c.difference, 1),
            interval(c.interval, 1),
            number(c.z, 2),
            pValue(c.p),
          ]
          return [
            line('adjusted', adjusted),
            isNoValue(plain) ? [name, 'plain', `- (${plain.reason})`] : line('plain', plain),
          ]
        })
        parts.push(table(['pair', 'kind', 'points', 'limits', 'z', 'p'], lines, [0, 1]))
      }
      return parts.join('\n')
    },
  }
}

interface Scored {
  readonly place: Place
  readonly score: OrReason<Nps>
}

function sentencesOf(
  scores: readonly Scored[],
  differences: readonly { first: Place; second: Place; difference: OrReason<NpsDifference> }[],
): string[] {
  const known = scores.flatMap(({ place, score }) =>
    isNoValue(score) ? [] : [{ place, score: score as Nps }],
  )
  if (known.length === 0) return []
  const told = ({ place, score }: { place: Place; score: Nps }) =>
    `${placeLabel(place)} ${number(score.nps, 0)} (${interval(withinScale(score.adjustedWald), 0)}, n ${count(score.n)})`
  if (known.length === 1) {
    const { score } = known[0]!
    return [
      `NPS is ${number(score.nps, 0)} (95 % limits ${interval(withinScale(score.adjustedWald), 0)}) from ${count(score.n)} answers: ${percent(score.promoters.share, 0)} promoters, ${percent(score.detractors.share, 0)} detractors.`,
    ]
  }
  const { named, aside } = namedGroups(known, ({ score }) => score.n)
  const sorted = named.toSorted((a, b) => b.score.nps - a.score.nps)
  const [highest, lowest] = [sorted[0]!, sorted.at(-1)!]
  const alike = highest.score.nps === lowest.score.nps
  const lines = [
    alike
      ? `NPS is the same in ${named.length === 2 ? 'both' : `all ${count(named.length)}`} groups: ${number(highest.score.nps, 0)}${aside}.`
      : `NPS is highest for ${told(highest)} and lowest for ${told(lowest)}${aside}.`,
  ]
  if (known.length > 2 && !alike)
    lines.push(
      groupsDiffer(
        known.map(({ score: { promoters, passives, detractors } }) => [
          promoters.count,
          passives.count,
          detractors.count,
        ]),
      ),
    )
  for (const { first, second, difference } of differences) {
    if (isNoValue(difference)) continue
    // The difference of the scores shown; the test is that on the adjusted values.
    const { p } = (difference as NpsDifference).adjusted
    const of = (place: Place) =>
      known.find((one) => placeLabel(one.place) === placeLabel(place))?.score.nps ?? 0
    const points = of(second) - of(first)
    if (points === 0) continue
    lines.push(
      `From ${placeLabel(first)} to ${placeLabel(second)} it differs by ${number(points, 0)} ${/^-?1$/.test(number(points, 0)) ? 'point' : 'points'}, ${p < 0.05 ? 'more than chance' : 'not more than chance'} (p ${pValue(p)}).`,
    )
  }
  return lines
}

export const npsMethod: Method = {
  name: 'nps',
  summary: 'Net Promoter Score per group and period, and whether two of them differ',
  options: {
    score: { value: 'COLUMN', text: 'answers 0..10 to "would you recommend us"', required: true },
    ...groupingOptions,
    compare: {
      value: 'A,B',
      text: 'two groups or two periods to compare; else the last two periods, or the only two groups',
    },
    level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' },
  },
  formulas: `- \`NPS = 100 (P - D) / n\`; promoters 9-10, passives 7-8, detractors 0-6.
- \`SE = 100 sqrt((p + d - (p - d)²) / n)\`, trinomial, no n - 1; Wald limits \`NPS ± z SE\`.
- Adjusted Wald (the interval to show): \`n' = n + 3, p = (P + 3/4) / n', d = (D + 3/4) / n'\`, then as above. The JSON holds it as computed; the table cuts it at ±100. Source: Rocks, B. (2016), Interval estimation for the Net Promoter Score, The American Statistician 70, 365-372.
- Difference: \`z = Δ / sqrt(V1/n1 + V2/n2)\`, two-sided p from the normal distribution; \`adjusted\` uses the adjusted p, d and n' of both.
- Shares with Wilson limits: Wilson, E. B. (1927), JASA 22, 209-212.
- A group without answers has \`nps: null\` and the reason \`empty group\`; with one answer, or promoters alone, SE is 0 and the Wald limits collapse, the adjusted ones do not.`,
  schema: Type.Object({
    level: Type.Number(),
    groups: Type.Array(
      Reasoned({
        group: Type.Optional(Type.String()),
        period: Type.Optional(Type.String()),
        n: Type.Integer(),
        nps: OrNull(Type.Number({ description: 'points, -100..100' })),
        se: Type.Optional(Type.Number()),
        promoters: Type.Optional(ShareSchema),
        passives: Type.Optional(ShareSchema),
        detractors: Type.Optional(ShareSchema),
        wald: Type.Optional(IntervalSchema),
        adjustedWald: Type.Optional(IntervalSchema),
      }),
    ),
    differences: Type.Array(
      Reasoned({
        first: placeSchema,
        second: placeSchema,
        plain: OrNull(comparison),
        adjusted: OrNull(comparison),
      }),
    ),
  }),
  example: {
    csv: `store,score\n${['north', 'south'].flatMap((store, s) => [10, 9, 9, 8, 10, 3, 7, 9, 6, 10].map((x, i) => `${store},${Math.max(0, x - (i % 3 === 1 ? 2 * s : 0))}`)).join('\n')}\n`,
    options: ['--score', 'score', '--by', 'store'],
  },
  run,
}
