// For: one customer, what happened to them and what they felt. In: the contact's id. Out: facts and a timeline.
import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { customerQuery, programQuery } from '../api/queries.ts'
import { Timeline } from '../parts/Timeline.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { readable, useFormats } from '../words/format.ts'
import { languageNames, useSpeech, useWords } from '../words/words.ts'

const felt = new Set(['response', 'case'])

export default function CustomerView() {
  const words = useWords()
  const formats = useFormats()
  const { id } = useParams({ from: '/shell/customers/$id' })
  const { language: spoken } = useSpeech()
  const customer = useQuery(customerQuery(id, spoken))
  const program = useQuery(programQuery)
  const [show, setShow] = useState('all')
  if (customer.isError) return <Wrong error={customer.error} again={() => void customer.refetch()} />
  if (!customer.data) return <Waiting lines={8} />
  const { contact, account, values, timeline } = customer.data
  const fieldLabel = (field: string) =>
    formats.text(
      program.data?.fields.find(
        (each) => each.id === field || each.id === `${program.data?.contactName}.${field}`,
      )?.label,
      readable(field.split('.').at(-1) ?? field),
    )
  const language = contact.language as keyof typeof languageNames | null | undefined
  const facts: [string, string][] = [
    [words.customers.account, account ? (account.name ?? account.key) : ''],
    [words.customers.email, contact.email ?? ''],
    [words.customers.phone, contact.phone ?? ''],
    [words.customers.language, language ? (languageNames[language] ?? language) : ''],
    [words.customers.key, contact.key],
    [words.customers.unsubscribed, contact.unsubscribedAt ? formats.day(contact.unsubscribedAt) : ''],
    ...Object.entries(values).map(([field, value]): [string, string] => [
      fieldLabel(field),
      formats.value(value),
    ]),
  ]
  const items = timeline.filter((item) => show === 'all' || felt.has(item.kind) === (show === 'felt'))
  return (
    <article className="one">
      <header className="one-head">
        <h2>{contact.name ?? contact.key}</h2>
      </header>
      <dl className="facts spread">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
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
        <Timeline items={items} program={program.data} />
      )}
    </article>
  )
}
