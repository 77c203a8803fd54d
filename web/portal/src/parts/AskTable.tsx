import type { ReactNode } from 'react'
import type { AskResult, AskRow } from '../api/wire.ts'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { intervalText } from './intervalText.ts'
import { periodName } from './periodName.ts'
import { withheldText } from './Score.tsx'
import { real, scaleOf, share } from './scale.ts'
import { TableScroll } from './TableScroll.tsx'

interface Props {
  result: AskResult
  /** Names of the fields split by, one a column. */
  heads: string[]
  /** A value of a field, made readable. */
  name: (field: string, value: string | null) => ReactNode
  /** Digits after the decimal sign; whole numbers (means: two) when left out. */
  digits?: number
  caption: string
  wide?: boolean
}

/** Rows with bars, n and interval; a mark where the row differs from the rest; grey under 30; withheld with its reason. */
export function AskTable(props: Props) {
  const words = useWords()
  const formats = useFormats()
  const { result } = props
  const { metric, rows } = result
  if (rows.length === 0) return <p className="quiet">{words.number.noAnswers}</p>
  const counted = metric.unit === 'count'
  const most = Math.max(1, ...rows.map((row) => (counted ? (row.value ?? row.n) : 0)))
  const scale = scaleOf(
    metric,
    rows.flatMap((row) => row.value ?? []),
  )
  const width = (value: number) => (counted ? (value / most) * 100 : share(value, scale))
  const timed = result.ask.over !== undefined
  const marked = rows.some((row) => real(row.pAdjusted))
  const means = props.wide && rows.some((row) => row.mean !== null && row.mean !== undefined)
  return (
    <TableScroll label={props.caption}>
      <table className={props.wide ? 'ask-table wide' : 'ask-table'}>
        <caption className="hidden">{props.caption}</caption>
        <thead>
          <tr>
            {props.heads.map((head) => (
              <th key={head} scope="col" className="text">
                {head}
              </th>
            ))}
            {timed && (
              <th scope="col" className="text">
                {words.explore.period}
              </th>
            )}
            <th scope="col" className="wide-head">
              {words.explore.value}
            </th>
            {!counted && props.wide && <th scope="col">{words.explore.interval}</th>}
            {means && <th scope="col">{words.explore.mean}</th>}
            {!counted && <th scope="col">{words.explore.n}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.by.join('\u0000')}\u0000${row.period ?? ''}`} className={row.faint ? 'thin' : ''}>
              {row.by.map((value, at) => {
                const field = result.ask.by?.[at] ?? ''
                const text = props.name(field, value)
                return at === 0 ? (
                  <th key={field} scope="row">
                    {text}
                  </th>
                ) : (
                  <td key={field} className="text">
                    {text}
                  </td>
                )
              })}
              {timed && <td className="text">{periodName(row.period ?? '', result.ask.over, formats)}</td>}
              <Value row={row} width={width} digits={props.digits} metric={metric} />
              {!counted && props.wide && (
                <td className="quiet">
                  {intervalText(row, { words, formats }, metric.unit, Math.min(1, props.digits ?? 0))}
                </td>
              )}
              {means && (
                <td>{row.mean === null || row.mean === undefined ? '' : formats.plain(row.mean, 4)}</td>
              )}
              {!counted && <td className="quiet">{formats.plain(row.n)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {marked && (
        <p className="foot">
          <span className="mark">●</span> {words.number.mark}
        </p>
      )}
    </TableScroll>
  )
}

function Value(props: {
  row: AskRow
  width: (value: number) => number
  digits: number | undefined
  metric: AskResult['metric']
}) {
  const words = useWords()
  const formats = useFormats()
  const { row, metric } = props
  if (row.value === null) return <td className="quiet">{withheldText(row, words)}</td>
  const interval = row.interval
    ? `${words.number.interval}: ${formats.range(row.interval, metric.unit, 1)}`
    : row.noInterval && words.number.noInterval
  return (
    <td title={interval}>
      <span className="bar-row">
        <span className="bar-slot" aria-hidden="true">
          {row.interval && metric.unit !== 'count' && (
            <i
              style={{
                left: `${props.width(row.interval[0])}%`,
                width: `${props.width(row.interval[1]) - props.width(row.interval[0])}%`,
              }}
            />
          )}
          <b style={{ width: `${props.width(row.value)}%` }} />
        </span>
        <span className="bar-mark">
          {real(row.pAdjusted) && (
            <span
              className="mark"
              role="img"
              aria-label={words.number.significant}
              title={words.number.significant}
            >
              ●
            </span>
          )}
        </span>
        <span className="bar-value">{formats.metric(row.value, metric.unit, props.digits)}</span>
      </span>
    </td>
  )
}
