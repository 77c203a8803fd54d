// For: who is away, and is given no new cases meanwhile. In: the person's rights. Out: absences; one's own noted, and by
// managers and leads those of their people.
import { ActionIcon, Button, Select } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post, send } from '../api/client.ts'
import { absencesQuery, meQuery, peopleQuery } from '../api/queries.ts'
import { Card } from '../parts/Card.tsx'
import { DayField } from '../parts/DayField.tsx'
import { Fault, Wrong } from '../parts/Wrong.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'

const nextDay = (day: string) => {
  const at = new Date(`${day}T00:00:00`)
  at.setDate(at.getDate() + 1)
  return at
}

export function Absences() {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const me = useQuery(meQuery).data
  const absences = useQuery(absencesQuery)
  const people = useQuery(peopleQuery)
  const self = me?.employee?.key ?? null
  const manages = me?.role !== 'employee'
  const [chosen, setChosen] = useState<string | null>(null)
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const who = chosen ?? self
  const said = words.absence
  const again = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['absences'] }),
      client.invalidateQueries({ queryKey: ['people'] }),
    ])
  const note = useMutation({
    mutationFn: () =>
      post('/v1/absences', {
        employeeKey: who,
        from: new Date(`${from}T00:00:00`).toISOString(),
        // The last day is a day away, to its end.
        to: nextDay(to).toISOString(),
      }),
    onSuccess: () => {
      setFrom('')
      setTo('')
      return again()
    },
  })
  const remove = useMutation({
    mutationFn: (id: string) => send('DELETE', `/v1/absences/${encodeURIComponent(id)}`),
    onSettled: again,
  })
  // Members who are no employees of the program own no cases by rule, so nobody passes them over.
  const employees = (people.data ?? []).filter(({ id }) => !id.startsWith('user:'))
  if (!manages && self === null) return null
  return (
    <Card title={said.title}>
      <p className="quiet">{said.lead}</p>
      {absences.isError && <Wrong error={absences.error} again={() => void absences.refetch()} />}
      {absences.data?.length === 0 && <p className="quiet">{said.none}</p>}
      <ul className="key-list">
        {absences.data?.map((each) => (
          <li key={each.absenceId}>
            <span>
              <b>{each.name ?? each.employeeKey}</b>{' '}
              {said.between(formats.day(each.from), formats.day(new Date(new Date(each.to).getTime() - 1)))}
              {each.notedBy && <small>{said.notedBy(each.notedBy)}</small>}
            </span>
            {(manages || each.employeeKey === self) && (
              <ActionIcon
                variant="subtle"
                aria-label={said.remove(each.name ?? each.employeeKey)}
                onClick={() => remove.mutate(each.absenceId)}
              >
                ×
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      <form
        className={manages ? 'invite-form' : 'invite-form self-form'}
        aria-label={said.title}
        onSubmit={(event) => {
          event.preventDefault()
          if (who && from && to) note.mutate()
        }}
      >
        {manages && (
          <Select
            label={said.who}
            searchable
            allowDeselect={false}
            data={employees.map(({ id, name }) => ({ value: id, label: name ?? id }))}
            value={who}
            onChange={setChosen}
          />
        )}
        <DayField
          label={said.from}
          required
          withAsterisk={false}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <DayField
          label={said.to}
          required
          withAsterisk={false}
          min={from || undefined}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!who} loading={note.isPending}>
          {said.note}
        </Button>
      </form>
      <Fault error={note.error ?? remove.error} />
    </Card>
  )
}
