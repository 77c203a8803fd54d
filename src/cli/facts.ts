import { parseArgs } from 'node:util'
import { rebuildFacts } from '../insight/rebuild.ts'
import { verifyFacts } from '../insight/verify.ts'
import type { Io } from './local.ts'
import type { Product } from './product.ts'
import { chosenWorkspace } from './workspace.ts'

const options = { workspace: { type: 'string' } } as const

export async function rebuild(argv: string[], io: Io, product: Product): Promise<number> {
  const { values } = parseArgs({ args: argv, options })
  const workspace = await chosenWorkspace(product, values.workspace)
  const rows = await rebuildFacts(product.parts, workspace.id)
  if (rows === undefined) {
    io.err('Another process is writing the facts of this workspace; try again in a moment.\n')
    return 1
  }
  io.out(`${workspace.slug}: ${rows.toLocaleString('en')} facts made anew.\n`)
  return 0
}

export async function verify(argv: string[], io: Io, product: Product): Promise<number> {
  const { values } = parseArgs({ args: argv, options })
  const workspace = await chosenWorkspace(product, values.workspace)
  await product.loop.project(workspace.id)
  const { compared, waiting, differences } = await verifyFacts(product.parts, workspace.id)
  for (const each of differences) io.err(`${JSON.stringify(each)}\n`)
  const differing = differences.length === 0 ? 'facts and truth agree' : `${differences.length} differ`
  io.out(`${workspace.slug}: ${compared.toLocaleString('en')} counts and sums compared, ${differing}`)
  io.out(`${waiting > 0 ? `; ${waiting} changes still wait` : ''}.\n`)
  return differences.length === 0 ? 0 : 1
}
