// For: what an improvement did to the number it names. In: its id. Out: before against after, others meanwhile, and what
// that allows to say; always told as before and after, which is no proof of cause.
import { useQuery } from '@tanstack/react-query'
import { effectQuery } from '../../api/loopQueries.ts'
import type { Effect as Found } from '../../api/loopWire.ts'
import { OpenAsk } from '../../parts/OpenAsk.tsx'
import { withheldText } from '../../parts/Score.tsx'
import { TableScroll } from '../../parts/TableScroll.tsx'
import { Waiting } from '../../parts/Waiting.tsx'
import { Wrong } from '../../parts/Wrong.tsx'
import { type MetricUnit, useFormats } from '../../words/format.ts'
import { useSpeech, useWords } from '../../words/words.ts'

export function Effect(props: { id: string; revision: number }) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const found = useQuery(effectQuery(props.id, language))
  const said = words.improve.effect
  const told = found.data?.told
  const unit = (told?.metric.unit ?? 'percent') as MetricUnit
  return (
    <section>
      <h3>
        {said.title} <span className="tag warn">{said.label}</span>
      </h3>
      {found.isPending && <Waiting lines={2} />}
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.data?.missing && <p className="quiet">{said.missing[found.data.missing]}</p>}
      {found.data && told && (
        <>
          <p className="effect-verdict">
            <b>{told.metric.label}</b>:{' '}
            <span className={kindOf(found.data)}>{said.verdict[found.data.verdict]}</span>
          </p>
          <TableScroll label={said.title}>
            <table className="ask-table group-table effect">
              <thead>
                <tr>
                  <th scope="col">{said.of}</th>
                  <th scope="col">{said.before}</th>
                  <th scope="col">{said.after}</th>
                  <th scope="col">{said.change}</th>
                  <th scope="col">
                    <span className="hidden">{words.nav.explore}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                <Line name={said.itself} told={told} unit={unit} />
                {found.data.others && <Line name={said.others} told={found.data.others} unit={unit} />}
              </tbody>
            </table>
          </TableScroll>
          {found.data.net && (
            <p>
              {said.net}: <b>{formats.signed(found.data.net.value, unit)}</b>
              {found.data.net.interval && (
                <span className="quiet">
                  {' '}
                  (
                  {words.number.to(
                    formats.signed(found.data.net.interval[0], unit),
                    formats.signed(found.data.net.interval[1], unit),
                  )}
                  )
                </span>
              )}
            </p>
          )}
          <p className="foot">
            {found.data.doneAt && found.data.until
              ? said.looked(
                  formats.day(found.data.doneAt),
                  formats.day(found.data.until),
                  found.data.complete ? said.complete : said.running,
                )
              : ''}{' '}
            {said.help}
          </p>
        </>
      )}
    </section>
  )
}

const kindOf = ({ verdict }: Found) => (verdict === 'better' ? 'real' : verdict === 'worse' ? 'bad' : 'noise')

function Line(props: {
  name: string
  told: Pick<NonNullable<Found['told']>, 'ask' | 'row'>
  unit: MetricUnit
}) {
  const words = useWords()
  const formats = useFormats()
  const { row, ask } = props.told
  const before = row.value !== null && row.change ? row.value - row.change.value : null
  return (
    <tr>
      <th scope="row">{props.name}</th>
      <td>{before === null ? '–' : formats.metric(before, props.unit)}</td>
      <td className="group-cell">
        {row.value === null ? withheldText(row, words) : formats.metric(row.value, props.unit)}
        <small>{words.number.n(formats.plain(row.n))}</small>
      </td>
      <td className="group-cell">
        {row.change ? formats.signed(row.change.value, props.unit) : '–'}
        {row.change?.interval && (
          <small>
            {words.number.to(
              formats.signed(row.change.interval[0], props.unit),
              formats.signed(row.change.interval[1], props.unit),
            )}
          </small>
        )}
      </td>
      <td>
        <OpenAsk ask={ask} name={props.name} />
      </td>
    </tr>
  )
}
