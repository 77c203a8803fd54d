import { agreementMethod } from './agreement.ts'
import { churnMethod } from './churn.ts'
import { correlateMethod } from './correlate.ts'
import { describeMethod } from './describe.ts'
import { driversMethod } from './drivers.ts'
import { forecastMethod } from './forecast.ts'
import { initiativeMethod } from './initiative.ts'
import type { Method } from './method.ts'
import { npsMethod } from './nps.ts'
import { penaltyRewardMethod } from './penalty-reward.ts'
import { cesMethod, csatMethod } from './satisfaction.ts'
import { survivalMethod } from './survival.ts'
import { trendMethod } from './trend.ts'
import { unitsMethod } from './units.ts'
import { valueMethod } from './value.ts'
import { weightMethod } from './weight.ts'
import { wordsMethod } from './words.ts'

/** Every method of the command, in the order of the help. */
export const methods: readonly Method[] = [
  npsMethod,
  csatMethod,
  cesMethod,
  driversMethod,
  penaltyRewardMethod,
  correlateMethod,
  trendMethod,
  forecastMethod,
  initiativeMethod,
  valueMethod,
  survivalMethod,
  churnMethod,
  wordsMethod,
  agreementMethod,
  unitsMethod,
  weightMethod,
  describeMethod,
]
