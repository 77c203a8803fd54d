import type { SbgFit } from '../../../stats/fit-sbg.ts'
import { isNoValue } from '../../../stats/interval.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'
import { type CohortResult, discountNote, type LifetimeRow, readCohorts, readLifetimes } from './lifetime.ts'
import { readRfm } from './rfm-table.ts'
import { valueSchema } from './schema.ts'
import { cohortSentences, cohortText, lifetimeText, rfmSentences, rfmText } from './text.ts'

async function run(input: Input): Promise<Outcome> {
  const { options } = input
  const forms = ['customer', 'active', 'retention', 'alpha'].filter((name) => options.has(name))
  // The lifetime value may be had both ways at once.
  if (forms.length > 1 && !forms.every((name) => name === 'retention' || name === 'alpha'))
    throw new UsageError(
      `${forms.map((name) => `--${name}`).join(' or ')}, not both: each is a form of its own`,
    )
  if (forms[0] === 'active' && !options.has('discount'))
    for (const name of ['margin', 'payments'])
      if (options.has(name)) throw new UsageError(`--${name} has no effect without --discount`)
  if (options.has('customer')) return rfmOutcome(input)
  if (options.has('active')) return cohortOutcome(input)
  if (options.has('retention') || options.has('alpha')) return lifetimeOutcome(input)
  throw new UsageError(
    'value needs --customer, --date and --amount (RFM); --active (cohorts); or --retention or --alpha and --beta (lifetime value)',
  )
}

const LISTED = 100_000

const NOTHING = { rfm: null, cohorts: null, lifetimes: null }

async function rfmOutcome(input: Input): Promise<Outcome> {
  const top = input.options.whole('top', LISTED, 0)
  const { rows, used, counts, rfm } = await readRfm(input, top)
  const { once: _, ...shown } = rfm
  return {
    rows,
    used,
    dropped: counts.toRecord(),
    conventions: [
      'Scores 1-5, 5 is best: min(5, 1 + floor(5k/n)), k customers strictly worse; equal values share a score.',
      `Days since the last purchase up to ${rfm.asOf || 'no date'}; frequency counts ${input.options.has('order') ? 'orders' : 'rows'}; money is net of refunds, and rows below zero count for money alone.`,
      ...(rfm.customers.length < rfm.n ? [`The ${top} best customers are listed (--top).`] : []),
    ],
    result: { ...NOTHING, rfm: shown },
    sentences: rfmSentences(rfm, input.options.has('order')),
    text: (paint) => rfmText(rfm, paint),
  }
}

async function cohortOutcome(input: Input): Promise<Outcome> {
  const { rows, counts, result } = await readCohorts(input)
  return {
    rows,
    used: rows - counts.total,
    dropped: counts.toRecord(),
    conventions: [
      'Shifted beta-geometric model by maximum likelihood over all cohorts together; limits on the log scale.',
      'DERL of one who has paid n times counts the renewal about to come undiscounted. It supposes that customers differ only in a constant churn chance of their own.',
      ...discountNote(input.options),
    ],
    result: { ...NOTHING, cohorts: plainCohorts(result) },
    sentences: cohortSentences(result),
    text: (paint) => cohortText(result, paint),
  }
}

function plainCohorts({ fit, ...rest }: CohortResult): object {
  return { ...rest, fit: isNoValue(fit) ? fit : { ...(fit as SbgFit) } }
}

async function lifetimeOutcome(input: Input): Promise<Outcome> {
  const top = input.options.whole('top', LISTED, 0)
  const { rows, used, counts, lifetimes, byRow } = await readLifetimes(input, top)
  if (!byRow && input.options.has('top'))
    throw new UsageError('--top has no effect where no number is a column: there is one value')
  return {
    rows,
    used,
    dropped: counts.toRecord(),
    conventions: [
      input.options.has('payments')
        ? `Over ${input.options.text('payments')} payments: the next ones after a payment, or the one due and those that follow.`
        : 'Over all payments to come.',
      ...(byRow && lifetimes.length < used ? [`The first ${top} rows are listed (--top).`] : []),
      ...(input.options.has('alpha')
        ? [
            'sBG: customers differ in a constant churn chance of their own, spread as Beta(alpha, beta); DERL counts the renewal about to come undiscounted.',
          ]
        : []),
      'After a payment the next is a period away and comes with the retention; a payment due is sure and undiscounted.',
      ...discountNote(input.options),
    ],
    result: { ...NOTHING, lifetimes: lifetimes as readonly LifetimeRow[] },
    text: (paint) => lifetimeText(lifetimes, paint),
  }
}

export const valueMethod: Method = {
  name: 'value',
  summary: 'what customers are worth: RFM, residual lifetime value, cohorts with the sBG model',
  options: {
    customer: { value: 'COLUMN', text: 'RFM: whose row it is' },
    date: { needs: ['customer'], value: 'COLUMN', text: 'RFM: day of the row' },
    amount: { needs: ['customer'], value: 'COLUMN', text: 'RFM: money; below zero is a refund' },
    order: { needs: ['customer'], value: 'COLUMN', text: 'RFM: rows of one order count once' },
    'as-of': {
      needs: ['customer'],
      value: 'DATE',
      text: 'RFM: day of reckoning',
      standard: 'the latest date of the file',
    },
    'date-format': {
      needs: ['customer'],
      value: 'ORDER',
      text: 'order of the parts of a date: ymd, dmy or mdy',
      standard: 'ymd',
    },
    top: {
      needs: ['customer', 'retention', 'alpha'],
      value: 'N',
      text: 'RFM: customers listed; lifetime value: rows listed',
      standard: '100000',
    },
    active: {
      value: 'COLUMNS',
      text: 'cohorts: customers still active; one column with --renewal, or one a renewal (the start first)',
    },
    renewal: { needs: ['active'], value: 'COLUMN', text: 'cohorts: 0 at the start, then 1, 2, 3 ...' },
    cohort: { needs: ['active'], value: 'COLUMN', text: 'cohorts: name of the cohort' },
    margin: {
      needs: ['active', 'retention', 'alpha'],
      value: 'NUMBER',
      text: 'money a period, or a column of it',
      standard: '1',
    },
    retention: { value: 'NUMBER', text: 'lifetime value: chance to stay a period, or a column of it' },
    discount: {
      needs: ['active', 'retention', 'alpha'],
      value: 'NUMBER',
      text: 'a period, 0.1 is ten per cent, or a column of it',
    },
    payments: {
      needs: ['active', 'retention'],
      value: 'N',
      text: 'lifetime value: payments counted',
      standard: 'all',
    },
    alpha: { value: 'NUMBER', text: 'sBG: given alpha, or a column; with --beta' },
    beta: { needs: ['alpha'], value: 'NUMBER', text: 'sBG: given beta, or a column' },
    tenure: {
      needs: ['alpha'],
      value: 'NUMBER',
      text: 'sBG: payments made so far, or a column',
      standard: '1',
    },
    level: { needs: ['active'], value: 'SHARE', text: 'cohorts: level of the limits', standard: '0.95' },
  },
  formulas: `- RFM: \`score = min(5, 1 + floor(5k/n))\`, k customers with a strictly worse value (an earlier last purchase, fewer purchases, less money net of refunds). Sums of money that differ by rounding alone (0.7 + 0.1 and 0.8) are equal. Customers with refunds alone have no score.
- Residual lifetime value with constant retention r, discount d, margin m: just after a payment \`m r / (1 + d - r)\`, payment due \`m (1 + d) / (1 + d - r)\`. Over T payments: \`m Σ (r/(1+d))^t\`, t = 1..T after a payment, t = 0..T-1 when one is due. No value (\`out of range\`) when r >= 1 + d without end.
- sBG (Fader & Hardie 2007, J. Interactive Marketing 21, 76-90): churn chances spread as Beta(α, β); retention at renewal t \`(β + t - 1)/(α + β + t - 1)\`; maximum likelihood from the customers at risk and renewed at each renewal; standard errors from the inverse information; limits \`exp(log ± z se/estimate)\`. When retention does not rise with tenure α and β have no end (\`not converged\`): a constant retention fits.
- DERL (Fader & Hardie 2010, Marketing Science 29, 85-93): \`(β+n-1)/(α+β+n-1) · 2F1(1, β+n; α+β+n; 1/(1+d))\` for one who has made n payments, by Gauss's continued fraction. \`value\` is the margin times that.`,
  schema: valueSchema,
  example: {
    csv: `year,regular\n${[1000, 631, 468, 382, 326, 289, 262, 241].map((n, i) => `${i},${n}`).join('\n')}\n`,
    options: ['--active', 'regular', '--renewal', 'year', '--discount', '0.1', '--margin', '100'],
  },
  run,
}
