// For: mending what went wrong for one customer. In: the case's id. Out: the answer, what happened, and what has been done.
import { Button, Select, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { Failure, post } from '../api/client.ts'
import { caseQuery, programQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import type { CaseDetail, CaseOutcome } from '../api/wire.ts'
import { Timeline } from '../parts/Timeline.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Fault, Wrong } from '../parts/Wrong.tsx'
import { readable, useFormats } from '../words/format.ts'
import { useSpeech, useWords } from '../words/words.ts'
import { TimeLeft } from './Cases.tsx'
import { ResponseBody } from './ResponseView.tsx'

export default function CaseView() {
  const { id } = useParams({ from: '/shell/cases/$id' })
  const { words, language } = useSpeech()
  const found = useQuery(caseQuery(id, language))
  const program = useQuery(programQuery)
  if (found.isError) return <Wrong error={found.error} again={() => void found.refetch()} />
  if (!found.data) return <Waiting lines={8} />
  return (
    <div className="case-view">
      <CaseActions item={found.data} key={found.data.caseId} />
      <ResponseBody response={found.data.response} program={program.data} within />
      {found.data.timeline.length > 0 && (
        <section>
          <h3>{words.cases.timeline}</h3>
          <Timeline items={found.data.timeline} program={program.data} most={12} />
        </section>
      )}
    </div>
  )
}

const outcomes: CaseOutcome[] = ['solved', 'not solved', 'no answer']

function CaseActions(props: { item: CaseDetail }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  const client = useQueryClient()
  const mayWrite = useMay('cases:write')
  const [note, setNote] = useState('')
  const [outcome, setOutcome] = useState<CaseOutcome | null>(null)
  const act = useMutation({
    mutationFn: (step: { action: 'take' | 'note' | 'close'; note?: string; outcome?: CaseOutcome }) => {
      const { action, ...rest } = step
      return post(`/v1/cases/${encodeURIComponent(item.caseId)}/${action}`, {
        revision: item.revision,
        ...rest,
      })
    },
    onSuccess: () => {
      setNote('')
      setOutcome(null)
    },
    // After a conflict too: the case is read anew so that one sees what the other did. The note stays as typed.
    onSettled: () => client.invalidateQueries({ queryKey: ['cases'] }),
  })
  const conflict = act.error instanceof Failure && act.error.code === 'case.changed'
  const text = note.trim()
  return (
    <section className="case-actions">
      <div className="case-state">
        <strong>{words.cases[item.state]}</strong>
        <TimeLeft item={item} />
        <span className="quiet">
          {item.state === 'open'
            ? `${words.cases.contactBy} ${formats.moment(item.contactDueAt)}`
            : `${words.cases.owner}: ${item.owner?.name ?? words.cases.noOwner}`}
        </span>
        <span className="quiet">
          {words.cases.rule}: {readable(item.rule)}
        </span>
      </div>
      {mayWrite && item.state === 'open' && (
        <Button loading={act.isPending} onClick={() => act.mutate({ action: 'take' })}>
          {words.cases.take}
        </Button>
      )}
      {mayWrite && item.state !== 'closed' && (
        <form
          className="case-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (outcome) act.mutate({ action: 'close', outcome, ...(text ? { note: text } : {}) })
            else if (text) act.mutate({ action: 'note', note: text })
          }}
        >
          <Textarea
            label={words.cases.note}
            placeholder={words.cases.noteHint}
            autosize
            minRows={2}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <div className="case-buttons">
            {item.state === 'taken' && (
              <Select
                aria-label={words.cases.outcome}
                placeholder={words.cases.outcome}
                clearable
                clearButtonProps={{ 'aria-label': words.common.clear }}
                data={outcomes.map((each) => ({ value: each, label: words.cases.outcomes[each] ?? each }))}
                value={outcome}
                onChange={(next) => setOutcome(next as CaseOutcome | null)}
              />
            )}
            <Button
              type="submit"
              variant={outcome ? 'filled' : 'default'}
              loading={act.isPending}
              disabled={!outcome && !text}
            >
              {outcome ? words.cases.close : words.cases.addNote}
            </Button>
          </div>
        </form>
      )}
      {conflict ? (
        <p className="fault" role="alert">
          {words.cases.changedMeanwhile}
        </p>
      ) : (
        <Fault error={act.error} />
      )}
      {item.events.length > 0 && (
        <>
          <h2 className="minor">{words.cases.history}</h2>
          <ol className="history">
            {item.events.map((event) => (
              <li key={event.revision}>
                <span>
                  <b>{words.cases.events[event.kind] ?? event.kind}</b>
                  {event.actor ? ` · ${event.actor}` : ''}
                </span>
                <time dateTime={event.at}>{formats.moment(event.at)}</time>
                {event.note && <p>{event.note}</p>}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  )
}
