// For: seeing what happens as it happens. In: the server's events. Out: the pages read again what changed.
import type { QueryClient } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { chosenWorkspace, withQuery } from './client.ts'

const changing = new Set([
  'ask',
  'responses',
  'cases',
  'customers',
  'mailbox',
  'sources',
  'keptAside',
  'progress',
])
const pause = 400

/** Reads anew all that events and answers change; what nobody looks at is read when it is next shown. */
export function refresh(client: QueryClient) {
  return client.invalidateQueries({ predicate: (query) => changing.has(String(query.queryKey[0])) })
}

/** Listens while the page is open. @returns whether the line to the server is up */
export function useLive(signedIn: boolean): boolean {
  const client = useQueryClient()
  const [up, setUp] = useState(false)
  useEffect(() => {
    if (!signedIn) return
    const source = new EventSource(withQuery('/v1/live', { workspace: chosenWorkspace() }))
    let waiting: ReturnType<typeof setTimeout> | undefined
    let last = 0
    const changed = () => {
      // A burst of answers is one reading: at once for the first, then at most one every 400 ms.
      if (waiting) return
      waiting = setTimeout(
        () => {
          waiting = undefined
          last = Date.now()
          void refresh(client)
        },
        Math.max(0, last + pause - Date.now()),
      )
    }
    source.addEventListener('changed', changed)
    source.onopen = () => setUp(true)
    source.onerror = () => setUp(false)
    return () => {
      clearTimeout(waiting)
      source.close()
    }
  }, [client, signedIn])
  return up
}
