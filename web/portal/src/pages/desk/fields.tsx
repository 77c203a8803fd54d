// For: what several deeds on a case ask for. In: a value and what the policy offers. Out: the value changed.
import { NumberInput, Select, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { casePeopleQuery, peopleQuery } from '../../api/queries.ts'
import type { CaseDetail, CaseOutcome, CasePolicy } from '../../api/wire.ts'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'

/** Whom to give a case to: who has few, and who is away, stands beside the name. */
export function PersonField(props: {
  /** The case it is about: only those are offered who can be given it. */
  caseId?: string
  value: string | null
  onChange: (person: string | null) => void
  /** Nobody chosen means something, and what. */
  nobody?: string
}) {
  const words = useWords()
  const formats = useFormats()
  const people = useQuery(props.caseId ? casePeopleQuery(props.caseId) : peopleQuery)
  const data = (people.data ?? []).map((person) => ({
    value: person.id,
    label: words.desk.person(person.name ?? person.id, person.unit ?? '–', formats.plain(person.openCases)),
    absentUntil: person.absentUntil,
  }))
  return (
    <Select
      label={words.desk.to}
      searchable
      clearable={props.nobody !== undefined}
      placeholder={props.nobody}
      clearButtonProps={{ 'aria-label': words.common.clear }}
      data={data}
      renderOption={({ option }) => {
        const until = data.find(({ value }) => value === option.value)?.absentUntil
        return (
          <span>
            {option.label}
            {until && <small className="quiet"> · {words.desk.absent(formats.day(until))}</small>}
          </span>
        )
      }}
      value={props.value}
      onChange={props.onChange}
      data-autofocus
      data-field="to"
    />
  )
}

/** How the customer was, or was not, reached. What the policy recommends is marked. */
export function ChannelField(props: {
  channels: readonly string[]
  recommended: string
  value: string
  onChange: (channel: string) => void
}) {
  const words = useWords()
  const name = useId()
  return (
    <fieldset className="choice">
      <legend>{words.desk.channel}</legend>
      {props.channels.map((each) => (
        <label key={each}>
          <input
            type="radio"
            name={name}
            value={each}
            checked={props.value === each}
            data-recommended={each === props.recommended ? '' : undefined}
            onChange={() => props.onChange(each)}
          />
          <span>
            {words.desk.channels[each] ?? each}
            {each === props.recommended && <small>{words.desk.advised}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

export interface CaseRecordForm {
  outcome: CaseOutcome | null
  cause: string | null
  action: string | null
  churnBefore: number | ''
  churnAfter: number | ''
  learning: string
  quote: string
  note: string
}

export const emptyRecord: CaseRecordForm = {
  outcome: null,
  cause: null,
  action: null,
  churnBefore: '',
  churnAfter: '',
  learning: '',
  quote: '',
  note: '',
}

const percent = (share: number | null): number | '' => (share === null ? '' : Math.round(share * 1000) / 10)

/** A case's record as it stands, to be gone on with. */
export const recordOf = ({ record }: CaseDetail): CaseRecordForm => ({
  ...emptyRecord,
  cause: record.cause,
  action: record.action,
  churnBefore: percent(record.churnBefore),
  churnAfter: percent(record.churnAfter),
  learning: record.learning ?? '',
  quote: record.quote ?? '',
})

/** What is sent: only what has been filled in. */
export function recordBody(form: CaseRecordForm): Record<string, unknown> {
  const share = (value: number | '') => (value === '' ? undefined : value / 100)
  const text = (value: string) => value.trim() || undefined
  const body = {
    outcome: form.outcome ?? undefined,
    cause: form.cause ?? undefined,
    action: form.action ?? undefined,
    churnBefore: share(form.churnBefore),
    churnAfter: share(form.churnAfter),
    learning: text(form.learning),
    quote: text(form.quote),
    note: text(form.note),
  }
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
}

const outcomes: CaseOutcome[] = ['solved', 'not solved', 'no answer']

/** What closing still lacks. A cause is needed where the program has causes and somebody was reached. */
export const closeMissing = (
  { outcome, cause }: CaseRecordForm,
  policy: CasePolicy | undefined,
): ('outcome' | 'cause')[] => [
  ...(outcome === null ? (['outcome'] as const) : []),
  ...(outcome !== 'no answer' && policy?.causeNeeded && cause === null ? (['cause'] as const) : []),
]

export function CloseFields(props: {
  value: CaseRecordForm
  onChange: (value: CaseRecordForm) => void
  policy: CasePolicy | undefined
  /** Without an outcome: recorded while the case goes on. */
  recording?: boolean
}) {
  const words = useWords()
  const { value, policy } = props
  const set = (part: Partial<CaseRecordForm>) => props.onChange({ ...value, ...part })
  const tree = (list: CasePolicy['causes']) =>
    list.map(({ id, name, parent }) => {
      const above = list.find((each) => each.id === parent)
      return { value: id, label: above ? `${above.name} › ${name}` : name }
    })
  return (
    <>
      {!props.recording && (
        <Select
          label={words.desk.outcome}
          withAsterisk
          data={outcomes.map((each) => ({ value: each, label: words.cases.outcomes[each] ?? each }))}
          value={value.outcome}
          onChange={(outcome) => set({ outcome: outcome as CaseOutcome | null })}
          data-autofocus
          data-field="outcome"
        />
      )}
      {policy && policy.causes.length > 0 && (
        <Select
          label={words.desk.cause}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': words.common.clear }}
          withAsterisk={policy.causeNeeded && value.outcome !== 'no answer' && !props.recording}
          data={tree(policy.causes)}
          value={value.cause}
          onChange={(cause) => set({ cause })}
          data-field="cause"
        />
      )}
      {policy && policy.actions.length > 0 && (
        <Select
          label={words.desk.action}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': words.common.clear }}
          data={tree(policy.actions)}
          value={value.action}
          onChange={(action) => set({ action })}
        />
      )}
      <div className="two-fields">
        {(['churnBefore', 'churnAfter'] as const).map((name) => (
          <NumberInput
            key={name}
            label={words.desk[name]}
            suffix={` ${words.desk.percent}`}
            min={0}
            max={100}
            clampBehavior="strict"
            hideControls
            value={value[name]}
            onChange={(next) => set({ [name]: typeof next === 'number' ? next : '' })}
          />
        ))}
      </div>
      {(['learning', 'quote', 'note'] as const).map((name) => (
        <Textarea
          key={name}
          label={words.desk[name]}
          autosize
          minRows={name === 'note' ? 2 : 1}
          value={value[name]}
          onChange={(event) => set({ [name]: event.currentTarget.value })}
        />
      ))}
    </>
  )
}
