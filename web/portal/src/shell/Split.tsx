import { Link, Outlet, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useWords } from '../words/words.ts'

/** A list and, beside it, the one that is open; on a phone one at a time. */
export function Split(props: {
  list: ReactNode
  back: '/responses' | '/cases' | '/customers' | '/mailbox'
  empty?: boolean
}) {
  const words = useWords()
  const { id } = useParams({ strict: false })
  if (props.empty && !id) return <>{props.list}</>
  return (
    <div className={id ? 'split one' : 'split'}>
      <div className="split-list">{props.list}</div>
      <div className="split-one">
        {id ? (
          <>
            <Link to={props.back} search={true} className="back">
              ← {words.common.back}
            </Link>
            <Outlet />
          </>
        ) : (
          <p className="pick-one">{words.empty.pick}</p>
        )}
      </div>
    </div>
  )
}
