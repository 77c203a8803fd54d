import { churnMethod } from './churn.ts'
import { describeMethod } from './describe.ts'
import { driversMethod } from './drivers.ts'
import { forecastMethod } from './forecast.ts'
import { initiativeMethod } from './initiative.ts'
import type { Method } from './method.ts'
import { npsMethod } from './nps.ts'
import { survivalMethod } from './survival.ts'
import { trendMethod } from './trend.ts'
import { valueMethod } from './value.ts'

/** Every method of the command, in the order of the help. */
export const methods: readonly Method[] = [
  npsMethod,
  driversMethod,
  trendMethod,
  forecastMethod,
  initiativeMethod,
  valueMethod,
  survivalMethod,
  churnMethod,
  describeMethod,
]
