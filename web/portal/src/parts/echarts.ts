// For: the parts of ECharts that are used, and no others. In: an element. Out: its chart, made once.
import {
  BarChart,
  type BarSeriesOption,
  CustomChart,
  type CustomSeriesOption,
  LineChart,
  type LineSeriesOption,
} from 'echarts/charts'
import {
  GridComponent,
  type GridComponentOption,
  LegendComponent,
  type LegendComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from 'echarts/components'
import { type ComposeOption, type EChartsType, getInstanceByDom, init as make, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([LineChart, BarChart, CustomChart, GridComponent, TooltipComponent, LegendComponent, SVGRenderer])

export type ChartOption = ComposeOption<
  | LineSeriesOption
  | BarSeriesOption
  | CustomSeriesOption
  | GridComponentOption
  | TooltipComponentOption
  | LegendComponentOption
>

export function init(element: HTMLElement): EChartsType {
  return getInstanceByDom(element) ?? make(element, null, { renderer: 'svg' })
}
