import { parseArgs } from 'node:util'
import { Refusal } from '../base/errors.ts'
import { type Scope, scopes } from '../base/principal.ts'
import { createApiKey } from '../people/apiKeys.ts'
import { createSignInLink } from '../people/links.ts'
import { findWorkspaces } from '../people/workspaces.ts'
import type { Io } from './local.ts'
import type { Product } from './product.ts'
import { chosenWorkspace } from './workspace.ts'

export async function listWorkspaces(_argv: string[], io: Io, product: Product): Promise<number> {
  for (const { slug, name, activeVersion } of await findWorkspaces(product.parts.database)) {
    io.out(`${slug.padEnd(24)} ${(activeVersion ?? 'no program').padEnd(18)} ${name}\n`)
  }
  return 0
}

export async function signInLink(argv: string[], io: Io, product: Product): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { email: { type: 'string' }, workspace: { type: 'string' } },
  })
  const workspace = values.workspace ? await chosenWorkspace(product, values.workspace) : undefined
  const { url, expiresAt } = await createSignInLink(product.parts, {
    ...(values.email ? { email: values.email } : {}),
    ...(workspace ? { workspaceId: workspace.id } : {}),
  })
  io.out(`${url}\n`)
  io.err(`Works once, until ${expiresAt.toISOString()}.\n`)
  return 0
}

/** The scopes a key can have, for its --help. */
export const scopeHelp = () => `
Scopes: ${scopes.join(', ')}.
"read" brings ask:read with it. A key for one unit (--unit) gets none that look across units.
`

export async function apiKey(argv: string[], io: Io, product: Product): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { scopes: { type: 'string' }, workspace: { type: 'string' }, unit: { type: 'string' } },
  })
  const [name] = positionals
  const wanted = (values.scopes ?? '').split(',').filter(Boolean)
  const unknown = wanted.filter((scope) => !scopes.some((known) => known === scope))
  if (!name || wanted.length === 0 || unknown.length > 0) {
    const about =
      unknown.length > 0 ? `There is no scope ${unknown.join(', ')}.` : 'Name the key and its --scopes.'
    throw new Refusal('request.malformed', `${about} Scopes: ${scopes.join(', ')}.`)
  }
  const workspace = await chosenWorkspace(product, values.workspace)
  const { key } = await product.parts.database.inWorkspace(workspace.id, (tx) =>
    createApiKey(tx, product.parts.clock, {
      name,
      scopes: wanted as Scope[],
      createdBy: 'command line',
      ...(values.unit ? { unitKey: values.unit } : {}),
    }),
  )
  io.out(`${key}\n`)
  io.err('Keep it now: it is not shown again.\n')
  return 0
}
