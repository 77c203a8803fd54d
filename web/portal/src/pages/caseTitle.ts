import type { CaseItem } from '../api/wire.ts'
import type { Words } from '../words/shape.ts'

const longest = 110

/** Who it is and what it is about, in a line. */
export function caseTitle(item: CaseItem, words: Words, ruleName: (id: string) => string): string {
  const comment =
    item.comment && item.comment.length > longest
      ? `${item.comment.slice(0, longest).trimEnd()} …`
      : item.comment
  return [item.contact?.name ?? words.common.noName, comment ?? ruleName(item.rule)].join(' · ')
}
