import type { ValueModel } from '../../api/valueWire.ts'
import { Shares } from '../../parts/Shares.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'

/** Renewals observed, and what the models say of them. */
export function Curve(props: {
  curve: ValueModel['retention']['curve']
  percent: (share: number) => string
}) {
  const words = useWords()
  const formats = useFormats()
  const { curve } = props
  const last = Math.max(2, ...curve.map(({ renewal }) => renewal))
  const x = (renewal: number) => 0.04 + (0.92 * (renewal - 1)) / (last - 1)
  const line = (of: 'constant' | 'sbg') =>
    curve.flatMap(({ renewal, [of]: value }) => (value === null ? [] : [{ x: x(renewal), value }]))
  const every = Math.ceil(curve.length / 8)
  return (
    <Shares
      label={words.model.curve}
      xLabel={words.model.renewal}
      yLabel={words.model.observed}
      most={1}
      points={curve.map(({ renewal, retention, low, high, atRisk }) => ({
        x: x(renewal),
        name: formats.plain(renewal),
        value: retention,
        low,
        high,
        n: atRisk,
      }))}
      ticks={curve
        .filter((_, index) => index % every === 0)
        .map(({ renewal }) => ({ x: x(renewal), name: formats.plain(renewal) }))}
      lines={[
        { name: words.model.modelConstant, dashed: true, values: line('constant') },
        { name: words.model.modelSbg, values: line('sbg') },
      ].filter(({ values }) => values.length > 1)}
      percent={props.percent}
      count={formats.plain}
    />
  )
}

type Decile = NonNullable<ValueModel['churn']['calibration']>['deciles'][number]

/** What was foretold, against what was seen. */
export function Calibration(props: { deciles: Decile[]; percent: (share: number) => string }) {
  const words = useWords()
  const formats = useFormats()
  const { deciles, percent } = props
  const reach = Math.max(0.1, ...deciles.flatMap(({ predicted, high }) => [predicted, high]))
  const most = Math.min(1, Math.ceil(reach * 10) / 10)
  return (
    <Shares
      label={words.model.calibration}
      xLabel={words.model.predicted}
      yLabel={words.model.seen}
      most={most}
      points={deciles.map(({ predicted, observed, low, high, n }) => ({
        x: Math.min(1, predicted / most),
        name: percent(predicted),
        value: observed,
        low,
        high,
        n,
      }))}
      ticks={[0, 0.5, 1].map((part) => ({ x: part, name: percent(part * most) }))}
      lines={[
        {
          name: words.model.perfect,
          dashed: true,
          values: [
            { x: 0, value: 0 },
            { x: 1, value: most },
          ],
        },
      ]}
      percent={percent}
      count={(n) => formats.plain(n)}
    />
  )
}
