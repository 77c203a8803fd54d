import type { Me, Scope } from '../api/wire.ts'
import type { Words } from '../words/shape.ts'

export interface PageLink {
  to:
    | '/'
    | '/explore'
    | '/responses'
    | '/cases'
    | '/customers'
    | '/value'
    | '/loop'
    | '/praise'
    | '/promoters'
    | '/plans'
    | '/improvements'
    | '/hooks'
    | '/program'
    | '/data'
    | '/mailbox'
    | '/settings'
  name: Exclude<keyof Words['nav'], 'waiting'>
  /** Pressed after g. */
  key: string
  /** What one must be allowed to see it. */
  scope: Scope
}

export const mainPages: PageLink[] = [
  { to: '/', name: 'overview', key: 'o', scope: 'ask:read' },
  { to: '/explore', name: 'explore', key: 'e', scope: 'ask:read' },
  { to: '/responses', name: 'responses', key: 'r', scope: 'responses:read' },
  { to: '/cases', name: 'cases', key: 'c', scope: 'cases:read' },
  { to: '/customers', name: 'customers', key: 'u', scope: 'customers:read' },
  { to: '/value', name: 'value', key: 'v', scope: 'customers:read' },
  { to: '/loop', name: 'loop', key: 'l', scope: 'cases:read' },
  { to: '/improvements', name: 'improvements', key: 'i', scope: 'cases:read' },
]
/** What stands under the loop: its numbers, and what is done with those who are content. */
export const loopPages: PageLink[] = [
  { to: '/loop', name: 'loopNumbers', key: 'l', scope: 'cases:read' },
  { to: '/praise', name: 'praise', key: 'a', scope: 'responses:read' },
  { to: '/promoters', name: 'promoters', key: 'b', scope: 'cases:read' },
  { to: '/plans', name: 'plans', key: 'n', scope: 'cases:read' },
]
export const runPages: PageLink[] = [
  { to: '/program', name: 'program', key: 'p', scope: 'read' },
  { to: '/data', name: 'data', key: 'd', scope: 'data:read' },
  { to: '/mailbox', name: 'mailbox', key: 'm', scope: 'mailbox:read' },
  { to: '/settings', name: 'settings', key: 's', scope: 'read' },
]
export const settingsPages: PageLink[] = [
  { to: '/settings', name: 'settingsOwn', key: 's', scope: 'read' },
  { to: '/hooks', name: 'hooks', key: 'w', scope: 'admin' },
]
/** Those of the bar at the bottom of a phone; the others are in its drawer. */
export const barPages = mainPages.slice(0, 4)

export const allowed = (pages: PageLink[], me: Me) => pages.filter((page) => me.scopes.includes(page.scope))
