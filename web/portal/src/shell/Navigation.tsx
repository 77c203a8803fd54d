import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { caseCountsQuery } from '../api/queries.ts'
import type { Me } from '../api/wire.ts'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { Account } from './Account.tsx'
import { allowed, barPages, loopPages, mainPages, type PageLink, runPages, settingsPages } from './pages.ts'

export function SideBar(props: { me: Me; live: boolean }) {
  const words = useWords()
  return (
    <nav className="side" aria-label={words.nav.label}>
      <Link to="/" className="brand">
        Samklang
      </Link>
      <Pages me={props.me} />
      <Account me={props.me} live={props.live} />
    </nav>
  )
}

function Pages(props: { me: Me; onGo?: () => void }) {
  const words = useWords()
  return (
    <>
      <ul>
        {allowed(mainPages, props.me).map((page) => (
          <PageItem key={page.to} page={page} onGo={props.onGo} />
        ))}
      </ul>
      <h2 className="nav-group">{words.nav.run}</h2>
      <ul>
        {allowed(runPages, props.me).map((page) => (
          <PageItem key={page.to} page={page} onGo={props.onGo} />
        ))}
      </ul>
    </>
  )
}

/** Pages that the sidebar does not name show by the one they stand under. */
const under: Partial<Record<PageLink['to'], PageLink[]>> = { '/loop': loopPages, '/settings': settingsPages }

function PageItem(props: { page: PageLink; onGo?: (() => void) | undefined }) {
  const words = useWords()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const within = under[props.page.to]?.some((each) => each.to === path) ?? false
  return (
    <li>
      <Link
        to={props.page.to}
        {...(within ? { 'data-status': 'active' } : {})}
        activeOptions={{ exact: props.page.to === '/', includeSearch: false }}
        onClick={() => props.onGo?.()}
      >
        {words.nav[props.page.name]}
        {props.page.name === 'cases' && <OpenCases />}
      </Link>
    </li>
  )
}

function OpenCases() {
  const words = useWords()
  const formats = useFormats()
  const cases = useQuery(caseCountsQuery)
  if (!cases.data) return null
  // Whoever has cases of their own is told of these; whoever looks after all, of all.
  const waiting = cases.data.mine || cases.data.open
  if (waiting === 0) return null
  const count = formats.plain(waiting)
  return (
    <b className="count" title={words.nav.waiting(count)}>
      {count}
    </b>
  )
}

/** On a phone: the pages of every day at the bottom, the others behind More. */
export function PhoneBar(props: { me: Me; live: boolean }) {
  const words = useWords()
  const [open, setOpen] = useState(false)
  return (
    <nav className="bar" aria-label={words.nav.label}>
      {allowed(barPages, props.me).map((page) => (
        <Link key={page.to} to={page.to} activeOptions={{ exact: page.to === '/', includeSearch: false }}>
          {words.nav[page.name]}
          {page.name === 'cases' && <OpenCases />}
        </Link>
      ))}
      <button type="button" onClick={() => setOpen(true)} aria-haspopup="dialog">
        {words.nav.more}
      </button>
      <Drawer
        opened={open}
        onClose={() => setOpen(false)}
        title="Samklang"
        position="right"
        size="min(85vw, 320px)"
        closeButtonProps={{ 'aria-label': words.common.close }}
      >
        <div className="side in-drawer">
          <Pages me={props.me} onGo={() => setOpen(false)} />
          <Account me={props.me} live={props.live} />
        </div>
      </Drawer>
    </nav>
  )
}
