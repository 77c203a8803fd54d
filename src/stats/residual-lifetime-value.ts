import { noValue, type OrReason, requireCount, SampleInvalid } from './interval.ts'

export interface ResidualLifetimeValue {
  /** Present value when a payment has just come in; the next is one period away and comes with chance r. */
  readonly afterPayment: OrReason<number>
  /** Present value when the next payment is due now and sure. */
  readonly paymentDue: OrReason<number>
}

/** Residual lifetime value under a constant retention.
 *
 * Infinite: after a payment m r/(1 + d - r); payment due m (1 + d)/(1 + d - r). Over `payments` payments:
 * m times the sum of (r/(1 + d))^t, t = 1..payments after a payment, t = 0..payments - 1 when one is due.
 * @param margin a period, in money
 * @param retention chance to stay one more period, 0..1
 * @param discount a period, more than -1; 0.1 is ten per cent
 * @param payments leave out for an infinite horizon
 * @returns 'out of range' when the infinite sum has no end (r >= 1 + d)
 * @throws SampleInvalid when retention or discount cannot be
 * @see Gupta & Lehmann 2003; Fader & Hardie 2010, Marketing Science 29:85
 */
export function residualLifetimeValue(
  margin: number,
  retention: number,
  discount: number,
  payments?: number,
): ResidualLifetimeValue {
  if (!(retention >= 0 && retention <= 1))
    throw new SampleInvalid(`retention must lie in 0..1, got ${retention}`)
  if (!(discount > -1)) throw new SampleInvalid(`discount must be more than -1, got ${discount}`)
  const step = retention / (1 + discount)
  if (payments === undefined) {
    if (retention >= 1 + discount) {
      const endless = noValue('out of range', 'the value has no end: retention is not below 1 + discount')
      return { afterPayment: endless, paymentDue: endless }
    }
    const rest = 1 + discount - retention
    return { afterPayment: (margin * retention) / rest, paymentDue: (margin * (1 + discount)) / rest }
  }
  requireCount('payments', payments)
  const sum = geometricSum(step, payments)
  return { afterPayment: margin * step * sum, paymentDue: margin * sum }
}

/** 1 + q + ... + q^(count - 1), also where q is near 1. */
function geometricSum(q: number, count: number): number {
  if (q === 1) return count
  if (q === 0) return count === 0 ? 0 : 1
  return Math.expm1(count * Math.log(q)) / (q - 1)
}
