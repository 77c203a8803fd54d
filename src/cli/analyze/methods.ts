import { agreementMethod } from './agreement.ts'
import { driversMethod } from './drivers.ts'
import type { Method } from './method.ts'
import { npsMethod } from './nps.ts'
import { penaltyRewardMethod } from './penalty-reward.ts'
import { cesMethod, csatMethod } from './satisfaction.ts'
import { unitsMethod } from './units.ts'

/** Every method of the command, in the order of the help. */
export const methods: readonly Method[] = [
  npsMethod,
  csatMethod,
  cesMethod,
  driversMethod,
  penaltyRewardMethod,
  agreementMethod,
  unitsMethod,
]
