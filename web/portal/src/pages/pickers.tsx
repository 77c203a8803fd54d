import { Button, Popover, Select } from '@mantine/core'
import { useState } from 'react'
import type { Program } from '../api/wire.ts'
import { type PeriodName, periods, type Span } from '../ask/period.ts'
import { DayField } from '../parts/DayField.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'

const day = 86_400_000

export function PeriodPicker(props: {
  name: PeriodName
  span: Span
  /** The span does not end today, so its dates say more than its name. */
  dated?: boolean
  onChange: (name: PeriodName, span?: Span) => void
}) {
  const words = useWords()
  const formats = useFormats()
  const [open, setOpen] = useState(false)
  const [custom, setCustom] = useState<Span>(props.span)
  const { from, to } = props.span
  const named = props.name !== 'custom' && !props.dated
  const shown = named
    ? words.period[props.name]
    : from && to
      ? `${formats.day(from)} – ${formats.day(new Date(new Date(to).getTime() - day))}`
      : from
        ? `${words.period.from} ${formats.day(from)}`
        : words.period.all
  const choose = (name: PeriodName, span?: Span) => {
    props.onChange(name, span)
    setOpen(false)
  }
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          onClick={() => setOpen(!open)}
          aria-label={`${words.period.label}: ${shown}`}
        >
          {shown} <span className="down" />
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="period-choices">
          {periods
            .filter((each) => each !== 'custom')
            .map((each) => (
              <button
                key={each}
                type="button"
                className={each === props.name ? 'on' : ''}
                aria-pressed={each === props.name}
                onClick={() => choose(each)}
              >
                {words.period[each]}
              </button>
            ))}
          <form
            onSubmit={(event) => {
              event.preventDefault()
              choose('custom', custom)
            }}
          >
            <DayField
              label={words.period.from}
              value={custom.from ?? ''}
              onChange={(event) => setCustom({ ...custom, from: event.currentTarget.value })}
            />
            <DayField
              label={words.period.to}
              value={custom.to ?? ''}
              onChange={(event) => setCustom({ ...custom, to: event.currentTarget.value })}
            />
            <Button type="submit" variant="light" fullWidth>
              {words.period.custom}
            </Button>
          </form>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

export function UnitPicker(props: {
  program: Program
  value: string | undefined
  onChange: (unit: string | undefined) => void
  /** Its list stays within what it stands in, which would else take a choice for a click outside. */
  inPopover?: boolean
}) {
  const words = useWords()
  const units = props.program.units ?? []
  if (units.length === 0) return null
  const depth = (key: string | null | undefined): number => {
    const parent = units.find((unit) => unit.key === key)?.parent
    return parent ? 1 + depth(parent) : 0
  }
  const ordered = inTree(units)
  return (
    <Select
      className="unit-picker"
      aria-label={words.unit.label}
      placeholder={words.unit.all}
      comboboxProps={{ withinPortal: !props.inPopover }}
      searchable
      clearable
      data={ordered.map((unit) => ({ value: unit.key, label: unit.name }))}
      renderOption={({ option }) => (
        <span style={{ paddingLeft: `${depth(option.value) * 14}px` }}>{option.label}</span>
      )}
      value={props.value ?? null}
      onChange={(unit) => props.onChange(unit ?? undefined)}
      clearButtonProps={{ 'aria-label': words.unit.all }}
    />
  )
}

function inTree(units: NonNullable<Program['units']>): NonNullable<Program['units']> {
  const known = new Set(units.map((unit) => unit.key))
  const below = (parent: string | null): NonNullable<Program['units']> =>
    units
      .filter((unit) => (unit.parent && known.has(unit.parent) ? unit.parent : null) === parent)
      .flatMap((unit) => [unit, ...below(unit.key)])
  return below(null)
}

/** What a page of numbers looks at: a unit and a period, which stand in its address. */
export function LookPickers(props: {
  program: Program
  unit?: string | undefined
  look: { name: PeriodName; span: Span; stale: boolean }
  onChange: (part: LookChange) => void
}) {
  const { look, onChange } = props
  return (
    <>
      <UnitPicker program={props.program} value={props.unit} onChange={(unit) => onChange({ unit })} />
      <PeriodPicker
        name={look.name}
        span={look.span}
        dated={look.stale}
        onChange={(period, span) => onChange({ period, from: span?.from, to: span?.to })}
      />
    </>
  )
}

interface LookChange {
  unit?: string | undefined
  period?: PeriodName
  from?: string | undefined
  to?: string | undefined
}
