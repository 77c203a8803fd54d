import { Modal } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Me } from '../api/wire.ts'
import { useWords } from '../words/words.ts'
import { allowed, loopPages, mainPages, runPages, settingsPages } from './pages.ts'

const key = 'samklang-shortcuts'
/** Single-key shortcuts can be turned off: speech input would otherwise set them off (WCAG 2.1.4). */
export const shortcutsOn = () => localStorage.getItem(key) !== 'off'
export const setShortcuts = (on: boolean) =>
  on ? localStorage.removeItem(key) : localStorage.setItem(key, 'off')

/** Letters that work while a case is open; its page carries them out. */
export const caseKeys = [
  ['t', 'take'],
  ['c', 'contact'],
  ['u', 'attempt'],
  ['m', 'mail'],
  ['n', 'note'],
  ['f', 'forward'],
  ['e', 'escalate'],
  ['d', 'close'],
  ['x', 'select'],
] as const

const allPages = [...mainPages, ...loopPages.slice(1), ...runPages, ...settingsPages.slice(1)]
const patience = 1500

export const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    Boolean(target.closest('[role=listbox],[role=menu]')))

function moveInList(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-list] a')]
  if (rows.length === 0) return false
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const open = rows.findIndex((row) => row.dataset.status === 'active')
  const next = at >= 0 ? at + step : open >= 0 ? open + step : 0
  rows[Math.min(rows.length - 1, Math.max(0, next))]?.focus()
  return true
}

/** Keys that lead to where one may go, and a list of them. */
export function Shortcuts(props: { me: Me }) {
  const words = useWords()
  const go = useNavigate()
  const { me } = props
  const [shown, setShown] = useState(false)
  useEffect(() => {
    // Time counts from the page's loading: 0 would make every first letter one that follows a g.
    let wentG = Number.NEGATIVE_INFINITY
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !shortcutsOn()) return
      const inDialog = event.target instanceof HTMLElement && event.target.closest('[role=dialog]')
      if (inDialog) return
      const page =
        event.timeStamp - wentG < patience ? allPages.find((each) => each.key === event.key) : undefined
      wentG = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
      // What follows a g is no letter of the open case, also where one may not go.
      if (page) {
        if (allowed([page], me).length > 0) void go({ to: page.to })
      } else if (event.key === '?') setShown(true)
      else if (event.key === '/') {
        const search = document.querySelector<HTMLElement>('[data-search]')
        if (!search) return
        search.focus()
      } else if (event.key === 'j') moveInList(1)
      else if (event.key === 'k') moveInList(-1)
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [go, me])
  return (
    <Modal
      opened={shown}
      onClose={() => setShown(false)}
      title={words.shortcuts.title}
      closeButtonProps={{ 'aria-label': words.common.close }}
    >
      <dl className="keys">
        <Row keys={['?']} does={words.shortcuts.show} />
        <Row keys={['/']} does={words.shortcuts.search} />
        <Row keys={['j', 'k']} does={words.shortcuts.next} />
        <Row keys={['Enter']} does={words.shortcuts.open} />
        {allowed(allPages, me).map((page) => (
          <Row key={page.key} keys={['g', page.key]} does={words.shortcuts.go(words.nav[page.name])} />
        ))}
      </dl>
      {me.scopes.includes('cases:write') && (
        <>
          <h2 className="minor">{words.desk.caseKeys}</h2>
          <dl className="keys">
            {caseKeys.map(([letter, does]) => (
              <Row key={letter} keys={[letter]} does={words.desk.keys[does]} />
            ))}
          </dl>
        </>
      )}
      <p className="hint">{words.shortcuts.turnOff}</p>
    </Modal>
  )
}

function Row(props: { keys: string[]; does: string }) {
  return (
    <div>
      <dt>
        {props.keys.map((each) => (
          <kbd key={each}>{each}</kbd>
        ))}
      </dt>
      <dd>{props.does}</dd>
    </div>
  )
}
