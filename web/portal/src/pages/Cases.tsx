// For: the customers who need somebody. In: a state in the address. Out: cases by time left, the open one beside.
import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { casesQuery, programQuery } from '../api/queries.ts'
import type { CaseItem, CaseState } from '../api/wire.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Given } from '../parts/Score.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { Split } from '../shell/Split.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { caseTitle } from './caseTitle.ts'
import { placeOf } from './overviewCards.tsx'

const states: CaseState[] = ['open', 'taken', 'closed']

export default function Cases() {
  const words = useWords()
  const formats = useFormats()
  const search = useSearch({ from: '/shell/cases' })
  const go = useNavigate({ from: '/cases' })
  const state = states.find((each) => each === search.state) ?? 'open'
  const cases = useInfiniteQuery(casesQuery(state))
  const program = useQuery(programQuery)
  const items = cases.data?.pages.flatMap((page) => page.items) ?? []
  const total = cases.data?.pages[0]?.total
  const list = (
    <>
      {cases.isError && <Wrong error={cases.error} again={() => void cases.refetch()} />}
      {cases.isPending && <Waiting lines={8} height={22} />}
      {cases.isSuccess && items.length === 0 && (
        <EmptyState
          title={state === 'open' ? words.overview.noCases : words.cases.none}
          help={state === 'open' ? words.cases.noneHelp : ''}
        />
      )}
      <div className="list" data-list>
        {items.map((item) => (
          <Row key={item.caseId} item={item} place={placeOf(item.unit, program.data)} />
        ))}
      </div>
      {cases.hasNextPage && (
        <Button
          variant="default"
          loading={cases.isFetchingNextPage}
          onClick={() => void cases.fetchNextPage()}
        >
          {words.common.more}
        </Button>
      )}
    </>
  )
  const count =
    total === undefined ? null : <span className="found">{words.cases.count(formats.plain(total))}</span>
  return (
    <Page title={words.cases.title} tools={count} wide>
      <div className="filters">
        <SegmentedControl
          aria-label={words.cases.state}
          data={states.map((each) => ({ value: each, label: words.cases[each] }))}
          value={state}
          onChange={(next) => void go({ to: '/cases', search: { state: next } })}
        />
      </div>
      <Split list={list} back="/cases" empty={cases.isSuccess && items.length === 0} />
    </Page>
  )
}

function Row(props: { item: CaseItem; place: string }) {
  const words = useWords()
  const { item } = props
  const owner = item.owner?.name ?? (item.state === 'open' ? '' : words.cases.noOwner)
  return (
    <Link to="/cases/$id" params={{ id: item.caseId }} search={(before) => before} className="list-row">
      <Given score={item.score} />
      <span className="list-main">
        <span className="clamp">{caseTitle(item, words)}</span>
        <small>{[props.place, owner].filter(Boolean).join(' · ')}</small>
      </span>
      <TimeLeft item={item} />
    </Link>
  )
}

export function TimeLeft(props: { item: CaseItem }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  if (item.state === 'closed') {
    const outcome = item.outcome ? (words.cases.outcomes[item.outcome] ?? item.outcome) : words.cases.done
    return <span className="list-when quiet">{outcome}</span>
  }
  if (item.state === 'taken')
    return <span className="list-when quiet">{item.takenAt ? formats.ago(item.takenAt) : ''}</span>
  const left = formats.left(item.contactDueAt)
  return <span className={left.late ? 'list-when left late' : 'list-when left'}>{left.text}</span>
}
