// For: finding a customer. In: a search in the address. Out: the found, and the one that is open beside them.
import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { customersQuery, programQuery } from '../api/queries.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { useTyped } from '../parts/useTyped.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { Split } from '../shell/Split.tsx'
import { useWords } from '../words/words.ts'
import { CustomerTabs } from './customer/CustomerTabs.tsx'
import { placeOf } from './overviewCards.tsx'

export default function Customers() {
  const words = useWords()
  const { search = '' } = useSearch({ from: '/shell/customers' })
  const go = useNavigate({ from: '/customers' })
  const program = useQuery(programQuery)
  const found = useQuery(customersQuery(search))
  const [text, setText] = useTyped(
    search,
    (value) => void go({ to: '.', search: value ? { search: value } : {}, replace: true }),
  )
  const items = found.data ?? []
  const list = (
    <>
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={8} height={22} />}
      {found.isSuccess && items.length === 0 && (
        <EmptyState title={words.customers.none} help={words.customers.noneHelp} />
      )}
      <div className="list" data-list>
        {items.map((item) => (
          <Link
            key={item.id}
            to="/customers/$id"
            params={{ id: item.id }}
            search={(before) => before}
            className="list-row plain"
          >
            <span className="list-main">
              <span className="clamp">{item.name ?? item.key ?? words.common.noName}</span>
              <small>
                {[item.account, item.email, placeOf(item.unit, program.data)].filter(Boolean).join(' · ')}
              </small>
            </span>
          </Link>
        ))}
      </div>
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
          aria-label={words.customers.search}
          placeholder={words.customers.search}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Split list={list} back="/customers" empty={found.isSuccess && items.length === 0} />
    </Page>
  )
}
