import { useQuery } from '@tanstack/react-query'
import { askQuery, newestQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import type { AskResult } from '../api/wire.ts'
import { useSpeech } from '../words/words.ts'
import { type PeriodName, type Span, spanOf } from './period.ts'

const day = 86_400_000

const endOfMonth = (first: string) => {
  const at = new Date(first)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1) - 1
}

/**
 * The span that is looked at. Without a choice: the last 12 months, counted from the newest answer when that is
 * long ago, so that old data shows itself and not an empty page.
 * @param timeZone the workspace's
 */
export function useSpan(search: { period?: PeriodName; from?: string; to?: string }, timeZone: string) {
  const mayRead = useMay('responses:read')
  const { language } = useSpeech()
  const read = useQuery({ ...newestQuery, enabled: mayRead })
  // Whoever sees numbers alone learns the month of the newest answer, which will do.
  const counted = useQuery({
    ...askQuery({ metric: 'responses', over: 'month' }, language),
    enabled: !mayRead,
    select: ({ rows }: AskResult) => {
      const month = rows.findLast(({ n }) => n > 0)?.period
      return month ? new Date(Math.min(Date.now(), endOfMonth(month))).toISOString() : null
    },
  })
  const newest = mayRead ? read : counted
  const last = newest.data ? new Date(newest.data) : undefined
  const name = search.period ?? 'months12'
  const stale = last !== undefined && last.getTime() < Date.now() - 30 * day
  const end = stale && last ? last : new Date()
  const span: Span =
    name === 'custom'
      ? { ...(search.from ? { from: search.from } : {}), ...(search.to ? { to: search.to } : {}) }
      : spanOf(name, end, timeZone)
  return { name, span, stale, ready: !newest.isPending, empty: newest.isSuccess && newest.data === null }
}
