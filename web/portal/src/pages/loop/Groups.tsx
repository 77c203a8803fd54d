import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { LoopNumbers } from '../../api/loopWire.ts'
import { askQuery } from '../../api/queries.ts'
import type { Program } from '../../api/wire.ts'
import { caseFields, fieldName, type LoopMetricId, loopMetrics } from '../../ask/fields.ts'
import { grainOf, type Span } from '../../ask/period.ts'
import { Card } from '../../parts/Card.tsx'
import { OpenAsk } from '../../parts/OpenAsk.tsx'
import { TableScroll } from '../../parts/TableScroll.tsx'
import { Trend } from '../../parts/Trend.tsx'
import { Waiting } from '../../parts/Waiting.tsx'
import { Wrong } from '../../parts/Wrong.tsx'
import { readable, useFormats } from '../../words/format.ts'
import { useSpeech, useWords } from '../../words/words.ts'
import { groupColumns } from './rows.ts'
import { GroupCell } from './Shares.tsx'

/** By whom one may look: owners and units first, then what cases have, then categories of the program. */
export function groupFields(program: Program): string[] {
  const levels = [...new Set(program.units.map((unit) => `unit.${unit.level}`))].reverse()
  const declared = program.fields
    .filter(
      ({ id, type }) =>
        type === 'category' && /^[a-zA-Z]+\./.test(id) && !/^(answers|unit|decision|case)\./.test(id),
    )
    .map(({ id }) => id)
  const [owner = 'case.owner', ...others] = caseFields.filter((id) => id !== 'case.state')
  return [...new Set([owner, ...levels, ...others, 'employee', 'survey', 'touchpoint', ...declared])]
}

/** The shares of each group, largest first. */
export function Groups(props: {
  program: Program
  numbers: LoopNumbers
  by: string
  waiting: boolean
  onBy: (by: string) => void
}) {
  const words = useWords()
  const formats = useFormats()
  const { program, by } = props
  const groups = props.numbers.groups
  const picker = (
    <span className="title-pick">
      {words.loop.byGroup}
      <Select
        size="xs"
        aria-label={words.loop.byGroup}
        searchable
        allowDeselect={false}
        data={groupFields(program).map((id) => ({
          value: id,
          label: fieldName(id, program, words, formats),
        }))}
        value={by}
        onChange={(next) => next && props.onBy(next)}
      />
    </span>
  )
  const rows = groups?.field.id === by ? groups.rows : undefined
  return (
    <Card title={picker}>
      {!rows && <Waiting lines={4} />}
      {rows?.length === 0 && <p className="quiet">{words.loop.noCases}</p>}
      {rows && rows.length > 0 && (
        <div className={props.waiting ? 'answer old' : 'answer'}>
          <TableScroll label={words.loop.byGroup}>
            <table className="ask-table group-table">
              <thead>
                <tr>
                  <th scope="col">{fieldName(by, program, words, formats)}</th>
                  {groupColumns.map((id) => (
                    <th key={id} scope="col">
                      {id === 'cases' ? words.explore.builtIn.cases : words.loop.metrics[id]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => {
                  const name =
                    row.value === null
                      ? words.explore.missing
                      : row.label === row.value && /^[a-z]+([A-Z]|$)/.test(row.label)
                        ? readable(row.label)
                        : row.label
                  return (
                    <tr key={row.value ?? ''}>
                      <th scope="row">{name}</th>
                      {groupColumns.map((id) => {
                        const cell = row.cells[id]
                        const asked = groups?.asks[id]
                        if (!cell || !asked)
                          return (
                            <td key={id} className="quiet">
                              –
                            </td>
                          )
                        const metric = id === 'cases' ? words.explore.builtIn.cases : words.loop.metrics[id]
                        return (
                          <GroupCell
                            key={id}
                            told={{ ...asked, row: cell }}
                            name={`${name}: ${metric}`}
                            unit={id === 'cases' ? 'count' : id === 'hoursToContact' ? 'mean' : 'percent'}
                          />
                        )
                      })}
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </TableScroll>
        </div>
      )}
    </Card>
  )
}

/** One of the loop's numbers over time. */
export function OverTime(props: {
  metric: LoopMetricId
  where: string | undefined
  span: Span
  onMetric: (metric: LoopMetricId) => void
}) {
  const { words, language } = useSpeech()
  const ask = {
    metric: props.metric,
    ...props.span,
    ...(props.where ? { where: props.where } : {}),
    over: grainOf(props.span),
  }
  const result = useQuery(askQuery(ask, language))
  const name = words.loop.metrics[props.metric]
  return (
    <Card
      title={
        <span className="title-pick">
          {words.loop.overTime}
          <Select
            size="xs"
            aria-label={words.loop.overTime}
            searchable
            allowDeselect={false}
            data={loopMetrics.map((id) => ({ value: id, label: words.loop.metrics[id] }))}
            value={props.metric}
            onChange={(next) => next && props.onMetric(next as LoopMetricId)}
          />
        </span>
      }
      aside={<OpenAsk ask={ask} name={name} />}
    >
      {result.isError && <Wrong error={result.error} again={() => void result.refetch()} />}
      {result.isPending && <Waiting lines={4} />}
      {result.data && <Trend result={result.data} label={`${name}, ${words.loop.overTime}`} height={260} />}
    </Card>
  )
}
