import { lazy, Suspense, useCallback, useState } from 'react'
import type { AskResult } from '../api/wire.ts'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import type { Colours } from './Chart.tsx'
import type { ChartOption } from './echarts.ts'
import { intervalText } from './intervalText.ts'
import { periodName } from './periodName.ts'
import { axisEnds } from './scale.ts'
import { TableScroll } from './TableScroll.tsx'

const Chart = lazy(() => import('./Chart.tsx'))

/** A metric over time: line with its 95 % band; gaps stay gaps. The same as a table on request. */
export function Trend(props: { result: AskResult; label: string; height?: number }) {
  const words = useWords()
  const formats = useFormats()
  const [asTable, setAsTable] = useState(false)
  const { rows, metric } = props.result
  const draw = useCallback(
    (colours: Colours): ChartOption => drawTrend(props.result, colours, formats, words),
    [props.result, formats, words],
  )
  return (
    <div className="trend">
      {asTable ? (
        <TableScroll label={props.label} className="trend-table">
          <table className="plain-table">
            <caption className="hidden">{props.label}</caption>
            <thead>
              <tr>
                <th scope="col">{words.explore.period}</th>
                <th scope="col">{words.explore.value}</th>
                <th scope="col">{words.explore.interval}</th>
                <th scope="col">{words.explore.n}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.period}>
                  <th scope="row">{periodName(row.period ?? '', props.result.ask.over, formats)}</th>
                  <td>{formats.metric(row.value, metric.unit)}</td>
                  <td>{intervalText(row, { words, formats }, metric.unit)}</td>
                  <td>{formats.plain(row.n)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      ) : (
        <Suspense fallback={<div style={{ height: props.height ?? 230 }} />}>
          <Chart draw={draw} height={props.height ?? 230} label={props.label} />
        </Suspense>
      )}
      <button type="button" className="text-button" onClick={() => setAsTable(!asTable)}>
        {asTable ? words.common.chart : words.common.table}
      </button>
    </div>
  )
}

function drawTrend(
  result: AskResult,
  colours: Colours,
  formats: ReturnType<typeof useFormats>,
  words: ReturnType<typeof useWords>,
): ChartOption {
  const { rows, metric } = result
  const low = rows.map((row) => row.interval?.[0] ?? null)
  const size = rows.map((row) => (row.interval ? row.interval[1] - row.interval[0] : null))
  const band = {
    type: 'line' as const,
    stack: 'band',
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
  }
  return {
    animation: false,
    grid: {
      left: 4,
      right: 12,
      top: 12,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.panel,
      borderColor: colours.line,
      padding: [8, 12],
      textStyle: { color: colours.ink, fontSize: 13 },
      axisPointer: { lineStyle: { color: colours.faint } },
      formatter: (points) => {
        const first = Array.isArray(points) ? points[0] : points
        const row = rows[first?.dataIndex ?? 0]
        if (!row) return ''
        const interval = intervalText(row, { words, formats }, metric.unit)
        const value = formats.metric(row.value, metric.unit)
        const period = periodName(row.period ?? '', result.ask.over, formats)
        return `${period}<br><b>${value}</b>${interval && ` (${interval})`}<br>${words.number.n(formats.plain(row.n))}`
      },
    },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: rows.map((row) => periodName(row.period ?? '', result.ask.over, formats)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: colours.faint,
        fontSize: 12,
        hideOverlap: true,
        alignMinLabel: 'left',
        alignMaxLabel: 'right',
      },
    },
    yAxis: {
      type: 'value',
      scale: true,
      splitNumber: 4,
      ...axisEnds(metric),
      splitLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.faint, fontSize: 12, formatter: (value: number) => formats.upTo(value, 1) },
    },
    series: [
      { ...band, data: low, areaStyle: { opacity: 0 }, stackStrategy: 'all' },
      { ...band, data: size, areaStyle: { color: colours.spruce, opacity: 0.14 }, stackStrategy: 'all' },
      {
        type: 'line',
        data: rows.map((row) => row.value),
        symbol: 'circle',
        symbolSize: 5,
        showSymbol: rows.length < 3,
        itemStyle: { color: colours.spruce },
        lineStyle: { color: colours.spruce, width: 2.2 },
        connectNulls: false,
      },
    ],
  }
}
