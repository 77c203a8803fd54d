import { Link, Outlet, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useWords } from '../words/words.ts'

/** A list and, when one is open, that one beside it; on a phone one at a time. */
export function Split(props: {
  list: ReactNode
  back: '/responses' | '/cases' | '/customers' | '/accounts' | '/mailbox' | '/improvements'
  empty?: boolean
}) {
  const words = useWords()
  const { id } = useParams({ strict: false })
  if (!id) return <div className={props.empty ? '' : 'split-alone'}>{props.list}</div>
  return (
    <div className="split">
      <div className="split-list">{props.list}</div>
      <div className="split-one">
        <Link to={props.back} search={true} className="back">
          ← {words.common.back}
        </Link>
        <Outlet />
      </div>
    </div>
  )
}
