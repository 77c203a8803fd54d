import type { CaseItem } from '../../api/wire.ts'
import { useWords } from '../../words/words.ts'
import { useRuleName } from '../useRuleName.ts'

/** The customer's own words; where there are none that is said, with the rule by which the answer is a case all the same.
 * @param longest how many characters of them are shown
 */
export function Said(props: { item: CaseItem; longest?: number }) {
  const words = useWords()
  const ruleName = useRuleName()
  const { item, longest = Number.POSITIVE_INFINITY } = props
  if (!item.comment)
    return (
      <span className="quiet">
        {words.responses.noComment} · {words.cases.rule}: {ruleName(item.rule)}
      </span>
    )
  return (
    <bdi>
      {item.comment.length > longest ? `${item.comment.slice(0, longest).trimEnd()} …` : item.comment}
    </bdi>
  )
}
