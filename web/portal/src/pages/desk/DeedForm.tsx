// For: saying what a deed on a case needs. In: the deed, the case, what the policy offers.
// Out: what was said, once nothing is missing any more; what is missing is told to whoever sends it before.
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { CaseDeed, CaseDetail, CasePolicy } from '../../api/wire.ts'
import { useWords } from '../../words/words.ts'
import { useDraft } from './draft.ts'
import { ChannelField, CloseFields, closeMissing, PersonField, recordBody, recordOf } from './fields.tsx'

/** Mailing is a deed of the desk's own: it is allowed where noting is. */
export type Deed = CaseDeed | 'mail'

export function DeedForm(props: {
  deed: Deed
  item: CaseDetail
  policy: CasePolicy | undefined
  working: boolean
  /** Somebody has done something since, after which this cannot be done any more. */
  over: boolean
  onCancel: () => void
  onDone: (body: Record<string, unknown>) => void
}) {
  const words = useWords()
  const { deed, item, policy } = props
  const { advice } = item
  const [note, setNote] = useDraft(item.caseId, deed, 'note', '')
  const [to, setTo] = useState<string | null>(null)
  // Who was reached was mostly reached as recommended; how one tried in vain is one's own to say.
  const usual = deed === 'contact' ? advice.channel : ''
  const [channel, setChannel] = useDraft(item.caseId, deed, 'channel', usual)
  const [subject, setSubject] = useDraft(item.caseId, deed, 'subject', advice.subject ?? '')
  const [text, setText] = useDraft(item.caseId, deed, 'text', advice.body ?? '')
  const [record, setRecord] = useState(recordOf(item))
  const form = useRef<HTMLFormElement>(null)
  /** It was to be done while something was missing. */
  const [tried, setTried] = useState(false)
  useEffect(() => {
    // Where one clicked is where one writes; what has to be chosen first comes first.
    toFirst(form.current)
  }, [])
  const said = note.trim()
  const noted = said ? { note: said } : {}
  const bodies: Partial<Record<Deed, Record<string, unknown>>> = {
    note: noted,
    attempt: { channel, ...noted },
    contact: { channel, ...noted },
    forward: { to, ...noted },
    assign: { to, ...noted },
    escalate: { ...(to ? { to } : {}), ...noted },
    reopen: noted,
    record: recordBody({ ...record, outcome: null }),
    close: recordBody(record),
    mail: { subject: subject.trim(), text: text.trim() },
  }
  const needed: Partial<Record<Deed, Field[]>> = {
    note: ['note'],
    attempt: ['channel'],
    contact: ['channel'],
    forward: ['to', 'note'],
    assign: ['to'],
    reopen: ['note'],
    mail: ['subject', 'text'],
  }
  const given: Partial<Record<Field, unknown>> = {
    note: said,
    channel,
    to,
    subject: subject.trim(),
    text: text.trim(),
  }
  const missing: Field[] =
    deed === 'close' ? closeMissing(record, policy) : (needed[deed] ?? []).filter((field) => !given[field])
  const noteLabel =
    deed === 'note' || deed === 'contact' || deed === 'attempt' ? words.desk.whatNext : words.desk.why
  const labels: Record<Field, string> = {
    ...{ note: noteLabel, channel: words.desk.channel, to: words.desk.to, text: words.desk.body },
    ...{ subject: words.desk.subject, outcome: words.desk.outcome, cause: words.desk.cause },
  }
  const done = () => {
    const body = bodies[deed]
    if (props.over || !body) return
    if (missing.length === 0) return props.onDone(body)
    // Whoever presses it hears what is missing, and stands where it is to be said.
    setTried(true)
    toField(form.current, missing[0] as Field)
  }
  return (
    <form
      ref={form}
      className="case-form deed"
      aria-label={words.desk[deed as 'note']}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onCancel()
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) done()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        done()
      }}
    >
      {(deed === 'contact' || deed === 'attempt') && (
        <ChannelField
          channels={policy?.channels ?? [advice.channel]}
          recommended={advice.channel}
          value={channel}
          onChange={setChannel}
        />
      )}
      {(deed === 'forward' || deed === 'assign') && (
        <PersonField caseId={item.caseId} value={to} onChange={setTo} />
      )}
      {deed === 'escalate' && (
        <PersonField caseId={item.caseId} value={to} onChange={setTo} nobody={words.desk.toAbove} />
      )}
      {deed === 'mail' && (
        <>
          <p className="quiet">
            {words.desk.recipient}: {advice.to}
          </p>
          <Templates
            policy={policy}
            letters={advice.letters}
            onChoose={(chosen) => {
              setSubject(chosen.subject)
              setText(chosen.body)
            }}
          />
          <TextInput
            label={words.desk.subject}
            data-field="subject"
            value={subject}
            onChange={(event) => setSubject(event.currentTarget.value)}
          />
          <Textarea
            label={words.desk.body}
            data-field="text"
            lang={advice.language}
            autosize
            minRows={6}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </>
      )}
      {(deed === 'close' || deed === 'record') && (
        <CloseFields value={record} onChange={setRecord} policy={policy} recording={deed === 'record'} />
      )}
      {['note', 'attempt', 'contact', 'forward', 'assign', 'escalate', 'reopen'].includes(deed) && (
        <Textarea
          label={noteLabel}
          data-field="note"
          autosize
          minRows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      )}
      {tried && missing.length > 0 && (
        <p className="fault" role="alert">
          {words.desk.missing(missing.map((field) => labels[field].replace(/\?$/, '')).join(', '))}
        </p>
      )}
      {props.over && (
        <p className="fault" role="alert">
          {item.state === 'closed' && deed !== 'close'
            ? words.cases.closedMeanwhile
            : words.cases.overMeanwhile}
        </p>
      )}
      <div className="case-buttons">
        <Button type="submit" disabled={props.over} loading={props.working}>
          {deed === 'mail' ? words.desk.send : words.desk[deed as 'note']}
        </Button>
        <Button variant="default" onClick={props.onCancel}>
          {words.desk.cancel}
        </Button>
      </div>
    </form>
  )
}

type Field = 'note' | 'channel' | 'to' | 'subject' | 'text' | 'outcome' | 'cause'

/** The channel that is chosen, while none is the recommended one. */
const channelIn = (form: HTMLFormElement | null) =>
  form?.querySelector<HTMLElement>('input[type=radio]:checked') ??
  form?.querySelector<HTMLElement>('input[type=radio][data-recommended]')

/** The channel, from which Enter sends the form; where there is none the first field. */
function toFirst(form: HTMLFormElement | null) {
  const field = channelIn(form) ?? form?.querySelector<HTMLElement>('textarea, input:not([type=radio])')
  field?.focus()
}

function toField(form: HTMLFormElement | null, field: Field) {
  const found =
    field === 'channel' ? channelIn(form) : form?.querySelector<HTMLElement>(`[data-field=${field}]`)
  found?.focus()
}

function Templates(props: {
  policy: CasePolicy | undefined
  letters: CaseDetail['advice']['letters']
  onChoose: (template: { subject: string; body: string }) => void
}) {
  const words = useWords()
  const templates = props.policy?.templates ?? []
  if (templates.length < 2) return null
  return (
    <Select
      label={words.desk.template}
      data={templates.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(id) => {
        const chosen = props.letters.find((each) => each.id === id)
        if (chosen) props.onChoose(chosen)
      }}
    />
  )
}
