// For: what the pages of closing the loop read. In: filters. Out: query options, whose keys start with what they show.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Language } from '../words/words.ts'
import { get, withQuery } from './client.ts'
import type {
  Act,
  Ambassador,
  ChatChannel,
  Delivery,
  Digest,
  Effect,
  Improvement,
  ImprovementDetail,
  Lead,
  LoopNumbers,
  LoopPayoff,
  Notice,
  PraiseFirst,
  PromoterOutcome,
  Webhook,
} from './loopWire.ts'
import type { Page } from './wire.ts'

export interface LoopWish {
  where?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

export const loopQuery = (wish: LoopWish, language: Language) =>
  queryOptions({
    queryKey: ['loop', wish, language],
    queryFn: () =>
      get<LoopNumbers>(
        withQuery('/v1/loop', { ...wish, ...(wish.from ? { compare: 'previous' } : {}), language }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

export const payoffQuery = (wish: { window?: string | undefined; from?: string; to?: string }) =>
  queryOptions({
    queryKey: ['loop', 'payoff', wish],
    queryFn: () => get<LoopPayoff>(withQuery('/v1/loop/payoff', { ...wish })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

export interface ImprovementFilter {
  state?: string | undefined
  theme?: string | undefined
  owner?: string | undefined
  case?: string | undefined
  response?: string | undefined
}

export const improvementsQuery = (filter: ImprovementFilter) =>
  queryOptions({
    queryKey: ['improvements', filter],
    queryFn: async () =>
      (await get<Page<Improvement>>(withQuery('/v1/improvements', { ...filter, limit: 500 }))).items,
    placeholderData: keepPreviousData,
  })

export const improvementQuery = (id: string) =>
  queryOptions({
    queryKey: ['improvements', 'one', id],
    queryFn: () => get<ImprovementDetail>(`/v1/improvements/${encodeURIComponent(id)}`),
  })

export const effectQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['improvements', 'effect', id, language],
    queryFn: () => get<Effect>(withQuery(`/v1/improvements/${encodeURIComponent(id)}/effect`, { language })),
  })

const itemsOf =
  <Item>(path: string) =>
  async () =>
    (await get<Page<Item>>(path)).items

export const outcomesQuery = queryOptions({
  queryKey: ['promoters', 'outcomes'],
  queryFn: itemsOf<PromoterOutcome>('/v1/promoters/outcomes'),
})
export const actsQuery = (filter: { kind?: string | undefined; state?: string | undefined }) =>
  queryOptions({
    queryKey: ['promoters', 'acts', filter],
    queryFn: itemsOf<Act>(withQuery('/v1/promoters', { ...filter })),
    placeholderData: keepPreviousData,
  })
export const leadsQuery = queryOptions({
  queryKey: ['promoters', 'leads'],
  queryFn: itemsOf<Lead>('/v1/leads'),
})
export const ambassadorsQuery = queryOptions({
  queryKey: ['promoters', 'ambassadors'],
  queryFn: itemsOf<Ambassador>('/v1/ambassadors'),
})

export interface NoticeFilter {
  kind?: string | undefined
  state?: string | undefined
}
export const noticesQuery = (filter: NoticeFilter, limit = 30) =>
  infiniteQueryOptions({
    queryKey: ['praise', filter, limit],
    queryFn: ({ pageParam }) =>
      get<Page<Notice>>(withQuery('/v1/notifications', { ...filter, cursor: pageParam || undefined, limit })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })
export const praiseFirstQuery = queryOptions({
  queryKey: ['praise', 'standing'],
  queryFn: () => get<PraiseFirst>('/v1/praise-first'),
})

export const digestsQuery = queryOptions({
  queryKey: ['praise', 'digests'],
  queryFn: itemsOf<Digest>('/v1/digests'),
})

/** Followed while something waits, so that one sees it sent. */
const whileWaiting = (query: { state: { data?: { waiting: number }[] | undefined } }) =>
  query.state.data?.some(({ waiting }) => waiting > 0) ? 3000 : false
export const webhooksQuery = queryOptions({
  queryKey: ['hooks', 'webhooks'],
  queryFn: itemsOf<Webhook>('/v1/webhooks'),
  refetchInterval: whileWaiting,
})
export const channelsQuery = queryOptions({
  queryKey: ['hooks', 'channels'],
  queryFn: itemsOf<ChatChannel>('/v1/chat-channels'),
  refetchInterval: whileWaiting,
})
/** Followed while something waits, so that one sees a trial arrive. */
export const deliveriesQuery = (target: string, state?: string) =>
  infiniteQueryOptions({
    queryKey: ['hooks', 'deliveries', target, state],
    queryFn: ({ pageParam }) =>
      get<Page<Delivery>>(
        withQuery('/v1/deliveries', { target, state, cursor: pageParam || undefined, limit: 20 }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: (query) =>
      query.state.data?.pages[0]?.items.some(({ state: each }) => each === 'queued' || each === 'sending')
        ? 3000
        : false,
  })
