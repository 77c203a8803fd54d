import { isBlank } from './cells.ts'
import { UsageError } from './method.ts'

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

/** Names the trouble of a column none of whose cells could be read as yes or no. */
export function requireFlags(
  seen: number,
  wrong: number,
  name: string,
  option: string,
  example: string,
): void {
  if (seen > 0 || wrong === 0) return
  throw new UsageError(
    `"${name}" is not yes or no (it has "${example}"); say which value means yes: --${option} VALUE`,
  )
}
