import type { SbgFit } from '../../../stats/fit-sbg.ts'
import { isNoValue, type OrReason } from '../../../stats/interval.ts'
import { bar, count, interval, number, type Paint, percent, table } from '../../output/paint.ts'
import type { CohortResult, LifetimeRow } from './lifetime.ts'
import type { Rfm } from './rfm-table.ts'

const SHOWN = 10

export function rfmText(rfm: Rfm, paint: Paint): string {
  const { n } = rfm
  if (n === 0) return 'No customer has a purchase.'
  const most = Math.max(...rfm.byMonetary.map(({ revenue }) => revenue))
  const money = rfm.byMonetary
    .toReversed()
    .map(({ score, customers, revenue }) => [
      String(score),
      count(customers),
      number(revenue, 2),
      rfm.revenue > 0 ? percent(revenue / rfm.revenue) : '',
      bar(revenue, most, 20),
    ])
  const grid = rfm.grid.toReversed().map((row, i) => [`recency ${5 - i}`, ...row.map(count)])
  const worth = (c: Rfm['customers'][number]) => c.recencyScore + c.frequencyScore + c.monetaryScore
  const bestOnes = rfm.customers
    .toSorted((a, b) => worth(b) - worth(a) || b.monetary - a.monetary)
    .slice(0, SHOWN)
  const rows = bestOnes.map((c) => [
    c.customer,
    paint.bold(c.rfm),
    count(c.recencyDays),
    count(c.frequency),
    number(c.monetary, 2),
  ])
  return [
    `${count(n)} customers, ${number(rfm.revenue, 2)} in all, as of ${rfm.asOf}${rfm.withoutPurchase ? `; ${count(rfm.withoutPurchase)} with refunds alone` : ''}`,
    '',
    table(['money score', 'customers', 'money', 'share', ''], money, [0, 4]),
    '',
    table(['customers', 'freq. 1', '2', '3', '4', '5'], grid),
    '',
    paint.bold(`The best ${bestOnes.length}`),
    table(['customer', 'RFM', 'days ago', 'times', 'money'], rows),
  ].join('\n')
}

/** RFM in plain words: how much the best fifth brings, and who has been away long.
 * @param byOrder whether rows of one order were counted once; else a row was taken for a purchase, which is told */
export function rfmSentences({ n, once, byMonetary, revenue, grid }: Rfm, byOrder: boolean): string[] {
  if (n === 0 || !(revenue > 0)) return []
  const best = byMonetary.at(-1)!
  const lost = grid[0]!.slice(3).reduce((sum, cell) => sum + cell, 0)
  const whose =
    best.customers === 1
      ? 'The customer with the highest money score brings'
      : `The ${count(best.customers)} customers with the highest money score bring`
  return [
    // Where refunds outweigh purchases a share of the net would be beyond all of it.
    byMonetary.some(({ revenue }) => revenue < 0)
      ? `${whose} ${count(Math.round(best.revenue))}; all ${count(n)} together, refunds taken off, ${count(Math.round(revenue))}.`
      : `${whose} ${percent(best.revenue / revenue, 0)} of the ${count(Math.round(revenue))} that ${count(n)} customers spent.`,
    `${percent(once / n, 0)} ${byOrder ? 'have one order' : 'bought once, each row taken for a purchase'}; ${lost === 0 ? 'none' : count(lost)} who used to buy often (frequency 4-5) ${lost <= 1 ? 'is' : 'are'} among those away longest.`,
  ]
}

export function cohortText({ fit, retention, derl, constant, cohorts }: CohortResult, paint: Paint): string {
  const parts = [
    `${count(cohorts.length)} cohort${cohorts.length === 1 ? '' : 's'}; ${isNoValue(retention) ? `no retention (${retention.reason})` : `retention ${percent(retention)} over all renewals`}`,
    '',
  ]
  if (isNoValue(fit)) parts.push(`sBG: - (${fit.reason}${fit.detail ? `: ${fit.detail}` : ''})`)
  else {
    const { alpha, beta, limits, se, meanChurn, logLikelihood, renewals } = fit as SbgFit
    parts.push(
      `sBG: alpha ${paint.bold(number(alpha, 4))} (SE ${number(se.alpha, 4)}, ${interval(limits.alpha)}), beta ${paint.bold(number(beta, 4))} (SE ${number(se.beta, 4)}, ${interval(limits.beta)})`,
      `     mean churn chance of a new customer ${percent(meanChurn)}, log likelihood ${number(logLikelihood, 2)}`,
      '',
      table(
        ['renewal', 'at risk', 'renewed', 'retention', 'model', 'survival', ''],
        renewals
          .slice(0, 30)
          .map((row) => [
            String(row.renewal),
            count(row.atRisk),
            count(row.renewed),
            row.retention === null ? '-' : percent(row.retention),
            percent(row.fittedRetention),
            percent(row.fittedSurvival),
            bar(row.fittedSurvival, 1, 20),
          ]),
        [0, 6],
      ),
    )
  }
  if (derl.length > 0) {
    const withValue = derl.some(({ value }) => value !== undefined)
    const rows = derl
      .slice(0, 30)
      .map((row) => [String(row.tenure), number(row.derl, 4), ...(withValue ? [number(row.value, 2)] : [])])
    parts.push('', table(['payments made', 'DERL', ...(withValue ? ['value'] : [])], rows))
  }
  if (constant)
    parts.push(
      '',
      `With one retention for all: ${number(constant.afterPayment, 2)} just after a payment, ${number(constant.paymentDue, 2)} when one is due`,
    )
  return parts.join('\n')
}

/** Cohorts in plain words: how many renew, and whether those who stay stay the more. */
export function cohortSentences({ fit, retention, cohorts }: CohortResult): string[] {
  if (isNoValue(retention)) return []
  const whose = cohorts.length === 1 ? 'one cohort' : `${count(cohorts.length)} cohorts`
  const lines = [`${percent(retention)} renew, over all renewals of ${whose}.`]
  if (isNoValue(fit)) return lines
  const { renewals } = fit as SbgFit
  const [first, last] = [renewals[0], renewals.at(-1)]
  if (first && last && last !== first)
    lines.push(
      `The model of customers who differ (sBG) has retention rise from ${percent(first.fittedRetention)} at the first renewal to ${percent(last.fittedRetention)} at renewal ${last.renewal}.`,
    )
  return lines
}

export function lifetimeText(lifetimes: readonly LifetimeRow[], paint: Paint): string {
  if (lifetimes.length === 0) return 'No row has all the numbers.'
  const shown = (value: OrReason<number> | undefined) =>
    value === undefined ? '' : paint.bold(number(value, 2))
  const rows = lifetimes
    .slice(0, 40)
    .map((row) => [
      String(row.row),
      number(row.margin, 2),
      row.retention === undefined ? '' : number(row.retention, 4),
      number(row.discount, 4),
      shown(row.afterPayment),
      shown(row.paymentDue),
      row.derl === undefined ? '' : number(row.derl, 4),
      shown(row.value),
    ])
  return table(
    ['row', 'margin', 'retention', 'discount', 'after payment', 'payment due', 'DERL', 'sBG value'],
    rows,
  )
}
