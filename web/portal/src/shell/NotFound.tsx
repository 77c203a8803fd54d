import { Link } from '@tanstack/react-router'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { useWords } from '../words/words.ts'

export function NotFound() {
  const words = useWords()
  return (
    <main className="alone">
      <EmptyState title={words.failure.page} help={words.failure.pageHelp}>
        <Link to="/">{words.failure.home}</Link>
      </EmptyState>
    </main>
  )
}

export function PageWrong(props: { error: unknown; reset: () => void }) {
  return (
    <main className="alone">
      <Wrong error={props.error} again={props.reset} />
    </main>
  )
}
