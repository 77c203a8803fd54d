import { type ReactNode, useId } from 'react'

/** A titled panel. `aside` stands faintly at the right of the title. */
export function Card(props: {
  title: ReactNode
  aside?: ReactNode
  children: ReactNode
  className?: string
}) {
  const id = useId()
  return (
    <section className={`card ${props.className ?? ''}`} aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{props.title}</h2>
        {props.aside && <span className="aside">{props.aside}</span>}
      </div>
      {props.children}
    </section>
  )
}
