import { Refusal } from '../base/errors.ts'
import { giveToOwner } from '../people/links.ts'
import { ensureWorkspace, findWorkspaces, type Workspace } from '../people/workspaces.ts'
import type { Product } from './product.ts'

/** The workspace a command is about: the one named, or the only one there is. */
export async function chosenWorkspace(product: Product, named: string | undefined): Promise<Workspace> {
  const all = await findWorkspaces(product.parts.database)
  const slugs = all.map((each) => each.slug).join(', ')
  if (named) {
    const found = all.find((each) => each.slug === named)
    if (!found) throw new Refusal('workspace.unknown', `There are: ${slugs || 'none yet'}.`)
    return found
  }
  const [only, ...others] = all
  if (!only)
    throw new Refusal('workspace.unknown', 'There is none yet: try samklang demo, or samklang program push.')
  if (others.length > 0) throw new Refusal('workspace.unknown', `Say which with --workspace: ${slugs}.`)
  return only
}

/** The workspace of this name, made when there is none; the server's owner sees it in the portal from then on. */
export async function ownedWorkspace(product: Product, name: string): Promise<Workspace> {
  const workspace = await ensureWorkspace(product.parts, name)
  await giveToOwner(product.parts)
  return workspace
}
