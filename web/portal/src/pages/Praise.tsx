// For: who was told what of whose work. In: kind and state in the address.
// Out: praise and criticism, to whom, what is held and why; the launch mode; letting out what is held.
import { Button, Checkbox, Select } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { post, send } from '../api/client.ts'
import { noticesQuery, praiseFirstQuery } from '../api/loopQueries.ts'
import type { Notice } from '../api/loopWire.ts'
import { meQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { More } from '../parts/More.tsx'
import { Given } from '../parts/Score.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Fault, Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { SubNav } from '../shell/SubNav.tsx'
import { readable, useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { ToProgram } from './empty.tsx'
import { Digests } from './praise/Digests.tsx'

const kinds = ['praise', 'criticism'] as const
const noticeStates = ['queued', 'held', 'keptOut', 'dropped'] as const

export default function Praise() {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const search = useSearch({ from: '/shell/praise' })
  const go = useNavigate({ from: '/praise' })
  const me = useQuery(meQuery)
  const mayDecide = useMay('program:write')
  const found = useInfiniteQuery(noticesQuery(search))
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const said = words.praise
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const total = found.data?.pages[0]?.total
  const change = (part: Partial<typeof search>) => {
    setSelected(new Set())
    void go({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })
  }
  const settle = useMutation({
    mutationFn: (wish: { path: 'release' | 'keep-out'; ids?: string[] }) =>
      post<{ settled: number }>(`/v1/notifications/${wish.path}`, wish.ids ? { ids: wish.ids } : {}),
    onSuccess: () => setSelected(new Set()),
    onSettled: () => client.invalidateQueries({ queryKey: ['praise'] }),
  })
  const held = items.filter(({ state }) => state === 'held')
  const chosen = held.filter(({ notificationId }) => selected.has(notificationId))
  const toggle = (id: string) =>
    setSelected((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const filtered = Object.values(search).some((value) => value !== undefined)
  // Somebody who is told of their own work alone has one kind of it; and where nothing is, nothing is to be narrowed.
  const narrows = me.data !== undefined && me.data?.role !== 'employee' && (filtered || items.length > 0)
  const count = total !== undefined && total > 0 && (
    <span className="found">{said.count(formats.plain(total))}</span>
  )
  return (
    <Page title={words.loop.title} tools={count}>
      <SubNav of="loop" />
      <p className="page-lead in-page">{said.lead}</p>
      <LaunchMode onRelease={() => settle.mutate({ path: 'release' })} working={settle.isPending} />
      {narrows && (
        <div className="filters">
          <Select
            aria-label={said.kind}
            placeholder={said.kind}
            clearable
            clearButtonProps={{ 'aria-label': words.common.clear }}
            data={kinds.map((each) => ({ value: each, label: said.kinds[each] }))}
            value={search.kind ?? null}
            onChange={(kind) => change({ kind: kind ?? undefined })}
          />
          <Select
            aria-label={said.state}
            placeholder={said.state}
            clearable
            clearButtonProps={{ 'aria-label': words.common.clear }}
            data={noticeStates.map((each) => ({ value: each, label: said.states[each] }))}
            value={search.state ?? null}
            onChange={(state) => change({ state: state ?? undefined })}
          />
        </div>
      )}
      {mayDecide && chosen.length > 0 && (
        <section className="bulk-bar" aria-label={words.desk.selected(formats.plain(chosen.length))}>
          <strong>{words.desk.selected(formats.plain(chosen.length))}</strong>
          {(['release', 'keep-out'] as const).map((path) => (
            <Button
              key={path}
              size="compact-sm"
              variant={path === 'release' ? 'filled' : 'default'}
              loading={settle.isPending && settle.variables?.path === path}
              onClick={() => settle.mutate({ path, ids: chosen.map((each) => each.notificationId) })}
            >
              {path === 'release' ? said.release : said.keepOut}
            </Button>
          ))}
          <Button size="compact-sm" variant="subtle" onClick={() => setSelected(new Set())}>
            {words.desk.unselect}
          </Button>
        </section>
      )}
      <Fault error={settle.error} />
      {settle.data && settle.data.settled > 0 && (
        <p className="note" role="status">
          {(settle.variables?.path === 'release' ? said.released : said.keptOut)(
            formats.plain(settle.data.settled),
          )}
        </p>
      )}
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={8} height={22} />}
      {found.isSuccess &&
        items.length === 0 &&
        (filtered ? (
          <EmptyState title={words.empty.filterNothing} help={words.empty.filterNothingHelp} />
        ) : me.data?.role === 'employee' ? (
          <EmptyState title={said.noneOwn} help={said.noneOwnHelp} />
        ) : (
          <EmptyState
            title={said.none}
            help={said.noneHelp}
            code={
              'notify:\n  praise: { when: answers.recommend >= 9 }\n  criticism: { when: answers.recommend <= 6 }'
            }
          >
            <ToProgram />
          </EmptyState>
        ))}
      {items.length > 0 && (
        <div className="list praise-list" data-list>
          {items.map((item) => (
            <Row
              key={item.notificationId}
              item={item}
              selected={selected.has(item.notificationId)}
              onSelect={mayDecide && item.state === 'held' ? () => toggle(item.notificationId) : undefined}
            />
          ))}
        </div>
      )}
      <More list={found} />
      <div className="after-list">
        <Digests />
      </div>
    </Page>
  )
}

/** While only the good goes out: since when, how much is held, and how to end it. */
function LaunchMode(props: { onRelease: () => void; working: boolean }) {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const mayDecide = useMay('program:write')
  const me = useQuery(meQuery)
  // Whoever is only told of their own work has nothing to decide, and is not to guess how much is kept from them.
  const concerned = me.data !== undefined && me.data?.role !== 'employee'
  const standing = useQuery({ ...praiseFirstQuery, enabled: concerned })
  const end = useMutation({
    mutationFn: (ended: boolean) => send('PUT', '/v1/praise-first', { ended }),
    onSettled: () => client.invalidateQueries({ queryKey: ['praise'] }),
  })
  const said = words.praise.first
  const found = standing.data
  if (!concerned || !found || (found.until === null && found.held === 0)) return null
  const until = found.until
  return (
    <section className={found.active ? 'launch on' : 'launch'} aria-label={said.title}>
      <div>
        <h2>{found.active ? said.on : said.off}</h2>
        <p>
          {found.active
            ? until === null || until === 'released'
              ? said.untilReleased
              : said.untilDay(formats.day(until))
            : found.endedAt
              ? said.ended(formats.moment(found.endedAt))
              : ''}{' '}
          {found.held > 0 && said.held(formats.plain(found.held))}
        </p>
        <Fault error={end.error} />
      </div>
      {mayDecide && (
        <div className="case-buttons">
          {found.active && (
            <Button loading={end.isPending} onClick={() => end.mutate(true)}>
              {said.end}
            </Button>
          )}
          {!found.active && until !== null && found.endedAt && (
            <Button variant="default" loading={end.isPending} onClick={() => end.mutate(false)}>
              {said.begin}
            </Button>
          )}
          {found.held > 0 && (
            <Button variant="default" loading={props.working} onClick={props.onRelease}>
              {said.releaseAll(formats.plain(found.held))}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}

function Row(props: { item: Notice; selected: boolean; onSelect: (() => void) | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  const said = words.praise
  const reader = item.channel
    ? said.toChannel(item.channel)
    : item.reader
      ? said.to(item.reader.name ?? item.reader.key)
      : said.toNobody
  const about = item.about ? said.about(item.about.name ?? item.about.key) : ''
  return (
    <div className={props.selected ? 'desk-row on' : 'desk-row'}>
      {props.onSelect && (
        <Checkbox
          aria-label={words.desk.select(`${said.kinds[item.kind]}, ${reader}`)}
          checked={props.selected}
          onChange={props.onSelect}
          size="md"
        />
      )}
      <Link to="/responses/$id" params={{ id: item.responseId }} className="list-row">
        <Given score={item.score} />
        <span className="list-main">
          <span className={item.comment ? 'clamp' : 'clamp quiet'}>
            {item.comment ?? words.responses.noComment}
          </span>
          <small>{[reader, about, item.unit?.name].filter(Boolean).join(' · ')}</small>
          <span className="badges">
            <i className={item.kind === 'praise' ? 'strong' : 'late'}>{said.kinds[item.kind]}</i>
            <State item={item} />
          </span>
        </span>
        <small className="list-when">{formats.ago(item.createdAt)}</small>
      </Link>
    </div>
  )
}

function State(props: { item: Notice }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  const said = words.praise
  const why = item.reason ? (said.reasons[item.reason] ?? readable(item.reason)) : ''
  if (item.state !== 'queued')
    return (
      <i>
        {said.states[item.state]}
        {why && `: ${why}`}
      </i>
    )
  const waits = item.mail === 'queued' && new Date(item.dueAt) > new Date()
  return (
    <i>
      {waits ? said.waits(formats.moment(item.dueAt)) : item.mail ? said.mail[item.mail] : said.states.queued}
    </i>
  )
}
