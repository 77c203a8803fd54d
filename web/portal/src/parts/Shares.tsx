import { useState } from 'react'
import { useWords } from '../words/words.ts'
import { TableScroll } from './TableScroll.tsx'

const width = 360
const height = 240
const left = 42
const bottom = 36
const top = 10
const right = 20

export interface SharePoint {
  /** 0..1 of the width, and its name on the axis and in the table. */
  x: number
  name: string
  value: number
  low: number
  high: number
  n: number
}

/** Shares with their 95 % intervals, against lines of what a model says; the same as a table on request. */
export function Shares(props: {
  label: string
  xLabel: string
  yLabel: string
  /** The share at the top. */
  most: number
  points: SharePoint[]
  /** Marks on the x axis. */
  ticks: { x: number; name: string }[]
  lines: { name: string; dashed?: boolean; values: { x: number; value: number }[] }[]
  percent: (share: number) => string
  count: (n: number) => string
}) {
  const words = useWords()
  const [asTable, setAsTable] = useState(false)
  const { percent } = props
  const toX = (x: number) => left + x * (width - left - right)
  const toY = (share: number) =>
    height - bottom - (Math.min(share, props.most) / props.most) * (height - bottom - top)
  const marks = [0, 0.5, 1].map((part) => part * props.most)
  return (
    <div className="shares">
      {asTable ? (
        <TableScroll label={props.label} className="trend-table">
          <table className="plain-table">
            <caption className="hidden">{props.label}</caption>
            <thead>
              <tr>
                <th scope="col">{props.xLabel}</th>
                <th scope="col">{props.yLabel}</th>
                <th scope="col">{words.number.interval}</th>
                <th scope="col">{words.explore.n}</th>
              </tr>
            </thead>
            <tbody>
              {props.points.map((point) => (
                <tr key={point.x}>
                  <th scope="row">{point.name}</th>
                  <td>{percent(point.value)}</td>
                  <td>{words.number.to(percent(point.low), percent(point.high))}</td>
                  <td>{props.count(point.n)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      ) : (
        <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={props.label}>
          {marks.map((share) => (
            <g key={share}>
              <line className="grid" x1={left} x2={width - right} y1={toY(share)} y2={toY(share)} />
              <text x={left - 6} y={toY(share) + 4} textAnchor="end">
                {percent(share)}
              </text>
            </g>
          ))}
          {props.ticks.map((tick) => (
            <text key={tick.name} x={toX(tick.x)} y={height - bottom + 16} textAnchor="middle">
              {tick.name}
            </text>
          ))}
          <text x={(left + width - right) / 2} y={height - 3} textAnchor="middle">
            {props.xLabel}
          </text>
          {props.lines.map((line) => (
            <polyline
              key={line.name}
              className={line.dashed ? 'model dashed' : 'model'}
              points={line.values.map(({ x, value }) => `${toX(x)},${toY(value)}`).join(' ')}
            />
          ))}
          {props.points.map((point) => (
            <g key={point.x} className="observed">
              <line x1={toX(point.x)} x2={toX(point.x)} y1={toY(point.low)} y2={toY(point.high)} />
              <circle cx={toX(point.x)} cy={toY(point.value)} r={3.5} />
              <title>{`${point.name}: ${percent(point.value)} (${words.number.to(percent(point.low), percent(point.high))}), ${words.number.n(props.count(point.n))}`}</title>
            </g>
          ))}
        </svg>
      )}
      {!asTable && (
        <p className="legend">
          <span className="dot" /> {props.yLabel}
          {props.lines.map((line) => (
            <span key={line.name}>
              <span className={line.dashed ? 'rule dashed' : 'rule'} /> {line.name}
            </span>
          ))}
        </p>
      )}
      <button type="button" className="text-button" onClick={() => setAsTable(!asTable)}>
        {asTable ? words.common.chart : words.common.table}
      </button>
    </div>
  )
}
