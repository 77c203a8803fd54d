// For: trusting the data. In: sources, records kept aside, uncertain mails. Out: what is fresh, and what to mend.
import { useQuery } from '@tanstack/react-query'
import { keptAsideQuery, programQuery, sourcesQuery } from '../api/queries.ts'
import { Card } from '../parts/Card.tsx'
import { TableScroll } from '../parts/TableScroll.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { NoAnswers, NoProgram, programMissing } from './empty.tsx'
import { KeptAsideItem } from './KeptAsideItem.tsx'

const day = 86_400_000

export default function Data() {
  const words = useWords()
  const formats = useFormats()
  const sources = useQuery(sourcesQuery)
  const kept = useQuery(keptAsideQuery)
  const program = useQuery(programQuery)
  const rows = sources.data?.sources ?? []
  const uncertain = sources.data?.uncertain ?? []
  return (
    <Page title={words.data.title}>
      <Card title={words.data.sources}>
        {sources.isError && <Wrong error={sources.error} again={() => void sources.refetch()} />}
        {sources.isPending && <Waiting lines={4} />}
        {sources.isSuccess &&
          rows.length === 0 &&
          (program.data ? (
            <NoAnswers program={program.data} />
          ) : programMissing(program.error) ? (
            <NoProgram />
          ) : (
            <p className="quiet">{words.data.noSources}</p>
          ))}
        {rows.length > 0 && (
          <TableScroll label={words.data.sources}>
            <table className="plain-table sources">
              <thead>
                <tr>
                  <th scope="col">{words.data.source}</th>
                  {rows.some((row) => row.type) && (
                    <th scope="col" className="wide-only">
                      {words.data.type}
                    </th>
                  )}
                  <th scope="col" className="number">
                    {words.data.events}
                  </th>
                  <th scope="col">{words.data.last}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => {
                  const fresh = row.lastAt !== null && Date.now() - new Date(row.lastAt).getTime() < day
                  return (
                    <tr key={`${row.source} ${row.type ?? ''}`}>
                      <th scope="row">
                        <code>{row.source}</code>
                        {row.type && <small className="narrow-only">{row.type}</small>}
                      </th>
                      {rows.some((each) => each.type) && <td className="wide-only">{row.type}</td>}
                      <td className="number">{formats.plain(row.events)}</td>
                      <td>
                        {row.lastAt ? formats.ago(row.lastAt) : '–'}{' '}
                        <span className={fresh ? 'tag good' : 'tag'}>
                          {fresh ? words.data.fresh : words.data.quiet}
                        </span>
                      </td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </TableScroll>
        )}
      </Card>
      <Card title={words.data.keptAside} aside={kept.data?.length ? formats.plain(kept.data.length) : ''}>
        <p className="quiet">{words.data.keptAsideLead}</p>
        {kept.isError && <Wrong error={kept.error} again={() => void kept.refetch()} />}
        {kept.isPending && <Waiting lines={3} />}
        {kept.isSuccess && kept.data.length === 0 && <p className="silent">{words.data.noKept}</p>}
        {kept.data?.map((item) => (
          <KeptAsideItem key={item.recordId} item={item} />
        ))}
      </Card>
      {uncertain.length > 0 && (
        <Card title={words.data.uncertain} aside={formats.plain(uncertain.length)}>
          <p className="quiet">{words.data.uncertainLead}</p>
          <TableScroll label={words.data.uncertain}>
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">{words.data.recipient}</th>
                  <th scope="col">{words.data.type}</th>
                  <th scope="col">{words.data.queued}</th>
                  <th scope="col">{words.data.why}</th>
                </tr>
              </thead>
              <tbody>
                {uncertain.map((mail) => (
                  <tr key={mail.messageId}>
                    <th scope="row">{mail.recipient}</th>
                    <td>{mail.kind}</td>
                    <td>{formats.moment(mail.queuedAt)}</td>
                    <td>{mail.error ?? ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        </Card>
      )}
    </Page>
  )
}
