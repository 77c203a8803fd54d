import { Link } from '@tanstack/react-router'
import { useWords } from '../../words/words.ts'

/** People, or the companies and households they belong to. */
export function CustomerTabs() {
  const words = useWords()
  return (
    <nav className="desk-tabs" aria-label={words.account.tabs}>
      <Link to="/customers">{words.account.people}</Link>
      <Link to="/accounts">{words.account.tab}</Link>
    </nav>
  )
}
