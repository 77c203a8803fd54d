import { Link } from '@tanstack/react-router'
import type { Ask } from '../api/wire.ts'
import { useWords } from '../words/words.ts'

/** Beside every number: the question behind it, opened in Explore. */
export function OpenAsk(props: { ask: Ask; name: string }) {
  const words = useWords()
  const label = words.number.explore(props.name)
  return (
    <Link to="/explore" search={{ ask: props.ask }} className="open-ask" aria-label={label} title={label}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path
          d="M5 3h8v8M13 3 4 12"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    </Link>
  )
}
