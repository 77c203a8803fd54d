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
  'accounts',
  'plans',
  'value',
  'mailbox',
  'sources',
  'keptAside',
  'progress',
  'loop',
  'improvements',
  'promoters',
  'praise',
])
const pause = 400

/** Reads anew all that events and answers change; what nobody looks at is read when it is next shown. */
export function refresh(client: QueryClient) {
  return client.invalidateQueries({ predicate: (query) => changing.has(String(query.queryKey[0])) })
}

/** Does a reading again for whatever comes during it, never two at once; a burst of news is one, and a server that is
 * slow to answer is asked less often. */
function inTurn(read: () => Promise<void>): { news(): void; stop(): void } {
  let reading = false
  let again = false
  let stopped = false
  async function changed() {
    again = true
    if (reading) return
    reading = true
    while (again && !stopped) {
      again = false
      const began = performance.now()
      await read()
      await new Promise((resolve) => setTimeout(resolve, Math.max(pause, performance.now() - began)))
    }
    reading = false
  }
  return {
    news: () => void changed(),
    stop() {
      stopped = true
    },
  }
}

/** Listens while the page is open. @returns whether the line to the server is up */
export function useLive(signedIn: boolean): boolean {
  const client = useQueryClient()
  const [up, setUp] = useState(false)
  useEffect(() => {
    if (!signedIn) return
    const source = new EventSource(withQuery('/v1/live', { workspace: chosenWorkspace() }))
    const facts = inTurn(() => refresh(client))
    // Cases are read from the truth, which the facts follow: an open inbox need not wait for these.
    const cases = inTurn(() => client.invalidateQueries({ queryKey: ['cases'] }))
    source.addEventListener('changed', facts.news)
    source.addEventListener('cases', cases.news)
    source.onopen = () => setUp(true)
    source.onerror = () => setUp(false)
    return () => {
      facts.stop()
      cases.stop()
      source.close()
    }
  }, [client, signedIn])
  return up
}
