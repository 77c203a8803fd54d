import type { CaseItem } from '../api/wire.ts'

/** Of open cases those that cannot wait: nobody has reached the customer, or they have written since. */
export const cannotWait = (items: readonly CaseItem[]): CaseItem[] =>
  items.filter((item) => !item.contactedAt || item.news)
