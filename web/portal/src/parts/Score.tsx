import { Link } from '@tanstack/react-router'
import type { Ask, AskResult, AskRow, ResponseFilters } from '../api/wire.ts'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { intervalText } from './intervalText.ts'
import { OpenAsk } from './OpenAsk.tsx'
import { type MetricShape, real, scaleOf, share, thirds } from './scale.ts'

/** A number that never stands alone: n, interval, change, and whether the change is real. */
export function Score(props: {
  name: string
  result: AskResult
  ask: Ask
  target?: number | null
  /** Where the answers behind the number are. */
  behind?: ResponseFilters
}) {
  const words = useWords()
  const formats = useFormats()
  const { metric, total } = props.result
  const interval = intervalText(total, { words, formats }, metric.unit)
  const target =
    props.target === null || props.target === undefined
      ? null
      : words.number.target(formats.metric(props.target, metric.unit, metric.unit === 'mean' ? 1 : 0))
  return (
    <section className={`card score-card ${total.faint ? 'faint' : ''}`} aria-label={props.name}>
      <div className="card-head">
        <h2>{props.name}</h2>
        <span className="aside">
          {target && <span className="target">{target}</span>}
          <OpenAsk ask={props.ask} name={props.name} />
        </span>
      </div>
      {total.value === null ? (
        <p className="why">{withheldText(total, words)}</p>
      ) : (
        <>
          <div className="num">
            {formats.metric(total.value, metric.unit)}
            <small>
              {props.behind ? (
                <Link to="/responses" search={props.behind} title={words.explore.askedAgain}>
                  {words.number.n(formats.plain(total.n))}
                </Link>
              ) : (
                words.number.n(formats.plain(total.n))
              )}
            </small>
          </div>
          <IntervalBar
            value={total.value}
            interval={total.interval}
            metric={metric}
            target={props.target ?? null}
          />
          <p className="why">
            {interval && <span title={words.number.interval}>{interval}</span>}
            {interval && total.change && ' · '}
            <Change row={total} metric={metric} />
            {target && <span className="target-below"> · {target}</span>}
          </p>
          <Stack row={total} />
        </>
      )}
    </section>
  )
}

export function withheldText(row: AskRow, words: ReturnType<typeof useWords>): string {
  if (row.n === 0 || row.withheld === 'empty') return words.number.noAnswers
  const reason = row.withheld as keyof typeof words.reason | undefined
  return words.number.withheld(reason ? (words.reason[reason] ?? reason) : words.reason.tooFew)
}

export function Change(props: { row: AskRow; metric: MetricShape }) {
  const words = useWords()
  const formats = useFormats()
  const change = props.row.change
  if (!change || change.value === null) return null
  const text = formats.signed(change.value, props.metric.unit)
  if (/^.0([.,]0+)?$/.test(text)) return <span className="noise">{words.number.unchanged}</span>
  if (!real(change.p)) return <span className="noise">{words.number.noise(text)}</span>
  return (
    <span className={change.value < 0 ? 'bad' : 'real'}>
      {words.number.real(text, formats.p(change.p as number))}
    </span>
  )
}

export function IntervalBar(props: {
  value: number
  interval: [number, number] | null
  metric: MetricShape
  target?: number | null
}) {
  if (props.metric.unit === 'count') return null
  const [low, high] = props.interval ?? [props.value, props.value]
  const scale = scaleOf(props.metric, [props.value, high])
  const start = share(low, scale)
  return (
    <div className="interval" aria-hidden="true">
      <i style={{ left: `${start}%`, width: `${share(high, scale) - start}%` }} />
      {props.target !== null && props.target !== undefined && (
        <em style={{ left: `${share(props.target, scale)}%` }} />
      )}
      <b style={{ left: `${share(props.value, scale)}%` }} />
    </div>
  )
}

/** Detractors, passives and promoters as one bar. */
export function Stack(props: { row: AskRow }) {
  const words = useWords()
  const formats = useFormats()
  const parts = thirds(props.row)
  if (!parts || props.row.n === 0) return null
  const part = (count: number) => (count / props.row.n) * 100
  const percent = (count: number) => `${formats.plain(part(count))} %`
  const say =
    parts.of === 'nps'
      ? words.number.stack
      : parts.of === 'csat'
        ? words.number.stackCsat
        : words.number.stackCes
  const label = say(percent(parts.low), percent(parts.middle), percent(parts.high))
  return (
    <div className="stack" role="img" aria-label={label} title={label}>
      <i className="low" style={{ width: `${part(parts.low)}%` }} />
      <i className="middle" style={{ width: `${part(parts.middle)}%` }} />
      <i className="high" style={{ width: `${part(parts.high)}%` }} />
    </div>
  )
}

/** A single score as it was given; low ones in rust. */
export function Given(props: { score: { kind: string; value: number } | null | undefined }) {
  if (!props.score) return <span className="given none" aria-hidden="true" />
  return <span className={`given ${bandOf(props.score)}`}>{props.score.value}</span>
}

export function bandOf(score: { kind: string; value: number }): 'low' | 'middle' | 'high' {
  const { kind, value } = score
  const [low, high] = kind === 'nps' ? [6, 9] : kind === 'ces' ? [3, 5] : [2, 4]
  return value <= low ? 'low' : value >= high ? 'high' : 'middle'
}
