import type { LoopNumbers, LoopTarget } from '../../api/loopWire.ts'
import { Condition } from '../../parts/Condition.tsx'
import { OpenAsk } from '../../parts/OpenAsk.tsx'
import { IntervalBar, withheldText } from '../../parts/Score.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'

const share = { id: '', label: '', kind: 'share', unit: 'percent' } as const

/** What one has promised, each with where it stands and whether that can be told from chance. */
export function Targets(props: { numbers: LoopNumbers }) {
  const words = useWords()
  const { targets, whose } = props.numbers
  if (targets.length === 0) return <p className="silent">{words.loop.noTargets}</p>
  return (
    <div className="row scores">
      {targets.map((target) => (
        <Target
          key={`${target.share} ${target.label} ${target.where}`}
          target={target}
          of={whose.find(({ where }) => where === target.where)?.label}
        />
      ))}
    </div>
  )
}

/** @param of the group whose condition is the target's */
function Target(props: { target: LoopTarget; of: string | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { target } = props
  const row = target.told?.row
  const limits = [
    target.atLeast === undefined ? '' : words.loop.atLeast(formats.metric(target.atLeast, 'percent')),
    target.atMost === undefined ? '' : words.loop.atMost(formats.metric(target.atMost, 'percent')),
  ].filter(Boolean)
  return (
    <section className="card score-card target-card" aria-label={target.label}>
      <div className="card-head">
        <h2>{target.label}</h2>
        <span className="aside">{target.told && <OpenAsk ask={target.told.ask} name={target.label} />}</span>
      </div>
      {!row || row.value === null ? (
        <p className="why">{target.fault ?? (row ? withheldText(row, words) : '')}</p>
      ) : (
        <>
          <div className="num">
            {formats.metric(row.value, 'percent')}
            <small>{words.number.n(formats.plain(row.n))}</small>
          </div>
          <IntervalBar
            value={row.value}
            interval={row.interval}
            metric={share as never}
            target={target.atLeast ?? target.atMost ?? null}
          />
        </>
      )}
      <p className="why">
        {row?.interval && row.value !== null && `${formats.range(row.interval, 'percent')} · `}
        {limits.join(', ')}
      </p>
      {target.where !== undefined && (
        <Condition words={props.of ?? words.loop.someOnly} where={target.where} />
      )}
      <p className="verdict">
        <Verdict target={target} />
      </p>
    </section>
  )
}

/** Met, not met, or not to be told: in words, and never by colour alone. */
export function Verdict(props: { target: Pick<LoopTarget, 'standing' | 'certain'> }) {
  const words = useWords()
  const { standing, certain } = props.target
  if (standing === 'unknown') return <span className="tag">{words.loop.standing.unknown}</span>
  const kind = certain ? (standing === 'met' ? 'tag good' : 'tag bad') : 'tag'
  const text = certain
    ? words.loop.standing[standing]
    : words.loop.standing[standing === 'met' ? 'metUnsure' : 'notMetUnsure']
  return (
    <span className={kind} title={certain ? undefined : words.loop.unsureHelp}>
      {text}
    </span>
  )
}
