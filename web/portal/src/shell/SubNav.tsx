import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { meQuery } from '../api/queries.ts'
import { useWords } from '../words/words.ts'
import { allowed, loopPages, settingsPages } from './pages.ts'
import { useCurrentInView } from './useCurrentInView.ts'

const groups = { loop: loopPages, settings: settingsPages }

/** Pages that belong together, under the one that the sidebar names. */
export function SubNav(props: { of: keyof typeof groups }) {
  const words = useWords()
  const me = useQuery(meQuery)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const pages = me.data ? allowed(groups[props.of], me.data) : []
  const row = useCurrentInView<HTMLElement>(path)
  if (pages.length < 2) return null
  return (
    <nav ref={row} className="desk-tabs sub-nav" aria-label={words.nav.within}>
      {pages.map((page) => (
        <Link key={page.to} to={page.to} activeOptions={{ exact: true, includeSearch: false }}>
          {words.nav[page.name]}
        </Link>
      ))}
    </nav>
  )
}
