// For: the customers who need somebody, worked through all day. In: tab, filters and order in the address.
// Out: cases, the open one beside; what is selected can be done at once.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { casePolicyQuery, caseQuery, casesQuery, programQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import type { CaseFilters, CaseItem, CaseTab } from '../api/wire.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { More } from '../parts/More.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { shortcutsOn, typing } from '../shell/Shortcuts.tsx'
import { Split } from '../shell/Split.tsx'
import { useCurrentInView } from '../shell/useCurrentInView.ts'
import { useFormats } from '../words/format.ts'
import { useSpeech, useWords } from '../words/words.ts'
import { Aside } from './desk/Aside.tsx'
import { BulkBar } from './desk/BulkBar.tsx'
import { CaseRow } from './desk/CaseRow.tsx'
import { Filters } from './desk/Filters.tsx'
import { caseTabs } from './desk/tabs.ts'
import { NoProgram, programMissing } from './empty.tsx'

type Tab = CaseTab | 'all'

/** Shown only when something stands there, or one stands there oneself. */
const rare = new Set<Tab>(['news', 'escalated', 'watching', 'held', 'all'])

export default function Cases() {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const search = useSearch({ from: '/shell/cases' })
  const go = useNavigate({ from: '/cases' })
  const mayWrite = useMay('cases:write')
  const filters: CaseFilters = { ...search, tab: search.tab ?? 'open' }
  const cases = useInfiniteQuery(casesQuery(filters))
  const program = useQuery(programQuery)
  const policy = useQuery(casePolicyQuery(language))
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [told, setTold] = useState<string | null>(null)
  const items = cases.data?.pages.flatMap((page) => page.items) ?? []
  const first = cases.data?.pages[0]
  const chosen = items.filter((item) => selected.has(item.caseId))
  const change = (part: Partial<CaseFilters>) => {
    setSelected(new Set())
    void go({ to: '.', search: (before) => ({ ...before, ...part }), resetScroll: false })
  }
  const toggle = (id: string) => {
    setTold(null)
    setSelected((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  }
  useSelectKey(mayWrite, toggle)
  useTabOfLink(search.tab, (id) =>
    go({
      to: '/cases/$id',
      params: { id },
      search: (before) => ({ ...before, tab: 'closed' }),
      replace: true,
    }),
  )
  const tabs = useCurrentInView<HTMLElement>(filters.tab)
  const empty = cases.isSuccess && items.length === 0
  const list = (
    <>
      {cases.isError && <Wrong error={cases.error} again={() => void cases.refetch()} />}
      {cases.isPending && <Waiting lines={8} height={22} />}
      {empty && <Nothing filters={search} tab={filters.tab ?? 'open'} />}
      {items.length > 0 && (
        <div className="list desk-list" data-list>
          {items.map((item: CaseItem) => (
            <CaseRow
              key={item.caseId}
              item={item}
              program={program.data}
              policy={policy.data}
              selected={selected.has(item.caseId)}
              onSelect={mayWrite ? () => toggle(item.caseId) : undefined}
            />
          ))}
        </div>
      )}
      <More list={cases} />
    </>
  )
  if (programMissing(cases.error))
    return (
      <Page title={words.cases.title}>
        <NoProgram />
      </Page>
    )
  const count = first && <span className="found">{words.cases.count(formats.plain(first.total))}</span>
  return (
    <Page title={words.cases.title} tools={count} wide>
      <nav ref={tabs} className="desk-tabs" aria-label={words.desk.tabsLabel}>
        {caseTabs
          .filter(
            (tab) =>
              !rare.has(tab) || tab === filters.tab || (tab !== 'all' && (first?.counts[tab] ?? 0) > 0),
          )
          .map((tab) => (
            <button
              key={tab}
              type="button"
              aria-current={tab === filters.tab ? 'page' : undefined}
              onClick={() => change({ tab })}
            >
              {words.desk.tabs[tab]}
              {first && tab !== 'closed' && tab !== 'all' && <b>{formats.plain(first.counts[tab])}</b>}
            </button>
          ))}
      </nav>
      <Filters filters={filters} program={program.data} policy={policy.data} onChange={change} />
      {mayWrite && <Aside />}
      {mayWrite && chosen.length > 0 && (
        <BulkBar
          items={chosen}
          shown={items.length}
          policy={policy.data}
          onAll={() => setSelected(new Set(items.map(({ caseId }) => caseId)))}
          onClear={() => setSelected(new Set())}
          onDone={setTold}
        />
      )}
      {told && (
        <p className="note" role="status">
          {told}
        </p>
      )}
      <Split list={list} back="/cases" empty={empty} />
    </Page>
  )
}

/** Who comes by a link to a closed case sees it among the closed ones; who closes one stays where they are. */
function useTabOfLink(tab: Tab | undefined, toClosed: (id: string) => Promise<void>) {
  const { language } = useSpeech()
  const { id } = useParams({ strict: false })
  const [entered] = useState(tab === undefined ? id : undefined)
  const judged = useRef(false)
  const found = useQuery({ ...caseQuery(entered ?? '', language), enabled: entered !== undefined })
  const state = found.data?.state
  useEffect(() => {
    if (state === undefined || entered === undefined || judged.current) return
    judged.current = true
    if (state === 'closed' && entered === id) void toClosed(entered)
  })
}

function Nothing(props: { filters: CaseFilters; tab: Tab }) {
  const words = useWords()
  const { tab: _, sort: __, ...narrowed } = props.filters
  if (Object.values(narrowed).some((value) => value !== undefined))
    return <EmptyState title={words.empty.filterNothing} help={words.empty.filterNothingHelp} />
  const help =
    props.tab === 'mine'
      ? words.desk.noneMine
      : props.tab === 'overdue'
        ? words.desk.noneOverdue
        : props.tab === 'open'
          ? words.cases.noneHelp
          : ''
  return <EmptyState title={props.tab === 'open' ? words.overview.noCases : words.desk.none} help={help} />
}

/** x selects the row that has the focus, or the one that is open. */
function useSelectKey(on: boolean, toggle: (id: string) => void) {
  useEffect(() => {
    if (!on) return
    const pressed = (event: KeyboardEvent) => {
      const held = event.ctrlKey || event.metaKey || event.altKey
      if (event.key !== 'x' || held || typing(event.target) || !shortcutsOn()) return
      const row =
        document.activeElement?.closest<HTMLElement>('[data-case]') ??
        document.querySelector<HTMLElement>('[data-status=active]')?.closest<HTMLElement>('[data-case]')
      if (row?.dataset.case) toggle(row.dataset.case)
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  })
}
