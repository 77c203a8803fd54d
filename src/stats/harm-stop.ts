import { noValue, type OrReason, requireCount, SampleInvalid } from './interval.ts'

export interface HarmJudged {
  /** Share retained of those treated at once minus that of those who wait. */
  readonly difference: number
  /** The harm is at least this, whenever one looks: a lower limit that holds over all looks together. */
  readonly atLeast: number
  readonly stop: boolean
}

interface Arm {
  /** How many of them were retained. */
  readonly successes: number
  readonly n: number
}

/** An arm says nothing before so many of it have been seen to the end. */
const fewest = 20
/** The number of people at which the limit is tightest. */
const sharpestAt = 400

/** Whether a trial has to stop since waiting harms. It may be asked after every single person: the limit is that of an
 * always-valid confidence sequence, so that looking often does not make a false stop likelier than `alpha`.
 * @param now those treated at once
 * @param later those who wait
 * @param harm the share points of harm that are borne, 0..1
 * @param alpha chance of ever stopping when the harm is no more than that
 * @returns 'too few' while an arm has fewer than 20
 * @throws SampleInvalid when successes exceed n
 * @see Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, Annals of Statistics 52:2613 (asymptotic confidence sequences)
 */
export function harmStop(now: Arm, later: Arm, harm: number, alpha = 0.05): OrReason<HarmJudged> {
  for (const arm of [now, later]) {
    requireCount('n', arm.n)
    requireCount('successes', arm.successes)
    if (arm.successes > arm.n) throw new SampleInvalid(`successes ${arm.successes} of ${arm.n}`)
  }
  if (now.n < fewest || later.n < fewest) return noValue('too few')
  const difference = now.successes / now.n - later.successes / later.n
  // One more success and failure each, so that an arm in which all or none is retained has a variance too.
  const variance = ({ successes, n }: Arm) => {
    const share = (successes + 1) / (n + 2)
    return (share * (1 - share)) / n
  }
  const error = Math.sqrt(variance(now) + variance(later))
  const log = -2 * Math.log(2 * alpha)
  const rho2 = (log + Math.log(log + 1)) / sharpestAt
  const t = (now.n + later.n) * rho2
  const width = error * Math.sqrt(((2 * (t + 1)) / t) * Math.log(1 + Math.sqrt(t + 1) / (2 * alpha)))
  const atLeast = difference - width
  return { difference, atLeast, stop: atLeast > harm }
}
