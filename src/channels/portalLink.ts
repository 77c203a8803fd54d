import type { Tx } from '../storage/postgres.ts'

/** Whether a path is the portal's, where one signs in; surveys, unsubscribing and referrals stand behind links of their
 * own, which need no account.
 */
export const isInPortal = (path: string) => /^\/(?![sur]\/)/.test(path)

/** The whole address of a path. One of the portal names its workspace: whoever is in several may be in another just now.
 * @param path such as /cases?tab=mine; a whole address stays as it is
 */
export function linkTo(publicUrl: string, slug: string, path: string): string {
  if (!path.startsWith('/')) return path
  if (!isInPortal(path)) return publicUrl + path
  const [before, ...anchor] = path.split('#')
  const named = `${before}${before?.includes('?') ? '&' : '?'}workspace=${encodeURIComponent(slug)}`
  return publicUrl + [named, ...anchor].join('#')
}

/** Makes whole addresses of paths for whoever reads them outside of mails. */
export type LinkTo = (path: string) => string

/** Links into the portal of the workspace that is worked in. */
export async function readLinkTo(tx: Tx, publicUrl: string): Promise<LinkTo> {
  const [workspace] = await tx.query<{ slug: string }>(
    'select slug from workspaces where workspace_id = $1',
    [tx.workspaceId],
  )
  return (path) => linkTo(publicUrl, workspace?.slug ?? '', path)
}
