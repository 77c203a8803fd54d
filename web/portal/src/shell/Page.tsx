import { type ReactNode, useEffect } from 'react'

/** A page's title, its pickers at the right, its content. */
export function Page(props: {
  title: string
  tools?: ReactNode
  lead?: ReactNode
  children: ReactNode
  wide?: boolean
}) {
  useEffect(() => {
    document.title = `${props.title} · Samklang`
  }, [props.title])
  return (
    <div className={props.wide ? 'page wide' : 'page'}>
      <header className="page-head">
        <h1>{props.title}</h1>
        {props.tools && <div className="tools">{props.tools}</div>}
      </header>
      {props.lead && <p className="page-lead">{props.lead}</p>}
      {props.children}
    </div>
  )
}
