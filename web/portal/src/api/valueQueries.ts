// For: what the pages of accounts, values and plans read. In: filters. Out: query options.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Language } from '../words/words.ts'
import { get, withQuery } from './client.ts'
import { listOf } from './queries.ts'
import type {
  AccountDetail,
  AccountItem,
  CellChoice,
  CellCustomer,
  Matrix,
  Plan,
  PlanDetail,
  ValueModel,
} from './valueWire.ts'
import type { Page } from './wire.ts'

export const accountsQuery = (search: string) =>
  queryOptions({
    queryKey: ['accounts', search],
    queryFn: async () => listOf<AccountItem>(await get(withQuery('/v1/accounts', { search }))),
    placeholderData: keepPreviousData,
  })

export const accountQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['accounts', 'one', id, language],
    queryFn: () => get<AccountDetail>(withQuery(`/v1/accounts/${encodeURIComponent(id)}`, { language })),
  })

export const matrixQuery = queryOptions({
  queryKey: ['value', 'matrix'],
  queryFn: () => get<Matrix>('/v1/value/matrix'),
})

export const cellQuery = (choice: CellChoice, limit = 25) =>
  infiniteQueryOptions({
    queryKey: ['value', 'people', choice, limit],
    queryFn: ({ pageParam }) =>
      get<Page<CellCustomer>>(withQuery('/v1/value/people', { ...choice, cursor: pageParam, limit })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })

export const valueModelQuery = queryOptions({
  queryKey: ['value', 'model'],
  queryFn: () => get<ValueModel>('/v1/value/model'),
})

export interface PlansOf {
  contact?: string
  account?: string
  state?: 'open' | 'closed'
}
export const plansQuery = (of: PlansOf) =>
  queryOptions({
    queryKey: ['plans', of],
    queryFn: async () => listOf<Plan>(await get(withQuery('/v1/plans', { ...of }))),
  })

export const planQuery = (id: string) =>
  queryOptions({
    queryKey: ['plans', 'one', id],
    queryFn: () => get<PlanDetail>(`/v1/plans/${encodeURIComponent(id)}`),
  })
