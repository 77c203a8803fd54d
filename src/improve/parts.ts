import type { Clock } from '../base/clock.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database } from '../storage/postgres.ts'

/** What the routes of this folder need. */
export interface ImproveRouteParts {
  database: Database
  clock: Clock
  programs: Programs
  announce: Announce
}
