// For: finding somebody by what they are called. In: how to search, and what to say of each found.
// Out: the found, and the one that is open beside them; the search stands in the address.
import { TextInput } from '@mantine/core'
import { type UseQueryOptions, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useTyped } from '../../parts/useTyped.ts'
import { Waiting } from '../../parts/Waiting.tsx'
import { Wrong } from '../../parts/Wrong.tsx'
import { Page } from '../../shell/Page.tsx'
import { Split } from '../../shell/Split.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { CustomerTabs } from './CustomerTabs.tsx'

/** As many as the server gives at once. */
const atMost = 50

export function Finder<Item extends { id: string }>(props: {
  at: '/customers' | '/accounts'
  find: (search: string) => UseQueryOptions<Item[], Error, Item[], string[]>
  said: { search: string; none: string; noneHelp: string }
  row: (item: Item) => { name: string; about: (string | null | undefined)[]; end?: ReactNode }
}) {
  const words = useWords()
  const formats = useFormats()
  const { search = '' } = useSearch({ strict: false }) as { search?: string }
  const go = useNavigate()
  const found = useQuery(props.find(search))
  const [text, setText] = useTyped(
    search,
    (value) => void go({ to: '.', search: value ? { search: value } : {}, replace: true }),
  )
  const items = found.data ?? []
  const empty = found.isSuccess && items.length === 0
  const list = (
    <>
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={8} height={22} />}
      {empty && <EmptyState title={props.said.none} help={props.said.noneHelp} />}
      {items.length > 0 && (
        <div className="list" data-list>
          {items.map((item) => {
            const { name, about, end } = props.row(item)
            return (
              <Link
                key={item.id}
                to={`${props.at}/$id`}
                params={{ id: item.id }}
                search={(before) => before}
                className="list-row plain"
              >
                <span className="list-main">
                  <span className="clamp">{name}</span>
                  <small>{about.filter(Boolean).join(' · ')}</small>
                </span>
                {end}
              </Link>
            )
          })}
        </div>
      )}
      {items.length >= atMost && <p className="quiet">{words.customers.first(formats.plain(atMost))}</p>}
    </>
  )
  return (
    <Page title={words.customers.title} wide>
      <CustomerTabs />
      <div className="filters">
        <TextInput
          type="search"
          data-search
          className="long"
          aria-label={props.said.search}
          placeholder={props.said.search}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Split list={list} back={props.at} empty={empty} />
    </Page>
  )
}
