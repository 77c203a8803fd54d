// For: the way from a number of the loop to the cases it counts. In: what it was split by, and when. Out: the inbox's
// filters, or nothing where the inbox cannot be narrowed to them.
import type { CaseFilters, Program } from '../api/wire.ts'
import type { Span } from './period.ts'

/** Fields of cases that the inbox has a filter for. */
const filterOf: Record<string, keyof CaseFilters> = {
  'case.owner': 'owner',
  'case.dueOwner': 'dueOwner',
  'case.valueSegment': 'segment',
  'case.band': 'band',
  'case.reason': 'reason',
  'case.rule': 'rule',
  theme: 'theme',
  employee: 'employee',
}
/** Somebody, or nobody. */
const isOwner = (filter: keyof CaseFilters | undefined): filter is 'owner' | 'dueOwner' =>
  filter === 'owner' || filter === 'dueOwner'
/** Groups of the loop's page that it has one for. */
const filterOfGroup: Record<string, CaseFilters> = {
  highValue: { highValue: true },
  decisionMakers: { decisionMaker: true },
  strongDetractors: { band: 'strongDetractor' },
  priorityTheme: { priorityTheme: true },
}

export interface Looked {
  span: Span
  unit: string | undefined
  program: Program
}

/** All cases that were looked at, open or closed. */
export function casesLooked({ span, unit }: Pick<Looked, 'span' | 'unit'>): CaseFilters {
  const { from, to } = span
  return { tab: 'all', ...(from ? { from } : {}), ...(to ? { to } : {}), ...(unit ? { unit } : {}) }
}

/** Those of one row of a split. */
export function casesBehind(field: string, value: string | null, looked: Looked): CaseFilters | undefined {
  const all = casesLooked(looked)
  if (value !== null && (field === 'unit' || field.startsWith('unit.')))
    return { ...all, unit: narrower(value, looked.unit, looked.program) }
  const filter = filterOf[field.split('@')[0] ?? field]
  if (value === null || value === '') return isOwner(filter) ? { ...all, [filter]: 'none' } : undefined
  return filter && { ...all, [filter]: value }
}

/** Those of one of the groups the loop is held to account for. */
export function casesOfGroup(id: string, looked: Looked): CaseFilters | undefined {
  const filter = filterOfGroup[id]
  return filter && { ...casesLooked(looked), ...filter }
}

/** Of two units that overlap, the one within the other. */
function narrower(row: string, chosen: string | undefined, program: Program): string {
  const parents = new Map(program.units.map(({ key, parent }) => [key, parent]))
  for (let at = chosen ?? undefined; at; at = parents.get(at) ?? undefined)
    if (at === row) return chosen ?? row
  return row
}
