import { type CellCounts, isBlank } from '../cells/cells.ts'
import type { Input } from '../method.ts'
import { UsageError } from '../options/usage-error.ts'

const YES = new Set(['1', 'true', 't', 'yes', 'y', 'ja', 'j', 'sant'])
const NO = new Set(['0', 'false', 'f', 'no', 'n', 'nej', 'nei', 'falskt'])

/** Reads yes or no: 1/0, true/false, yes/no, ja/nej, t/f, y/n; or, when told which word means yes, that word
 * against all others. NaN for a blank cell and for other words.
 */
export function toFlag(cell: string, yes?: string): number {
  if (isBlank(cell)) return Number.NaN
  if (yes !== undefined) return cell.trim() === yes ? 1 : 0
  const word = cell.trim().toLowerCase()
  if (YES.has(word)) return 1
  if (NO.has(word)) return 0
  const value = Number(word)
  return value === 1 || value === 0 ? value : Number.NaN
}

/** Reads a yes/no column row by row, and refuses one that is not: three codes are no answer to yes or no. */
export class FlagReader {
  readonly #column: number
  readonly #name: string
  readonly #option: string
  readonly #yes: string | undefined
  #seen = 0
  #found = 0
  #wrong = 0
  #example = ''

  /** @param option the option of the column; its word for yes is that of `valueOption` */
  constructor({ csv, options }: Input, option: string, valueOption: string) {
    this.#column = options.column(option)
    this.#name = csv.columns[this.#column]!
    this.#option = valueOption
    this.#yes = options.text(valueOption)
  }

  /** 1 or 0, or NaN (and counted under `label`) when the cell is blank or another word. */
  read(cells: readonly string[], counts: CellCounts, label: string): number {
    const cell = cells[this.#column]!
    const flag = toFlag(cell, this.#yes)
    if (!Number.isNaN(flag)) {
      this.#seen++
      this.#found += flag
    } else if (isBlank(cell)) counts.add(`${label} blank`)
    else {
      this.#wrong++
      this.#example = cell
      counts.add(`${label} not yes or no`)
    }
    return flag
  }

  /** To be called after the last row.
   * @throws UsageError when one in twenty cells or more is neither yes nor no, or none is the word given for yes
   */
  finish(): void {
    if (this.#wrong > 0 && this.#wrong >= 0.05 * (this.#seen + this.#wrong)) {
      throw new UsageError(
        `"${this.#name}" is not yes or no (it has "${this.#example}"); say which value means yes: --${this.#option} VALUE`,
      )
    }
    if (this.#yes !== undefined && this.#seen > 0 && this.#found === 0) {
      throw new UsageError(`no row has "${this.#yes}" in "${this.#name}"`)
    }
  }
}
