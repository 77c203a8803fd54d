import type { ReactNode } from 'react'

/** A table that may be wider than its place; it is scrolled by touch, mouse and keyboard. */
export function TableScroll(props: { label: string; children: ReactNode; className?: string }) {
  // What scrolls must be reachable by keyboard.
  const reach = { tabIndex: 0 }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div className={`table-scroll ${props.className ?? ''}`} role="group" aria-label={props.label} {...reach}>
      {props.children}
    </div>
  )
}
