import { useRef } from 'react'

interface Props {
  label: string
  value: string
  onChange?: (value: string) => void
  readOnly?: boolean
  rows?: number
  /** Lines with something wrong, counted from 1. */
  marked?: ReadonlySet<number>
}

/** Text with line numbers. Long lines scroll, so that a number always stands beside its own line. */
export function CodeArea(props: Props) {
  const gutter = useRef<HTMLPreElement>(null)
  const lines = props.value.split('\n').length
  const numbers = Array.from({ length: lines }, (_, at) => at + 1)
  return (
    <div className="code-area">
      <pre ref={gutter} aria-hidden="true">
        {numbers.map((number) => (
          <span key={number} className={props.marked?.has(number) ? 'wrong-line' : ''}>
            {number}
          </span>
        ))}
      </pre>
      <textarea
        aria-label={props.label}
        value={props.value}
        readOnly={props.readOnly || !props.onChange}
        rows={props.rows ?? Math.min(36, lines + 1)}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={(event) => props.onChange?.(event.currentTarget.value)}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop
        }}
      />
    </div>
  )
}

/** Puts the cursor at the start of a line and shows it. */
export function goToLine(area: HTMLTextAreaElement | null | undefined, line: number) {
  if (!area) return
  const before = area.value.split('\n').slice(0, line - 1)
  const at = before.reduce((sum, each) => sum + each.length + 1, 0)
  area.focus()
  area.setSelectionRange(at, at + (area.value.split('\n')[line - 1]?.length ?? 0))
  const height = Number.parseFloat(getComputedStyle(area).lineHeight) || 20
  area.scrollTop = Math.max(0, (line - 6) * height)
}
