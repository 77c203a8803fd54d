import Type from 'typebox'
import { type Boxes, CES_BOXES, CSAT_BOXES, type Csat, csat, csatDifference } from '../../../stats/csat.ts'
import { isNoValue, type OrReason } from '../../../stats/interval.ts'
import type { Mean, TTest } from '../../../stats/mean.ts'
import type { ShareDifference } from '../../../stats/share-difference.ts'
import { CellCounts } from '../../cells/cells.ts'
import { namesSatisfaction } from '../../columns/kind.ts'
import {
  Grouping,
  groupingOptions,
  type Place,
  pairsToCompare,
  placeLabel,
  placeSchema,
} from '../../inputs/grouping.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'
import { count, interval, number, percent, pValue, table, whiskers } from '../../output/paint.ts'
import { IntervalSchema, OrNull, Reasoned, ShareSchema } from '../../output/schema.ts'
import { AskedOn } from './asked-on.ts'
import { groupsDiffer, namedGroups } from './groups-differ.ts'

interface Standard {
  readonly points: number
  readonly boxes: Boxes
}

async function run(name: 'csat' | 'ces', { csv, options }: Input, standard: Standard): Promise<Outcome> {
  const score = options.column('score')
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const points = options.whole('points', standard.points, 2, 101)
  const worded = csv.points(score)
  if (worded !== undefined && worded !== points)
    throw new UsageError(
      `"${csv.columns[score]}" is answered in words on ${worded} points, and ${options.has('points') ? `--points says ${points}` : `${name} takes ${points}`}: --points ${worded}${name === 'ces' ? ' with --top and --bottom, which is then another metric' : ''}`,
    )
  const boxes: Boxes = {
    top: options.whole('top', standard.boxes.top, 1, points - 1),
    bottom: options.whole('bottom', standard.boxes.bottom, 1, points - 1),
  }
  const outside = `score not a whole number 1..${points}`
  const grouping = new Grouping(options, () => Array<number>(points).fill(0))
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const askedOn = new AskedOn(csv.columns[score]!)
  let used = 0
  const rows = await csv.eachRow((cells) => {
    const own = grouping.of(cells, counts)
    if (!own) return
    const answer = counts.number(cells, score, 'score')
    if (Number.isNaN(answer)) return
    askedOn.add(answer)
    if (!Number.isInteger(answer) || answer < 1 || answer > points) return counts.add(outside)
    used++
    own[answer - 1]!++
  })
  const entries = grouping.entries()
  const results = entries.map(({ place, value }) => ({
    place,
    counts: value,
    found: csat(value, boxes, level),
  }))
  const differences = pairsToCompare(entries, options).map(([a, b]) => ({
    first: a.place,
    second: b.place,
    difference: csatDifference(a.value, b.value, boxes, level),
  }))
  const hint = askedOn.notForPoints(points, options.has('points'))
  const topFrom = points - boxes.top + 1
  return {
    rows,
    used,
    dropped: counts.toRecord(),
    ...(hint && { hint }),
    conventions: [
      `Top: ${topFrom}-${points} of ${points}; bottom: 1-${boxes.bottom}. Wilson limits of shares, t limits of the mean, ${100 * level} %.`,
      'Two groups: shares by the pooled z test, means by Welch; second minus first.',
    ],
    result: {
      level,
      points,
      boxes,
      groups: results.map(({ place, counts, found }) =>
        isNoValue(found)
          ? { ...place, n: 0, counts, top: found, bottom: found, mean: found }
          : { ...place, ...(found as Csat), counts },
      ),
      differences: differences.map(({ first, second, difference }) =>
        isNoValue(difference)
          ? { first, second, top: difference, bottom: difference, mean: difference }
          : { first, second, ...difference },
      ),
    },
    sentences: [
      ...(hint ? [hint] : []),
      ...sentencesOf({ name, column: csv.columns[score]!, points, boxes }, results, differences),
    ],
    text: (paint) => {
      const lines = results.map(({ place, found }) => {
        if (isNoValue(found)) return [placeLabel(place), '0', `- (${found.reason})`]
        const { n, top, bottom, mean } = found as Csat
        return [
          placeLabel(place),
          count(n),
          paint.bold(percent(top.share)),
          percentLimits(top.interval),
          whiskers(top.share, top.interval, 0, 1, 21),
          percent(bottom.share),
          percentLimits(bottom.interval),
          number((mean as Mean).mean, 2),
          interval((mean as Mean).interval, 2),
        ]
      })
      const titles = [
        'group',
        'n',
        `top ${boxes.top}`,
        'limits',
        '0 %             100 %',
        `bottom ${boxes.bottom}`,
        'limits',
        'mean',
        'limits',
      ]
      const parts = [table(titles, lines, [0, 4])]
      if (differences.length > 0) {
        const rows = differences.flatMap(({ first, second, difference }) =>
          differenceLines(`${placeLabel(first)} -> ${placeLabel(second)}`, difference),
        )
        parts.push(
          '',
          paint.bold('Differences (second minus first)'),
          table(['pair', 'of', 'difference', 'limits', 'test', 'p'], rows, [0, 1]),
        )
      }
      return parts.join('\n')
    },
  }
}

interface Question {
  readonly name: 'csat' | 'ces'
  readonly column: string
  readonly points: number
  readonly boxes: Boxes
}

function sentencesOf(
  { name, column, points, boxes }: Question,
  results: readonly { place: Place; found: OrReason<Csat> }[],
  differences: readonly { first: Place; second: Place; difference: ReturnType<typeof csatDifference> }[],
): string[] {
  const known = results.flatMap(({ place, found }) =>
    isNoValue(found) ? [] : [{ place, found: found as Csat }],
  )
  if (known.length === 0) return []
  const range = boxes.top === 1 ? `${points}` : `${points - boxes.top + 1}-${points}`
  const said =
    name === 'ces'
      ? `find it easy (${range} of ${points})`
      : namesSatisfaction(column)
        ? `are satisfied (${range} of ${points})`
        : `are ${range} of ${points}`
  const bottomIs = boxes.bottom === 1 ? 'are 1' : `are 1-${boxes.bottom}`
  const told = ({ place, found }: { place: Place; found: Csat }) =>
    `${placeLabel(place)} ${percent(found.top.share)} (${percentLimits(found.top.interval)}, n ${count(found.n)})`
  if (known.length === 1) {
    const { n, top, bottom, mean } = known[0]!.found
    return [
      `${percent(top.share)} of ${count(n)} answers ${said} (95 % limits ${percentLimits(top.interval)}), ${percent(bottom.share)} ${bottomIs}; the mean is ${number(mean.mean, 2)}.`,
    ]
  }
  const { named, aside } = namedGroups(known, ({ found }) => found.n)
  const sorted = named.toSorted((a, b) => b.found.top.share - a.found.top.share)
  const [most, fewest] = [sorted[0]!, sorted.at(-1)!]
  const alike = most.found.top.share === fewest.found.top.share
  const lines = [
    alike
      ? `As many ${said} in ${named.length === 2 ? 'both' : `all ${count(named.length)}`} groups: ${percent(most.found.top.share)}${aside}.`
      : `Most ${said} for ${told(most)}, fewest for ${told(fewest)}${aside}.`,
  ]
  if (known.length > 2 && !alike)
    lines.push(groupsDiffer(known.map(({ found: { n, top } }) => [top.count, n - top.count])))
  for (const { first, second, difference } of differences) {
    if (isNoValue(difference)) continue
    const { top } = difference as { top: ShareDifference }
    if (isNoValue(top.p)) continue
    lines.push(
      `From ${placeLabel(first)} to ${placeLabel(second)} that is ${number(100 * top.difference, 1)} points, ${(top.p as number) < 0.05 ? 'more than chance' : 'not more than chance'} (p ${pValue(top.p)}).`,
    )
  }
  return lines
}

const percentLimits = (limits: readonly [number, number]) =>
  limits.map((share) => percent(share)).join(' .. ')

function differenceLines(name: string, difference: ReturnType<typeof csatDifference>): string[][] {
  if (isNoValue(difference)) return [[name, `- (${difference.reason})`]]
  const { top, bottom, mean } = difference as {
    top: ShareDifference
    bottom: ShareDifference
    mean: OrReason<TTest>
  }
  const share = (of: string, d: ShareDifference) => [
    name,
    of,
    `${number(100 * d.difference, 1)} points`,
    interval([100 * d.interval[0], 100 * d.interval[1]], 1),
    isNoValue(d.z) ? '' : `z ${number(d.z, 2)}`,
    pValue(d.p),
  ]
  if (isNoValue(mean))
    return [share('top', top), share('bottom', bottom), [name, 'mean', `- (${mean.reason})`]]
  const t = mean as TTest
  return [
    share('top', top),
    share('bottom', bottom),
    [
      name,
      'mean',
      number(t.difference, 3),
      interval(t.interval, 3),
      `t ${number(t.t, 2)}, ${number(t.df, 1)} df`,
      pValue(t.p),
    ],
  ]
}

const shareDifference = Reasoned({
  difference: Type.Number({ description: 'second minus first, share' }),
  interval: IntervalSchema,
  z: OrNull(Type.Number()),
  p: OrNull(Type.Number()),
})
const schema = Type.Object({
  level: Type.Number(),
  points: Type.Integer(),
  boxes: Type.Object({ top: Type.Integer(), bottom: Type.Integer() }),
  groups: Type.Array(
    Reasoned({
      group: Type.Optional(Type.String()),
      period: Type.Optional(Type.String()),
      n: Type.Integer(),
      counts: Type.Array(Type.Integer(), { description: 'how often each point was answered, lowest first' }),
      top: OrNull(ShareSchema),
      bottom: OrNull(ShareSchema),
      mean: OrNull(
        Reasoned({
          n: Type.Integer(),
          mean: Type.Number(),
          sd: OrNull(Type.Number()),
          se: OrNull(Type.Number()),
          interval: OrNull(IntervalSchema),
        }),
      ),
    }),
  ),
  differences: Type.Array(
    Reasoned({
      first: placeSchema,
      second: placeSchema,
      top: OrNull(shareDifference),
      bottom: OrNull(shareDifference),
      mean: OrNull(
        Type.Object({
          difference: Type.Number(),
          se: Type.Number(),
          interval: IntervalSchema,
          t: Type.Number(),
          df: Type.Number(),
          p: Type.Number(),
        }),
      ),
    }),
  ),
})

function satisfaction(name: 'csat' | 'ces', summary: string, standard: Standard, about: string): Method {
  const answers = standard.points === 5 ? [5, 4, 4, 3, 5, 1, 2, 5, 4, 5] : [7, 6, 5, 3, 7, 1, 4, 6, 6, 5]
  return {
    name,
    summary,
    options: {
      score: { value: 'COLUMN', text: `answers 1..${standard.points}`, required: true },
      ...groupingOptions,
      compare: {
        value: 'A,B',
        text: 'two groups or two periods to compare; else the last two periods, or the only two groups',
      },
      points: { value: 'N', text: 'points of the scale', standard: String(standard.points) },
      top: {
        value: 'N',
        text: 'how many of the highest points count as satisfied',
        standard: String(standard.boxes.top),
      },
      bottom: {
        value: 'N',
        text: 'how many of the lowest points count as dissatisfied',
        standard: String(standard.boxes.bottom),
      },
      level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' },
    },
    formulas: `${about}
- Wilson limits of shares (Wilson 1927, JASA 22, 209-212; R \`prop.test(correct = FALSE)\`); mean with t limits (R \`t.test\`).
- Two groups: \`z = (p2 - p1) / sqrt(p (1 - p) (1/n1 + 1/n2))\` with the pooled share p, limits with unpooled variances; means by Welch (R \`t.test(x, y)\`).
- n = 0: \`empty group\`; n = 1: the mean has no limits, \`too few\`; all alike in both groups: z is \`no variance\`.`,
    schema,
    example: {
      csv: `channel,score\n${['shop', 'web'].flatMap((channel, c) => answers.map((x, i) => `${channel},${Math.max(1, x - (i % 2) * c)}`)).join('\n')}\n`,
      options: ['--score', 'score', '--by', 'channel'],
    },
    run: (input) => run(name, input, standard),
  }
}

export const csatMethod = satisfaction(
  'csat',
  'Satisfaction per group and period: top-2 and bottom-2 shares, mean, and whether two groups differ',
  { points: 5, boxes: CSAT_BOXES },
  '- CSAT: top-2-box on five points, `100 (4s + 5s) / n`; bottom-2-box likewise.',
)

export const cesMethod = satisfaction(
  'ces',
  'Customer Effort Score (v2, 1-7): share that agrees, mean, and whether two groups differ',
  { points: 7, boxes: CES_BOXES },
  '- CES v2: agreement 1-7 with "made it easy for me to handle my issue"; the mean, and the share of 5 and more. A five-point CES is another metric (`--points 5 --top 2 --bottom 2`); never average the two.',
)
