// For: whether following up paid. In: what customers did after their case. Out: groups and differences, each with its
// label: who was reached was not drawn by lot, unless a trial drew them.
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { withQuery } from '../../api/client.ts'
import { payoffQuery } from '../../api/loopQueries.ts'
import type { Apart, LoopPayoff } from '../../api/loopWire.ts'
import type { Span } from '../../ask/period.ts'
import { Card } from '../../parts/Card.tsx'
import { Condition } from '../../parts/Condition.tsx'
import { Copyable } from '../../parts/Copyable.tsx'
import { TableScroll } from '../../parts/TableScroll.tsx'
import { Waiting } from '../../parts/Waiting.tsx'
import { Wrong } from '../../parts/Wrong.tsx'
import { readable, useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'

type Group = LoopPayoff['observed']['groups'][number]
type Compared = LoopPayoff['observed']['contactedAgainstMissed']
const windows = ['P30D', 'P90D', 'P180D', 'P1Y']
const measures = ['repurchased', 'retained', 'margin'] as const

export function Payoff(props: {
  span: Span
  window: string | undefined
  onWindow: (window: string | undefined) => void
}) {
  const words = useWords()
  const formats = useFormats()
  const found = useQuery(payoffQuery({ ...props.span, window: props.window }))
  const said = words.loop.payoff
  const data = found.data
  const shown = [...new Set([...(data ? [data.window] : []), ...windows])]
  const picker = (
    <Select
      size="xs"
      aria-label={said.window}
      allowDeselect={false}
      data={shown.map((each) => ({ value: each, label: said.within(formats.duration(each)) }))}
      value={data?.window ?? props.window ?? null}
      onChange={(next) => next && props.onWindow(next)}
    />
  )
  return (
    <>
      <div className="part-head">
        <h2>{said.title}</h2>
        {data && picker}
      </div>
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={5} />}
      {data && <p className="quiet">{said.counted(said.of[data.of], formats.duration(data.window))}</p>}
      {data?.trial && <Trial trial={data.trial} currency={data.currency} window={data.window} />}
      {data && (
        <Card title={said.observed} aside={<span className="tag warn">{said.biased}</span>}>
          <p className="quiet">{said.biasedHelp}</p>
          <Difference
            compared={data.observed.contactedAgainstMissed}
            currency={data.currency}
            which="observed"
          />
          {counted(data.observed.groups) && <Table groups={data.observed.groups} currency={data.currency} />}
        </Card>
      )}
      {data && <HowMade data={data} span={props.span} />}
    </>
  )
}

/** These numbers follow customers beyond their case, so that no Ask gives them again; here stands how they are made. */
function HowMade(props: { data: LoopPayoff; span: Span }) {
  const words = useWords()
  const formats = useFormats()
  const { data, span } = props
  const said = words.loop.payoff
  const after = formats.duration(data.window)
  return (
    <details className="how-made">
      <summary>{said.how}</summary>
      <ul className="short-list">
        <li>{said.howWho(said.of[data.of], after)}</li>
        <li>{said.howGroups}</li>
        <li>{said.howBought(after, data.pays.map(readable).join(', ') || said.everyTransaction)}</li>
        <li>{said.howInterval}</li>
        {data.trial && <li>{said.howTrial}</li>}
      </ul>
      <p className="quiet">{said.sameAgain}</p>
      <Copyable text={`GET ${withQuery('/v1/loop/payoff', { window: data.window, ...span })}`} />
    </details>
  )
}

const counted = (groups: Group[]) => groups.some(({ n }) => n > 0)

function Table(props: { groups: Group[]; currency: string | null }) {
  const words = useWords()
  const formats = useFormats()
  const said = words.loop.payoff
  const margins = props.groups.some(({ margin }) => margin !== null)
  const shown = measures.filter((each) => each !== 'margin' || margins)
  return (
    <TableScroll label={said.title}>
      <table className="ask-table group-table stacked">
        <thead>
          <tr>
            <th scope="col">{said.group}</th>
            <th scope="col">{said.customers}</th>
            {shown.map((each) => (
              <th key={each} scope="col">
                {said.measures[each]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.groups.map((group) => (
            <tr key={group.id}>
              <th scope="row">{said.groups[group.id] ?? group.id}</th>
              <td data-name={said.customers}>{formats.plain(group.n)}</td>
              {shown.map((each) => {
                const found = group[each]
                const write = (value: number) =>
                  each === 'margin' ? formats.money(value, props.currency) : formats.metric(value, 'percent')
                if (!found || found.value === null)
                  return (
                    <td key={each} className="quiet" data-name={said.measures[each]}>
                      –
                    </td>
                  )
                return (
                  <td key={each} className="group-cell" data-name={said.measures[each]}>
                    {write(found.value)}
                    {found.interval && (
                      <small>
                        {each === 'margin'
                          ? words.number.to(write(found.interval[0]), write(found.interval[1]))
                          : formats.range(found.interval, 'percent')}
                      </small>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}

/** The differences in sentences, each with its interval and what it allows to say. */
function Difference(props: { compared: Compared; currency: string | null; which: 'observed' | 'trial' }) {
  const words = useWords()
  const formats = useFormats()
  const said = words.loop.payoff
  const line = (measure: (typeof measures)[number], apart: Apart | null) => {
    if (!apart || apart.value === null) return null
    const bare = (value: number) => {
      const text =
        measure === 'margin' ? formats.money(Math.abs(value), props.currency) : formats.plain(Math.abs(value))
      return `${/^[^1-9]*$/.test(text) ? '' : value < 0 ? '−' : '+'}${text}`
    }
    const size = (value: number) => (measure === 'margin' ? bare(value) : said.points(bare(value)))
    const interval = apart.interval ? words.number.to(bare(apart.interval[0]), bare(apart.interval[1])) : ''
    return (
      <li key={measure}>
        <b>{said.measures[measure]}</b>: {size(apart.value)} <span className="quiet">({interval})</span>
        {' · '}
        <span className={apart.verdict === 'more' ? 'real' : apart.verdict === 'less' ? 'bad' : 'noise'}>
          {props.which === 'trial' ? said.trialVerdict[apart.verdict] : said.verdict[apart.verdict]}
        </span>
      </li>
    )
  }
  const lines = measures.map((each) => line(each, props.compared[each])).filter(Boolean)
  if (lines.length === 0) return <p>{said.tooEarly}</p>
  return (
    <>
      <p>{props.which === 'trial' ? said.nowAgainstLater : said.contactedAgainstMissed}</p>
      <ul className="short-list differences">{lines}</ul>
    </>
  )
}

function Trial(props: { trial: NonNullable<LoopPayoff['trial']>; currency: string | null; window: string }) {
  const words = useWords()
  const formats = useFormats()
  const said = words.loop.payoff
  const { trial } = props
  const { stop } = trial
  const taken = trial.taking.reduce((sum, { cases }) => sum + cases, 0)
  // The program's rules for stopping, whichever comes first.
  const ends = [
    stop.cases === null ? '' : said.endsCases(formats.plain(stop.cases), formats.plain(taken)),
    stop.at === null ? '' : said.endsAt(formats.day(stop.at)),
    stop.harmBorne === null ? '' : said.guardAt(formats.plain(stop.harmBorne)),
    stop.harmBorne === null || stop.harmAtLeast === null || stop.harmAtLeast <= 0
      ? ''
      : said.harmSoFar(formats.plain(stop.harmAtLeast, 1)),
  ].filter(Boolean)
  const arm = (id: 'now' | 'later') => trial.taking.find((each) => each.arm === id)
  return (
    <Card title={said.trial} aside={<span className="tag good">{said.randomised}</span>}>
      <p className="quiet">
        {said.trialHelp(formats.metric(trial.share * 100, 'percent'), formats.duration(trial.delay))}
      </p>
      <Difference compared={trial.effect} currency={props.currency} which="trial" />
      {counted(trial.arms) && <Table groups={trial.arms} currency={props.currency} />}
      <dl className="facts spread">
        {(['now', 'later'] as const).map((id) => (
          <div key={id}>
            <dt>{said.groups[id]}</dt>
            <dd>{said.taking(formats.plain(arm(id)?.cases ?? 0), formats.plain(arm(id)?.customers ?? 0))}</dd>
          </div>
        ))}
        <div>
          <dt>{said.status}</dt>
          <dd>{trial.stop.reason ? said.stopped[trial.stop.reason] : said.running}</dd>
        </div>
        {trial.priorityBelow !== null && (
          <div>
            <dt>{said.onlyBelow}</dt>
            <dd>{formats.money(trial.priorityBelow, props.currency)}</dd>
          </div>
        )}
        {trial.never !== null && (
          <div>
            <dt>{said.never}</dt>
            <dd>
              <Condition words={words.loop.someOnly} where={trial.never} />
            </dd>
          </div>
        )}
        {ends.length > 0 && (
          <div className="wide">
            <dt>{said.ends}</dt>
            <dd>
              <ul>
                {ends.map((end) => (
                  <li key={end}>{end}</li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
    </Card>
  )
}
