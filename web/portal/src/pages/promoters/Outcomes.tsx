import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PromoterOutcome } from '../../api/loopWire.ts'
import { casePolicyQuery } from '../../api/queries.ts'
import { Card } from '../../parts/Card.tsx'
import { TableScroll } from '../../parts/TableScroll.tsx'
import { readable, useFormats } from '../../words/format.ts'
import { useSpeech, useWords } from '../../words/words.ts'

/** The workspace's currency, for what things were worth. */
export const useCurrency = () => {
  const { language } = useSpeech()
  return useQuery(casePolicyQuery(language)).data?.currency
}

/** What came of each rule: done, not done and why, and what it brought. */
export function Outcomes(props: { outcomes: PromoterOutcome[] }) {
  const words = useWords()
  const formats = useFormats()
  const currency = useCurrency()
  const said = words.promoters
  const none = (column: string) => (
    <td className="quiet" data-name={column}>
      –
    </td>
  )
  const share = (column: string, found: PromoterOutcome['followed']) =>
    found.value === null ? (
      none(column)
    ) : (
      <td className="group-cell" data-name={column}>
        {formats.metric(found.value, 'percent')}
        <small>
          {found.interval && (
            <span className="roomy-only">{formats.range(found.interval, 'percent')} · </span>
          )}
          {words.number.n(formats.plain(found.n))}
        </small>
      </td>
    )
  const withheld = (found: PromoterOutcome) => Object.entries(found.withheld)
  const linked = (kind: PromoterOutcome['kind']) => kind === 'referral' || kind === 'review'
  return (
    <Card title={said.outcomes}>
      <TableScroll label={said.outcomes}>
        <table className="ask-table group-table stacked">
          <thead>
            <tr>
              <th scope="col">{said.what}</th>
              <th scope="col">{said.acted}</th>
              <th scope="col">{said.withheld}</th>
              <th scope="col">{said.followed}</th>
              <th scope="col">{said.leads}</th>
              <th scope="col">{said.leadsWon}</th>
              <th scope="col">{said.succeeded}</th>
              <th scope="col">{said.value}</th>
            </tr>
          </thead>
          <tbody>
            {props.outcomes.map((each) => (
              <tr key={`${each.rule} ${each.kind}`}>
                <th scope="row">
                  {said.kinds[each.kind]}
                  <small className="of-what">{readable(each.rule)}</small>
                </th>
                <td data-name={said.acted}>
                  <Behind kind={each.kind}>{formats.plain(each.acted)}</Behind>
                </td>
                <td className="group-cell" data-name={said.withheld}>
                  <Behind kind={each.kind} state="withheld">
                    {formats.plain(withheld(each).reduce((sum, [, count]) => sum + count, 0))}
                  </Behind>
                  {withheld(each).length > 0 && (
                    <small>
                      {withheld(each)
                        .map(([reason, count]) => `${said.reasons[reason] ?? readable(reason)} ${count}`)
                        .join(', ')}
                    </small>
                  )}
                </td>
                {linked(each.kind) ? share(said.followed, each.followed) : none(said.followed)}
                <td data-name={said.leads}>
                  {each.kind === 'referral' ? formats.plain(each.leads) : <span className="quiet">–</span>}
                </td>
                {each.kind === 'referral' ? share(said.leadsWon, each.leadsWon) : none(said.leadsWon)}
                {each.kind === 'reference' || each.kind === 'upsell'
                  ? share(said.succeeded, each.succeeded)
                  : none(said.succeeded)}
                <td data-name={said.value}>
                  {each.value > 0 ? formats.money(each.value, currency) : <span className="quiet">–</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      <p className="foot">{said.how}</p>
    </Card>
  )
}

/** A number that opens the acts it counts, in the list below. */
function Behind(props: { kind: PromoterOutcome['kind']; state?: string; children: ReactNode }) {
  return (
    <Link
      to="/promoters"
      search={{ kind: props.kind, ...(props.state ? { state: props.state } : {}) }}
      hash="acts"
      className="behind"
    >
      {props.children}
    </Link>
  )
}
