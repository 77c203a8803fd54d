import { toNumber } from '../../cells/cells.ts'
import type { Options } from '../../options/options.ts'
import { UsageError } from '../../options/usage-error.ts'
import { openCsv } from '../../table/csv.ts'

/** One margin: the columns that make its categories, and what each category should be. */
export interface Margin {
  readonly name: string
  readonly columns: readonly number[]
  readonly categories: readonly string[]
  readonly targets: readonly number[]
}

/** sex=f:0.51,m:0.49 or sex+age=f/young:0.2,... */
export function parseMargin(text: string, columns: readonly string[], options: Options): Margin {
  const cut = text.indexOf('=')
  const name = cut > 0 ? text.slice(0, cut) : text
  if (cut <= 0)
    throw new UsageError(
      `--margin is COLUMN=CATEGORY:SHARE,...; "${text}" is not (the file has ${columns.join(', ')})`,
    )
  const parts = text
    .slice(cut + 1)
    .split(',')
    .map((part) => {
      const colon = part.lastIndexOf(':')
      const share = toNumber(part.slice(colon + 1))
      if (colon <= 0 || !(share >= 0))
        throw new UsageError(`--margin ${name}: "${part}" is not CATEGORY:SHARE`)
      return { category: part.slice(0, colon).trim(), share }
    })
  return {
    name,
    columns: columnsOf(name, columns, options),
    categories: parts.map((part) => part.category),
    targets: parts.map((part) => part.share),
  }
}

// One column, which may have a plus in its name, or several between pluses.
const columnsOf = (name: string, columns: readonly string[], options: Options): readonly number[] =>
  (columns.includes(name) ? [name] : name.split('+')).map((part) => options.position(part.trim()))

/** A file with the columns variable, category, share. */
export async function readTargets(
  path: string,
  columns: readonly string[],
  options: Options,
): Promise<Margin[]> {
  const csv = await openCsv(path)
  const [variable, category, share] = ['variable', 'category', 'share'].map((name) =>
    csv.columns.indexOf(name),
  )
  if (variable! < 0 || category! < 0 || share! < 0)
    throw new UsageError('--targets needs the columns variable, category and share')
  const margins = new Map<string, { categories: string[]; targets: number[] }>()
  await csv.eachRow((cells) => {
    const name = cells[variable!]!.trim()
    const own = margins.get(name) ?? { categories: [], targets: [] }
    margins.set(name, own)
    const target = csv.number(cells[share!]!, share!)
    if (!(target >= 0))
      throw new UsageError(`--targets: the share of ${name} ${cells[category!]} is not a number`)
    own.categories.push(cells[category!]!.trim())
    own.targets.push(target)
  })
  return [...margins].map(([name, own]) => ({
    name,
    columns: columnsOf(name, columns, options),
    ...own,
  }))
}

/** Refuses targets that cannot be meant: a variable or a category that stands twice, shares that do not add up.
 * @throws UsageError with the variable and the category
 */
export function checkMargins(margins: readonly Margin[]): void {
  for (const [i, { name, columns, categories, targets }] of margins.entries()) {
    const key = columns.toSorted((a, b) => a - b).join()
    if (margins.findIndex((other) => other.columns.toSorted((a, b) => a - b).join() === key) < i)
      throw new UsageError(`"${name}" has targets twice; give it all its categories in one`)
    const again = categories.find((category, k) => categories.indexOf(category) < k)
    if (again !== undefined) throw new UsageError(`"${name}" has the category "${again}" twice`)
    const sum = targets.reduce((total, target) => total + target, 0)
    if (!addsUp(sum, targets))
      throw new UsageError(
        `the shares of "${name}" add up to ${Number(sum.toPrecision(6))}, not to 1 or 100 %: ${categories.map((category, k) => `${category} ${targets[k]}`).join(', ')}`,
      )
  }
}

// Shares written with two decimals may miss 1 by half a hundredth each. Whole numbers beyond a thousand are counts of
// people, which are as good as their shares.
function addsUp(sum: number, targets: readonly number[]): boolean {
  const slack = 0.005 * targets.length + 1e-9
  if (Math.abs(sum - 1) <= slack || Math.abs(sum - 100) <= 100 * slack) return true
  return sum >= LEAST_COUNTED && targets.every((target) => Number.isInteger(target))
}

const LEAST_COUNTED = 1000
