// For: closing the loop held to account. In: period, unit and group in the address. Out: each share against its target,
// for whom, by group, over time, and whether it paid.
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { loopQuery } from '../api/loopQueries.ts'
import type { LoopNumbers } from '../api/loopWire.ts'
import { programQuery } from '../api/queries.ts'
import type { Program } from '../api/wire.ts'
import { loopMetrics } from '../ask/fields.ts'
import { unitCondition } from '../ask/unit.ts'
import { useSpan } from '../ask/useSpan.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { SubNav } from '../shell/SubNav.tsx'
import { useFormats } from '../words/format.ts'
import { useSpeech, useWords } from '../words/words.ts'
import { NoProgram, programMissing, ToProgram } from './empty.tsx'
import { Groups, OverTime } from './loop/Groups.tsx'
import { Payoff } from './loop/Payoff.tsx'
import { sectionNames, sections } from './loop/rows.ts'
import { Shares, Whose } from './loop/Shares.tsx'
import { Targets } from './loop/Targets.tsx'
import { LookPickers } from './pickers.tsx'

export default function Loop() {
  const words = useWords()
  const program = useQuery(programQuery)
  if (program.data) return <Numbers program={program.data} />
  return (
    <Page title={words.loop.title}>
      {program.isPending && <Waiting lines={8} />}
      {program.isError &&
        (programMissing(program.error) ? (
          <NoProgram />
        ) : (
          <Wrong error={program.error} again={() => void program.refetch()} />
        ))}
    </Page>
  )
}

function Numbers(props: { program: Program }) {
  const { words, language } = useSpeech()
  const search = useSearch({ from: '/shell/loop' })
  const go = useNavigate({ from: '/loop' })
  const { program } = props
  const look = useSpan(search, program.timeZone)
  const where = search.unit ? unitCondition(search.unit, program) : undefined
  const by = search.by ?? 'case.owner'
  const found = useQuery({ ...loopQuery({ where, ...look.span }, language), enabled: look.ready })
  const change = (part: Partial<typeof search>) =>
    void go({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })
  const metric = loopMetrics.find((each) => each === search.metric) ?? 'contactedInTime'
  const tools = <LookPickers program={program} unit={search.unit} look={look} onChange={change} />
  const numbers = found.data
  const looked = { span: look.span, unit: search.unit, program }
  return (
    <Page title={words.loop.title} tools={tools}>
      <SubNav of="loop" />
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {!numbers && !found.isError && <Waiting lines={10} />}
      {numbers && nothing(numbers) && !search.unit ? (
        <EmptyState title={words.loop.noCases} help={words.loop.noCasesHelp}>
          <ToProgram />
        </EmptyState>
      ) : (
        numbers && (
          <div aria-busy={found.isPlaceholderData}>
            <Lead numbers={numbers} />
            <Targets numbers={numbers} />
            {sectionNames.map((section) => (
              <Shares
                key={section}
                title={words.loop.sections[section]}
                metrics={sections[section]}
                shares={numbers.shares}
                looked={looked}
              />
            ))}
            <Whose numbers={numbers} looked={looked} />
            <Groups
              program={program}
              by={by}
              where={where}
              span={look.span}
              unit={search.unit}
              onBy={(next) => change({ by: next })}
            />
            <OverTime
              metric={metric}
              where={where}
              span={look.span}
              onMetric={(next) => change({ metric: next })}
            />
            <Payoff span={look.span} window={search.window} onWindow={(window) => change({ window })} />
          </div>
        )
      )}
    </Page>
  )
}

const nothing = ({ shares }: LoopNumbers) => shares.every(({ row }) => row.n === 0)

/** What the page says, in a sentence or two. */
function Lead(props: { numbers: LoopNumbers }) {
  const words = useWords()
  const formats = useFormats()
  const { targets, shares } = props.numbers
  const told = targets.filter(({ standing }) => standing !== 'unknown')
  const met = told.filter(({ standing }) => standing === 'met')
  const unsure = met.filter(({ certain }) => !certain)
  const inTime = shares.find(({ metric }) => metric.id === 'contactedInTime')?.row
  return (
    <p className="lead">
      {told.length > 0 &&
        words.loop.lead(
          formats.plain(met.length),
          formats.plain(told.length),
          formats.plain(unsure.length),
        )}{' '}
      {inTime?.value !== null &&
        inTime !== undefined &&
        words.loop.leadInTime(formats.metric(inTime.value, 'percent'), formats.plain(inTime.n))}
    </p>
  )
}
