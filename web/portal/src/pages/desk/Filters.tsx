// For: narrowing and ordering the inbox, and keeping what one often looks at. In: the filters. Out: what changes.
import { ActionIcon, Button, Checkbox, Popover, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post, send } from '../../api/client.ts'
import { peopleQuery, viewsQuery } from '../../api/queries.ts'
import type { CaseFilters, CasePolicy, Program } from '../../api/wire.ts'
import { DayField } from '../../parts/DayField.tsx'
import { useTyped } from '../../parts/useTyped.ts'
import { Fault } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { UnitPicker } from '../pickers.tsx'
import { useRuleName } from '../useRuleName.ts'
import { useSegmentName } from '../useSegmentName.ts'
import { Narrowed } from './Narrowed.tsx'

type Change = (part: Partial<CaseFilters>) => void
const flags = ['missed', 'highValue', 'decisionMaker', 'priorityTheme'] as const
const inPopover = [
  'unit',
  'rule',
  'reason',
  'band',
  'theme',
  'segment',
  'owner',
  'dueOwner',
  'employee',
  'from',
  'to',
  ...flags,
] as const

export function Filters(props: {
  filters: CaseFilters
  program: Program | undefined
  policy: CasePolicy | undefined
  onChange: Change
}) {
  const words = useWords()
  const { filters, onChange } = props
  const [text, setText] = useTyped(filters.text ?? '', (value) => onChange({ text: value || undefined }))
  const sorts =
    filters.tab === 'closed'
      ? (['closed', 'newest', 'priority'] as const)
      : filters.tab === 'all'
        ? (['newest', 'due', 'priority'] as const)
        : (['due', 'priority', 'newest'] as const)
  return (
    <>
      <div className="filters">
        <TextInput
          type="search"
          className="long"
          data-search
          aria-label={words.desk.search}
          placeholder={words.desk.search}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <More {...props} />
        <Select
          aria-label={words.desk.sort}
          allowDeselect={false}
          data={sorts.map((each) => ({ value: each, label: words.desk.sorts[each] }))}
          value={sorts.find((each) => each === filters.sort) ?? sorts[0]}
          onChange={(sort) => onChange({ sort: sort && sort !== sorts[0] ? sort : undefined })}
        />
        <Views filters={filters} onChange={onChange} />
      </div>
      <Narrowed {...props} />
    </>
  )
}

function More(props: {
  filters: CaseFilters
  program: Program | undefined
  policy: CasePolicy | undefined
  onChange: Change
}) {
  const words = useWords()
  const ruleName = useRuleName()
  const segmentName = useSegmentName()
  const formats = useFormats()
  const [open, setOpen] = useState(false)
  const people = useQuery({ ...peopleQuery, enabled: open })
  const { filters, policy, onChange } = props
  const on = inPopover.filter((name) => filters[name] !== undefined).length
  const choice = (
    name: 'rule' | 'reason' | 'band' | 'theme' | 'segment' | 'owner',
    data: { value: string; label: string }[],
  ) =>
    data.length > 1 && (
      <Select
        key={name}
        label={words.desk[name]}
        clearable
        searchable={data.length > 8}
        comboboxProps={{ withinPortal: false }}
        clearButtonProps={{ 'aria-label': words.common.clear }}
        data={data}
        value={filters[name] ?? null}
        onChange={(next) => onChange({ [name]: next ?? undefined })}
      />
    )
  const rules = (list: readonly string[]) => list.map((each) => ({ value: each, label: ruleName(each) }))
  const named = (list: readonly { id: string; name: string }[]) =>
    list.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpen(!open)} aria-expanded={open}>
          {on > 0 ? words.desk.filtersOn(formats.plain(on)) : words.desk.filters} <span className="down" />
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {/* The first field would open its list on being focused, and hide what one came for. */}
        <div className="desk-filters" tabIndex={-1} data-autofocus>
          {props.program && (
            <UnitPicker
              program={props.program}
              value={filters.unit}
              onChange={(unit) => onChange({ unit })}
              inPopover
            />
          )}
          {policy && choice('rule', rules(policy.rules.map(({ id }) => id)))}
          {policy &&
            choice('reason', [
              ...rules([...policy.reasons.filter((each) => each !== 'selected'), 'selected']),
            ])}
          {policy &&
            choice(
              'band',
              policy.bands.map((band) => ({ value: band, label: words.desk.bands[band] ?? band })),
            )}
          {policy && choice('theme', named(policy.themes))}
          {policy &&
            choice(
              'segment',
              policy.segments.map((each) => ({
                value: each,
                label: segmentName(each),
              })),
            )}
          {flags.map((flag) => (
            <Checkbox
              key={flag}
              label={words.desk[flag]}
              checked={filters[flag] ?? false}
              onChange={(event) => onChange({ [flag]: event.currentTarget.checked || undefined })}
            />
          ))}
          {choice('owner', [
            { value: 'me', label: words.desk.me },
            { value: 'none', label: words.cases.noOwner },
            ...(people.data ?? []).map(({ id, name }) => ({ value: id, label: name ?? id })),
          ])}
          <div className="two-fields">
            {(['from', 'to'] as const).map((end) => (
              <DayField
                key={end}
                label={end === 'from' ? words.desk.openedFrom : words.desk.openedTo}
                value={filters[end] ?? ''}
                onChange={(event) => onChange({ [end]: event.currentTarget.value || undefined })}
              />
            ))}
          </div>
          {on > 0 && (
            <Button
              variant="subtle"
              onClick={() => onChange(Object.fromEntries(inPopover.map((name) => [name, undefined])))}
            >
              {words.desk.clearFilters}
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function Views(props: { filters: CaseFilters; onChange: Change }) {
  const words = useWords()
  const client = useQueryClient()
  const views = useQuery(viewsQuery)
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const again = () => client.invalidateQueries({ queryKey: ['views'] })
  const save = useMutation({
    mutationFn: () => {
      const filter = Object.fromEntries(
        Object.entries(props.filters).filter(([, value]) => value !== undefined),
      )
      return post('/v1/views', { page: 'cases', name: name.trim(), filter, shared })
    },
    onSuccess: () => {
      setName('')
      return again()
    },
  })
  const remove = useMutation({
    mutationFn: (id: string) => send('DELETE', `/v1/views/${encodeURIComponent(id)}`),
    onSettled: again,
  })
  const none: Partial<CaseFilters> = Object.fromEntries(
    ['tab', 'text', 'sort', ...inPopover].map((each) => [each, undefined]),
  )
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpen(!open)} aria-expanded={open}>
          {words.desk.views} <span className="down" />
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="desk-filters">
          {views.data?.length === 0 && <p className="quiet">{words.desk.noViews}</p>}
          {views.data?.map((view) => (
            <div className="desk-view" key={view.viewId}>
              <button
                type="button"
                className="text-button"
                onClick={() => {
                  props.onChange({ ...none, ...(view.filter as CaseFilters) })
                  setOpen(false)
                }}
              >
                {view.name}
              </button>
              {view.mine && (
                <ActionIcon
                  variant="subtle"
                  aria-label={words.desk.removeView(view.name)}
                  onClick={() => remove.mutate(view.viewId)}
                >
                  ×
                </ActionIcon>
              )}
            </div>
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault()
              if (name.trim()) save.mutate()
            }}
          >
            <TextInput
              label={words.desk.viewName}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Checkbox
              label={words.desk.shareView}
              checked={shared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
            <Button type="submit" variant="light" loading={save.isPending} disabled={!name.trim()}>
              {words.desk.saveView}
            </Button>
            <Fault error={save.error ?? remove.error} />
          </form>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
