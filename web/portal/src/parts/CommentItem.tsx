import { Link } from '@tanstack/react-router'
import type { ResponseItem } from '../api/wire.ts'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { Given } from './Score.tsx'

/** One comment in the customer's own words, with the score given; leads to the whole answer. */
export function CommentItem(props: { item: ResponseItem; place: string }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  const about = [item.contact?.name, props.place, formats.ago(item.answeredAt)].filter(Boolean)
  return (
    <Link to="/responses/$id" params={{ id: item.responseId }} className="comment">
      <Given score={item.score} />
      <span className="comment-text" lang={item.language}>
        {item.comment ?? <span className="quiet">{words.responses.noComment}</span>}
      </span>
      <small>{about.join(' · ')}</small>
    </Link>
  )
}
