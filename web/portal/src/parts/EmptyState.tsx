import type { ReactNode } from 'react'
import { Copyable } from './Copyable.tsx'

/** Says what is missing and what to do next. */
export function EmptyState(props: {
  title: string
  help?: string
  code?: string
  codeHelp?: string
  children?: ReactNode
}) {
  return (
    <div className="empty">
      <h2>{props.title}</h2>
      {props.help && <p>{props.help}</p>}
      {props.code && <Copyable text={props.code} />}
      {props.codeHelp && <p className="hint">{props.codeHelp}</p>}
      {props.children && <div className="empty-actions">{props.children}</div>}
    </div>
  )
}
