// For: what has been promised to customers, over all of them. In: state and whose in the address.
// Out: the plans, what is due next first, changed where they stand; each leads to its customer.
import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { meQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import { plansQuery } from '../api/valueQueries.ts'
import type { Plan } from '../api/valueWire.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { SubNav } from '../shell/SubNav.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { PlanCard } from './customer/Plan.tsx'

const planStates = ['open', 'closed'] as const

export default function Plans() {
  const words = useWords()
  const formats = useFormats()
  const search = useSearch({ from: '/shell/plans' })
  const go = useNavigate({ from: '/plans' })
  const mayWrite = useMay('cases:write')
  const me = useQuery(meQuery).data?.actor ?? null
  const state = search.state ?? 'open'
  const found = useQuery(plansQuery({ state }))
  const plans = (found.data ?? []).filter((plan) => !search.mine || isMine(plan, me))
  const overdue = plans.flatMap(({ items }) => items).filter((item) => item.overdue).length
  const change = (part: Partial<typeof search>) =>
    void go({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })
  return (
    <Page title={words.loop.title}>
      <SubNav of="loop" />
      <p className="page-lead in-page">
        {words.plan.lead}{' '}
        {overdue > 0 && <b className="bad">{words.plan.lateItems(formats.plain(overdue))}</b>}
      </p>
      <div className="filters">
        <SegmentedControl
          aria-label={words.plan.which}
          data={planStates.map((each) => ({ value: each, label: words.plan.tabs[each] }))}
          value={state}
          onChange={(next) => change({ state: next === 'closed' ? next : undefined })}
        />
        <SegmentedControl
          aria-label={words.plan.whose}
          data={[
            { value: 'all', label: words.common.all },
            { value: 'mine', label: words.plan.mine },
          ]}
          value={search.mine ? 'mine' : 'all'}
          onChange={(next) => change({ mine: next === 'mine' ? true : undefined })}
        />
      </div>
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={6} />}
      {found.isSuccess &&
        plans.length === 0 &&
        (search.mine || state === 'closed' ? (
          <EmptyState title={words.empty.filterNothing} help={words.empty.filterNothingHelp} />
        ) : (
          <EmptyState title={words.plan.none} help={words.plan.noneHelp}>
            <Link to="/customers">{words.nav.customers}</Link>
          </EmptyState>
        ))}
      <div className="plan-list">
        {plans.map((plan) => (
          <section key={plan.planId}>
            <h2 className="links">
              <Whose plan={plan} />
            </h2>
            <PlanCard plan={plan} readers={[]} mayWrite={mayWrite} heading="h3" />
          </section>
        ))}
      </div>
    </Page>
  )
}

/** Theirs is a plan they own, and one in which they have something left to do. */
const isMine = ({ owner, items }: Plan, me: string | null) =>
  owner?.id === me ||
  items.some(({ who, state }) => who?.id === me && (state === 'open' || state === 'doing'))

function Whose(props: { plan: Plan }) {
  const words = useWords()
  const { contact, account } = props.plan
  return (
    <>
      {contact && (
        <Link to="/customers/$id" params={{ id: contact.id }}>
          {contact.name ?? words.common.noName}
        </Link>
      )}
      {account && (
        <Link to="/accounts/$id" params={{ id: account.id }}>
          {account.name ?? words.common.noName}
        </Link>
      )}
    </>
  )
}
