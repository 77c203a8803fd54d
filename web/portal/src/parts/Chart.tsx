import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { type ChartOption, init } from './echarts.ts'

export interface Colours {
  ink: string
  soft: string
  faint: string
  line: string
  panel: string
  spruce: string
  detractor: string
  amber: string
  passive: string
}

const names: (keyof Colours)[] = [
  'ink',
  'soft',
  'faint',
  'line',
  'panel',
  'spruce',
  'detractor',
  'amber',
  'passive',
]

function colours(): Colours {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as unknown as Colours
}

/** An ECharts drawing in the colours of the theme. The table beside it is its alternative for those who cannot see it. */
export default function Chart(props: {
  draw: (colours: Colours) => ChartOption
  height: number
  label: string
}) {
  const scheme = useComputedColorScheme('light')
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const chart = init(element)
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.dispose()
    }
  }, [])
  useEffect(() => {
    if (!place.current) return
    // The scheme stands on the root element before effects run, so the tokens read here are those of this theme.
    void scheme
    init(place.current).setOption(props.draw(colours()), { notMerge: true })
  }, [props.draw, scheme])
  return (
    <div ref={place} role="img" aria-label={props.label} className="chart" style={{ height: props.height }} />
  )
}
