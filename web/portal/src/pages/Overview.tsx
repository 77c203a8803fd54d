// For: how it stands, at a glance. In: the program and Asks over a period and unit. Out: the page at /.
import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { askQuery, programQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import type { Program } from '../api/wire.ts'
import { fieldName, metricName, tellingField } from '../ask/fields.ts'
import { grainOf } from '../ask/period.ts'
import { unitCondition } from '../ask/unit.ts'
import { useSpan } from '../ask/useSpan.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { useFormats } from '../words/format.ts'
import { useSpeech, useWords } from '../words/words.ts'
import { NoAnswers, NoProgram, programMissing } from './empty.tsx'
import {
  AnsweredCard,
  CasesCard,
  CommentsCard,
  compared,
  FieldCard,
  Lead,
  ScoreTile,
  TrendCard,
} from './overviewCards.tsx'
import { LookPickers } from './pickers.tsx'

export default function Overview() {
  const words = useWords()
  const program = useQuery(programQuery)
  if (program.isPending) {
    return (
      <Page title={words.overview.title}>
        <Waiting lines={6} />
      </Page>
    )
  }
  if (program.isError) {
    return (
      <Page title={words.overview.title}>
        {programMissing(program.error) ? (
          <NoProgram />
        ) : (
          <Wrong error={program.error} again={() => void program.refetch()} />
        )}
      </Page>
    )
  }
  return <Standing program={program.data} />
}

function Standing(props: { program: Program }) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const search = useSearch({ from: '/shell/' })
  const go = useNavigate({ from: '/' })
  const { program } = props
  const look = useSpan(search, program.timeZone)
  const mayCases = useMay('cases:read')
  const mayResponses = useMay('responses:read')
  const change = (part: Partial<typeof search>) =>
    void go({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })
  const tools = <LookPickers program={program} unit={search.unit} look={look} onChange={change} />
  const where = search.unit ? unitCondition(search.unit, program) : undefined
  const behind = { ...look.span, ...(search.unit ? { unit: search.unit } : {}) }
  const base = { ...look.span, ...(where ? { where } : {}) }
  const by = search.by ?? tellingField(program)
  // Metrics that nobody has answered yet stand together in a line; the first with answers leads the page.
  const totals = useQueries({
    queries: program.metrics.map((each) => ({
      ...askQuery(compared(each.id, base), language),
      enabled: look.ready && !look.empty,
    })),
  })
  const silent = program.metrics.filter((_, at) => totals[at]?.data?.total.n === 0)
  const telling = program.metrics.filter((each) => !silent.includes(each))
  const metric = program.metrics.find((each) => each.id === search.metric) ?? telling[0] ?? program.metrics[0]
  const grain = grainOf(look.span)
  if (look.empty) {
    return (
      <Page title={words.overview.title}>
        <NoAnswers program={program} />
      </Page>
    )
  }
  return (
    <Page title={words.overview.title} tools={tools}>
      {!look.ready || !metric ? (
        <Waiting lines={6} />
      ) : (
        <>
          <Lead program={program} metric={metric} base={base} by={by} />
          <div className="row scores">
            {(telling.length > 0 ? telling : program.metrics).map((each) => (
              <ScoreTile key={each.id} metric={each} base={base} {...(mayResponses ? { behind } : {})} />
            ))}
            <AnsweredCard base={base} />
          </div>
          {telling.length > 0 && silent.length > 0 && (
            <p className="silent">
              {words.number.noAnswers}: {silent.map((each) => metricName(each, formats)).join(', ')}
            </p>
          )}
          <div className="row three-two">
            <TrendCard
              program={program}
              metric={metric}
              base={base}
              grain={grain}
              onMetric={(id) => change({ metric: id })}
            />
            <FieldCard
              program={program}
              metric={metric}
              base={base}
              by={by}
              name={by ? fieldName(by, program, words, formats) : ''}
              onBy={(field) => change({ by: field })}
            />
          </div>
          <div className="row three-two">
            {mayCases && <CasesCard />}
            {mayResponses && <CommentsCard span={look.span} unit={search.unit} program={program} />}
          </div>
        </>
      )}
    </Page>
  )
}
