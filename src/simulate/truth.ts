// For: what really moves satisfaction in the simulated company; the analyses must find this and nothing else.
// In: what happened to a person. Out: how they feel about it, on the scale of the question.
import type { Topic } from './phrases.ts'
import type { Random } from './random.ts'

/** Points on a scale from 0 to 10. Being helped right the first time and being told matter; lead time hardly does. */
export const truth = {
  visit: { base: 6.1, rightFirstTime: 1.8, told: 1.1, hourLate: -0.35, weekWaited: -0.06 },
  order: { base: 8.3, dayLate: -0.45, partMissing: -2.4, told: 0.6 },
  support: { base: 8.4, reopened: -2.6, handover: -0.7, dayOpen: -0.12 },
  /** What a business thinks of the whole follows from how its visits went; price hardly matters. */
  relationship: { base: 5.2, rightFirstTime: 2.2, told: 1.6, perTenThousand: -0.03 },
  /** Standard deviations: between teams, between people, and from time to time. */
  spread: { team: 0.5, person: 0.7, moment: 1.1 },
  /** Customers of one market are told before every visit from this time before the end; elsewhere nothing changes. */
  improvement: { market: 1, daysBeforeEnd: 270, toldBefore: 0.42, toldAfter: 0.88 },
  /** What a bad experience costs: log odds that the business goes elsewhere, at a feeling of 6, and what a point does to
   * them; it takes them some weeks.
   */
  leaving: { base: -2.7, perPoint: -1.6, at: 6, daysAtLeast: 15, daysMore: 30 },
  /** Share of those asked who answer, and how much more likely those with strong feelings are to. */
  answering: { share: 0.3, strongFeelings: 1.35, comment: 0.42 },
} as const

export interface Visit {
  rightFirstTime: boolean
  told: boolean
  minutesLate: number
  daysWaited: number
}
export interface Delivery {
  daysLate: number
  partMissing: boolean
  told: boolean
}
export interface Support {
  reopened: boolean
  handovers: number
  daysOpen: number
}
/** How a business has fared: shares of its visits, 0..1. */
export interface Relationship {
  shareRightFirstTime: number
  shareTold: number
  valueAYear: number
}

export const feelings = {
  visit: ({ rightFirstTime, told, minutesLate, daysWaited }: Visit) =>
    truth.visit.base +
    (rightFirstTime ? truth.visit.rightFirstTime : 0) +
    (told ? truth.visit.told : 0) +
    (truth.visit.hourLate * minutesLate) / 60 +
    (truth.visit.weekWaited * daysWaited) / 7,
  order: ({ daysLate, partMissing, told }: Delivery) =>
    truth.order.base +
    truth.order.dayLate * Math.max(0, daysLate) +
    (partMissing ? truth.order.partMissing : 0) +
    (told ? truth.order.told : 0),
  support: ({ reopened, handovers, daysOpen }: Support) =>
    truth.support.base +
    (reopened ? truth.support.reopened : 0) +
    truth.support.handover * handovers +
    truth.support.dayOpen * daysOpen,
  contract: ({ shareRightFirstTime, shareTold, valueAYear }: Relationship) =>
    truth.relationship.base +
    truth.relationship.rightFirstTime * shareRightFirstTime +
    truth.relationship.told * shareTold +
    (truth.relationship.perTenThousand * valueAYear) / 10_000,
}

/** Chance that a business whose people feel so about what happened goes elsewhere because of it. */
export const chanceToLeave = (feeling: number): number =>
  1 / (1 + Math.exp(-(truth.leaving.base + truth.leaving.perPoint * (feeling - truth.leaving.at))))

/** A feeling, 0..10 and beyond, as an answer on a whole-number scale. */
export const onScale = (feeling: number, from: number, to: number): number => {
  const share = Math.min(1, Math.max(0, feeling / 10))
  return Math.min(to, Math.max(from, Math.round(from + share * (to - from))))
}

/** What somebody may mention, the most telling first: what hurt when they are unhappy, what pleased when not. */
export const topics = {
  visit: (visit: Visit, feeling: number, random: Random): Topic[] =>
    feeling < 6.5
      ? mentioned(random, [
          [!visit.rightFirstTime, 'cameBack', 0.9],
          [!visit.told, 'heardNothing', 0.75],
          [visit.minutesLate > 90, 'late', 0.8],
          [visit.daysWaited > 14, 'longWait', 0.4],
          [true, 'badOverall', 0.3],
        ])
      : mentioned(random, [
          [visit.rightFirstTime, 'solvedAtOnce', 0.6],
          [visit.told, 'toldInTime', 0.5],
          [visit.minutesLate < 10, 'onTime', 0.3],
          [true, 'friendly', 0.3],
          [visit.daysWaited > 18, 'longWait', 0.25],
          [true, 'goodOverall', 0.3],
        ]),
  order: (delivery: Delivery, feeling: number, random: Random): Topic[] =>
    feeling < 6.5
      ? mentioned(random, [
          [delivery.partMissing, 'partMissing', 0.9],
          [delivery.daysLate > 0, 'arrivedLate', 0.8],
          [true, 'badOverall', 0.4],
        ])
      : mentioned(random, [
          [delivery.daysLate <= 0, 'arrivedAsPromised', 0.7],
          [true, 'goodOverall', 0.5],
        ]),
  support: (support: Support, feeling: number, random: Random): Topic[] =>
    feeling < 6.5
      ? mentioned(random, [
          [support.handovers > 1 || support.reopened, 'passedAround', 0.9],
          [true, 'badOverall', 0.4],
        ])
      : mentioned(random, [
          [support.handovers === 0, 'quickAnswer', 0.7],
          [true, 'goodOverall', 0.5],
        ]),
  contract: (relationship: Relationship, feeling: number, random: Random): Topic[] =>
    feeling < 6.5
      ? mentioned(random, [
          [relationship.shareRightFirstTime < 0.75, 'cameBack', 0.7],
          [relationship.shareTold < 0.5, 'heardNothing', 0.7],
          [true, 'badOverall', 0.4],
        ])
      : mentioned(random, [
          [relationship.shareRightFirstTime > 0.75, 'solvedAtOnce', 0.5],
          [relationship.shareTold > 0.5, 'toldInTime', 0.4],
          [true, 'goodOverall', 0.5],
        ]),
}

function mentioned(
  random: Random,
  candidates: Array<[holds: boolean, topic: Topic, share: number]>,
): Topic[] {
  const chosen = candidates
    .filter(([holds, , share]) => holds && random.chance(share))
    .map(([, topic]) => topic)
  return chosen.length > 0
    ? chosen
    : candidates
        .filter(([holds]) => holds)
        .map(([, topic]) => topic)
        .slice(-1)
}
