// For: the overview's cases that cannot wait. In: open cases as the desk sorts them. Out: those to show, and what of each
// presses.
import type { CaseItem } from '../api/wire.ts'
import type { Formats } from '../words/format.ts'
import type { Words } from '../words/shape.ts'

export interface Pressing {
  item: CaseItem
  text: string
  late: boolean
}

/** Who has been reached can wait, unless they have written since. Of those who have not, the time that is left says more
 * than that they have written again.
 * @param items news first, then by the time that is left, then those who have been reached
 */
export function cannotWait(items: readonly CaseItem[], words: Words, formats: Formats): Pressing[] {
  return items
    .filter((item) => !item.contactedAt || item.news)
    .map((item) =>
      item.contactedAt
        ? { item, late: false, text: words.desk.news }
        : { item, ...formats.left(item.contactDueAt) },
    )
}
