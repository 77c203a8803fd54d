// For: "you said, we did". In: an improvement. Out: its words for customers, whom it concerns, who is left out and why,
// the mail in each language; sent to each person once.
import { Button, Modal, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { post, send } from '../../api/client.ts'
import type { ImprovementDetail, Telling } from '../../api/loopWire.ts'
import { casePolicyQuery, programQuery } from '../../api/queries.ts'
import { useMay } from '../../api/useMay.ts'
import { DayField } from '../../parts/DayField.tsx'
import { Fault } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { type Language, languageNames, loadWords, useSpeech, useWords } from '../../words/words.ts'

const shownAtFirst = 8

export function Tell(props: { item: ImprovementDetail }) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const client = useQueryClient()
  const mayWrite = useMay('cases:write')
  const mayTell = useMay('outreach:write')
  const program = useQuery(programQuery)
  const policy = useQuery(casePolicyQuery(language))
  const { item } = props
  const said = words.improve.tell
  const spoken = (program.data?.languages ?? []) as Language[]
  const [chosen, setChosen] = useState<Language | null>(null)
  const shown = chosen ?? spoken[0]
  const [draft, setDraft] = useState({ said: item.said, did: item.did, concerns: item.concerns ?? '' })
  const [since, setSince] = useState('')
  const [asking, setAsking] = useState(false)
  const path = `/v1/improvements/${encodeURIComponent(item.improvementId)}`
  const wish = since ? { since: `${since}T00:00:00Z` } : {}
  const preview = useMutation({
    mutationFn: async () => {
      const changed =
        JSON.stringify([draft.said, draft.did, draft.concerns || null]) !==
        JSON.stringify([item.said, item.did, item.concerns])
      if (changed && mayWrite)
        await send('PUT', path, {
          revision: item.revision,
          ...{ said: draft.said, did: draft.did, concerns: draft.concerns.trim() || null },
        })
      return mayTell ? post<Telling>(`${path}/tell/preview`, wish) : null
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['improvements'] }),
  })
  const tell = useMutation({
    mutationFn: () => post<{ told: number; withheld: number }>(`${path}/tell`, wish),
    onSuccess: () => preview.reset(),
    onSettled: () => {
      setAsking(false)
      return client.invalidateQueries({ queryKey: ['improvements'] })
    },
  })
  const write = (part: 'said' | 'did', text: string) => {
    tell.reset()
    preview.reset()
    if (shown) setDraft((before) => ({ ...before, [part]: { ...before[part], [shown]: text } }))
  }
  const found = preview.data
  if (!mayWrite && !mayTell) return null
  return (
    <section>
      <h3>{said.title}</h3>
      <p className="quiet">{said.lead}</p>
      <form
        className="case-form deed"
        aria-label={said.title}
        onSubmit={(event) => {
          event.preventDefault()
          preview.mutate()
        }}
      >
        {spoken.length > 1 && shown && (
          <SegmentedControl
            aria-label={words.language.label}
            data={spoken.map((each) => ({ value: each, label: languageNames[each] }))}
            value={shown}
            onChange={(next) => setChosen(next as Language)}
          />
        )}
        {(['said', 'did'] as const).map((part) => (
          <Textarea
            key={part}
            label={said[part]}
            placeholder={said[`${part}Hint`]}
            lang={shown}
            autosize
            minRows={2}
            value={(shown && draft[part][shown]) ?? ''}
            onChange={(event) => write(part, event.currentTarget.value)}
          />
        ))}
        <Select
          label={said.about}
          clearable
          clearButtonProps={{ 'aria-label': words.common.clear }}
          placeholder={said.aboutNone}
          data={(policy.data?.themes ?? []).map(({ id, name }) => ({
            value: `'${id}' in themes`,
            label: name,
          }))}
          value={
            (policy.data?.themes ?? [])
              .map(({ id }) => `'${id}' in themes`)
              .find((each) => each === draft.concerns) ?? null
          }
          onChange={(concerns) => setDraft((before) => ({ ...before, concerns: concerns ?? '' }))}
        />
        <div className="two-fields">
          <TextInput
            className="code-input"
            label={said.concerns}
            description={said.concernsHelp}
            value={draft.concerns}
            onChange={(event) => {
              const concerns = event.currentTarget.value
              setDraft((before) => ({ ...before, concerns }))
            }}
          />
          <DayField
            label={said.since}
            description={said.sinceHelp}
            value={since}
            onChange={(event) => setSince(event.currentTarget.value)}
          />
        </div>
        <div className="case-buttons">
          <Button type="submit" variant={found ? 'default' : 'filled'} loading={preview.isPending}>
            {mayTell ? said.preview : words.desk.save}
          </Button>
        </div>
        <Fault error={preview.error ?? tell.error} />
      </form>
      {tell.data && (
        <p className="note" role="status">
          {said.sent(formats.plain(tell.data.told), formats.plain(tell.data.withheld))}
        </p>
      )}
      {found && (
        <Preview
          telling={found}
          written={item}
          done={item.state === 'done'}
          working={tell.isPending}
          onSend={() => setAsking(true)}
        />
      )}
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={said.sure(formats.plain(found?.count ?? 0))}
        closeButtonProps={{ 'aria-label': words.common.close }}
      >
        <div className="deed">
          <p>{said.sureHelp}</p>
          <div className="case-buttons">
            <Button loading={tell.isPending} onClick={() => tell.mutate()} data-autofocus>
              {said.send(formats.plain(found?.count ?? 0))}
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>
              {words.desk.cancel}
            </Button>
          </div>
        </div>
      </Modal>
    </section>
  )
}

/** Whether it names who reads it. */
const named = (written: Pick<ImprovementDetail, 'said' | 'did'>) =>
  [written.said, written.did].flatMap((each) => Object.values(each)).some((text) => text.includes('{{'))

function Preview(props: {
  telling: Telling
  written: ImprovementDetail
  done: boolean
  working: boolean
  onSend: () => void
}) {
  const words = useWords()
  const formats = useFormats()
  const { telling } = props
  const said = words.improve.tell
  const [chosen, setChosen] = useState<string | null>(null)
  const mail = telling.mails.find(({ language }) => language === chosen) ?? telling.mails[0]
  // What stands around the two is in the mail's language, not in the reader's.
  const theirs = useQuery({
    queryKey: ['words', mail?.language],
    queryFn: () => loadWords(mail?.language as Language),
    enabled: mail !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  }).data?.improve.tell
  return (
    <div className="tell-preview" role="status">
      <h4>{said.would(formats.plain(telling.count))}</h4>
      {telling.mails.length > 1 && (
        <SegmentedControl
          aria-label={said.mailIn}
          data={telling.mails.map(({ language, count }) => ({
            value: language,
            label: `${languageNames[language as Language] ?? language} (${formats.plain(count)})`,
          }))}
          value={mail?.language ?? ''}
          onChange={setChosen}
        />
      )}
      {mail && (
        <article className="mail-preview" lang={mail.language} aria-label={mail.subject}>
          <p className="mail-subject">{mail.subject}</p>
          {mail.reader !== null && named(props.written) && (
            <p className="quiet">{said.asRead(mail.reader)}</p>
          )}
          <blockquote>
            <small>{theirs?.mailSaid}</small>
            {mail.said}
          </blockquote>
          <blockquote>
            <small>{theirs?.mailDid}</small>
            {mail.did}
          </blockquote>
        </article>
      )}
      <People title={said.recipients(formats.plain(telling.count))} people={telling.recipients} />
      {Object.entries(telling.withheldCount).map(([reason, count]) => (
        <People
          key={reason}
          title={said.withheld(formats.plain(count), said.reasons[reason] ?? reason)}
          people={telling.withheld.filter((each) => each.reason === reason)}
        />
      ))}
      {props.done ? (
        <Button disabled={telling.count === 0} loading={props.working} onClick={props.onSend}>
          {said.send(formats.plain(telling.count))}
        </Button>
      ) : (
        <p className="quiet">{said.notDone}</p>
      )}
    </div>
  )
}

function People(props: { title: string; people: Telling['recipients'] }) {
  const words = useWords()
  const formats = useFormats()
  const [all, setAll] = useState(false)
  if (props.people.length === 0) return null
  const shown = all ? props.people : props.people.slice(0, shownAtFirst)
  return (
    <details className="people-list">
      <summary>{props.title}</summary>
      <ul>
        {shown.map((person) => (
          <li key={person.contactId}>
            <Link to="/customers/$id" params={{ id: person.contactId }}>
              {person.name ?? person.email ?? words.common.noName}
            </Link>
            <Link to="/responses/$id" params={{ id: person.responseId }} className="quiet">
              {formats.day(person.answeredAt)}
            </Link>
          </li>
        ))}
      </ul>
      {shown.length < props.people.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          {words.common.more}
        </button>
      )}
    </details>
  )
}
