import { useQuery } from '@tanstack/react-query'
import { Outlet, useNavigate, useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useLive } from '../api/live.ts'
import { meQuery } from '../api/queries.ts'
import { Welcome } from '../pages/Welcome.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { useWords } from '../words/words.ts'
import { PhoneBar, SideBar } from './Navigation.tsx'
import { ProgressLine } from './ProgressLine.tsx'
import { Shortcuts } from './Shortcuts.tsx'

/** What stands around every page: navigation, the line to the server, shortcuts. Sends those unknown to sign in. */
export function Shell() {
  const words = useWords()
  const me = useQuery(meQuery)
  const live = useLive(Boolean(me.data?.workspace))
  const path = useRouterState({ select: (state) => state.location.pathname })
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  useEffect(() => {
    // After a change of page the reader starts at its top, also by keyboard and screen reader.
    void path
    if (first.current) first.current = false
    else main.current?.focus({ preventScroll: true })
  }, [path])
  if (me.isPending)
    return (
      <div className="alone">
        <Waiting />
      </div>
    )
  if (me.isError)
    return (
      <div className="alone">
        <Wrong error={me.error} again={() => void me.refetch()} />
      </div>
    )
  if (!me.data) return <ToSignIn />
  if (!me.data.workspace) return <Welcome />
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {words.nav.skip}
      </a>
      <SideBar me={me.data} live={live} />
      <main id="content" ref={main} tabIndex={-1}>
        <ProgressLine />
        <Outlet />
      </main>
      <PhoneBar me={me.data} live={live} />
      <Shortcuts me={me.data} />
    </div>
  )
}

/** Leads to the sign-in page once, and back here after it. Going there changes the address this page is drawn by, so
 * that an element that navigates as it is drawn would do so without end.
 */
function ToSignIn() {
  const go = useNavigate()
  const router = useRouter()
  const left = useRef(false)
  useEffect(() => {
    if (left.current) return
    left.current = true
    const { href } = router.state.location
    void go({ to: '/sign-in', search: href === '/' ? {} : { next: href }, replace: true })
  }, [go, router])
  return null
}
