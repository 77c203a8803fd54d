const width = 96
const height = 26
const edge = 4

/** A few values in their order on their own scale, small enough to stand in a line of text. */
export function Spark(props: { values: number[]; from: number; to: number; label: string }) {
  const { values, from, to } = props
  if (values.length < 2) return null
  const at = values.map((value, index): [number, number] => [
    edge + (index / (values.length - 1)) * (width - 2 * edge),
    height - edge - ((value - from) / (to - from)) * (height - 2 * edge),
  ])
  const [x, y] = at.at(-1) as [number, number]
  return (
    <svg className="spark" width={width} height={height} role="img" aria-label={props.label}>
      <title>{props.label}</title>
      <polyline points={at.map((point) => point.join(',')).join(' ')} />
      <circle cx={x} cy={y} r={3} />
    </svg>
  )
}
