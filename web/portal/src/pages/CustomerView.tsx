// For: one customer: how they are, what they are worth, what is open, and all that happened. In: the contact's id.
import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { customerQuery, programQuery } from '../api/queries.ts'
import type { TimelineItem } from '../api/wire.ts'
import { Timeline } from '../parts/Timeline.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { useFormats } from '../words/format.ts'
import { languageNames, useSpeech, useWords } from '../words/words.ts'
import { Facts, useFieldLabel, useFieldValue } from './customer/Facts.tsx'
import { Health, OpenActions } from './customer/Health.tsx'
import { People } from './customer/People.tsx'
import { Plans } from './customer/Plans.tsx'
import { Worth } from './customer/Worth.tsx'

export default function CustomerView() {
  const words = useWords()
  const formats = useFormats()
  const { id } = useParams({ from: '/shell/customers/$id' })
  const { language: spoken } = useSpeech()
  const customer = useQuery(customerQuery(id, spoken))
  const program = useQuery(programQuery)
  const fieldLabel = useFieldLabel(program.data, program.data?.contactName)
  const fieldValue = useFieldValue(program.data, program.data?.contactName)
  if (customer.isError) return <Wrong error={customer.error} again={() => void customer.refetch()} />
  if (!customer.data) return <Waiting lines={8} />
  const { contact, account, values, timeline, health, value, people, actions } = customer.data
  const language = contact.language as keyof typeof languageNames | null
  const name = contact.name ?? contact.key
  return (
    <article className="one customer-view">
      <header className="one-head">
        <div>
          <h2>{name}</h2>
          {account && (
            <p className="links">
              {account.id ? (
                <Link to="/accounts/$id" params={{ id: account.id }}>
                  {account.name ?? account.key}
                </Link>
              ) : (
                <span className="quiet">{account.name ?? account.key}</span>
              )}
            </p>
          )}
        </div>
      </header>
      <Facts
        facts={[
          [words.customers.email, contact.email ?? ''],
          [words.customers.phone, contact.phone ?? ''],
          [words.customers.language, language ? (languageNames[language] ?? language) : ''],
          [words.customers.key, contact.key],
          [words.account.unit, contact.unit ?? ''],
          [words.customers.unsubscribed, contact.unsubscribedAt ? formats.day(contact.unsubscribedAt) : ''],
          ...Object.entries(values).map(([field, is]): [string, string] => [
            fieldLabel(field),
            fieldValue(field, is),
          ]),
        ]}
      />
      <OpenActions actions={actions} />
      <Health health={health} program={program.data} />
      <Worth value={value} person />
      <Plans key={id} contactId={id} readers={[{ id, name, email: contact.email }]} />
      <People people={people} title={words.account.ofAccount} except={id} />
      <Happened key={`timeline ${id}`} items={timeline} />
    </article>
  )
}

const felt = new Set(['response', 'case'])

/** The timeline, all of it or only what happened or was felt. */
export function Happened(props: { items: TimelineItem[] }) {
  const words = useWords()
  const program = useQuery(programQuery)
  const [show, setShow] = useState('all')
  const items = props.items.filter((item) => show === 'all' || felt.has(item.kind) === (show === 'felt'))
  return (
    <section className="known">
      <div className="section-head">
        <h3>{words.customers.timeline}</h3>
        <SegmentedControl
          size="xs"
          aria-label={words.customers.filter}
          data={[
            { value: 'all', label: words.common.all },
            { value: 'felt', label: words.customers.felt },
            { value: 'happened', label: words.customers.happened },
          ]}
          value={show}
          onChange={setShow}
        />
      </div>
      {items.length === 0 ? (
        <p className="quiet">{words.customers.nothing}</p>
      ) : (
        <Timeline key={show} items={items} program={program.data} most={30} />
      )}
    </section>
  )
}
