// For: where values and risks come from. In: the model in force. Out: in words what is learned and what is assumed.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useMay } from '../../api/useMay.ts'
import { valueModelQuery } from '../../api/valueQueries.ts'
import type { ValueModel } from '../../api/valueWire.ts'
import type { Program } from '../../api/wire.ts'
import { Card } from '../../parts/Card.tsx'
import { TableScroll } from '../../parts/TableScroll.tsx'
import { Wrong } from '../../parts/Wrong.tsx'
import { readable, useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { Calibration, Curve } from './ModelPlots.tsx'

type Known = 'learned' | 'assumed' | 'both' | 'unknown'

export function Model(props: { program: Program | undefined }) {
  const words = useWords()
  const may = useMay('ask:read')
  const model = useQuery({ ...valueModelQuery, enabled: may })
  if (!may) return null
  return (
    <Card title={words.model.title} className="model-card">
      {model.isError && <Wrong error={model.error} again={() => void model.refetch()} />}
      {model.data && (
        <>
          <Retention model={model.data} />
          <Churn model={model.data} program={props.program} />
          <Save model={model.data} />
        </>
      )}
    </Card>
  )
}

function Part(props: { title: string; known: Known; children: ReactNode }) {
  const words = useWords()
  return (
    <section className="model-part">
      <h3>
        {props.title}{' '}
        <span className="badges">
          <i className={props.known === 'learned' || props.known === 'both' ? 'strong' : 'plain'}>
            {words.model[props.known]}
          </i>
        </span>
      </h3>
      {props.children}
    </section>
  )
}

const isKnown = <T extends { value: number }>(of: T | { value: null }): of is T => of.value !== null

function useNumbers() {
  const words = useWords()
  const formats = useFormats()
  const percent = (share: number) => `${formats.upTo(share * 100, Math.abs(share) < 0.1 ? 1 : 0)} %`
  return {
    percent,
    within: (of: { value: number; low?: number; high?: number }, say = percent) =>
      of.low === undefined || of.high === undefined
        ? say(of.value)
        : `${say(of.value)} (${words.number.to(say(of.low), say(of.high))})`,
    digits: (value: number) => formats.upTo(value, 2),
  }
}

function Retention(props: { model: ValueModel }) {
  const words = useWords()
  const formats = useFormats()
  const { percent, within, digits } = useNumbers()
  const { retention, periodDays, discount, afterDays } = props.model
  const { chosen, constant, sbg, prior } = retention
  const period = words.model.days(formats.plain(periodDays))
  const decided = formats.plain(retention.decided)
  const known: Known = chosen === 'none' ? 'unknown' : chosen === 'prior' ? 'assumed' : 'learned'
  const learnedSbg = 'alpha' in sbg ? sbg : undefined
  return (
    <Part title={words.model.retention} known={known}>
      <p>
        {chosen === 'sbg' && learnedSbg
          ? words.model.retentionSbg(within(learnedSbg.meanChurn), period, decided)
          : chosen === 'constant' && isKnown(constant)
            ? words.model.retentionLearned(within(constant), period, decided)
            : chosen === 'prior' && prior
              ? words.model.retentionPrior(percent(prior.value), period, prior.source, decided)
              : words.model.retentionNone}
      </p>
      <p className="quiet">
        {[
          learnedSbg
            ? words.model.sbg(within(learnedSbg.alpha, digits), within(learnedSbg.beta, digits))
            : '',
          chosen !== 'constant' && isKnown(constant) ? words.model.constant(within(constant)) : '',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {'reason' in sbg && words.model.noSbg[sbg.reason] && (
        <p className="quiet">{words.model.noSbg[sbg.reason]}</p>
      )}
      <p className="quiet">
        {words.model.discount(percent(discount))} {words.model.leftAfter(formats.plain(afterDays))}
      </p>
      <div className="plots">
        {retention.curve.length > 0 && (
          <div>
            <h4>{words.model.curve}</h4>
            <Curve curve={retention.curve} percent={percent} />
          </div>
        )}
        {retention.cohorts.length > 0 && (
          <div>
            <h4>{words.model.cohorts}</h4>
            <Cohorts model={props.model} />
          </div>
        )}
      </div>
    </Part>
  )
}

function Cohorts(props: { model: ValueModel }) {
  const words = useWords()
  const formats = useFormats()
  const { cohorts } = props.model.retention
  const renewals = [
    ...new Set(cohorts.flatMap((cohort) => cohort.renewals.map(({ renewal }) => renewal))),
  ].sort((a, b) => a - b)
  return (
    <>
      <TableScroll label={words.model.cohorts}>
        <table className="plain-table cohorts">
          <thead>
            <tr>
              <th scope="col">{words.model.cohort}</th>
              <th scope="col" className="number">
                {words.explore.n}
              </th>
              {renewals.map((renewal) => (
                <th key={renewal} scope="col" className="number">
                  {renewal}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cohorts.map((cohort) => (
              <tr key={cohort.cohort}>
                <th scope="row">
                  {/^\d{4}-\d\d-\d\d/.test(cohort.cohort) ? formats.month(cohort.cohort) : cohort.cohort}
                </th>
                <td className="number">{formats.plain(cohort.customers)}</td>
                {renewals.map((renewal) => {
                  const found = cohort.renewals.find((each) => each.renewal === renewal)
                  if (!found || found.atRisk === 0)
                    return (
                      <td key={renewal} className="number noise">
                        –
                      </td>
                    )
                  const share = found.renewed / found.atRisk
                  return (
                    <td
                      key={renewal}
                      className={found.atRisk < 10 ? 'number noise' : 'number'}
                      title={`${formats.plain(found.renewed)} / ${formats.plain(found.atRisk)}`}
                    >
                      {formats.metric(share * 100, 'percent')}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      <p className="foot">{words.model.cohortHelp}</p>
    </>
  )
}

function Churn(props: { model: ValueModel; program: Program | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { percent, digits } = useNumbers()
  const { churn, withinDays } = props.model
  const { model, calibration } = churn
  const fitted = 'coefficients' in model ? model : undefined
  const nameOf = (id: string) =>
    formats.text(
      props.program?.fields.find((field) => field.id === id)?.label,
      id === 'score' ? words.desk.band : readable(id),
    )
  const known: Known = fitted ? 'learned' : calibration || churn.n >= 0 ? 'assumed' : 'unknown'
  return (
    <Part title={words.model.churn} known={known}>
      <p>
        {fitted
          ? words.model.churnLearned(
              formats.plain(fitted.n),
              formats.plain(fitted.left),
              formats.plain(withinDays),
            )
          : words.model.churnPrior(formats.plain(churn.n), formats.plain(churn.left))}
      </p>
      {fitted && (
        <ul className="quiet effects">
          {fitted.coefficients.map(({ name, value, low, high, p }) => (
            <li key={name}>
              {words.model.effect(
                nameOf(name),
                formats.upTo(Math.exp(value), 2),
                low === undefined || high === undefined
                  ? '–'
                  : words.number.to(formats.upTo(Math.exp(low), 2), formats.upTo(Math.exp(high), 2)),
              )}
              , {formats.p(p)}
            </li>
          ))}
        </ul>
      )}
      {calibration ? (
        <div className="plots">
          <div>
            <h4>{words.model.calibration}</h4>
            <Calibration deciles={calibration.deciles} percent={percent} />
          </div>
          <div>
            <p className="quiet">{words.model.calibrationHelp[calibration.of]}</p>
            <p className="quiet">
              {[
                words.model.brier(digits(calibration.brier)),
                calibration.auc
                  ? words.model.auc(
                      calibration.auc.low === undefined || calibration.auc.high === undefined
                        ? digits(calibration.auc.value)
                        : `${digits(calibration.auc.value)}, ${words.number.to(digits(calibration.auc.low), digits(calibration.auc.high))}`,
                    )
                  : '',
                words.number.n(formats.plain(calibration.n)),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
            {(calibration.auc?.low ?? 1) <= 0.5 && <p>{words.model.noBetter}</p>}
          </div>
        </div>
      ) : (
        <p className="quiet">{words.model.noCalibration}</p>
      )}
    </Part>
  )
}

function Save(props: { model: ValueModel }) {
  const words = useWords()
  const formats = useFormats()
  const { within } = useNumbers()
  const { save } = props.model
  if (!save)
    return (
      <Part title={words.model.save} known="unknown">
        <p>{words.model.saveNone}</p>
      </Part>
    )
  const learned = save.source === 'save.cases' && save.n > 0
  return (
    <Part title={words.model.save} known={learned ? 'both' : 'assumed'}>
      <p>
        {learned
          ? words.model.saveLearned(within(save), formats.plain(save.n))
          : words.model.savePrior(within(save), save.said ?? '')}
      </p>
      {save.biased && <p className="quiet">{words.model.saveBiased}</p>}
    </Part>
  )
}
