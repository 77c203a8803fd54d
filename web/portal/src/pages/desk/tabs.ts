import type { CaseTab } from '../../api/wire.ts'

/** The desk's tabs, in their order. */
export const caseTabs: (CaseTab | 'all')[] = [
  'mine',
  'news',
  'unassigned',
  'overdue',
  'dueSoon',
  'escalated',
  'watching',
  'open',
  'held',
  'closed',
  'all',
]

export const caseBands = ['strongDetractor', 'detractor', 'passive', 'promoter'] as const
export const caseSorts = ['due', 'priority', 'newest', 'closed'] as const
