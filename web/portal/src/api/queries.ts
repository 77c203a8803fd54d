// For: what the pages read. In: filters. Out: query options, whose keys start with what they show ('responses', …).
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Language } from '../words/words.ts'
import { askTogether } from './asks.ts'
import { Failure, get, withQuery } from './client.ts'
import type { CustomerDetail } from './valueWire.ts'
import type {
  Absence,
  ApiKey,
  AsideMail,
  Ask,
  CaseDetail,
  CaseFilters,
  CasePolicy,
  Colleague,
  CustomerItem,
  Inbox,
  KeptAside,
  Mail,
  MailDetail,
  Me,
  Member,
  Page,
  Program,
  Progress,
  ResponseDetail,
  ResponseFilters,
  ResponseItem,
  SavedView,
  SourceFile,
  Sources,
  Workspace,
} from './wire.ts'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await get<Me>('/v1/me')
    } catch (error) {
      if (error instanceof Failure && error.status === 401) return null
      throw error
    }
  },
  staleTime: 60_000,
})

export const workspacesQuery = queryOptions({
  queryKey: ['workspaces'],
  queryFn: async () => listOf<Workspace>(await get('/v1/workspaces')),
  staleTime: 60_000,
})

export const programQuery = queryOptions({
  queryKey: ['program'],
  queryFn: () => get<Program>('/v1/program'),
  staleTime: 30_000,
})

export const programVersionQuery = (version: string) =>
  queryOptions({
    queryKey: ['programVersion', version],
    queryFn: () =>
      get<{ version: string; files: SourceFile[] }>(`/v1/program/versions/${encodeURIComponent(version)}`),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const progressQuery = queryOptions({
  queryKey: ['progress'],
  queryFn: async () => listOf<Progress>(await get('/v1/progress')),
  refetchInterval: (query) => (query.state.data?.some((work) => !work.finished) ? 1000 : false),
})

export const askQuery = (ask: Ask, language: Language) =>
  queryOptions({
    queryKey: ['ask', ask, language],
    queryFn: () => askTogether(ask, language),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })

export const responsesQuery = (filters: ResponseFilters, limit = 30) =>
  infiniteQueryOptions({
    queryKey: ['responses', filters, limit],
    queryFn: ({ pageParam }) =>
      get<Page<ResponseItem>>(withQuery('/v1/responses', { ...filters, cursor: pageParam, limit })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })

/** When the newest answer was given; null when there is none. */
export const newestQuery = queryOptions({
  queryKey: ['responses', 'newest'],
  queryFn: async () => (await get<Page<ResponseItem>>('/v1/responses?limit=1')).items[0]?.answeredAt ?? null,
})

export const responseQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['responses', 'one', id, language],
    queryFn: () => get<ResponseDetail>(withQuery(`/v1/responses/${encodeURIComponent(id)}`, { language })),
  })

export const casesQuery = (filters: CaseFilters, limit = 30) =>
  infiniteQueryOptions({
    queryKey: ['cases', filters, limit],
    queryFn: ({ pageParam }) => get<Inbox>(withQuery('/v1/cases', { ...filters, cursor: pageParam, limit })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })

/** How many cases wait behind each tab. */
export const caseCountsQuery = queryOptions({
  queryKey: ['cases', 'waiting'],
  queryFn: async () => (await get<Inbox>(withQuery('/v1/cases', { limit: 1 }))).counts,
})

export const casePolicyQuery = (language: Language) =>
  queryOptions({
    queryKey: ['casePolicy', language],
    queryFn: () => get<CasePolicy>(withQuery('/v1/cases/policy', { language })),
    staleTime: 60_000,
  })

/** Who is away, now and later. */
export const absencesQuery = queryOptions({
  queryKey: ['absences'],
  queryFn: async () => listOf<Absence>(await get('/v1/absences')),
})

/** Answers of customers that wait for a person's judgement; read again with the cases. */
export const mailsAsideQuery = infiniteQueryOptions({
  queryKey: ['cases', 'aside'],
  queryFn: ({ pageParam }) =>
    get<Page<AsideMail>>(withQuery('/v1/case-mails/aside', { cursor: pageParam, limit: 20 })),
  initialPageParam: '',
  getNextPageParam: (last) => last.next ?? undefined,
  // What is kept aside changes no case, so that nothing tells of it.
  refetchInterval: 60_000,
})

/** Whom a case can be given to. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async () => listOf<Colleague>(await get('/v1/people')),
  staleTime: 10_000,
})

/** Whom this case can be given to. */
export const casePeopleQuery = (id: string) =>
  queryOptions({
    queryKey: ['people', 'of', id],
    queryFn: async () => listOf<Colleague>(await get(withQuery('/v1/people', { case: id }))),
    staleTime: 10_000,
  })

export const viewsQuery = queryOptions({
  queryKey: ['views', 'cases'],
  queryFn: async () => listOf<SavedView>(await get(withQuery('/v1/views', { page: 'cases' }))),
})

export const caseQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['cases', 'one', id, language],
    queryFn: () => get<CaseDetail>(withQuery(`/v1/cases/${encodeURIComponent(id)}`, { language })),
  })

export const customersQuery = (search: string) =>
  queryOptions({
    queryKey: ['customers', search],
    queryFn: async () => listOf<CustomerItem>(await get(withQuery('/v1/customers', { search }))),
    placeholderData: keepPreviousData,
  })

export const customerQuery = (id: string, language: Language) =>
  queryOptions({
    queryKey: ['customers', 'one', id, language],
    queryFn: () => get<CustomerDetail>(withQuery(`/v1/customers/${encodeURIComponent(id)}`, { language })),
  })

export const mailboxQuery = infiniteQueryOptions({
  queryKey: ['mailbox'],
  queryFn: ({ pageParam }) => get<Page<Mail>>(withQuery('/v1/mailbox', { cursor: pageParam, limit: 30 })),
  initialPageParam: '',
  getNextPageParam: (last) => last.next ?? undefined,
})

export const mailQuery = (id: string) =>
  queryOptions({
    queryKey: ['mailbox', 'one', id],
    queryFn: () => get<MailDetail>(`/v1/mailbox/${encodeURIComponent(id)}`),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: async (): Promise<Sources> => {
    const found = await get<Sources | Sources['sources']>('/v1/sources')
    return Array.isArray(found) ? { sources: found } : found
  },
})

export const keptAsideQuery = queryOptions({
  queryKey: ['keptAside'],
  queryFn: async () => listOf<KeptAside>(await get('/v1/kept-aside?state=open')),
})

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: async () => listOf<Member>(await get('/v1/members')),
})

export const apiKeysQuery = queryOptions({
  queryKey: ['apiKeys'],
  queryFn: async () => listOf<ApiKey>(await get('/v1/api-keys')),
})

/** Short lists come bare or as {items}. */
export function listOf<Item>(found: Item[] | Page<Item>): Item[] {
  return Array.isArray(found) ? found : found.items
}
