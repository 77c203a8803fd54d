// For: links that name a workspace, such as those in mails. In: its slug. Out: the portal shows that one from now on.
import { chooseWorkspace, chosenWorkspace, Failure, get } from './client.ts'
import { queryClient } from './queryClient.ts'
import type { Workspace } from './wire.ts'

/** Opens a workspace for one of its members; for others nothing changes.
 * @returns false when nobody has signed in yet, so that it is to be tried again
 */
export async function openWorkspace(slug: string): Promise<boolean> {
  if (slug === chosenWorkspace()) return true
  try {
    const { items } = await get<{ items: Workspace[] }>('/v1/workspaces')
    if (!items.some((each) => each.slug === slug)) return true
  } catch (error) {
    if (error instanceof Failure) return false
    throw error
  }
  chooseWorkspace(slug)
  // What was read of the other one is not this one's.
  queryClient.clear()
  return true
}
