// For: finding a company or household. In: a search in the address. Out: the found, and the one that is open beside them.
import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { programQuery } from '../api/queries.ts'
import { accountsQuery } from '../api/valueQueries.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { useTyped } from '../parts/useTyped.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { Split } from '../shell/Split.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { CustomerTabs } from './customer/CustomerTabs.tsx'
import { placeOf } from './overviewCards.tsx'

export default function Accounts() {
  const words = useWords()
  const formats = useFormats()
  const { search = '' } = useSearch({ from: '/shell/accounts' })
  const go = useNavigate({ from: '/accounts' })
  const program = useQuery(programQuery)
  const found = useQuery(accountsQuery(search))
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
      {empty && <EmptyState title={words.account.none} help={words.account.noneHelp} />}
      <div className="list" data-list>
        {items.map((item) => (
          <Link
            key={item.id}
            to="/accounts/$id"
            params={{ id: item.id }}
            search={(before) => before}
            className="list-row plain"
          >
            <span className="list-main">
              <span className="clamp">{item.name ?? item.key}</span>
              <small>
                {[words.account.count(formats.plain(item.people)), placeOf(item.unit, program.data)]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
            </span>
            {item.openCases > 0 && (
              <span className="list-when left">{words.health.open(formats.plain(item.openCases))}</span>
            )}
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
          aria-label={words.account.search}
          placeholder={words.account.search}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Split list={list} back="/accounts" empty={empty} />
    </Page>
  )
}
