// For: what is improved, why, by whom and when, and the number it is meant to move.
// In: an improvement as it stands, or a beginning. Out: the fields that were filled in, for the server.
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Improvement } from '../../api/loopWire.ts'
import { casePolicyQuery, meQuery, peopleQuery, programQuery } from '../../api/queries.ts'
import type { Program } from '../../api/wire.ts'
import { metricChoices } from '../../ask/fields.ts'
import { DayField } from '../../parts/DayField.tsx'
import { Fault } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { useSpeech } from '../../words/words.ts'

export interface Plan {
  title: string
  theme: string | null
  cause: string | null
  action: string | null
  owner: { id: string; name: string | null } | null
  unit: string | null
  dueOn: string | null
  metric: string | null
  where: string | null
  compareWhere: string | null
}

export const emptyPlan: Plan = {
  ...{ title: '', theme: null, cause: null, action: null, owner: null, unit: null, dueOn: null },
  ...{ metric: null, where: null, compareWhere: null },
}

export const planOf = (found: Improvement): Plan => ({
  ...{ title: found.title, theme: found.theme, cause: found.cause, action: found.action, owner: found.owner },
  ...{ unit: found.unit?.key ?? null, dueOn: found.dueOn, metric: found.metric, where: found.where },
  compareWhere: found.compareWhere,
})

export function PlanForm(props: {
  start: Plan
  send: string
  working: boolean
  error: unknown
  onSend: (plan: Plan) => void
  onCancel: () => void
}) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const program = useQuery(programQuery)
  const policy = useQuery(casePolicyQuery(language))
  const people = useQuery(peopleQuery)
  const me = useQuery(meQuery)
  const own = me.data?.unitKey ?? null
  const [plan, setPlan] = useState(props.start)
  const said = words.improve
  const set = (part: Partial<Plan>) => setPlan((before) => ({ ...before, ...part }))
  const text = (value: string) => (value.trim() ? value : null)
  const tree = (list: readonly { id: string; name: string; parent: string | null }[]) =>
    list.map(({ id, name, parent }) => {
      const above = list.find((each) => each.id === parent)
      return { value: id, label: above ? `${above.name} › ${name}` : name }
    })
  const clear = { clearable: true, clearButtonProps: { 'aria-label': words.common.clear } }
  const known = people.data ?? []
  const owners = known.map(({ id, name, unit }) => ({
    value: id,
    label: [name ?? id, unit].filter(Boolean).join(' · '),
  }))
  if (plan.owner && !owners.some(({ value }) => value === plan.owner?.id))
    owners.push({ value: plan.owner.id, label: plan.owner.name ?? plan.owner.id })
  return (
    <form
      className="deed plan-form"
      aria-label={said.fields}
      onKeyDown={(event) => event.key === 'Escape' && props.onCancel()}
      onSubmit={(event) => {
        event.preventDefault()
        if (plan.title.trim()) props.onSend({ ...plan, title: plan.title.trim() })
      }}
    >
      <TextInput
        label={said.name}
        placeholder={said.nameHint}
        required
        withAsterisk={false}
        maxLength={300}
        value={plan.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
        data-autofocus
      />
      <div className="two-fields">
        <Select
          label={said.theme}
          {...clear}
          searchable
          data={tree(policy.data?.themes ?? [])}
          value={plan.theme}
          onChange={(theme) => set({ theme })}
        />
        <Select
          label={said.cause}
          {...clear}
          searchable
          data={tree(policy.data?.causes ?? [])}
          value={plan.cause}
          onChange={(cause) => set({ cause })}
        />
      </div>
      <Textarea
        label={said.action}
        placeholder={said.actionHint}
        autosize
        minRows={2}
        value={plan.action ?? ''}
        onChange={(event) => set({ action: text(event.currentTarget.value) })}
      />
      <div className="two-fields">
        <Select
          label={said.owner}
          {...clear}
          searchable
          data={owners}
          value={plan.owner?.id ?? null}
          onChange={(id) =>
            set({ owner: id ? { id, name: known.find((each) => each.id === id)?.name ?? null } : null })
          }
        />
        <DayField
          label={said.due}
          value={plan.dueOn ?? ''}
          onChange={(event) => set({ dueOn: event.currentTarget.value || null })}
        />
      </div>
      <div className="two-fields">
        <Select
          label={said.metric}
          description={said.metricHelp}
          {...clear}
          searchable
          data={program.data ? metricChoices(program.data, { words, language }, formats) : []}
          value={plan.metric}
          onChange={(metric) => set({ metric })}
        />
        <Select
          label={words.unit.label}
          description={said.unitHelp}
          {...(own === null ? clear : { allowDeselect: false })}
          searchable
          placeholder={words.unit.all}
          data={unitsWithin(program.data?.units ?? [], own).map(({ key, name }) => ({
            value: key,
            label: name,
          }))}
          value={plan.unit}
          onChange={(unit) => set({ unit })}
        />
      </div>
      <details open={plan.where !== null || plan.compareWhere !== null}>
        <summary>{said.narrow}</summary>
        <div className="deed">
          <TextInput
            className="code-input"
            label={said.where}
            description={said.whereHelp}
            placeholder="order.kind == 'goods'"
            value={plan.where ?? ''}
            onChange={(event) => set({ where: text(event.currentTarget.value) })}
          />
          <TextInput
            className="code-input"
            label={said.compareWhere}
            description={said.compareHelp}
            value={plan.compareWhere ?? ''}
            onChange={(event) => set({ compareWhere: text(event.currentTarget.value) })}
          />
        </div>
      </details>
      <Fault error={props.error} />
      <div className="case-buttons">
        <Button type="submit" loading={props.working} disabled={!plan.title.trim()}>
          {props.send}
        </Button>
        <Button variant="default" onClick={props.onCancel}>
          {words.desk.cancel}
        </Button>
      </div>
    </form>
  )
}

/** The unit and those below it; all, without one. */
function unitsWithin(units: Program['units'], own: string | null): Program['units'] {
  const parents = new Map(units.map(({ key, parent }) => [key, parent]))
  const within = (key: string | null | undefined): boolean =>
    key === own || (key !== null && key !== undefined && within(parents.get(key)))
  return own === null ? units : units.filter(({ key }) => within(key))
}
