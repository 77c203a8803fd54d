import { Button, CopyButton } from '@mantine/core'
import { useWords } from '../words/words.ts'

/** Text to take along: shown as it is, copied by one press. */
export function Copyable(props: { text: string; label?: string }) {
  const words = useWords()
  return (
    <div className="copyable">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{props.text}</pre>
      <CopyButton value={props.text}>
        {({ copied, copy }) => (
          <Button variant="default" size="compact-sm" onClick={copy} aria-live="polite">
            {copied ? words.common.copied : (props.label ?? words.common.copy)}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
