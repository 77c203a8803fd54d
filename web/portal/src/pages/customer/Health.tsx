import { Link } from '@tanstack/react-router'
import type { Health as HealthOf, OpenAction } from '../../api/valueWire.ts'
import type { Program } from '../../api/wire.ts'
import { Given } from '../../parts/Score.tsx'
import { Spark } from '../../parts/Spark.tsx'
import { readable, useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { useRuleName } from '../useRuleName.ts'

/** How somebody is doing with us: scores with where they go, what is open, when we last spoke. */
export function Health(props: { health: HealthOf; program: Program | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { health } = props
  const surveyName = (id: string) =>
    formats.text(props.program?.surveys.find((survey) => survey.id === id)?.name, readable(id))
  return (
    <section className="known">
      <h3>{words.health.title}</h3>
      <p className="known-line">
        {health.openCases > 0 ? words.health.open(formats.plain(health.openCases)) : words.health.noOpen}
        {health.overdueCases > 0 && (
          <b className="bad"> · {words.health.overdue(formats.plain(health.overdueCases))}</b>
        )}
        {' · '}
        {health.lastContactAt
          ? words.health.contacted(formats.ago(health.lastContactAt))
          : words.health.notContacted}
        {' · '}
        {words.health.answers(formats.plain(health.answers))}
      </p>
      {health.scores.length === 0 && <p className="quiet">{words.health.none}</p>}
      <ul className="score-lines">
        {health.scores.map((score) => {
          const values = score.series.map(({ value }) => value).reverse()
          const trend = score.trend ? words.health[score.trend] : words.health.first
          const [latest] = score.series
          return (
            <li key={`${score.survey} ${score.question}`}>
              <Given score={{ kind: score.kind, value: score.latest }} />
              <span className="score-name">
                {latest ? (
                  <Link to="/responses/$id" params={{ id: latest.responseId }}>
                    {surveyName(score.survey)}
                  </Link>
                ) : (
                  surveyName(score.survey)
                )}
                <small>
                  {formats.ago(score.at)} ·{' '}
                  <span
                    className={score.trend === 'worse' ? 'bad' : score.trend === 'better' ? 'real' : 'noise'}
                  >
                    {trend}
                  </span>
                </small>
              </span>
              <Spark
                values={values}
                from={score.from}
                to={score.to}
                label={words.health.series(values.map((value) => formats.upTo(value, 1)).join(', '))}
              />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** What somebody here is to do for them. */
export function OpenActions(props: { actions: OpenAction[]; named?: boolean }) {
  const words = useWords()
  const ruleName = useRuleName()
  const formats = useFormats()
  if (props.actions.length === 0) return null
  const stateOf = ({ kind, state }: OpenAction) =>
    (kind === 'case'
      ? words.cases[state as 'open' | 'taken' | 'contacted']
      : kind === 'lead'
        ? words.promoters.states[state]
        : words.plan.states[state]) ?? state
  return (
    <section className="known">
      <h3>{words.account.actions}</h3>
      <ul className="lines">
        {props.actions.map((action) => {
          const left = action.dueAt === null ? undefined : formats.left(action.dueAt)
          const what = `${props.named && action.contactName ? `${action.contactName}: ` : ''}${action.kind === 'case' ? ruleName(action.title) : action.kind === 'lead' ? readable(action.title) : action.title}`
          return (
            <li key={`${action.id} ${action.title}`}>
              {action.caseId ? (
                <Link to="/cases/$id" params={{ id: action.caseId }}>
                  {what}
                </Link>
              ) : action.kind === 'lead' ? (
                <Link to="/promoters" search={{ kind: 'upsell', state: 'open' }}>
                  {what}
                </Link>
              ) : (
                <span>{what}</span>
              )}
              <span className="quiet">
                {[stateOf(action), action.owner ?? words.account.noOwner].join(' · ')}
              </span>
              {action.contactedAt ? (
                <span className="quiet end">{words.account.contacted(formats.ago(action.contactedAt))}</span>
              ) : (
                left && <span className={left.late ? 'left late end' : 'left end'}>{left.text}</span>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
