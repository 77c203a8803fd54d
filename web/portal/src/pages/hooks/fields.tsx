import { MultiSelect, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { programQuery } from '../../api/queries.ts'
import { useWords } from '../../words/words.ts'

/** What one can be told of; a ping is asked for by its own button. */
export const hookEvents = [
  'response.completed',
  'case.opened',
  'case.changed',
  'case.closed',
  'praise.given',
  'criticism.given',
] as const

export function EventsField(props: { value: string[]; onChange: (events: string[]) => void; help?: string }) {
  const words = useWords()
  return (
    <MultiSelect
      label={words.hooks.events}
      description={props.help}
      data={hookEvents.map((each) => ({ value: each, label: words.hooks.eventNames[each] ?? each }))}
      value={props.value}
      onChange={props.onChange}
    />
  )
}

export function UnitField(props: { value: string | null; onChange: (unit: string | null) => void }) {
  const words = useWords()
  const program = useQuery(programQuery)
  return (
    <Select
      label={words.unit.label}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': words.common.clear }}
      placeholder={words.unit.all}
      data={(program.data?.units ?? []).map((unit) => ({ value: unit.key, label: unit.name }))}
      value={props.value}
      onChange={props.onChange}
    />
  )
}
