// For: what is being improved, and what came of it. In: state and theme in the address.
// Out: a list, and the one that is open beside it; a way to propose one.
import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { improvementsQuery } from '../api/loopQueries.ts'
import type { Improvement, ImprovementState } from '../api/loopWire.ts'
import { casePolicyQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { Split } from '../shell/Split.tsx'
import { readable, useFormats } from '../words/format.ts'
import { useSpeech, useWords } from '../words/words.ts'
import { Propose } from './improve/Propose.tsx'
import { states } from './improve/states.ts'

export default function Improvements() {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const search = useSearch({ from: '/shell/improvements' })
  const go = useNavigate({ from: '/improvements' })
  const mayWrite = useMay('cases:write')
  const policy = useQuery(casePolicyQuery(language))
  const [proposing, setProposing] = useState(false)
  // All at once, so that the tabs can tell how many stand in each.
  const found = useQuery(improvementsQuery({ theme: search.theme }))
  const state = states.find((each) => each === search.state)
  const all = found.data ?? []
  const items = state ? all.filter((each) => each.state === state) : all
  const count = (of: ImprovementState) => all.filter((each) => each.state === of).length
  const change = (part: Partial<typeof search>) =>
    void go({ to: '.', search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })
  const empty = found.isSuccess && items.length === 0
  const themes = policy.data?.themes ?? []
  const nameOf = (list: readonly { id: string; name: string }[] | undefined, id: string | null) =>
    id === null ? '' : (list?.find((each) => each.id === id)?.name ?? readable(id))
  const list = (
    <>
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={6} height={22} />}
      {empty &&
        (state || search.theme ? (
          <EmptyState title={words.empty.filterNothing} help={words.empty.filterNothingHelp} />
        ) : (
          <EmptyState title={words.improve.none} help={words.improve.noneHelp} />
        ))}
      {items.length > 0 && (
        <div className="list" data-list>
          {items.map((item) => (
            <Row
              key={item.improvementId}
              item={item}
              why={[nameOf(themes, item.theme), nameOf(policy.data?.causes, item.cause)]
                .filter(Boolean)
                .join(' › ')}
            />
          ))}
        </div>
      )}
    </>
  )
  const tools = mayWrite && <Button onClick={() => setProposing(true)}>{words.improve.propose}</Button>
  return (
    <Page title={words.improve.title} tools={tools} wide>
      <nav className="desk-tabs" aria-label={words.improve.tabsLabel}>
        {[undefined, ...states].map((each) => (
          <button
            key={each ?? 'all'}
            type="button"
            aria-current={each === state ? 'page' : undefined}
            onClick={() => change({ state: each })}
          >
            {each ? words.improve.states[each] : words.common.all}
            {found.data && <b>{formats.plain(each ? count(each) : all.length)}</b>}
          </button>
        ))}
      </nav>
      {themes.length > 0 && (
        <div className="filters">
          <Select
            aria-label={words.improve.theme}
            placeholder={words.improve.theme}
            clearable
            searchable
            clearButtonProps={{ 'aria-label': words.common.clear }}
            data={themes.map(({ id, name }) => ({ value: id, label: name }))}
            value={search.theme ?? null}
            onChange={(theme) => change({ theme: theme ?? undefined })}
          />
        </div>
      )}
      <Split list={list} back="/improvements" empty={empty} />
      <Propose
        opened={proposing}
        onClose={() => setProposing(false)}
        onMade={({ improvementId }) => {
          setProposing(false)
          void go({ to: '/improvements/$id', params: { id: improvementId } })
        }}
      />
    </Page>
  )
}

function Row(props: { item: Improvement; why: string }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  const said = words.improve
  const links = item.links.cases + item.links.responses
  const about = [
    props.why,
    item.owner ? (item.owner.name ?? item.owner.id) : said.noOwner,
    links > 0 ? said.links(formats.plain(links)) : '',
    item.told > 0 ? said.told(formats.plain(item.told)) : '',
  ]
  return (
    <Link
      to="/improvements/$id"
      params={{ id: item.improvementId }}
      search={(before) => before}
      className="list-row plain wraps"
    >
      <span className="list-main">
        <span className="clamp">
          <b>{item.title}</b>
        </span>
        <small>{about.filter(Boolean).join(' · ')}</small>
      </span>
      <span className="desk-when">
        <span className="list-when quiet">{said.states[item.state]}</span>
        {item.dueOn && item.state !== 'done' && item.state !== 'dropped' && (
          <small className={item.overdue ? 'left late' : ''}>{formats.day(item.dueOn)}</small>
        )}
      </span>
    </Link>
  )
}
