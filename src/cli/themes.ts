import { parseArgs } from 'node:util'
import { recodeThemes } from '../comments/code.ts'
import type { Io } from './local.ts'
import type { Product } from './product.ts'
import { chosenWorkspace } from './workspace.ts'

const options = { workspace: { type: 'string' } } as const

export async function recode(argv: string[], io: Io, product: Product): Promise<number> {
  const { values } = parseArgs({ args: argv, options })
  const workspace = await chosenWorkspace(product, values.workspace)
  const { coded, changed } = await recodeThemes(product.parts, workspace.id)
  const counted = (count: number) => count.toLocaleString('en')
  io.out(`${workspace.slug}: ${counted(coded)} answers coded anew, ${counted(changed)} changed.\n`)
  return 0
}
