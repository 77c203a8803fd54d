// For: one company or household: its people, how it is, what it is worth, what is open. In: the account's id.
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { programQuery } from '../api/queries.ts'
import { accountQuery } from '../api/valueQueries.ts'
import type { AccountDetail, AccountMoment } from '../api/valueWire.ts'
import { Timeline } from '../parts/Timeline.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { useFormats } from '../words/format.ts'
import { useSpeech, useWords } from '../words/words.ts'
import { Facts, useFieldLabel, useFieldValue } from './customer/Facts.tsx'
import { Health, OpenActions } from './customer/Health.tsx'
import { People } from './customer/People.tsx'
import { Plans } from './customer/Plans.tsx'
import { Worth } from './customer/Worth.tsx'

export default function AccountView() {
  const formats = useFormats()
  const { id } = useParams({ from: '/shell/accounts/$id' })
  const { words, language } = useSpeech()
  const found = useQuery(accountQuery(id, language))
  const program = useQuery(programQuery)
  const fieldLabel = useFieldLabel(program.data, 'account')
  const fieldValue = useFieldValue(program.data, 'account')
  if (found.isError) return <Wrong error={found.error} again={() => void found.refetch()} />
  if (!found.data) return <Waiting lines={8} />
  const { account, values, value, health, actions, people, timeline } = found.data
  return (
    <article className="one customer-view">
      <header className="one-head">
        <div>
          <h2>{account.name ?? account.key}</h2>
          <p className="links quiet">{words.account.count(formats.plain(people.length))}</p>
        </div>
      </header>
      <Facts
        facts={[
          [words.customers.key, account.key],
          [words.account.unit, account.unit ?? ''],
          ...Object.entries(values).map(([field, is]): [string, string] => [
            fieldLabel(field),
            fieldValue(field, is),
          ]),
        ]}
      />
      <OpenActions actions={actions} named />
      <Health health={health} program={program.data} />
      <Worth value={value} />
      <People people={people} title={words.account.people} />
      <Plans
        key={id}
        accountId={id}
        readers={people
          .filter(({ unsubscribed }) => !unsubscribed)
          .map((person) => ({ id: person.id, name: person.name ?? person.key, email: person.email }))}
      />
      <TheirTimeline key={`timeline ${id}`} people={people} timeline={timeline} />
    </article>
  )
}

function TheirTimeline(props: { people: AccountDetail['people']; timeline: AccountMoment[] }) {
  const words = useWords()
  const program = useQuery(programQuery)
  const [whose, setWhose] = useState<string>('')
  const items = props.timeline.filter(({ contact }) => whose === '' || contact?.id === whose)
  return (
    <section className="known">
      <div className="section-head">
        <h3>{words.customers.timeline}</h3>
        <Select
          size="xs"
          aria-label={words.account.who}
          data={[
            { value: '', label: words.account.everybody },
            ...props.people.map(({ id, name, key }) => ({ value: id, label: name ?? key })),
          ]}
          value={whose}
          allowDeselect={false}
          onChange={(next) => setWhose(next ?? '')}
        />
      </div>
      {items.length === 0 ? (
        <p className="quiet">{words.customers.nothing}</p>
      ) : (
        <Timeline key={whose} items={items} program={program.data} most={30} named={whose === ''} />
      )}
    </section>
  )
}
