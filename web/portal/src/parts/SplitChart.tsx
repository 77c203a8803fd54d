import { lazy, Suspense, useCallback } from 'react'
import type { AskResult, AskRow } from '../api/wire.ts'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import type { Colours } from './Chart.tsx'
import type { ChartOption } from './echarts.ts'
import { periodName } from './periodName.ts'
import { axisEnds } from './scale.ts'

const Chart = lazy(() => import('./Chart.tsx'))
const most = 30
const lines = 6

interface Props {
  result: AskResult
  label: string
  name: (field: string, value: string | null) => string
}

/** A split as points with intervals; a split over time as one line for each of its largest groups. */
export function SplitChart(props: Props) {
  const words = useWords()
  const formats = useFormats()
  const { result, name } = props
  const timed = result.ask.over !== undefined
  const draw = useCallback(
    (colours: Colours): ChartOption =>
      timed ? drawLines(result, colours, name, formats) : drawDots(result, colours, name, formats, words),
    [result, name, formats, words, timed],
  )
  const rows = Math.min(most, result.rows.length)
  const height = timed ? 300 : Math.max(160, 48 + rows * 26)
  return (
    <Suspense fallback={<div style={{ height }} />}>
      <Chart draw={draw} height={height} label={props.label} />
    </Suspense>
  )
}

type Name = Props['name']
type Formats = ReturnType<typeof useFormats>

const groupOf = (row: AskRow, result: AskResult, name: Name) =>
  row.by.map((value, at) => name(result.ask.by?.[at] ?? '', value)).join(' · ')

function shared(colours: Colours): ChartOption {
  return {
    animation: false,
    grid: {
      left: 4,
      right: 18,
      top: 12,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    tooltip: {
      backgroundColor: colours.panel,
      borderColor: colours.line,
      padding: [8, 12],
      textStyle: { color: colours.ink, fontSize: 13 },
    },
  }
}

function drawDots(
  result: AskResult,
  colours: Colours,
  name: Name,
  formats: Formats,
  words: ReturnType<typeof useWords>,
): ChartOption {
  const { metric } = result
  const rows = result.rows.filter((row) => row.value !== null).slice(0, most)
  const category = {
    type: 'category' as const,
    inverse: true,
    data: rows.map((row) => groupOf(row, result, name)),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: colours.soft, fontSize: 12.5, width: 150, overflow: 'truncate' as const },
  }
  const values = {
    type: 'value' as const,
    ...(metric.unit === 'count'
      ? { min: 0 }
      : metric.unit === 'percent'
        ? { min: 0, max: 100 }
        : metric.unit === 'mean'
          ? { min: metric.scale?.[0] ?? 0, ...(metric.scale ? { max: metric.scale[1] } : {}) }
          : {}),
    splitLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.faint, fontSize: 12, formatter: (value: number) => formats.upTo(value, 1) },
  }
  if (metric.unit === 'count') {
    return {
      ...shared(colours),
      xAxis: values,
      yAxis: category,
      series: [
        {
          type: 'bar',
          data: rows.map((row) => row.value),
          barWidth: 10,
          itemStyle: { color: colours.spruce, borderRadius: 4 },
        },
      ],
    }
  }
  return {
    ...shared(colours),
    xAxis: values,
    yAxis: category,
    series: [
      {
        type: 'custom',
        silent: true,
        data: rows.map((row, at) => [at, row.interval?.[0] ?? row.value, row.interval?.[1] ?? row.value]),
        encode: { x: [1, 2], y: 0 },
        renderItem: (_, api) => {
          const from = api.coord([api.value(1), api.value(0)])
          const to = api.coord([api.value(2), api.value(0)])
          const [x1 = 0, y = 0] = from
          const [x2 = 0] = to
          return {
            type: 'rect',
            shape: { x: x1, y: y - 4, width: Math.max(1, x2 - x1), height: 8, r: 4 },
            style: { fill: colours.spruce, opacity: 0.25 },
          }
        },
      },
      {
        type: 'line',
        lineStyle: { opacity: 0 },
        symbol: 'circle',
        symbolSize: 9,
        showSymbol: true,
        data: rows.map((row, at) => ({
          value: [row.value as number, at],
          itemStyle: { color: row.faint ? colours.faint : colours.spruce },
        })),
        tooltip: {
          formatter: (point) => {
            const row = rows[Array.isArray(point) ? 0 : (point.dataIndex ?? 0)]
            if (!row) return ''
            const interval = row.interval
              ? ` (${formats.metric(row.interval[0], metric.unit, 1)} – ${formats.metric(row.interval[1], metric.unit, 1)})`
              : row.noInterval
                ? ` (${words.number.noInterval})`
                : ''
            return `<b>${formats.metric(row.value, metric.unit, 1)}</b>${interval}<br>n ${formats.plain(row.n)}`
          },
        },
      },
    ],
  }
}

function drawLines(result: AskResult, colours: Colours, name: Name, formats: Formats): ChartOption {
  const periods = [...new Set(result.rows.map((row) => row.period ?? ''))].sort()
  const groups = new Map<string, { n: number; rows: Map<string, AskRow> }>()
  for (const row of result.rows) {
    const key = groupOf(row, result, name)
    const group = groups.get(key) ?? { n: 0, rows: new Map<string, AskRow>() }
    group.n += row.n
    group.rows.set(row.period ?? '', row)
    groups.set(key, group)
  }
  const largest = [...groups].sort((a, b) => b[1].n - a[1].n).slice(0, lines)
  const palette = [
    colours.spruce,
    colours.detractor,
    colours.amber,
    colours.soft,
    colours.faint,
    colours.passive,
  ]
  return {
    ...shared(colours),
    grid: {
      left: 4,
      right: 18,
      top: 40,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: {
      top: 0,
      left: 0,
      icon: 'circle',
      itemHeight: 8,
      textStyle: { color: colours.soft, fontSize: 12.5 },
    },
    tooltip: {
      ...shared(colours).tooltip,
      trigger: 'axis',
      valueFormatter: (value) =>
        typeof value === 'number' ? formats.metric(value, result.metric.unit, 1) : '–',
    },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: periods.map((period) => periodName(period, result.ask.over, formats)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: colours.faint, fontSize: 12, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      scale: true,
      splitNumber: 4,
      ...axisEnds(result.metric),
      splitLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.faint, fontSize: 12 },
    },
    series: largest.map(([key, group], at) => ({
      type: 'line',
      name: key,
      data: periods.map((period) => group.rows.get(period)?.value ?? null),
      symbol: 'circle',
      symbolSize: 5,
      showSymbol: false,
      itemStyle: { color: palette[at] ?? colours.soft },
      lineStyle: { width: 2, color: palette[at] ?? colours.soft, type: at % 2 === 0 ? 'solid' : 'dashed' },
    })),
  }
}
