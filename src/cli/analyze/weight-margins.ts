import { toNumber } from './cells.ts'
import { openCsv } from './csv.ts'
import { UsageError } from './method.ts'

/** One margin: the columns that make its categories, and what each category should be. */
export interface Margin {
  readonly name: string
  readonly columns: readonly number[]
  readonly categories: readonly string[]
  readonly targets: readonly number[]
}

/** sex=f:0.51,m:0.49 or sex+age=f/young:0.2,... */
export function parseMargin(text: string, columns: readonly string[]): Margin {
  const cut = text.indexOf('=')
  const name = cut > 0 ? text.slice(0, cut) : text
  const found = name.split('+').map((part) => columns.indexOf(part.trim()))
  if (cut <= 0 || found.includes(-1)) {
    throw new UsageError(
      `--margin is COLUMN=CATEGORY:SHARE,...; "${text}" is not (the file has ${columns.join(', ')})`,
    )
  }
  const parts = text
    .slice(cut + 1)
    .split(',')
    .map((part) => {
      const colon = part.lastIndexOf(':')
      const share = toNumber(part.slice(colon + 1))
      if (colon <= 0 || !(share >= 0)) throw new UsageError(`--margin: "${part}" is not CATEGORY:SHARE`)
      return { category: part.slice(0, colon).trim(), share }
    })
  return {
    name,
    columns: found,
    categories: parts.map((part) => part.category),
    targets: parts.map((part) => part.share),
  }
}

/** A file with the columns variable, category, share. */
export async function readTargets(path: string, columns: readonly string[]): Promise<Margin[]> {
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
    const target = csv.number(cells[share!]!)
    if (!(target >= 0))
      throw new UsageError(`--targets: the share of ${name} ${cells[category!]} is not a number`)
    own.categories.push(cells[category!]!.trim())
    own.targets.push(target)
  })
  return [...margins].map(([name, own]) => {
    const found = name.split('+').map((part) => columns.indexOf(part.trim()))
    if (found.includes(-1))
      throw new UsageError(`--targets: there is no column "${name}"; the file has ${columns.join(', ')}`)
    return { name, columns: found, ...own }
  })
}
