// For: the parts of a case's page. In: the case as the server tells it. Out: advice, themes, priority, mails, and so on.
import { Link } from '@tanstack/react-router'
import type { CaseDetail, CasePolicy } from '../../api/wire.ts'
import { Copyable } from '../../parts/Copyable.tsx'
import { usePersonName } from '../../parts/usePersonName.ts'
import { readable, useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { useRuleName } from '../useRuleName.ts'
import { chosenIn, historyOf, toldEvent, whoName } from './toldEvent.ts'

const nameIn = (list: readonly { id: string; name: string }[] | undefined, id: string | null) =>
  id === null ? '' : (list?.find((each) => each.id === id)?.name ?? readable(id))

/** How to reach the customer, and what one could say. */
export function Advice(props: { item: CaseDetail }) {
  const words = useWords()
  const { advice, state } = props.item
  if (state === 'closed') return null
  const phone = advice.channel === 'phone' || advice.phone !== null
  return (
    <section className="advice" aria-label={words.desk.advice}>
      <p>
        <span className="quiet">{words.desk.advice}: </span>
        <b>{words.desk.channels[advice.channel] ?? advice.channel}</b>
        {advice.because && <span> · {advice.because}</span>}
      </p>
      <p className="links">
        {phone &&
          (advice.phone ? (
            <a href={`tel:${advice.phone.replace(/[^\d+]/g, '')}`}>
              {words.desk.call} {advice.phone}
            </a>
          ) : (
            <span className="quiet">{words.desk.noPhone}</span>
          ))}
        {advice.to ? <span>{advice.to}</span> : <span className="quiet">{words.desk.noAddress}</span>}
      </p>
      {advice.body && (
        <details>
          <summary>{words.desk.adviceText}</summary>
          <Copyable text={advice.body} />
        </details>
      )}
    </section>
  )
}

/** What the comment and answers are about, and what said so. */
export function Themes(props: {
  found: CaseDetail['responses'][number]['themes']
  policy: CasePolicy | undefined
}) {
  const words = useWords()
  if (props.found.length === 0) return null
  return (
    <p className="badges themes">
      <span className="quiet">{words.desk.themes}</span>
      {props.found.map(({ theme, found }) => (
        <i
          key={theme}
          className="plain"
          title={found.length > 0 ? words.desk.foundWords(found.join(', ')) : undefined}
        >
          {nameIn(props.policy?.themes, theme)}
          {found.length > 0 && <span className="quiet"> {found.join(', ')}</span>}
        </i>
      ))}
    </p>
  )
}

const terms = ['pChurn', 'rlv', 'pSave', 'cost'] as const

/** Risk of leaving times value still to come times chance of saving, less cost: each with where it comes from. */
export function Priority(props: { item: CaseDetail; policy: CasePolicy | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const found = props.item.priorityTerms
  if (!found) return null
  const currency = found.currency ?? props.policy?.currency ?? null
  const sourceOf = (term: { source?: string; said?: string }) => {
    const source = term.source ? (words.desk.sources[term.source] ?? term.source) : ''
    if (!term.said) return source
    return term.source === 'save.cases'
      ? `${source}; ${words.worth.weighed(term.said)}`
      : `${source} (${term.said})`
  }
  const show = (name: (typeof terms)[number], value: number | null | undefined) =>
    value === null || value === undefined
      ? '–'
      : name === 'rlv' || name === 'cost'
        ? formats.money(value, currency)
        : formats.metric(value * 100, 'percent')
  return (
    <section>
      <h3>{words.desk.priority}</h3>
      <table className="plain-table priority">
        <tbody>
          {terms.map((name, index) => {
            const term = found[name]
            if (!term) return null
            const between =
              term.low !== null && term.low !== undefined && term.high !== null && term.high !== undefined
                ? words.number.to(show(name, term.low), show(name, term.high))
                : ''
            return (
              <tr key={name}>
                <th scope="row">
                  <span aria-hidden="true">{['', '× ', '× ', '− '][index]}</span>
                  {words.desk.terms[name]}
                </th>
                <td className="number">{show(name, term.value)}</td>
                <td className="quiet">
                  {[
                    between,
                    sourceOf(term),
                    term.n && name !== 'cost' ? words.worth.basis[name](formats.plain(term.n)) : '',
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </td>
              </tr>
            )
          })}
          <tr className="sum">
            <th scope="row">
              <span aria-hidden="true">= </span>
              {words.desk.expected}
            </th>
            <td className="number">
              {found.expected === null || found.expected === undefined
                ? '–'
                : formats.money(found.expected, currency)}
            </td>
            <td />
          </tr>
        </tbody>
      </table>
    </section>
  )
}

export function Mails(props: { item: CaseDetail }) {
  const words = useWords()
  const formats = useFormats()
  const { mails } = props.item
  if (mails.length === 0) return null
  return (
    <section>
      <h3>{words.desk.mails}</h3>
      <ol className="mails">
        {mails.map((mail) => (
          <li key={mail.mailId} className={mail.direction}>
            <p className="moment-title">
              <b>{mail.direction === 'in' ? words.desk.incoming : words.desk.outgoing}</b>
              <span>{mail.subject}</span>
              <span className="quiet">
                {mail.direction === 'in' ? mail.sender : mail.recipient}
                {mail.automatic ? ` · ${words.desk.automatic}` : ''}
              </span>
              {mail.otherSender && <span className="tag warn">{words.desk.otherSender}</span>}
              <time dateTime={mail.at}>{formats.moment(mail.at)}</time>
            </p>
            <p className="mail-said">{mail.text}</p>
            {mail.attachments.length > 0 && (
              <p className="quiet">{mail.attachments.map(({ name }) => name).join(', ')}</p>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Closed cases like it, and what solved them. */
export function Similar(props: { item: CaseDetail; policy: CasePolicy | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { similar } = props.item
  return (
    <section>
      <h3>{words.desk.similar}</h3>
      {similar.length === 0 && <p className="quiet">{words.desk.noSimilar}</p>}
      <ul className="similar">
        {similar.map((each) => (
          <li key={each.caseId}>
            <Link to="/cases/$id" params={{ id: each.caseId }} search={(before) => before}>
              <b>
                {each.outcome ? (words.cases.outcomes[each.outcome] ?? each.outcome) : words.cases.closed}
              </b>
              {[
                nameIn(props.policy?.causes, each.cause),
                nameIn(props.policy?.actions, each.action),
                each.channel ? (words.desk.channels[each.channel] ?? each.channel) : '',
                each.solvedByCustomer === null
                  ? ''
                  : each.solvedByCustomer
                    ? words.desk.solvedYes
                    : words.desk.solvedNo,
              ]
                .filter(Boolean)
                .map((text) => ` · ${text}`)
                .join('')}
            </Link>
            <small>
              {[each.unit, each.closedAt && formats.ago(each.closedAt)].filter(Boolean).join(' · ')}
            </small>
            {each.learning ? (
              <p>{each.learning}</p>
            ) : (
              each.comment && <p className="quiet clamp">{each.comment}</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function People(props: { item: CaseDetail }) {
  const words = useWords()
  const personName = usePersonName()
  const { people } = props.item
  if (people.length === 0) return null
  return (
    <section>
      <h3>{words.desk.people}</h3>
      <p>
        {people
          .map(
            ({ person, name, part, because }) =>
              `${name ?? person} (${words.desk.parts[part] ?? part}${because ? `: ${whoName(because, words, personName)}` : ''})`,
          )
          .join(', ')}
      </p>
    </section>
  )
}

/** Every change: who, when, why. */
/** What the customer did: wrote, answered again. */
const byCustomer = new Set(['replied', 'joined'])

export function History(props: { item: CaseDetail; policy: CasePolicy | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { item, policy } = props
  const ruleName = useRuleName()
  const personName = usePersonName()
  if (item.events.length === 0) return null
  const telling = { words, formats, policy, ruleName, personName }
  // What the customer wrote is noted by the product, and is the customer's.
  const customer = item.contact?.name ?? words.desk.customer
  const actorOf = (event: CaseDetail['events'][number]) =>
    event.actor ?? (byCustomer.has(event.kind) ? customer : words.desk.product)
  return (
    <section>
      <h3>{words.desk.history}</h3>
      <ol className="history">
        {historyOf(item).map((event, at) => {
          const { head, more } = toldEvent(event, telling)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: mails that were not sent have no revision; the order tells them apart
            <li key={`${event.revision} ${at}`}>
              <span>
                <b>{head}</b> {chosenIn(event, telling)}
                <span className="quiet"> · {actorOf(event)}</span>
              </span>
              <time dateTime={event.at}>{formats.moment(event.at)}</time>
              {more.map((each) => (
                <p key={each}>{each}</p>
              ))}
            </li>
          )
        })}
      </ol>
    </section>
  )
}
