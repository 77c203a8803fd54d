import { type CohortActive, fitSbg, type SbgFit } from '../../../stats/fit-sbg.ts'
import { isNoValue, noValue, type OrReason } from '../../../stats/interval.ts'
import { residualLifetimeValue } from '../../../stats/residual-lifetime-value.ts'
import { derl } from '../../../stats/sbg.ts'
import { CellCounts, toNumber } from '../../cells/cells.ts'
import type { Input } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'

export interface CohortResult {
  readonly cohorts: readonly { readonly cohort: string; readonly active: CohortActive }[]
  readonly fit: OrReason<SbgFit>
  /** Renewed over at risk, all renewals together. */
  readonly retention: OrReason<number>
  /** Discounted expected residual lifetime of one who has paid n times, and its value when a margin is given. */
  readonly derl: readonly {
    readonly tenure: number
    readonly derl: OrReason<number>
    readonly value?: OrReason<number>
  }[]
  /** Value with the one retention of all. */
  readonly constant?: { readonly afterPayment: OrReason<number>; readonly paymentDue: OrReason<number> }
}

const MOST_COHORTS = 10_000

/** Reads cohorts: a row a cohort and renewal (with --renewal), or a row a cohort with one column a renewal. */
export async function readCohorts({
  csv,
  options,
}: Input): Promise<{ rows: number; counts: CellCounts; result: CohortResult }> {
  const columns = options.columns('active')
  const cohortColumn = options.columnIfGiven('cohort')
  const renewalColumn = options.columnIfGiven('renewal')
  if (columns.length === 1 && renewalColumn === undefined)
    throw new UsageError('--active needs --renewal, or one column for each renewal')
  if (columns.length > 1 && renewalColumn !== undefined)
    throw new UsageError('--renewal goes with one --active column')
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const found = new Map<string, number[]>()
  const rows = await csv.eachRow((cells, row) => {
    const name =
      cohortColumn === undefined
        ? renewalColumn === undefined
          ? `row ${row + 1}`
          : 'all'
        : cells[cohortColumn]!.trim()
    const list = found.get(name) ?? []
    if (found.size >= MOST_COHORTS && !found.has(name))
      throw new UsageError(
        `there are more than ${MOST_COHORTS.toLocaleString('en')} cohorts; a cohort is all who began in the same period`,
      )
    found.set(name, list)
    if (renewalColumn === undefined) {
      for (const column of columns) {
        const value = csv.number(cells[column]!, column)
        if (Number.isNaN(value)) break
        list.push(value)
      }
      return
    }
    const renewal = counts.number(cells, renewalColumn, 'renewal')
    const value = counts.number(cells, columns[0]!, 'active')
    if (Number.isNaN(renewal) || Number.isNaN(value)) return
    if (!Number.isInteger(renewal) || renewal < 0 || renewal > 10_000)
      return counts.add('renewal not 0, 1, 2 ...')
    // Summed silently they would make another cohort than any that there was.
    if (list[renewal] !== undefined)
      throw new UsageError(
        cohortColumn === undefined
          ? `renewal ${renewal} stands several times; where the file holds several cohorts, name them: --cohort COLUMN`
          : `renewal ${renewal} of cohort ${name} stands several times; each cohort has one count for each renewal`,
      )
    list[renewal] = value
  })
  const cohorts = [...found].map(([cohort, active]) => ({ cohort, active: checked(cohort, active) }))
  return { rows, counts, result: lifetimeOf(cohorts, { csv, options }) }
}

function checked(cohort: string, active: readonly number[]): CohortActive {
  for (let i = 0; i < active.length; i++) {
    if (active[i] === undefined)
      throw new UsageError(`cohort ${cohort} has no count at renewal ${i}; 0 is the start`)
    if (i > 0 && active[i]! > active[i - 1]!) throw new UsageError(`cohort ${cohort} grows at renewal ${i}`)
  }
  return active
}

function lifetimeOf(cohorts: CohortResult['cohorts'], { options }: Input): CohortResult {
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const fit = fitSbg(
    cohorts.map(({ active }) => active),
    level,
  )
  const discount = options.number('discount', undefined)
  if (discount !== undefined && !(discount >= 0 && Number.isFinite(discount)))
    throw new UsageError(`--discount is 0 or more (0.1 is ten per cent a period), not ${discount}`)
  const margin = options.number('margin', undefined)
  let atRisk = 0
  let renewed = 0
  for (const { active } of cohorts) {
    for (let i = 1; i < active.length; i++) {
      atRisk += active[i - 1]!
      renewed += active[i]!
    }
  }
  const retention: OrReason<number> =
    atRisk > 0 ? renewed / atRisk : noValue('too few', 'no renewal was seen')
  const longest = Math.max(0, ...cohorts.map(({ active }) => active.length))
  const tenures =
    discount === undefined || isNoValue(fit) ? [] : Array.from({ length: longest }, (_, i) => i + 1)
  return {
    cohorts,
    fit,
    retention,
    derl: tenures.map((tenure) => {
      const rest = derl(fit as SbgFit, tenure, discount!)
      return {
        tenure,
        derl: rest,
        ...(margin !== undefined && { value: typeof rest === 'number' ? margin * rest : rest }),
      }
    }),
    ...(discount !== undefined &&
      typeof retention === 'number' && {
        constant: residualLifetimeValue(margin ?? 1, retention, discount, payments({ options })),
      }),
  }
}

const payments = ({ options }: Pick<Input, 'options'>) =>
  options.has('payments') ? options.whole('payments', 1, 1, 1e9) : undefined

export interface LifetimeRow {
  readonly row: number
  readonly margin: number
  readonly retention?: number
  readonly discount: number
  readonly afterPayment?: OrReason<number>
  readonly paymentDue?: OrReason<number>
  readonly tenure?: number
  readonly derl?: OrReason<number>
  readonly value?: OrReason<number>
}

const INPUTS = ['margin', 'retention', 'discount', 'alpha', 'beta', 'tenure'] as const
type InputName = (typeof INPUTS)[number]

/** Values from given numbers, each a number or a column; one result when all are numbers, else one a row.
 * @param top rows kept, the first ones; `used` counts all that have a value
 */
export async function readLifetimes(
  { csv, options }: Input,
  top: number,
): Promise<{ rows: number; used: number; counts: CellCounts; byRow: boolean; lifetimes: LifetimeRow[] }> {
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const given = new Map<InputName, { constant?: number; column?: number }>()
  for (const name of INPUTS) {
    const text = options.text(name)
    if (text === undefined) continue
    const constant = toNumber(text)
    given.set(name, Number.isNaN(constant) ? { column: options.column(name) } : { constant })
  }
  const constant = given.get('retention')?.constant
  if (constant !== undefined && !(constant >= 0 && constant <= 1))
    throw new UsageError(`--retention is a share between 0 and 1, not ${constant}`)
  const discount = given.get('discount')?.constant
  if (discount !== undefined && !(discount >= 0))
    throw new UsageError(`--discount is 0 or more (0.1 is ten per cent a period), not ${discount}`)
  if (!given.has('discount')) throw new UsageError('a value needs --discount')
  refuseImpossible(given)
  const count = payments({ options })
  const byRow = [...given.values()].some(({ column }) => column !== undefined)
  const lifetimes: LifetimeRow[] = []
  let used = 0
  const read = (name: InputName, cells: readonly string[]) => {
    const { constant, column } = given.get(name)!
    return constant ?? counts.number(cells, column!, name)
  }
  const rows = await csv.eachRow((cells, row) => {
    if (!byRow && used > 0) return
    const values = new Map<InputName, number>()
    for (const name of given.keys()) {
      const value = read(name, cells)
      if (Number.isNaN(value)) return
      values.set(name, value)
    }
    const lifetime = lifetimeRow(row + 1, values, count)
    if (typeof lifetime === 'string') counts.add(lifetime)
    else {
      used++
      if (!byRow || lifetimes.length < top) lifetimes.push(lifetime)
    }
  })
  return { rows, used: byRow ? used : rows, counts, byRow, lifetimes }
}

// Of a column such rows are left out and counted; a number would leave out every row.
function refuseImpossible(given: ReadonlyMap<InputName, { constant?: number }>): void {
  for (const name of ['alpha', 'beta'] as const) {
    const value = given.get(name)?.constant
    if (value !== undefined && !(value > 0)) throw new UsageError(`--${name} is above 0, not ${value}`)
  }
  const tenure = given.get('tenure')?.constant
  if (tenure !== undefined && !(Number.isInteger(tenure) && tenure >= 1))
    throw new UsageError(`--tenure counts payments made, 1, 2, 3 ..., not ${tenure}`)
}

/** Told of a discount that is most likely meant in per cent. */
export function discountNote(options: Pick<Input['options'], 'text'>): string[] {
  const discount = toNumber(options.text('discount', ''))
  return discount > 1
    ? [`A discount of ${discount} is ${100 * discount} % a period; ten per cent is 0.1.`]
    : []
}

/** The values of one row, or why its numbers cannot be. */
function lifetimeRow(
  row: number,
  values: ReadonlyMap<InputName, number>,
  count: number | undefined,
): LifetimeRow | string {
  const margin = values.get('margin') ?? 1
  const discount = values.get('discount')!
  const retention = values.get('retention')
  const alpha = values.get('alpha')
  const beta = values.get('beta')
  if (discount < 0) return 'discount below 0'
  if (retention !== undefined && !(retention >= 0 && retention <= 1)) return 'retention outside 0..1'
  if ((alpha === undefined) !== (beta === undefined)) throw new UsageError('--alpha and --beta go together')
  if (alpha !== undefined && !(alpha > 0 && beta! > 0)) return 'alpha or beta not positive'
  const tenure = values.get('tenure') ?? 1
  if (alpha !== undefined && !(Number.isInteger(tenure) && tenure >= 1)) return 'tenure not 1, 2, 3 ...'
  const rest = alpha === undefined ? undefined : derl({ alpha, beta: beta! }, tenure, discount)
  return {
    row,
    margin,
    discount,
    ...(retention !== undefined && {
      retention,
      ...residualLifetimeValue(margin, retention, discount, count),
    }),
    ...(rest !== undefined && { tenure, derl: rest, value: typeof rest === 'number' ? margin * rest : rest }),
  }
}
