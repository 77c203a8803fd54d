import Type from 'typebox'
import { correct } from '../../../stats/corrections.ts'
import { isNoValue, type OrReason } from '../../../stats/interval.ts'
import { type Impact, type PenaltyReward, penaltyReward } from '../../../stats/penalty-reward.ts'
import { CellCounts } from '../../cells/cells.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { count, interval, number, pValue, table } from '../../output/paint.ts'
import { IntervalSchema, OrNull, Reasoned } from '../../output/schema.ts'
import { checkMarks, marksOf, OutsideMarks, Patterns } from './marks.ts'

async function run({ csv, options }: Input): Promise<Outcome> {
  const outcome = options.column('outcome')
  const attributes = options.columnsBeside('drivers', ['outcome'])
  const lowText = options.text('low', '1-2')
  const highText = options.text('high', '5')
  const low = marksOf(lowText, 'low')
  const high = marksOf(highText, 'high')
  checkMarks(low, high, lowText, highText)
  const outside = new OutsideMarks(low, high)
  const alike = options.number('alike', 0.1, 0, 1)
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const patterns = new Patterns(attributes.length)
  const marks = new Int8Array(attributes.length)
  let used = 0
  const rows = await csv.eachRow((cells) => {
    const y = csv.number(cells[outcome]!, outcome)
    let complete = !Number.isNaN(y)
    for (let j = 0; j < attributes.length; j++) {
      const value = csv.number(cells[attributes[j]!]!, attributes[j]!)
      if (Number.isNaN(value)) complete = false
      outside.look(value, j)
      marks[j] = low.has(value) ? -1 : high.has(value) ? 1 : 0
    }
    if (!complete) return counts.add('incomplete')
    used++
    patterns.add(marks, y)
  })
  const names = attributes.map((column) => csv.columns[column]!)
  outside.refuse(names, lowText, highText)
  const found = penaltyReward(patterns, alike, level)
  return {
    rows,
    used,
    dropped: counts.toRecord(),
    conventions: [
      `LOW is ${lowText}, HIGH is ${highText}; complete cases.`,
      `An asymmetry within ±${alike} is alike: performance. Association, not proof of cause.`,
    ],
    result: isNoValue(found)
      ? found
      : {
          outcome: csv.columns[outcome],
          low: lowText,
          high: highText,
          level,
          n: (found as PenaltyReward).n,
          r2: (found as PenaltyReward).r2,
          intercept: (found as PenaltyReward).intercept,
          factors: (found as PenaltyReward).factors.map((factor, i) => ({ name: names[i], ...factor })),
        },
    sentences: isNoValue(found) ? [] : sentencesOf(found as PenaltyReward, names),
    text: (paint) => {
      if (isNoValue(found)) return `No result: ${found.reason}${found.detail ? ` (${found.detail})` : ''}`
      const { factors, r2, intercept } = found as PenaltyReward
      const cell = (impact: OrReason<Impact>) =>
        isNoValue(impact)
          ? ['', `- (${impact.reason})`, '']
          : [
              number((impact as Impact).estimate),
              `${number((impact as Impact).se)} / ${number((impact as Impact).hc3Se)}`,
              pValue((impact as Impact).p),
            ]
      const most = Math.max(...factors.map((f) => Math.max(estimate(f.penalty), estimate(f.reward))))
      const lines = factors.map((factor, i) => [
        names[i]!,
        isNoValue(factor.class) ? `- (${factor.class.reason})` : paint.bold(String(factor.class)),
        beam(factor.penalty, factor.reward, most),
        ...cell(factor.penalty),
        ...cell(factor.reward),
        number(factor.range),
        number(factor.asymmetry),
      ])
      const titles = [
        'attribute',
        'class',
        'penalty | reward',
        'ρ',
        'SE / HC3',
        'p',
        'π',
        'SE / HC3',
        'p',
        'range',
        'asym.',
      ]
      const marks = factors
        .map((factor, i) => `${names[i]} ${count(factor.low)} low, ${count(factor.high)} high`)
        .join('; ')
      return [
        `R² of ${csv.columns[outcome]} = ${number(r2, 4)}; with middle marks alone ${number(intercept.estimate, 2)} (${interval(intercept.interval, 2)})`,
        '',
        table(titles, lines, [0, 1, 2]),
        '',
        `Answers: ${marks}`,
      ].join('\n')
    },
  }
}

const EVEN = 'even'
const MEANING = {
  basic: 'Expected (a low mark goes with more than a high one)',
  performance: 'The more the better (low and high marks alike)',
  [EVEN]: 'Goes with the outcome, and no difference between low and high marks beyond chance is seen',
  excitement: 'Delights (a high mark goes with more than a low one)',
} as const

function sentencesOf({ factors }: PenaltyReward, names: readonly string[]): string[] {
  // Among many coefficients some are small by chance: p corrected over all of them (Benjamini-Hochberg).
  const pOf = (impact: OrReason<Impact>) => {
    const p = isNoValue(impact) ? impact : (impact as Impact).p
    return isNoValue(p) ? null : (p as number)
  }
  const corrected = correct(
    factors.flatMap(({ penalty, reward }) => [pOf(penalty), pOf(reward)]),
    'bh',
  )
  // A class is a claim of its own: that low and high marks do not weigh the same (also corrected over all).
  const skewed = correct(
    factors.map(({ asymmetryP }) => (isNoValue(asymmetryP) ? null : (asymmetryP as number))),
    'bh',
  )
  const kindOf = (i: number): string => {
    const kind = factors[i]!.class
    return (kind === 'basic' || kind === 'excitement') && (skewed[i] ?? 1) >= 0.05 ? EVEN : String(kind)
  }
  const real = (i: number) => (corrected[2 * i] ?? 1) < 0.05 || (corrected[2 * i + 1] ?? 1) < 0.05
  let said = 0
  const lines = Object.entries(MEANING).flatMap(([kind, words]) => {
    const told = factors.flatMap((factor, i) => {
      if (kindOf(i) !== kind || isNoValue(factor.penalty) || isNoValue(factor.reward)) return []
      if (!real(i)) return []
      return [
        `${names[i]} (low ${number((factor.penalty as Impact).estimate, 2)}, p ${pValue(corrected[2 * i] ?? undefined)}; high ${number((factor.reward as Impact).estimate, 2)}, p ${pValue(corrected[2 * i + 1] ?? undefined)})`,
      ]
    })
    said += told.length
    return told.length > 0 ? [`${words}: ${told.join(', ')}.`] : []
  })
  const tested = factors.filter(({ class: kind }) => !isNoValue(kind)).length
  const unclear = factors.flatMap(({ class: kind }, i) => (kind === 'unclear' && real(i) ? [names[i]!] : []))
  if (unclear.length > 0)
    lines.push(
      `Unclear (low marks do not lower the outcome, or high ones do not raise it): ${unclear.join(', ')}.`,
    )
  const rest = tested - said - unclear.length
  if (rest > 0)
    lines.push(
      lines.length === 0
        ? tested === 1
          ? `Nothing beyond chance: neither low nor high marks of ${names[factors.findIndex(({ class: kind }) => !isNoValue(kind))]} are seen to go with the outcome.`
          : `Nothing beyond chance: neither low nor high marks of the ${count(tested)} columns are seen to go with the outcome.`
        : `Nothing beyond chance for the other ${count(rest)}.`,
    )
  return lines
}

const estimate = (impact: OrReason<Impact>) => (isNoValue(impact) ? 0 : Math.abs((impact as Impact).estimate))

// Penalty to the left of the middle, reward to the right.
function beam(penalty: OrReason<Impact>, reward: OrReason<Impact>, most: number): string {
  const size = (impact: OrReason<Impact>) => (most > 0 ? Math.round((8 * estimate(impact)) / most) : 0)
  return `${'█'.repeat(size(penalty)).padStart(8)}│${'█'.repeat(size(reward)).padEnd(8)}`
}

const value = OrNull(Type.Number())
const impactSchema = Reasoned({
  estimate: Type.Number(),
  se: value,
  p: value,
  interval: OrNull(IntervalSchema),
  hc3Se: value,
})

export const penaltyRewardMethod: Method = {
  name: 'penalty-reward',
  summary: 'Which attributes punish when they fail, and which delight when they shine',
  options: {
    outcome: { value: 'COLUMN', text: 'overall score', required: true },
    drivers: { value: 'COLUMNS', text: 'scores of the attributes, by commas', required: true },
    low: { value: 'MARKS', text: 'marks that count as low', standard: '1-2' },
    high: { value: 'MARKS', text: 'marks that count as high: 5, or 4-5', standard: '5' },
    alike: {
      value: 'SHARE',
      text: 'asymmetry up to this counts as alike; 0 compares exactly',
      standard: '0.1',
    },
    level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' },
  },
  formulas: `- \`y = β0 + Σ (ρ_j LOW_j + π_j HIGH_j)\` by least squares; middle marks are the base. Codings: \`--low 1-2 --high 5\`, \`--low 1-2 --high 4-5\`, or any other.
- Marks below the lowest or above the highest of the two codings are refused and named: a 0 among marks of 1 to 5 is most likely a code for no answer (\`--blank 0\`), a 10 another scale.
- SE classical (R \`lm\`) and HC3 (R \`sandwich::vcovHC(type = "HC3")\`).
- Range of impact \`π - ρ\`; asymmetry \`(π - |ρ|) / (π - ρ)\` (Mikulić & Prebežac 2008, Managing Service Quality 18, 559-576); \`asymmetryP\` tests \`π + ρ = 0\` by HC3 and the normal distribution.
- Class: \`|ρ| > π\` basic, \`π > |ρ|\` excitement, alike performance; alike means an asymmetry within \`--alike\`. Where not ρ ≤ 0 ≤ π (a low mark does not lower, or a high one not raise) asymmetry is \`not applicable\`, and a coefficient with the wrong sign counts as none when it does not differ from 0 at \`--level\`: basic with a penalty alone, excitement with a reward alone, \`no effect\` with neither; \`unclear\` when it does differ.
- An attribute that is never low (or never high) has \`no variance\` there; dependent columns are \`singular\`; HC3 is \`singular\` where one answer alone fixes a coefficient.`,
  schema: Reasoned({
    outcome: Type.String(),
    low: Type.String(),
    high: Type.String(),
    level: Type.Number(),
    n: Type.Integer(),
    r2: Type.Number(),
    intercept: impactSchema,
    factors: Type.Array(
      Reasoned({
        name: Type.String(),
        low: Type.Integer({ description: 'answers with a low mark' }),
        high: Type.Integer({ description: 'answers with a high mark' }),
        penalty: OrNull(impactSchema),
        reward: OrNull(impactSchema),
        range: value,
        asymmetry: value,
        asymmetryP: value,
        class: OrNull(Type.Enum(['basic', 'performance', 'excitement', 'unclear', 'no effect'])),
      }),
    ),
  }),
  example: {
    csv: `overall,cleanliness,welcome\n${Array.from({ length: 30 }, (_, i) => {
      const clean = 1 + ((i * 7) % 5)
      const welcome = 1 + ((i * 3 + (i % 4)) % 5)
      return `${5 - (clean <= 2 ? 2 : 0) + (welcome === 5 ? 2 : 0) + ((i * 11) % 3) - 1},${clean},${welcome}`
    }).join('\n')}\n`,
    options: ['--outcome', 'overall', '--drivers', 'cleanliness,welcome'],
  },
  run,
}
