import { useQuery } from '@tanstack/react-query'
import { meQuery } from './queries.ts'
import type { Scope } from './wire.ts'

/** Whether the person may do this here. The server decides; the page only leaves out what would be refused. */
export function useMay(scope: Scope): boolean {
  const me = useQuery(meQuery)
  return me.data?.scopes.includes(scope) ?? false
}
