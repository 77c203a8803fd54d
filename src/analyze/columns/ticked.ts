import type { Guessed } from './kind.ts'

const MARK = /^([x✓✔☑1]|yes|ja|oui|sí|si|true|sant|selected|checked|ticked|on|vald|valgt|markerad)$/iu

/** Columns of boxes that could be ticked: one mark, or the words of the heading, or nothing. A blank cell is missing to
 * every method, so that nobody would be left who has not ticked.
 * @returns one sentence with how often each was ticked and what to do; none where the file has no such column
 */
export function tickedColumns(columns: readonly Guessed[], rows: number): string[] {
  const ticked = columns.filter(isTicked)
  if (ticked.length === 0) return []
  const often = ticked.toSorted((a, b) => b.profile.present - a.profile.present).slice(0, MOST_NAMED)
  const said = often.map(({ profile }) => `${profile.name} ${share(profile.present / rows)}`).join(', ')
  const left = ticked.length - often.length
  const words = [...new Set(ticked.map(({ profile }) => markOf(profile)))]
  const mark = words.length === 1 ? `"${words[0]}"` : 'a word'
  return [
    `${ticked.length === 1 ? 'One column holds' : `${ticked.length} columns hold`} ${mark} or nothing, as boxes do that are ticked: ${said}${left > 0 ? ` and ${left} more` : ''} of all rows. A blank cell is missing to every method, so that they stand in no finding: write 1 and 0 to compare those who ticked with the others.`,
  ]
}

const MOST_NAMED = 12
const share = (x: number) => `${(100 * x).toFixed(1)} %`
const markOf = ({ values }: Guessed['profile']) => values[0]!.value.trim()

function isTicked({ profile, guess }: Guessed): boolean {
  if (profile.distinct !== 1 || profile.missing === 0 || guess.kind === 'date') return false
  const mark = markOf(profile)
  return MARK.test(mark) || (/\p{L}/u.test(mark) && profile.name.toLowerCase().includes(mark.toLowerCase()))
}
