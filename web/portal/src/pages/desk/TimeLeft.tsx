import type { CaseItem } from '../../api/wire.ts'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'

/** How long there is until the promised first contact, or what became of it. */
export function TimeLeft(props: { item: CaseItem }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  if (item.state === 'closed') {
    const outcome = item.outcome ? (words.cases.outcomes[item.outcome] ?? item.outcome) : words.cases.done
    return <span className="list-when quiet">{outcome}</span>
  }
  if (item.contactedAt)
    return (
      <span className="list-when quiet">
        {words.desk.events.contacted} {formats.ago(item.contactedAt)}
      </span>
    )
  const left = formats.left(item.contactDueAt)
  return <span className={left.late ? 'list-when left late' : 'list-when left'}>{left.text}</span>
}
