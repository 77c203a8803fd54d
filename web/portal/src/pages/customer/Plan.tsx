// For: one action plan. In: the plan. Out: its items with what, who, due and how far; changed where they stand.
import { Button, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { send } from '../../api/client.ts'
import { peopleQuery } from '../../api/queries.ts'
import type { Plan, PlanDetail, PlanItem } from '../../api/valueWire.ts'
import { DayField } from '../../parts/DayField.tsx'
import { Fault } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { type Reader, TellPlan } from './TellPlan.tsx'

const states: PlanItem['state'][] = ['open', 'doing', 'done', 'dropped']
const onWire = ({ itemId, what, who, dueOn, state }: PlanItem) => ({ itemId, what, who, dueOn, state })

export function PlanCard(props: {
  plan: Plan
  readers: Reader[]
  mayWrite: boolean
  /** How deep its title stands on the page. */
  heading?: 'h3' | 'h4'
}) {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const { plan, mayWrite, heading: Heading = 'h4' } = props
  const [telling, setTelling] = useState(false)
  const change = useMutation({
    mutationFn: (body: Record<string, unknown>) =>
      send<PlanDetail>('PUT', `/v1/plans/${plan.planId}`, { revision: plan.revision, ...body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['plans'] }),
  })
  const closed = plan.state === 'closed'
  const edit = mayWrite && !closed
  const put = (itemId: string, part: Partial<PlanItem>) =>
    change.mutate({
      items: plan.items.map((item) => onWire(item.itemId === itemId ? { ...item, ...part } : item)),
    })
  return (
    <article className={closed ? 'plan closed' : 'plan'}>
      <header>
        <Heading>{plan.title}</Heading>
        <span className="quiet">
          {[plan.owner?.name ?? plan.owner?.id, closed ? words.plan.closed : ''].filter(Boolean).join(' · ')}
        </span>
        {plan.caseId && (
          <Link to="/cases/$id" params={{ id: plan.caseId }}>
            {words.plan.fromCase}
          </Link>
        )}
      </header>
      <ul className="plan-items">
        {plan.items.map((item) => (
          <li key={item.itemId} className={item.state}>
            <span className="plan-what">{item.what}</span>
            <span className={item.overdue ? 'left late' : 'quiet'}>
              {[
                item.who?.name ?? item.who?.id ?? words.plan.nobody,
                item.dueOn ? words.plan.by(formats.utcDay(item.dueOn)) : '',
                item.overdue ? words.plan.overdue : '',
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
            {edit ? (
              <Select
                size="xs"
                aria-label={words.plan.state(item.what)}
                data={states.map((state) => ({ value: state, label: words.plan.states[state] ?? state }))}
                value={item.state}
                allowDeselect={false}
                disabled={change.isPending}
                onChange={(state) => state && put(item.itemId, { state: state as PlanItem['state'] })}
              />
            ) : (
              <span className="quiet">{words.plan.states[item.state]}</span>
            )}
          </li>
        ))}
      </ul>
      {edit && (
        <NewItem
          busy={change.isPending}
          onAdd={(item) => change.mutate({ items: [...plan.items.map(onWire), item] })}
        />
      )}
      <Fault error={change.error} />
      {mayWrite && (
        <div className="case-buttons">
          {!closed && props.readers.length > 0 && (
            <Button size="compact-sm" variant="default" onClick={() => setTelling(true)}>
              {words.plan.tell}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            loading={change.isPending}
            onClick={() => change.mutate({ state: closed ? 'open' : 'closed' })}
          >
            {closed ? words.plan.reopen : words.plan.close}
          </Button>
        </div>
      )}
      <TellPlan plan={plan} readers={props.readers} opened={telling} onClose={() => setTelling(false)} />
    </article>
  )
}

function NewItem(props: {
  busy: boolean
  onAdd: (item: Omit<PlanItem, 'itemId' | 'doneAt' | 'overdue'>) => void
}) {
  const words = useWords()
  const people = useQuery(peopleQuery)
  const [what, setWhat] = useState('')
  const [who, setWho] = useState<string | null>(null)
  const [dueOn, setDueOn] = useState('')
  const add = () => {
    const person = people.data?.find(({ id }) => id === who)
    props.onAdd({
      what: what.trim(),
      who: person ? { id: person.id, name: person.name } : null,
      dueOn: dueOn || null,
      state: 'open',
    })
    setWhat('')
    setDueOn('')
  }
  return (
    <form
      className="plan-add"
      onSubmit={(event) => {
        event.preventDefault()
        if (what.trim()) add()
      }}
    >
      <TextInput
        label={words.plan.what}
        value={what}
        maxLength={1000}
        onChange={(event) => setWhat(event.currentTarget.value)}
      />
      <Select
        label={words.plan.who}
        placeholder={words.plan.nobody}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': words.common.clear }}
        data={(people.data ?? []).map(({ id, name }) => ({ value: id, label: name ?? id }))}
        value={who}
        onChange={setWho}
      />
      <DayField
        label={words.plan.due}
        value={dueOn}
        onChange={(event) => setDueOn(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!what.trim()} loading={props.busy}>
        {words.plan.add}
      </Button>
    </form>
  )
}
