import { Button, Menu, Select, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Failure } from '../api/client.ts'
import type { Ask, Grain, Program } from '../api/wire.ts'
import { fieldChoices, metricChoices } from '../ask/fields.ts'
import { DayField } from '../parts/DayField.tsx'
import { type Formats, useFormats } from '../words/format.ts'
import { useSpeech, useWords } from '../words/words.ts'

const grains: Grain[] = ['day', 'week', 'month', 'quarter', 'year']

/** The parts of an Ask; each choice asks anew, the condition when it is left or confirmed with Ctrl+Enter. */
export function AskForm(props: { program: Program; ask: Ask; onChange: (ask: Ask) => void; fault: unknown }) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const { program, ask, onChange } = props
  const fields = fieldChoices(program, ask.metric, words, formats)
  const [first, second] = ask.by ?? []
  const by = (at: 0 | 1, field: string | null) => {
    const next = at === 0 ? [field, second] : [first, field]
    onChange({ ...ask, by: next.filter((each): each is string => Boolean(each)) })
  }
  return (
    <form className="ask-form" onSubmit={(event) => event.preventDefault()}>
      <Select
        label={words.explore.metric}
        data={metricChoices(program, { words, language }, formats)}
        value={ask.metric}
        allowDeselect={false}
        searchable
        data-search
        onChange={(metric) => metric && onChange({ ...ask, metric })}
      />
      <Select
        label={words.explore.by}
        data={fields}
        value={first ?? null}
        searchable
        clearable
        placeholder={words.explore.none}
        clearButtonProps={{ 'aria-label': words.common.clear }}
        onChange={(field) => by(0, field)}
      />
      <Select
        label={words.explore.thenBy}
        data={fields}
        value={second ?? null}
        searchable
        clearable
        disabled={!first}
        placeholder={words.explore.none}
        clearButtonProps={{ 'aria-label': words.common.clear }}
        onChange={(field) => by(1, field)}
      />
      <Select
        label={words.explore.over}
        data={grains.map((grain) => ({ value: grain, label: words.grain[grain] }))}
        value={ask.over ?? null}
        clearable
        placeholder={words.explore.noTime}
        clearButtonProps={{ 'aria-label': words.common.clear }}
        onChange={(over) => onChange({ ...ask, over: (over ?? undefined) as Grain })}
      />
      <DayField
        label={words.period.from}
        value={ask.from?.slice(0, 10) ?? ''}
        onChange={(event) => onChange({ ...ask, from: event.currentTarget.value })}
      />
      <DayField
        label={words.period.to}
        value={ask.to?.slice(0, 10) ?? ''}
        onChange={(event) => onChange({ ...ask, to: event.currentTarget.value })}
      />
      <Where {...props} />
    </form>
  )
}

function Where(props: { program: Program; ask: Ask; onChange: (ask: Ask) => void; fault: unknown }) {
  const words = useWords()
  const formats = useFormats()
  const [text, setText] = useState(props.ask.where ?? '')
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => setText(props.ask.where ?? ''), [props.ask.where])
  const settle = () => {
    if (text.trim() !== (props.ask.where ?? '')) props.onChange({ ...props.ask, where: text.trim() })
  }
  const insert = (field: string) => {
    setText(`${text}${text && !text.endsWith(' ') ? ' ' : ''}${field}`)
    // The menu gives the focus back to its button when it closes; the text is where one goes on.
    setTimeout(() => area.current?.focus(), 50)
  }
  const fault =
    props.fault instanceof Failure
      ? props.fault.faults.find((each) => each.where.startsWith('/where'))
      : undefined
  return (
    <div className="where">
      <Textarea
        ref={area}
        label={words.explore.where}
        description={
          <>
            {words.explore.whereHelp} <code>{example(props.program)}</code>
          </>
        }
        value={text}
        error={fault?.message}
        autosize
        minRows={1}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || !event.shiftKey)) {
            event.preventDefault()
            settle()
          }
        }}
      />
      <Menu shadow="md" position="bottom-end" width={320}>
        <Menu.Target>
          <Button variant="default">{words.explore.insertField}</Button>
        </Menu.Target>
        <Menu.Dropdown className="field-menu">
          <Menu.Label>{words.explore.fieldsHelp}</Menu.Label>
          {props.program.fields.map((field) => (
            <Menu.Item key={field.id} onClick={() => insert(field.id)}>
              <code>{field.id}</code>
              <small>
                {formats.text(field.label)} {exampleValues(field, formats) || field.type}
              </small>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

/** Values as conditions write them, each with what people see it called. */
function exampleValues({ values, labels = {} }: Program['fields'][number], formats: Formats): string {
  const named = (value: string) =>
    Object.hasOwn(labels, value) ? `${value} (${formats.text(labels[value])})` : value
  return (values ?? Object.keys(labels)).slice(0, 5).map(named).join(', ')
}

/** An example that fits the program's own fields. */
function example(program: Program): string {
  const category = program.fields.find((field) => field.values?.length)
  if (category) return `${category.id} == "${category.values?.[0]}"`
  const number = program.fields.find((field) => field.type === 'number')
  return number ? `${number.id} > 100` : 'survey == "visit"'
}
