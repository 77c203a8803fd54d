// For: reading what people answered. In: filters in the address. Out: a list, and the one that is open beside it.
import { Checkbox, Select, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { programQuery, responsesQuery } from '../api/queries.ts'
import type { ResponseFilters, ResponseItem } from '../api/wire.ts'
import { spanOf } from '../ask/period.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { More } from '../parts/More.tsx'
import { Given } from '../parts/Score.tsx'
import { useTyped } from '../parts/useTyped.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { Split } from '../shell/Split.tsx'
import { readable, useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { NoAnswers, NoProgram, programMissing } from './empty.tsx'
import { placeOf } from './overviewCards.tsx'
import { PeriodPicker, UnitPicker } from './pickers.tsx'

export default function Responses() {
  const words = useWords()
  const formats = useFormats()
  const search = useSearch({ from: '/shell/responses' })
  const go = useNavigate({ from: '/responses' })
  const program = useQuery(programQuery)
  const found = useInfiniteQuery(responsesQuery(search))
  const change = (part: Partial<ResponseFilters>) =>
    void go({ to: '.', search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })
  const [text, setText] = useTyped(search.text ?? '', (value) => change({ text: value || undefined }))
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const total = found.data?.pages[0]?.total
  const filtered = Object.values(search).some((value) => value !== undefined)
  const span = { ...(search.from ? { from: search.from } : {}), ...(search.to ? { to: search.to } : {}) }
  const empty = found.isSuccess && items.length === 0
  const list = (
    <>
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={10} height={22} />}
      {empty &&
        (filtered ? (
          <EmptyState title={words.empty.filterNothing} help={words.empty.filterNothingHelp} />
        ) : program.data ? (
          <NoAnswers program={program.data} />
        ) : programMissing(program.error) ? (
          <NoProgram />
        ) : null)}
      {items.length > 0 && (
        <div className="list" data-list>
          {items.map((item) => (
            <Row key={item.responseId} item={item} place={placeOf(item.unit, program.data)} />
          ))}
        </div>
      )}
      <More list={found} />
    </>
  )
  if (programMissing(found.error))
    return (
      <Page title={words.responses.title}>
        <NoProgram />
      </Page>
    )
  const count =
    total === undefined ? null : <span className="found">{words.responses.count(formats.plain(total))}</span>
  return (
    <Page title={words.responses.title} tools={count} wide>
      <div className="filters">
        <TextInput
          type="search"
          data-search
          aria-label={words.responses.search}
          placeholder={words.responses.search}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          aria-label={words.responses.band}
          placeholder={words.responses.band}
          clearable
          clearButtonProps={{ 'aria-label': words.common.clear }}
          data={(['promoter', 'passive', 'detractor'] as const).map((band) => ({
            value: band,
            label: words.responses[band],
          }))}
          value={search.band ?? null}
          onChange={(band) => change({ band: band ?? undefined })}
        />
        {(program.data?.surveys.length ?? 0) > 1 && (
          <Select
            aria-label={words.responses.survey}
            placeholder={words.responses.survey}
            clearable
            clearButtonProps={{ 'aria-label': words.common.clear }}
            data={program.data?.surveys.map((survey) => ({
              value: survey.id,
              label: formats.text(survey.name, readable(survey.id)),
            }))}
            value={search.survey ?? null}
            onChange={(survey) => change({ survey: survey ?? undefined })}
          />
        )}
        {program.data && (
          <UnitPicker program={program.data} value={search.unit} onChange={(unit) => change({ unit })} />
        )}
        <PeriodPicker
          name={search.from || search.to ? 'custom' : 'all'}
          span={span}
          onChange={(name, custom) => {
            const next =
              name === 'custom' ? (custom ?? {}) : spanOf(name, new Date(), program.data?.timeZone ?? 'UTC')
            change({ from: next.from, to: next.to })
          }}
        />
        <Checkbox
          label={words.responses.withComment}
          checked={search.comment ?? false}
          onChange={(event) => change({ comment: event.currentTarget.checked || undefined })}
        />
      </div>
      <Split list={list} back="/responses" empty={empty} />
    </Page>
  )
}

function Row(props: { item: ResponseItem; place: string }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  const about = [item.contact?.name ?? words.common.noName, props.place].filter(Boolean).join(' · ')
  return (
    <Link
      to="/responses/$id"
      params={{ id: item.responseId }}
      search={(before) => before}
      className="list-row"
    >
      <Given score={item.score} />
      <span className="list-main">
        <span className={item.comment ? 'clamp' : 'clamp quiet'} lang={item.language}>
          {item.comment ?? words.responses.noComment}
        </span>
        <small>{about}</small>
      </span>
      <small className="list-when">{formats.ago(item.answeredAt)}</small>
    </Link>
  )
}
