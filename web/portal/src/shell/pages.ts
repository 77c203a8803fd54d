import type { Words } from '../words/words.ts'

export interface PageLink {
  to:
    | '/'
    | '/explore'
    | '/responses'
    | '/cases'
    | '/customers'
    | '/program'
    | '/data'
    | '/mailbox'
    | '/settings'
  name: Exclude<keyof Words['nav'], 'waiting'>
  /** Pressed after g. */
  key: string
}

export const mainPages: PageLink[] = [
  { to: '/', name: 'overview', key: 'o' },
  { to: '/explore', name: 'explore', key: 'e' },
  { to: '/responses', name: 'responses', key: 'r' },
  { to: '/cases', name: 'cases', key: 'c' },
  { to: '/customers', name: 'customers', key: 'u' },
]
export const runPages: PageLink[] = [
  { to: '/program', name: 'program', key: 'p' },
  { to: '/data', name: 'data', key: 'd' },
  { to: '/mailbox', name: 'mailbox', key: 'm' },
  { to: '/settings', name: 'settings', key: 's' },
]
/** Those of the bar at the bottom of a phone; the others are in its drawer. */
export const barPages = mainPages.slice(0, 4)
