import { stableId } from '../base/ids.ts'

/** Chance that gives the same run for the same seed. */
export interface Random {
  /** 0..1, 1 excluded */
  share(): number
  chance(probability: number): boolean
  /** Whole number, both ends included. */
  whole(from: number, to: number): number
  pick<T>(list: readonly T[]): T
  /** Normally distributed with mean 0 and standard deviation 1 (Box & Muller 1958). */
  normal(): number
  /** Exponentially distributed with this mean. */
  waiting(mean: number): number
}

/** mulberry32: 32 bits of state, good enough for simulated people, not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  const share = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    share,
    chance: (probability) => share() < probability,
    whole: (from, to) => from + Math.floor(share() * (to - from + 1)),
    pick: (list) => {
      if (list.length === 0) throw new Error('there is nothing to pick from')
      return list[Math.floor(share() * list.length)] as (typeof list)[number]
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * share()),
    waiting: (mean) => -mean * Math.log(1 - share()),
  }
}

/** The chance of one thing, whenever and wherever it is looked at: told by names that are the same in each workspace. */
export const randomOf = (...names: string[]): Random =>
  seededRandom(Number.parseInt(stableId('chance', ...names).slice(0, 8), 16))
