// For: the list of all methods.
// In: nothing. Out: each method, which is a file of this folder, or a folder where it takes several.
// Methods know nothing of each other; what two of them share stands in inputs/, method.ts or below.
import type { Method } from '../method.ts'
import { agreementMethod } from './agreement.ts'
import { churnMethod } from './churn/churn.ts'
import { correlateMethod } from './correlate/correlate.ts'
import { describeMethod } from './describe.ts'
import { driversMethod } from './drivers/drivers.ts'
import { forecastMethod } from './forecast/forecast.ts'
import { initiativeMethod } from './initiative/initiative.ts'
import { penaltyRewardMethod } from './penalty-reward/penalty-reward.ts'
import { npsMethod } from './scores/nps.ts'
import { cesMethod, csatMethod } from './scores/satisfaction.ts'
import { survivalMethod } from './survival/survival.ts'
import { trendMethod } from './trend/trend.ts'
import { unitsMethod } from './units.ts'
import { valueMethod } from './value/value.ts'
import { weightMethod } from './weight/weight.ts'
import { wordsMethod } from './words/words.ts'

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
