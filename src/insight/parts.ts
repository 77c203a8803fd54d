import type { Clock } from '../base/clock.ts'
import type { Program } from '../program/schema.ts'
import type { Columns } from '../storage/columns.ts'
import type { Database } from '../storage/postgres.ts'
import { type Layout, layoutOf } from './facts.ts'

/** The program in force, as src/program/ opens it. */
export interface ActiveProgram {
  program: Program
  version: string
  contactName: string
}

export interface InsightParts {
  database: Database
  columns: Columns
  clock: Clock
  programs: { active(workspaceId: string): Promise<ActiveProgram> }
  /** Nobody else projects in these stores: see lease.ts. */
  sole?: boolean
  /** Called between the steps of a batch; a test makes the work die there. */
  between?(step: ProjectStep): void
}

export type ProjectStep = 'reserved' | 'inserted' | 'settled'

const layouts = new WeakMap<Program, Layout>()

/** The layout of a program, computed once. */
export function layoutFor(program: Program): Layout {
  const known = layouts.get(program) ?? layoutOf(program)
  layouts.set(program, known)
  return known
}
