// For: asking the data anything. In: an Ask in the address. Out: its table, chart, CSV, link and command line.
import { Button, CopyButton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { askText } from '../../../../src/insight/askText.ts'
import { postFor, withQuery } from '../api/client.ts'
import { askQuery, meQuery, programQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import type { Ask, AskResult, Program } from '../api/wire.ts'
import { casesLooked } from '../ask/casesBehind.ts'
import { caseMetrics, fieldName, levelField, metricName, tellingField, valueNames } from '../ask/fields.ts'
import { commandLine, tidy } from '../ask/write.ts'
import { AskTable } from '../parts/AskTable.tsx'
import { Card } from '../parts/Card.tsx'
import { Copyable } from '../parts/Copyable.tsx'
import { intervalText } from '../parts/intervalText.ts'
import { Change, IntervalBar, Stack, withheldText } from '../parts/Score.tsx'
import { SplitChart } from '../parts/SplitChart.tsx'
import { Trend } from '../parts/Trend.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { useFormats } from '../words/format.ts'
import type { Words } from '../words/shape.ts'
import { useSpeech, useWords } from '../words/words.ts'
import { AskForm } from './AskForm.tsx'
import { NoProgram, programMissing } from './empty.tsx'

export default function Explore() {
  const words = useWords()
  const program = useQuery(programQuery)
  return (
    <Page title={words.explore.title} lead={words.explore.lead}>
      {program.isPending && <Waiting lines={6} />}
      {program.isError &&
        (programMissing(program.error) ? (
          <NoProgram />
        ) : (
          <Wrong error={program.error} again={() => void program.refetch()} />
        ))}
      {program.data && <Asking program={program.data} />}
    </Page>
  )
}

function Asking(props: { program: Program }) {
  const search = useSearch({ from: '/shell/explore' })
  const go = useNavigate({ from: '/explore' })
  const ask: Ask = search.ask ?? { metric: props.program.metrics[0]?.id ?? 'responses' }
  const { language } = useSpeech()
  const result = useQuery(askQuery(ask, language))
  const change = (next: Ask) => void go({ search: { ask: tidy(next) }, resetScroll: false })
  return (
    <>
      <AskForm program={props.program} ask={ask} onChange={change} fault={result.error} />
      {result.isError ? (
        <Wrong error={result.error} again={() => void result.refetch()} />
      ) : result.data ? (
        <Answer program={props.program} ask={ask} result={result.data} waiting={result.isPlaceholderData} />
      ) : (
        <Waiting lines={8} />
      )}
    </>
  )
}

function Answer(props: { program: Program; ask: Ask; result: AskResult; waiting: boolean }) {
  const me = useQuery(meQuery)
  const { words, language } = useSpeech()
  const formats = useFormats()
  const { program, ask, result } = props
  const mayRead = useMay('responses:read')
  const mayReadCases = useMay('cases:read')
  const known = program.metrics.find((each) => each.id === result.metric.id)
  // As the list of metrics names it.
  const counted = words.explore.builtIn[result.metric.id as keyof typeof words.explore.builtIn]
  const name =
    counted ?? (known ? metricName(known, formats) : formats.text(result.metric.label, result.metric.id))
  const heads = (result.ask.by ?? []).map((field) => fieldName(field, program, words, formats))
  const nameOf = valueNames(result, words)
  const title = [name, ...heads, ask.over ? words.grain[ask.over] : ''].filter(Boolean).join(' · ')
  const digits =
    result.metric.unit === 'percent'
      ? 3
      : result.metric.unit === 'points'
        ? 2
        : result.metric.unit === 'mean'
          ? 4
          : 0
  const download = useMutation({
    mutationFn: async () => {
      const csv = await postFor(withQuery('/v1/ask', { language }), ask, 'text/csv')
      const link = document.createElement('a')
      link.href = URL.createObjectURL(csv)
      link.download = `${askText(ask)
        .replace(/[^A-Za-z0-9]+/g, '-')
        .slice(0, 80)}.csv`
      link.click()
      URL.revokeObjectURL(link.href)
    },
  })
  const { total, metric } = result
  // One number and nothing to hold it against: no picture, but ways to go on.
  const single = !ask.by?.length && !ask.over
  return (
    <div className={props.waiting ? 'answer old' : 'answer'} aria-busy={props.waiting}>
      <div className="row one-two">
        <Card
          title={
            <>
              {name} <span className="hidden">{words.explore.total}</span>
            </>
          }
          aside={
            caseMetrics.has(ask.metric) && !ask.where && mayReadCases ? (
              <Link
                to="/cases"
                search={{
                  ...casesLooked({ span: ask, unit: undefined }),
                  ...(ask.metric === 'missed' ? { missed: true } : {}),
                }}
              >
                {words.loop.openCases}
              </Link>
            ) : mayRead ? (
              <Link to="/responses" search={{ from: ask.from, to: ask.to, comment: true }}>
                {words.explore.askedAgain}
              </Link>
            ) : (
              words.explore.total
            )
          }
          className={total.faint ? 'total faint' : 'total'}
        >
          {total.value === null ? (
            <p className="why">{withheldText(total, words)}</p>
          ) : (
            <>
              <div className="num">
                {formats.metric(total.value, metric.unit)}
                {metric.unit !== 'count' && <small>{words.number.n(formats.plain(total.n))}</small>}
              </div>
              <IntervalBar value={total.value} interval={total.interval} metric={metric} />
              <p className="why">
                {intervalText(total, { words, formats }, metric.unit, 1)}
                {total.change && ' · '}
                <Change row={total} metric={metric} />
              </p>
              <Stack row={total} />
              {metric.unit !== 'count' && (
                <dl className="facts exact">
                  <div>
                    <dt>{words.explore.exactly}</dt>
                    <dd data-exact>{formats.metric(total.value, metric.unit, digits)}</dd>
                  </div>
                  {total.mean !== null && total.mean !== undefined && (
                    <div>
                      <dt>{words.explore.mean}</dt>
                      <dd>{formats.plain(total.mean, 4)}</dd>
                    </div>
                  )}
                </dl>
              )}
            </>
          )}
        </Card>
        <Card title={title} className="picture">
          {total.n === 0 && result.rows.length === 0 ? (
            <p className="quiet">{words.explore.noRows}</p>
          ) : single ? (
            <Suggestions program={program} ask={ask} />
          ) : ask.over && !ask.by?.length ? (
            <Trend result={result} label={title} height={250} />
          ) : (
            <SplitChart result={result} label={title} name={nameOf} />
          )}
        </Card>
      </div>
      {result.rows.length > 0 && !single && (
        <Card
          title={words.common.table}
          aside={
            <Button
              variant="default"
              size="compact-sm"
              loading={download.isPending}
              onClick={() => download.mutate()}
            >
              {words.explore.download}
            </Button>
          }
        >
          <AskTable result={result} heads={heads} name={nameOf} digits={digits} caption={title} wide />
        </Card>
      )}
      <Card title={words.explore.asked} className="asked">
        <div className="asked-grid">
          <div>
            <h3>{words.explore.cli}</h3>
            <Copyable text={commandLine(ask, me.data?.workspace?.slug)} />
          </div>
          <div>
            <h3>{words.explore.json}</h3>
            <Copyable text={JSON.stringify(ask)} />
          </div>
        </div>
        <h3>{words.explore.method.title}</h3>
        <p className="method">{methodOf(result, words)}</p>
        <p className="provenance">
          <span>
            {words.explore.version} <code>{result.version}</code>
          </span>
          <span>
            {words.explore.watermark}{' '}
            <time dateTime={result.watermark}>{watermarkText(result.watermark, formats)}</time>
          </span>
          <CopyButton value={location.href}>
            {({ copied, copy }) => (
              <button type="button" className="text-button" onClick={copy}>
                {copied ? words.common.copied : words.explore.copyLink}
              </button>
            )}
          </CopyButton>
        </p>
      </Card>
    </div>
  )
}

/** How interval and p come about, as src/insight/score.ts and result.ts reckon them. */
function methodOf({ ask, metric, total, rows }: AskResult, { explore: { method } }: Words): string {
  const test = method.test[metric.kind]
  const others = ask.over ? method.othersOfPeriod : method.others
  return [
    method.interval[metric.kind],
    test && rows.some(({ p }) => typeof p === 'number') ? others(test) : '',
    test && [total, ...rows].some(({ change }) => typeof change?.p === 'number') ? method.change(test) : '',
  ]
    .filter(Boolean)
    .join(' ')
}

/** Ways on from a single number: splits that this program can answer. */
function Suggestions(props: { program: Program; ask: Ask }) {
  const words = useWords()
  const formats = useFormats()
  const { program, ask } = props
  const fields = (
    caseMetrics.has(ask.metric)
      ? ['case.owner', levelField(program), 'theme', 'case.channel']
      : [tellingField(program), levelField(program), 'wayIn']
  ).filter((each) => each !== undefined)
  return (
    <>
      <p className="quiet">{words.explore.goOn}</p>
      <p className="chips">
        {[...new Set(fields)].map((field) => (
          <Link key={field} to="/explore" search={{ ask: { ...ask, by: [field] } }}>
            {words.common.by(fieldName(field, program, words, formats))}
          </Link>
        ))}
        <Link to="/explore" search={{ ask: { ...ask, over: 'month' } }}>
          {words.common.by(words.grain.month)}
        </Link>
      </p>
    </>
  )
}

const watermarkText = (watermark: string, formats: ReturnType<typeof useFormats>) =>
  /^\d{4}-/.test(watermark) ? formats.exact(watermark) : watermark
