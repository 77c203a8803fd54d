import { useQuery } from '@tanstack/react-query'
import { newestQuery } from '../api/queries.ts'
import { type PeriodName, type Span, spanOf } from './period.ts'

const day = 86_400_000

/**
 * The span that is looked at. Without a choice: the last 12 months, counted from the newest answer when that is
 * long ago, so that old data shows itself and not an empty page.
 */
export function useSpan(search: { period?: PeriodName; from?: string; to?: string }) {
  const newest = useQuery(newestQuery)
  const last = newest.data ? new Date(newest.data) : undefined
  const name = search.period ?? 'months12'
  const stale = last !== undefined && last.getTime() < Date.now() - 30 * day
  const end = stale && last ? last : new Date()
  const span: Span =
    name === 'custom'
      ? { ...(search.from ? { from: search.from } : {}), ...(search.to ? { to: search.to } : {}) }
      : spanOf(name, end)
  return { name, span, stale, ready: !newest.isPending, empty: newest.isSuccess && newest.data === null }
}
