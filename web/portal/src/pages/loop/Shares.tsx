import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { LoopNumbers, LoopShare, LoopTold } from '../../api/loopWire.ts'
import type { CaseFilters } from '../../api/wire.ts'
import { casesLooked, casesOfGroup, type Looked } from '../../ask/casesBehind.ts'
import type { LoopMetricId } from '../../ask/fields.ts'
import { Card } from '../../parts/Card.tsx'
import { OpenAsk } from '../../parts/OpenAsk.tsx'
import { withheldText } from '../../parts/Score.tsx'
import { real, share } from '../../parts/scale.ts'
import { TableScroll } from '../../parts/TableScroll.tsx'
import { type MetricUnit, useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { lessIsBetter, whoseColumns } from './rows.ts'

type Share = Pick<LoopShare, 'ask' | 'row' | 'metric'>

/** One part of the loop: a line for each question, with its answer, how sure it is, and how it changed. */
export function Shares(props: {
  title: string
  metrics: readonly LoopMetricId[]
  shares: readonly Share[]
  /** What the numbers count, where it is cases. */
  looked?: Looked
}) {
  const words = useWords()
  const lines = props.metrics.flatMap((id) => {
    const found = props.shares.find(({ metric }) => metric.id === id)
    return found ? [{ id, found }] : []
  })
  if (lines.length === 0) return null
  const compared = lines.some(({ found }) => found.row.change)
  return (
    <Card title={props.title}>
      <TableScroll label={props.title}>
        <table className="ask-table loop-table">
          <thead>
            <tr>
              <th scope="col">{words.loop.question}</th>
              <th scope="col">{words.explore.value}</th>
              <th scope="col" className="roomy-only">
                {words.explore.interval}
              </th>
              {compared && (
                <th scope="col" className="roomy-only">
                  {words.loop.change}
                </th>
              )}
              <th scope="col">{words.explore.n}</th>
              <th scope="col">
                <span className="hidden">{words.nav.explore}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ id, found }) => (
              <Line key={id} id={id} found={found} compared={compared} looked={props.looked} />
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Card>
  )
}

function Line(props: { id: LoopMetricId; found: Share; compared: boolean; looked: Looked | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { id, found } = props
  const { row } = found
  const unit = found.metric.unit as MetricUnit
  const name = words.loop.heads[id]
  return (
    <tr className={row.faint ? 'thin' : ''}>
      <th scope="row">
        {name}
        <small className="of-what">
          {words.loop.of[id]}
          {id === 'missed' && (
            <Missed row={row} name={name} behind={props.looked && casesLooked(props.looked)} />
          )}
        </small>
      </th>
      {row.value === null ? (
        <td className="quiet">{withheldText(row, words)}</td>
      ) : (
        <td>
          <span className="bar-row">
            {unit === 'percent' && (
              <span className="bar-slot" aria-hidden="true">
                {row.interval && (
                  <i
                    style={{
                      left: `${share(row.interval[0], [0, 100])}%`,
                      width: `${row.interval[1] - row.interval[0]}%`,
                    }}
                  />
                )}
                <b style={{ width: `${share(row.value, [0, 100])}%` }} />
              </span>
            )}
            <span className="bar-value">{formats.metric(row.value, unit, unit === 'mean' ? 1 : 0)}</span>
          </span>
        </td>
      )}
      <td className="quiet roomy-only">
        {row.interval && row.value !== null ? formats.range(row.interval, unit, unit === 'mean' ? 1 : 0) : ''}
      </td>
      {props.compared && (
        <td className="roomy-only">
          <LoopChange id={id} found={found} />
        </td>
      )}
      <td className="quiet">{unit === 'count' ? '' : formats.plain(row.n)}</td>
      <td>
        <OpenAsk ask={found.ask} name={name} />
      </td>
    </tr>
  )
}

/** The change against the period before; good or bad by what the number means. */
function LoopChange(props: { id: string; found: Share }) {
  const words = useWords()
  const formats = useFormats()
  const { row, metric } = props.found
  const change = row.change
  if (row.value === null || !change || change.value === null) return null
  const unit = metric.unit as MetricUnit
  const text = formats.signed(change.value, unit)
  if (/^.0([.,]0+)?$/.test(text)) return <span className="noise">{words.loop.noChange}</span>
  if (!real(change.p)) return <span className="noise">{words.loop.noise(text)}</span>
  const good = change.value > 0 !== lessIsBetter.has(props.id)
  return (
    <span className={good ? 'real' : 'bad'} title={formats.p(change.p as number)}>
      {words.loop.realChange(text)}
    </span>
  )
}

/** The cases that missed their deadline, by their number; they open in the inbox. */
function Missed(props: { row: LoopTold['row']; name: string; behind: CaseFilters | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { row, behind } = props
  const many = row.value === null ? 0 : Math.round((row.value * row.n) / 100)
  if (!behind || many === 0) return null
  return (
    <>
      {' · '}
      <Link to="/cases" search={{ ...behind, missed: true }} className="behind">
        {words.cases.count(formats.plain(many))}
        <span className="hidden"> {props.name}</span>
      </Link>
    </>
  )
}

/** A number in a table of groups: the number opens what is behind it, n stands below. */
export function GroupCell(props: {
  told: Pick<LoopTold, 'ask' | 'row'>
  group: string
  column: string
  unit: MetricUnit
  roomy?: boolean
  /** Of a share of missed deadlines: the cases it is a share of. */
  missedOf?: CaseFilters | undefined
}) {
  const words = useWords()
  const formats = useFormats()
  const { row, ask } = props.told
  const name = `${props.group}: ${props.column}`
  if (row.value === null)
    return (
      <td className="quiet" data-name={props.column}>
        –
      </td>
    )
  const value = formats.metric(row.value, props.unit, props.unit === 'mean' ? 1 : 0)
  const interval = row.interval
    ? formats.range(row.interval, props.unit, props.unit === 'mean' ? 1 : 0)
    : undefined
  return (
    <td
      className={row.faint ? 'group-cell thin' : 'group-cell'}
      data-name={props.column}
      title={interval && `${words.number.interval}: ${interval}`}
    >
      <Link to="/explore" search={{ ask }}>
        {value}
        <span className="hidden"> {name}</span>
      </Link>
      {props.unit !== 'count' && (
        <small>
          {interval && props.roomy && <span className="roomy-only">{interval} · </span>}
          {words.number.n(formats.plain(row.n))}
          <Missed row={row} name={name} behind={props.missedOf} />
        </small>
      )}
    </td>
  )
}

/** The name of a group, which opens its cases where the inbox can be narrowed to them. */
export function CasesOf(props: { behind: CaseFilters | undefined; children: ReactNode }) {
  const words = useWords()
  if (!props.behind) return <>{props.children}</>
  return (
    <Link to="/cases" search={props.behind} title={words.loop.openCases} className="behind">
      {props.children}
    </Link>
  )
}

/** Those of whom the loop is held to account one by one: what the most valuable, the angriest and so on met. */
export function Whose(props: { numbers: LoopNumbers; looked: Looked }) {
  const words = useWords()
  return (
    <Card title={words.loop.whose}>
      <TableScroll label={words.loop.whose}>
        <table className="ask-table group-table stacked">
          <thead>
            <tr>
              <th scope="col">{words.loop.who}</th>
              {whoseColumns.map((id) => (
                <th key={id} scope="col">
                  {words.loop.metrics[id]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.numbers.whose.map((group) => (
              <tr key={group.id}>
                <th scope="row">
                  <CasesOf
                    // Of a group without cases there is nothing to open.
                    behind={
                      Object.values(group.cells).some(({ row }) => row.n > 0)
                        ? casesOfGroup(group.id, props.looked)
                        : undefined
                    }
                  >
                    {group.label}
                  </CasesOf>
                </th>
                {whoseColumns.map((id) => {
                  const told = group.cells[id]
                  return told ? (
                    <GroupCell
                      key={id}
                      told={told}
                      group={group.label}
                      column={words.loop.metrics[id]}
                      unit="percent"
                      roomy
                      missedOf={id === 'missed' ? casesOfGroup(group.id, props.looked) : undefined}
                    />
                  ) : (
                    <td key={id} />
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Card>
  )
}
