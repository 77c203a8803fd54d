// For: which page stands at which address. In: the address. Out: its page, loaded when it is first opened.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { openWorkspace } from './api/openWorkspace.ts'
import type { CellChoice } from './api/valueWire.ts'
import type { Ask, CaseFilters, ResponseFilters } from './api/wire.ts'
import { type PeriodName, periods } from './ask/period.ts'
import { caseBands, caseSorts, caseTabs } from './pages/desk/tabs.ts'
import { quadrants } from './pages/value/quadrants.ts'
import { NotFound, PageWrong } from './shell/NotFound.tsx'
import { Shell } from './shell/Shell.tsx'

type Search = Record<string, unknown>
const text = (value: unknown) =>
  typeof value === 'string' && value ? value : typeof value === 'number' ? String(value) : undefined
/** What is none of these, as from an old or mistyped address, is left out rather than refused by the server. */
const one = <T extends string>(of: readonly T[], value: unknown) => of.find((each) => each === value)
const day = (value: unknown) => {
  const said = text(value)
  return said !== undefined && /^\d{4}-\d\d-\d\d/.test(said) && !Number.isNaN(Date.parse(said))
    ? said
    : undefined
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: PageWrong })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Search): { link?: string; workspace?: string; next?: string } => ({
    link: text(search.link),
    workspace: text(search.workspace),
    next: text(search.next),
  }),
  component: lazyRouteComponent(() => import('./pages/SignIn.tsx')),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  validateSearch: (search: Search): { workspace?: string | undefined } => ({
    workspace: text(search.workspace),
  }),
  // Links in mails name their workspace. It stays in the address only until somebody has signed in.
  beforeLoad: async ({ search, location }) => {
    if (search.workspace === undefined || !(await openWorkspace(search.workspace))) return
    const address = new URL(location.href, window.location.origin)
    address.searchParams.delete('workspace')
    throw redirect({ href: address.href.slice(address.origin.length), replace: true })
  },
  component: Shell,
})

interface OverviewSearch {
  period?: PeriodName
  from?: string
  to?: string
  unit?: string
  metric?: string
  by?: string
}
const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: (search: Search): OverviewSearch => ({
    period: periods.find((each) => each === search.period),
    from: text(search.from),
    to: text(search.to),
    unit: text(search.unit),
    metric: text(search.metric),
    by: text(search.by),
  }),
  component: lazyRouteComponent(() => import('./pages/Overview.tsx')),
})

const explore = createRoute({
  getParentRoute: () => shell,
  path: '/explore',
  validateSearch: (search: Search): { ask?: Ask | undefined } => {
    const ask = search.ask as Ask | undefined
    // Said outright: a key left out would stay as it came.
    return { ask: ask && typeof ask === 'object' && typeof ask.metric === 'string' ? ask : undefined }
  },
  component: lazyRouteComponent(() => import('./pages/Explore.tsx')),
})

const responses = createRoute({
  getParentRoute: () => shell,
  path: '/responses',
  validateSearch: (search: Search): ResponseFilters => ({
    text: text(search.text),
    survey: text(search.survey),
    band: one(['promoter', 'passive', 'detractor'], search.band),
    unit: text(search.unit),
    from: day(search.from),
    to: day(search.to),
    comment: search.comment === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import('./pages/Responses.tsx')),
})
const response = createRoute({
  getParentRoute: () => responses,
  path: '$id',
  component: lazyRouteComponent(() => import('./pages/ResponseView.tsx')),
})

const cases = createRoute({
  getParentRoute: () => shell,
  path: '/cases',
  validateSearch: (search: Search): CaseFilters => ({
    tab: one(caseTabs, search.tab),
    text: text(search.text),
    unit: text(search.unit),
    rule: text(search.rule),
    reason: text(search.reason),
    band: one(caseBands, search.band),
    theme: text(search.theme),
    segment: text(search.segment),
    owner: text(search.owner),
    dueOwner: text(search.dueOwner),
    employee: text(search.employee),
    from: day(search.from),
    to: day(search.to),
    missed: search.missed === true ? true : undefined,
    highValue: search.highValue === true ? true : undefined,
    decisionMaker: search.decisionMaker === true ? true : undefined,
    priorityTheme: search.priorityTheme === true ? true : undefined,
    sort: one(caseSorts, search.sort),
  }),
  component: lazyRouteComponent(() => import('./pages/Cases.tsx')),
})
const oneCase = createRoute({
  getParentRoute: () => cases,
  path: '$id',
  component: lazyRouteComponent(() => import('./pages/CaseView.tsx')),
})

const customers = createRoute({
  getParentRoute: () => shell,
  path: '/customers',
  validateSearch: (search: Search): { search?: string } => ({ search: text(search.search) }),
  component: lazyRouteComponent(() => import('./pages/Customers.tsx')),
})
const customer = createRoute({
  getParentRoute: () => customers,
  path: '$id',
  component: lazyRouteComponent(() => import('./pages/CustomerView.tsx')),
})

const accounts = createRoute({
  getParentRoute: () => shell,
  path: '/accounts',
  validateSearch: (search: Search): { search?: string } => ({ search: text(search.search) }),
  component: lazyRouteComponent(() => import('./pages/Accounts.tsx')),
})
const account = createRoute({
  getParentRoute: () => accounts,
  path: '$id',
  component: lazyRouteComponent(() => import('./pages/AccountView.tsx')),
})
const value = createRoute({
  getParentRoute: () => shell,
  path: '/value',
  validateSearch: (search: Search): CellChoice => ({
    segment: text(search.segment),
    band: text(search.band),
    quadrant: quadrants.find((each) => each === search.quadrant),
  }),
  component: lazyRouteComponent(() => import('./pages/Value.tsx')),
})
interface LoopSearch {
  period?: PeriodName
  from?: string
  to?: string
  unit?: string
  by?: string
  metric?: string
  window?: string
}
const loop = createRoute({
  getParentRoute: () => shell,
  path: '/loop',
  validateSearch: (search: Search): LoopSearch => ({
    period: periods.find((each) => each === search.period),
    from: text(search.from),
    to: text(search.to),
    unit: text(search.unit),
    by: text(search.by),
    metric: text(search.metric),
    window: text(search.window),
  }),
  component: lazyRouteComponent(() => import('./pages/Loop.tsx')),
})
const praise = createRoute({
  getParentRoute: () => shell,
  path: '/praise',
  validateSearch: (search: Search): { kind?: string; state?: string } => ({
    kind: one(['praise', 'criticism'], search.kind),
    state: one(['queued', 'held', 'keptOut', 'dropped'], search.state),
  }),
  component: lazyRouteComponent(() => import('./pages/Praise.tsx')),
})
const promoters = createRoute({
  getParentRoute: () => shell,
  path: '/promoters',
  validateSearch: (search: Search): { kind?: string; state?: string } => ({
    kind: one(['thanks', 'reference', 'referral', 'review', 'upsell'], search.kind),
    state: one(['sent', 'withheld', 'open', 'accepted', 'declined', 'won', 'lost'], search.state),
  }),
  component: lazyRouteComponent(() => import('./pages/Promoters.tsx')),
})
const improvements = createRoute({
  getParentRoute: () => shell,
  path: '/improvements',
  validateSearch: (search: Search): { state?: string; theme?: string } => ({
    state: text(search.state),
    theme: text(search.theme),
  }),
  component: lazyRouteComponent(() => import('./pages/Improvements.tsx')),
})
const improvement = createRoute({
  getParentRoute: () => improvements,
  path: '$id',
  component: lazyRouteComponent(() => import('./pages/ImprovementView.tsx')),
})

const plans = createRoute({
  getParentRoute: () => shell,
  path: '/plans',
  validateSearch: (search: Search): { state?: 'closed'; mine?: boolean } => ({
    state: search.state === 'closed' ? 'closed' : undefined,
    mine: search.mine === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import('./pages/Plans.tsx')),
})

const program = createRoute({
  getParentRoute: () => shell,
  path: '/program',
  validateSearch: (search: Search): { version?: string; file?: string } => ({
    version: text(search.version),
    file: text(search.file),
  }),
  component: lazyRouteComponent(() => import('./pages/Program.tsx')),
})
const data = createRoute({
  getParentRoute: () => shell,
  path: '/data',
  component: lazyRouteComponent(() => import('./pages/Data.tsx')),
})
const mailbox = createRoute({
  getParentRoute: () => shell,
  path: '/mailbox',
  component: lazyRouteComponent(() => import('./pages/Mailbox.tsx')),
})
const mail = createRoute({
  getParentRoute: () => mailbox,
  path: '$id',
  component: lazyRouteComponent(() => import('./pages/MailView.tsx')),
})
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/Settings.tsx')),
})
const hooks = createRoute({
  getParentRoute: () => shell,
  path: '/hooks',
  component: lazyRouteComponent(() => import('./pages/Hooks.tsx')),
})

const tree = root.addChildren([
  signIn,
  shell.addChildren([
    overview,
    explore,
    responses.addChildren([response]),
    cases.addChildren([oneCase]),
    customers.addChildren([customer]),
    accounts.addChildren([account]),
    value,
    loop,
    praise,
    promoters,
    plans,
    improvements.addChildren([improvement]),
    program,
    data,
    mailbox.addChildren([mail]),
    settings,
    hooks,
  ]),
])

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  // What a page does not know, such as what mail programs add to links, is no filter: the API would refuse it.
  search: { strict: true },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
