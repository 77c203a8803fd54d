import { Select } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { askQuery } from '../../api/queries.ts'
import type { AskResult, Program } from '../../api/wire.ts'
import { casesBehind } from '../../ask/casesBehind.ts'
import { caseFields, fieldName, type LoopMetricId, loopMetrics, valueNames } from '../../ask/fields.ts'
import { grainOf, type Span } from '../../ask/period.ts'
import { Card } from '../../parts/Card.tsx'
import { OpenAsk } from '../../parts/OpenAsk.tsx'
import { TableScroll } from '../../parts/TableScroll.tsx'
import { Trend } from '../../parts/Trend.tsx'
import { Waiting } from '../../parts/Waiting.tsx'
import { Wrong } from '../../parts/Wrong.tsx'
import { type MetricUnit, useFormats } from '../../words/format.ts'
import { useSpeech } from '../../words/words.ts'
import { contactColumns, groupColumns } from './rows.ts'
import { CasesOf, GroupCell } from './Shares.tsx'

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

/** The shares of each group, largest first. Each is asked by itself, so that another group is soon there. */
export function Groups(props: {
  program: Program
  by: string
  where: string | undefined
  span: Span
  unit: string | undefined
  onBy: (by: string) => void
}) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const { program, by, where, span } = props
  const asks = groupColumns.map((metric) => ({
    metric,
    ...(where ? { where } : {}),
    ...span,
    by: [byOf(metric, by)],
  }))
  const results = useQueries({ queries: asks.map((ask) => askQuery(ask, language)) })
  const first = results[0]?.data
  const failed = results.find(({ isError }) => isError)
  const waiting = results.some(({ isPlaceholderData }) => isPlaceholderData)
  // What is shown while another group is asked for is not mixed with it.
  const rows = groupsOf(results.flatMap(({ data }, at) => (data && (at === 0 || !waiting) ? [data] : [])))
  const columnName = (id: (typeof groupColumns)[number]) =>
    id === 'cases' ? words.explore.builtIn.cases : words.loop.metrics[id]
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
  return (
    <Card title={picker}>
      {failed && <Wrong error={failed.error} again={() => void failed.refetch()} />}
      {!first && !failed && <Waiting lines={4} />}
      {first?.rows.length === 0 && <p className="quiet">{words.loop.noCases}</p>}
      {first && first.rows.length > 0 && (
        <div className={waiting ? 'answer old' : 'answer'} aria-busy={waiting}>
          <TableScroll label={words.loop.byGroup}>
            <table className="ask-table group-table stacked">
              <thead>
                <tr>
                  <th scope="col">{fieldName(by, program, words, formats)}</th>
                  {groupColumns.map((id) => (
                    <th key={id} scope="col">
                      {columnName(id)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ value, of }) => {
                  const name = valueNames(of, words)(of.ask.by?.[0] ?? by, value)
                  const behindBy = (field: string) =>
                    casesBehind(field, value, { span, unit: props.unit, program })
                  return (
                    <tr key={value ?? ''}>
                      <th scope="row">
                        <CasesOf behind={of === first ? behindBy(by) : undefined}>{name}</CasesOf>
                      </th>
                      {groupColumns.map((id, at) => {
                        const found = results[at]?.data
                        const row = found?.rows.find((each) => (each.by[0] ?? null) === value)
                        return found && row ? (
                          <GroupCell
                            key={id}
                            told={{ ask: found.ask, row }}
                            group={name}
                            column={columnName(id)}
                            unit={found.metric.unit as MetricUnit}
                            missedOf={id === 'missed' ? behindBy(byOf(id, by)) : undefined}
                          />
                        ) : (
                          <td key={id} className="quiet" data-name={columnName(id)}>
                            –
                          </td>
                        )
                      })}
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </TableScroll>
          {by === 'case.owner' && <p className="quiet">{words.loop.whoseContact}</p>}
        </div>
      )}
    </Card>
  )
}

/** By owner, contact counts for whoever had the case when it was due. */
const byOf = (metric: string, by: string) =>
  by === 'case.owner' && contactColumns.has(metric) ? 'case.dueOwner' : by

/** The groups of all answers, those of the first in its order before what stands in others alone. */
function groupsOf(answers: readonly AskResult[]): { value: string | null; of: AskResult }[] {
  const found = new Map<string | null, AskResult>()
  for (const of of answers)
    for (const { by } of of.rows) {
      const value = by[0] ?? null
      if (!found.has(value)) found.set(value, of)
    }
  return [...found].map(([value, of]) => ({ value, of }))
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
