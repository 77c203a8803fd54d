import type { CaseFilters, CasePolicy, Program } from '../../api/wire.ts'
import { usePersonName } from '../../parts/usePersonName.ts'
import { readable, useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { useRuleName } from '../useRuleName.ts'
import { useSegmentName } from '../useSegmentName.ts'

/** What the inbox is narrowed to, each with a way to take it away. */
export function Narrowed(props: {
  filters: CaseFilters
  program: Program | undefined
  policy: CasePolicy | undefined
  onChange: (part: Partial<CaseFilters>) => void
}) {
  const words = useWords()
  const formats = useFormats()
  const personName = usePersonName()
  const ruleName = useRuleName()
  const segmentName = useSegmentName()
  const { filters, program, policy } = props
  const theme = policy?.themes.find(({ id }) => id === filters.theme)?.name
  const unit = program?.units.find(({ key }) => key === filters.unit)?.name
  const { desk } = words
  const said: [keyof CaseFilters, string | undefined][] = [
    ['unit', filters.unit && (unit ?? filters.unit)],
    ['owner', filters.owner && `${desk.owner}: ${personName(filters.owner)}`],
    ['dueOwner', filters.dueOwner && `${desk.dueOwner}: ${personName(filters.dueOwner)}`],
    ['employee', filters.employee && `${desk.employee}: ${personName(filters.employee)}`],
    ['rule', filters.rule && `${desk.rule}: ${ruleName(filters.rule)}`],
    ['reason', filters.reason && `${desk.reason}: ${ruleName(filters.reason)}`],
    ['band', filters.band && (desk.bands[filters.band] ?? filters.band)],
    ['theme', filters.theme && `${desk.theme}: ${theme ?? readable(filters.theme)}`],
    ['segment', filters.segment && `${desk.segment}: ${segmentName(filters.segment)}`],
    ['missed', filters.missed && desk.missed],
    ['highValue', filters.highValue && desk.highValue],
    ['decisionMaker', filters.decisionMaker && desk.decisionMaker],
    ['priorityTheme', filters.priorityTheme && desk.priorityTheme],
    ['from', filters.from && `${desk.openedFrom} ${formats.utcDay(filters.from)}`],
    ['to', filters.to && `${desk.openedTo} ${formats.utcDay(filters.to)}`],
  ].filter((each): each is [keyof CaseFilters, string] => Boolean(each[1]))
  if (said.length === 0) return null
  return (
    <p className="narrowed">
      <span className="quiet">{desk.filteredBy}</span>
      {said.map(([name, text]) => (
        <button
          key={name}
          type="button"
          aria-label={desk.without(text ?? '')}
          onClick={() => props.onChange({ [name]: undefined })}
        >
          {text} <span aria-hidden="true">×</span>
        </button>
      ))}
    </p>
  )
}
