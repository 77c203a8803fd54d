import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Refusal } from '../base/errors.ts'
import { checkProgram, checkReport, faultLines } from '../program/check.ts'
import type { SourceFile } from '../program/source.ts'
import { invalidProgram } from '../program/store.ts'
import type { Io } from './local.ts'
import type { Product } from './product.ts'
import { chosenWorkspace, ownedWorkspace } from './workspace.ts'

/** The YAML files of a program: all of a folder, or one file. Paths are relative to the folder. */
export function readProgramFiles(place: string): SourceFile[] {
  const found = statSync(place, { throwIfNoEntry: false })
  if (!found) throw new Refusal('program.invalid', `There is no file or folder ${place}.`)
  if (found.isFile()) return [{ path: place.split('/').at(-1) as string, text: readFileSync(place, 'utf8') }]
  const files = readdirSync(place)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
  if (files.length === 0) throw new Refusal('program.invalid', `${place} holds no .yaml file.`)
  return files.map((name) => ({ path: name, text: readFileSync(join(place, name), 'utf8') }))
}

const options = { workspace: { type: 'string' } } as const

function placeOf(positionals: string[], io: Io): string {
  if (positionals.length !== 1) throw new Refusal('request.malformed', 'Name one folder or file.')
  return resolve(io.folder, positionals[0] as string)
}

export async function check(argv: string[], io: Io): Promise<number> {
  const { positionals } = parseArgs({ args: argv, allowPositionals: true, options: {} })
  const result = checkProgram(readProgramFiles(placeOf(positionals, io)))
  const print = result.program ? io.out : io.err
  print(checkReport(result))
  return result.program ? 0 : 1
}

export async function push(argv: string[], io: Io, product: Product): Promise<number> {
  const { positionals, values } = parseArgs({ args: argv, allowPositionals: true, options })
  const files = readProgramFiles(placeOf(positionals, io))
  const { program, faults } = checkProgram(files)
  // Before there is a workspace, so that none is left behind that is empty.
  if (!program) throw invalidProgram(faults)
  const workspace = await ownedWorkspace(product, values.workspace ?? program.program.workspace.name)
  const { version, changed, warnings, checkWarnings } = await product.parts.programs.push(
    workspace.id,
    files,
    'command line',
  )
  io.out(`${workspace.slug}: version ${version} ${changed ? 'is now active' : 'was active already'}.\n`)
  const found = faultLines(checkWarnings).split('\n').filter(Boolean)
  for (const warning of [...found, ...warnings]) io.err(`Warning: ${warning}\n`)
  return 0
}

export async function pull(argv: string[], io: Io, product: Product): Promise<number> {
  const { positionals, values } = parseArgs({ args: argv, allowPositionals: true, options })
  const folder = placeOf(positionals, io)
  const workspace = await chosenWorkspace(product, values.workspace)
  if (!workspace.activeVersion) throw new Refusal('program.missing')
  const files = await product.parts.programs.files(workspace.id, workspace.activeVersion)
  for (const { path, text } of files) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    io.out(`${file}\n`)
  }
  return 0
}
