import { isNoValue, type NoValue, type OrReason } from '../../../stats/interval.ts'
import { namesId } from '../../columns/kind.ts'
import { count, number, pValue } from '../../output/paint.ts'
import type { Kept } from './columns.ts'
import type { Pair, Test } from './pair.ts'

const SYMBOLS: Record<string, string> = {
  pearson: 'r',
  'point-biserial': 'r',
  spearman: 'rho',
  kendall: 'tau',
  anova: 'η²',
  'chi-square': 'V',
}

/** The size of a relation with its name: "r -0.412", "V 0.210, corrected 0.190"; nothing where a test has none. */
export function effectText({ measure, effect, statistics }: Test): string {
  if (isNoValue(effect)) return number(effect)
  const symbol = SYMBOLS[measure]
  if (!symbol) return ''
  const corrected = measure === 'chi-square' ? `, corrected ${number(statistics.vCorrected)}` : ''
  return `${symbol} ${number(effect)}${corrected}`
}

/** The statistic of a test with its degrees of freedom: "F 3.20 on 2 and 57 df". */
export function statisticText({ statistics: { t, z, f, h, chiSquare, df, df1, df2 } }: Test): string {
  const whole = (x: OrReason<number> | undefined) =>
    number(x, typeof x === 'number' && Number.isInteger(x) ? 0 : 1)
  if (f !== undefined) return `F ${number(f, 2)} on ${whole(df1)} and ${whole(df2)} df`
  if (chiSquare !== undefined) return `χ² ${number(chiSquare, 2)}, ${whole(df)} df`
  if (h !== undefined) return `H ${number(h, 2)}, ${whole(df)} df`
  if (t !== undefined) return `t ${number(t, 2)}, ${whole(df)} df`
  return z === undefined ? '' : `z ${number(z, 2)}`
}

const SHOWN = 5

/** The relations beyond chance in plain words, the surest first.
 * @param columns by name
 * @param corrected p of each pair, over the family
 */
export function sentencesOf(
  pairs: readonly Pair[],
  columns: ReadonlyMap<string, Kept>,
  corrected: readonly OrReason<number>[],
): string[] {
  // A number that only names a row is higher or lower than nothing.
  const told = pairs.map((pair) => ![pair.x, pair.o].some((name) => isId(columns.get(name))))
  const tested = pairs.flatMap((pair, i) => {
    const [test] = pair.tests
    const p = corrected[i]!
    if (!told[i] || !test || isNoValue(p) || isNoValue(test.effect)) return []
    return [{ pair, test, effect: test.effect as number, p: p as number }]
  })
  const asked = tested.length
  const real = tested.filter(({ p }) => p < 0.05)
  const lines = real
    .toSorted((a, b) => a.p - b.p || Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, SHOWN)
    .map(({ pair, test, effect, p }) => {
      const size = `n ${count(pair.n)}, corrected p ${pValue(p)}`
      if (test.measure === 'anova')
        return `${pair.x} and ${pair.o}: the groups differ (η² ${number(effect)}, ${size}).`
      if (test.measure === 'chi-square')
        return `${pair.x} and ${pair.o} go together (Cramer's V ${number(effect)}, ${size}).`
      const [x, o] = [columns.get(pair.x), columns.get(pair.o)]
      const classes = x?.kind === 'binary' ? x : o?.kind === 'binary' ? o : undefined
      if (classes) {
        const measured = classes === x ? pair.o : pair.x
        return `${nameOf(measured)} differs between ${between(classes)}: ${effect > 0 ? 'higher' : 'lower'} for ${classes.one} (r ${number(effect)}, ${size}).`
      }
      return `${nameOf(pair.x)} is ${effect > 0 ? 'higher' : 'lower'} where ${nameOf(pair.o)} is higher (r ${number(effect)}, ${size}).`
    })
  if (real.length > SHOWN)
    lines.push(
      real.length - SHOWN === 1
        ? 'And one more pair goes together beyond chance.'
        : `And ${real.length - SHOWN} more pairs go together beyond chance.`,
    )
  const rest = asked - real.length
  const [only] = tested.map(({ pair }) => pair)
  if (asked === 1 && rest === 1 && only)
    lines.push(`${only.x} and ${only.o} are not seen to go together (n ${count(only.n)}).`)
  if (rest > 0 && asked > 1)
    lines.push(
      rest === asked
        ? `No relation beyond chance in any of ${asked} pairs.`
        : `No relation beyond chance in ${rest} of ${asked} pairs.`,
    )
  const without = pairs.filter((_, i) => told[i] && isNoValue(corrected[i]!))
  if (without.length > 0) lines.push(notTested(without))
  return lines
}

// "Q1 and Finished (no variance)": what has no p is in no count of pairs.
function notTested(pairs: readonly Pair[]): string {
  const said = pairs.slice(0, SHOWN).map(({ x, o, tests: [test] }) => {
    const { reason } = test!.p as NoValue
    return `${x} and ${o} (${reason})`
  })
  const more = pairs.length > SHOWN ? `, and ${count(pairs.length - SHOWN)} more pairs` : ''
  return `Not tested: ${said.join(', ')}${more}.`
}

// A file without a header has a value for a name: "9" differs between a and b of "a".
const nameOf = (name: string) => (/^[\d.,:/-]+$/.test(name) ? `"${name}"` : name)

function between({ name, zero, one }: { name: string; zero: string; one: string }): string {
  return [zero, one].includes(name) || nameOf(name) !== name
    ? `${zero} and ${one} of "${name}"`
    : `${name} ${zero} and ${one}`
}

function isId(column: Kept | undefined): boolean {
  return column?.kind === 'number' && namesId(column.name) && column.values.every((x) => !(x % 1))
}
