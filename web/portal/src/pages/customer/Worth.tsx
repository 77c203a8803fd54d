import type { ReactNode } from 'react'
import type { CustomerValue } from '../../api/valueWire.ts'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { useSegmentName } from '../useSegmentName.ts'

/** What a customer is worth, in words and money, and by which model. */
export function Worth(props: { value: CustomerValue | null; person?: boolean }) {
  const words = useWords()
  const formats = useFormats()
  const segmentName = useSegmentName()
  const { value } = props
  if (!value)
    return (
      <section className="known">
        <h3>{words.worth.title}</h3>
        <p className="quiet">{words.worth.none}</p>
      </section>
    )
  const money = (amount: number) => formats.money(amount, value.currency)
  const percent = (share: number) => `${formats.upTo(share * 100, share < 0.1 ? 1 : 0)} %`
  const fifth = (of: number) => words.worth.fifths[of] ?? String(of)
  const { rlv, rfm } = value
  const between =
    rlv?.low !== undefined && rlv.high !== undefined
      ? words.worth.between(money(rlv.low), money(rlv.high))
      : ''
  return (
    <section className="known">
      <h3>
        {words.worth.title}
        <span className="badges">
          <i className={value.high ? 'strong' : 'plain'}>
            {words.worth.segment} {segmentName(value.segment)}
            {value.high && `, ${words.worth.high.toLowerCase()}`}
          </i>
        </span>
      </h3>
      {value.leftAt && <p className="bad">{words.worth.left(formats.day(value.leftAt))}</p>}
      <div className="worth">
        <Figure
          name={words.worth.rlv}
          value={rlv ? money(rlv.value) : '–'}
          help={[
            between,
            words.worth.models[value.model] ?? value.model,
            value.model === 'sbg' && value.rlvConstant !== null
              ? words.worth.other(money(value.rlvConstant))
              : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        />
        <Figure
          name={words.worth.churn}
          value={value.churn === null ? '–' : percent(value.churn)}
          help={value.churn === null ? words.worth.noChurn : words.worth.churnHelp}
        />
        <Figure
          name={words.worth.atRisk}
          value={value.atRisk === null ? '–' : money(value.atRisk)}
          help={words.worth.atRiskHelp}
        />
      </div>
      <dl className="facts spread">
        <Fact name={words.worth.revenue}>
          {money(value.revenue)}
          {value.refunds > 0 && <small> {words.worth.refunds(money(value.refunds))}</small>}
        </Fact>
        <Fact name={words.worth.margin}>
          {money(value.margin)}
          <small> {words.worth.how(money(value.marginAPeriod), formats.plain(value.periods))}</small>
        </Fact>
        {value.potential !== null && <Fact name={words.worth.potential}>{money(value.potential)}</Fact>}
        <Fact name={`${words.worth.rfm} (RFM ${rfm.recency}${rfm.frequency}${rfm.monetary})`}>
          <ul>
            <li>{words.worth.recency(formats.plain(value.recency), fifth(rfm.recency))}</li>
            <li>{words.worth.frequency(formats.plain(value.frequency), fifth(rfm.frequency))}</li>
            <li>{words.worth.monetary(money(value.monetary), fifth(rfm.monetary))}</li>
          </ul>
        </Fact>
      </dl>
      <p className="foot">
        {words.worth.asOf(formats.day(value.asOf))}
        {props.person && value.kind === 'account' && ` · ${words.worth.ofAccount}`}
      </p>
    </section>
  )
}

function Figure(props: { name: string; value: string; help: string }) {
  return (
    <div>
      <span className="quiet">{props.name}</span>
      <b>{props.value}</b>
      <small>{props.help}</small>
    </div>
  )
}

const Fact = (props: { name: string; children: ReactNode }) => (
  <div>
    <dt>{props.name}</dt>
    <dd>{props.children}</dd>
  </div>
)
