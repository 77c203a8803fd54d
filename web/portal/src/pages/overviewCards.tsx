// For: the parts of the overview, each asking for itself. In: what all its Asks share (period, unit). Out: cards.
import { Select } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { askQuery, casesQuery, programQuery, responsesQuery } from '../api/queries.ts'
import type { Ask, Grain, Program, ProgramMetric, ResponseFilters } from '../api/wire.ts'
import { fieldChoices, metricName, splitName, valueNames } from '../ask/fields.ts'
import { leadOf } from '../ask/lead.ts'
import type { Span } from '../ask/period.ts'
import { AskTable } from '../parts/AskTable.tsx'
import { Card } from '../parts/Card.tsx'
import { CommentItem } from '../parts/CommentItem.tsx'
import { OpenAsk } from '../parts/OpenAsk.tsx'
import { Given, Score } from '../parts/Score.tsx'
import { real } from '../parts/scale.ts'
import { Trend } from '../parts/Trend.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { readable, useFormats } from '../words/format.ts'
import { useSpeech, useWords } from '../words/words.ts'
import { cannotWait } from './cannotWait.ts'
import { Said } from './desk/Said.tsx'
import { TimeLeft } from './desk/TimeLeft.tsx'

/** What all numbers of the page share. */
export type Base = Pick<Ask, 'from' | 'to' | 'where'>

/** The metric with its change against the time as long before, where there is a before. */
export const compared = (metric: string, base: Base): Ask => ({
  metric,
  ...base,
  ...(base.from ? { compare: 'previous' as const } : {}),
})

/** What the numbers below say, in two sentences. */
export function Lead(props: { program: Program; metric: ProgramMetric; base: Base; by: string | undefined }) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const score = useQuery(askQuery(compared(props.metric.id, props.base), language))
  const split = useQuery({
    ...askQuery({ metric: props.metric.id, ...props.base, by: [props.by ?? 'survey'] }, language),
    enabled: props.by !== undefined,
  })
  const total = score.data?.total
  const unit = score.data?.metric.unit
  if (!total || !unit || total.value === null) return null
  const name = metricName(props.metric, formats)
  const value = formats.metric(total.value, unit)
  const change = total.change
  const size = change
    ? words.overview.points(formats.plain(Math.abs(change.value), unit === 'mean' ? 2 : 0))
    : ''
  const kind = leadOf(total)
  const first =
    kind === 'few'
      ? words.overview.few(name, value, formats.plain(total.n))
      : kind === 'only'
        ? words.overview.only(name, value)
        : kind === 'steady'
          ? words.overview.steady(name, value, words.period.before)
          : words.overview[kind](name, value, size, words.period.before)
  // Only rows that differ from the rest after correction are worth a sentence.
  const rows = (split.data?.rows ?? []).filter(
    (row) => row.value !== null && !row.faint && row.by[0] !== null,
  )
  const sorted = [...rows].sort((a, b) => (a.value as number) - (b.value as number))
  const low = sorted[0]
  const high = sorted.at(-1)
  const nameOf = valueNames(split.data, words)
  const telling = props.by && low && high && low !== high && (real(low.pAdjusted) || real(high.pAdjusted))
  return (
    <p className="lead">
      {first}{' '}
      {telling && props.by && (
        <Link to="/explore" search={{ ask: { metric: props.metric.id, ...props.base, by: [props.by] } }}>
          {words.overview.spread(
            splitName(props.by, props.program, words, formats),
            nameOf(props.by, low.by[0] ?? null),
            formats.metric(low.value, unit),
            nameOf(props.by, high.by[0] ?? null),
            formats.metric(high.value, unit),
          )}
        </Link>
      )}
    </p>
  )
}

export function ScoreTile(props: { metric: ProgramMetric; base: Base; behind?: ResponseFilters }) {
  const { language } = useSpeech()
  const formats = useFormats()
  const ask = compared(props.metric.id, props.base)
  const result = useQuery(askQuery(ask, language))
  const name = metricName(props.metric, formats)
  if (result.isError)
    return (
      <Card title={name}>
        <Wrong error={result.error} again={() => void result.refetch()} />
      </Card>
    )
  if (!result.data)
    return (
      <Card title={name}>
        <Waiting lines={3} height={18} />
      </Card>
    )
  return (
    <Score
      name={name}
      result={result.data}
      ask={ask}
      target={props.metric.target ?? null}
      {...(props.behind ? { behind: props.behind } : {})}
    />
  )
}

/** The share that answered of those sent to, and why the others were not asked. */
export function AnsweredCard(props: { base: Base }) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const ask = compared('answered', props.base)
  const why: Ask = { metric: 'withheld', ...props.base, by: ['decision.reason'] }
  const answered = useQuery(askQuery(ask, language))
  const withheld = useQuery(askQuery(why, language))
  if (answered.isError)
    return (
      <Card title={words.overview.answered}>
        <Wrong error={answered.error} />
      </Card>
    )
  if (!answered.data)
    return (
      <Card title={words.overview.answered}>
        <Waiting lines={3} height={18} />
      </Card>
    )
  const reasons = (withheld.data?.rows ?? []).filter((row) => (row.value ?? row.n) > 0)
  const sum = withheld.data?.total.value ?? withheld.data?.total.n ?? 0
  return (
    <div className="with-foot">
      <Score name={words.overview.answered} result={answered.data} ask={ask} />
      <div className="foot-of-card">
        {sum > 0 && withheld.data ? (
          <details>
            <summary>
              {words.overview.notAsked(formats.plain(sum))}:{' '}
              {reasons
                .slice(0, 2)
                .map((row) => reasonText(row.by[0] ?? null, words))
                .join(', ')}
            </summary>
            <table className="plain-table">
              <caption className="hidden">{words.overview.whyNotAsked}</caption>
              <tbody>
                {reasons.map((row) => (
                  <tr key={row.by[0]}>
                    <th scope="row">{reasonText(row.by[0] ?? null, words)}</th>
                    <td>{formats.plain(row.value ?? row.n)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <OpenAsk ask={why} name={words.overview.whyNotAsked} />
          </details>
        ) : (
          <span>{words.overview.nobodyWithheld}</span>
        )}
      </div>
    </div>
  )
}

const reasonText = (reason: string | null, words: ReturnType<typeof useWords>) =>
  reason === null ? words.common.unknown : (words.withheldReason[reason] ?? readable(reason).toLowerCase())

export function TrendCard(props: {
  program: Program
  metric: ProgramMetric
  base: Base
  grain: Grain
  onMetric: (id: string) => void
}) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const ask: Ask = { metric: props.metric.id, ...props.base, over: props.grain }
  const result = useQuery(askQuery(ask, language))
  const name = words.overview.trend(metricName(props.metric, formats), words.grain[props.grain])
  const title =
    props.program.metrics.length < 2 ? (
      name
    ) : (
      <span className="title-pick">
        <Select
          size="xs"
          aria-label={words.overview.metric}
          data={props.program.metrics.map((each) => ({ value: each.id, label: metricName(each, formats) }))}
          value={props.metric.id}
          allowDeselect={false}
          onChange={(id) => id && props.onMetric(id)}
        />
        <span>{words.common.by(words.grain[props.grain])}</span>
      </span>
    )
  return (
    <Card
      title={title}
      aside={
        <>
          {words.overview.band}
          <OpenAsk ask={ask} name={name} />
        </>
      }
    >
      {result.isError ? (
        <Wrong error={result.error} again={() => void result.refetch()} />
      ) : result.data ? (
        result.data.rows.some((row) => row.value !== null) ? (
          <Trend result={result.data} label={name} />
        ) : (
          <p className="quiet">{words.number.noAnswers}</p>
        )
      ) : (
        <Waiting lines={6} />
      )}
    </Card>
  )
}

/** The metric split by one field: the number beside the O-data that explains it. */
export function FieldCard(props: {
  program: Program
  metric: ProgramMetric
  base: Base
  by: string | undefined
  name: string
  onBy: (field: string) => void
}) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const by = props.by ?? 'survey'
  const ask: Ask = { metric: props.metric.id, ...props.base, by: [by], limit: 12 }
  const result = useQuery(askQuery(ask, language))
  const metric = metricName(props.metric, formats)
  return (
    <Card
      title={
        <span className="title-pick">
          <span>{words.overview.by(metric)}</span>
          <Select
            size="xs"
            searchable
            aria-label={words.overview.dependsOn}
            data={fieldChoices(props.program, props.metric.id, words, formats)}
            value={by}
            allowDeselect={false}
            onChange={(field) => field && props.onBy(field)}
          />
        </span>
      }
      aside={<OpenAsk ask={ask} name={`${words.overview.by(metric)} ${props.name}`} />}
    >
      {result.isError ? (
        <Wrong error={result.error} again={() => void result.refetch()} />
      ) : result.data ? (
        <AskTable
          result={result.data}
          heads={[props.name]}
          caption={`${words.overview.by(metric)} ${props.name}`}
          name={valueNames(result.data, words)}
        />
      ) : (
        <Waiting lines={6} />
      )}
    </Card>
  )
}

export function CasesCard() {
  const words = useWords()
  const program = useQuery(programQuery)
  const cases = useInfiniteQuery(casesQuery({ tab: 'open' }, 5))
  const items = cannotWait(cases.data?.pages[0]?.items ?? [])
  return (
    <Card title={words.overview.cases} aside={words.overview.byTime}>
      {cases.isError ? (
        <Wrong error={cases.error} />
      ) : !cases.data ? (
        <Waiting lines={5} />
      ) : items.length === 0 ? (
        <p className="quiet">{words.overview.noCases}</p>
      ) : (
        <>
          <div data-list>
            {items.map((item) => (
              <Link key={item.caseId} to="/cases/$id" params={{ id: item.caseId }} className="case">
                <Given score={item.score} />
                <span className="case-text">
                  <bdi>{item.contact?.name ?? words.common.noName}</bdi> · <Said item={item} longest={110} />
                </span>
                <TimeLeft item={item} />
                <small>
                  {item.news && <b>{words.desk.news} · </b>}
                  {[placeOf(item.unit, program.data), item.owner?.name ?? words.cases.noOwner]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </Link>
            ))}
          </div>
          <Link to="/cases" className="more-link">
            {words.overview.allCases}
          </Link>
        </>
      )}
    </Card>
  )
}

export function CommentsCard(props: { span: Span; unit: string | undefined; program: Program }) {
  const words = useWords()
  const filters = { comment: true, ...props.span, ...(props.unit ? { unit: props.unit } : {}) }
  const newest = useInfiniteQuery(responsesQuery(filters, 5))
  const items = newest.data?.pages[0]?.items ?? []
  return (
    <Card title={words.overview.comments} aside={words.overview.newest}>
      {newest.isError ? (
        <Wrong error={newest.error} />
      ) : !newest.data ? (
        <Waiting lines={5} />
      ) : items.length === 0 ? (
        <p className="quiet">{words.overview.noComments}</p>
      ) : (
        <>
          <div data-list>
            {items.map((item) => (
              <CommentItem key={item.responseId} item={item} place={placeOf(item.unit, props.program)} />
            ))}
          </div>
          <Link to="/responses" search={{ comment: true }} className="more-link">
            {words.overview.allComments}
          </Link>
        </>
      )}
    </Card>
  )
}

/** A unit's name; the key when the program does not list it. */
export const placeOf = (unit: string | null | undefined, program: Program | undefined) =>
  unit ? (program?.units?.find((each) => each.key === unit)?.name ?? unit) : ''
