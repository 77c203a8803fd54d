import { QueryClient } from '@tanstack/react-query'
import { Failure } from './client.ts'

/** What has been read, for all pages. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays a refusal; only a lost line is worth trying again.
      retry: (count, error) =>
        error instanceof Failure && (error.status === 0 || error.status >= 500) && count < 3,
      staleTime: 5_000,
      refetchOnWindowFocus: true,
    },
  },
})
