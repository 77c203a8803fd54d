import { isBlank } from '../cells/cells.ts'

/** A column that may hold answers on a scale. */
export interface ColumnValues {
  readonly j: number
  readonly name: string
  /** What stands below the name. */
  readonly question: string
  /** How often each different value stands. */
  readonly values: ReadonlyMap<string, number>
}

const MOST_VALUES = 60

/** The different values of column `j` among the first rows with how often each stands, blanks left out; undefined
 * where there are none, or too many for a scale.
 */
export function differentIn(
  body: readonly (readonly string[])[],
  j: number,
): Map<string, number> | undefined {
  const values = new Map<string, number>()
  for (const row of body) {
    const cell = row[j] ?? ''
    if (!isBlank(cell)) values.set(cell, (values.get(cell) ?? 0) + 1)
    if (values.size > MOST_VALUES) return undefined
  }
  return values.size === 0 ? undefined : values
}
