// For: telling whether a program is right before it decides whom to ask.
// In: its YAML files as text. Out: the program ready to be used with its version, or every fault with its place.
import { type CheckedProgram, checkedProgram } from './checked.ts'
import { reportMeaning } from './meaning.ts'
import { namedChannels } from './meaning-notify.ts'
import { readablePart } from './readable.ts'
import { type Program, ProgramSchema } from './schema.ts'
import { type Report, reportShape } from './shape.ts'
import { type ProgramFault, Source, type SourceFile } from './source.ts'
import { versionOf } from './version.ts'

export interface CheckResult {
  /** There only when there are no faults. */
  program?: CheckedProgram
  version?: string
  faults: ProgramFault[]
  /** What hinders nothing and will hardly be meant; none are told beside faults. */
  warnings: ProgramFault[]
  /** What the workspace must have besides; where it is known, what it lacks is a warning. */
  notes: ProgramFault[]
}

/** What a program is meant for. */
export interface Surroundings {
  /** Names of the chat channels there are. */
  channels: ReadonlySet<string>
}

const mostFaults = 200

/** Ends a check that has found enough. */
class Enough extends Error {}

/** Checks a program: the YAML, its form and its meaning, as far as each can be read; never throws, whatever the files
 * hold.
 * @param workspace the one it is checked for; left out: any
 * @returns at most 200 faults, or warnings, in the order they stand in the files
 */
export function checkProgram(files: readonly SourceFile[], workspace?: Surroundings): CheckResult {
  const source = new Source(files)
  const faults = [...source.faults]
  const warnings: ProgramFault[] = []
  const warn: Report = (path, message, at, offset) => {
    if (warnings.length < mostFaults) warnings.push(source.fault(path, message, at, offset))
  }
  const report: Report = (path, message, at, offset) => {
    faults.push(source.fault(path, message, at, offset))
    if (faults.length >= mostFaults) throw new Enough()
  }
  try {
    // What is said of a document that could not be read whole would only be echoes of that.
    if (faults.length === 0) {
      reportShape(ProgramSchema, source.document, report)
      if (faults.length === 0) reportMeaning(source.document as Program, report, warn)
      else {
        const readable = readablePart(ProgramSchema, source.document)
        if (readable) reportMeaning(readable.program, readable.reporting(report), () => {})
      }
    }
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  if (faults.length > 0) return { faults: inOrder(faults, files), warnings: [], notes: [] }
  const version = versionOf(source.document)
  // A plain copy: what the store gives back later is made of the same stuff.
  const program = JSON.parse(JSON.stringify(source.document)) as Program
  const notes: ProgramFault[] = []
  for (const { name, path } of namedChannels(program)) {
    if (!workspace)
      notes.push(
        source.fault(path, `the workspace must have a chat channel ${name}: nobody is told there before`),
      )
    else if (!workspace.channels.has(name))
      warn(path, `this workspace has no chat channel ${name}: nobody is told there before it is made`)
  }
  return {
    program: checkedProgram(program, version),
    version,
    faults: [],
    warnings: inOrder(warnings, files),
    notes: inOrder(notes, files),
  }
}

function inOrder(faults: ProgramFault[], files: readonly SourceFile[]): ProgramFault[] {
  const position = new Map(files.map((file, index) => [file.path, index]))
  return faults.sort(
    (a, b) =>
      (position.get(a.file) ?? 0) - (position.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  )
}

/** The faults one a line: file:line:column where: message */
export function faultLines(faults: readonly ProgramFault[]): string {
  return faults
    .map(({ file, line, column, where, message }) => {
      const path = where ? ` ${where}:` : ''
      return `${file}:${line}:${column}${path} ${message}`
    })
    .join('\n')
}

/** What `samklang program check` prints: the faults and how many, or what the program holds, the warnings
 * and what it needs besides. Ends with a line break. */
export function checkReport({ program, version, faults, warnings, notes }: CheckResult): string {
  if (!program) {
    const count =
      faults.length >= mostFaults ? `${mostFaults} faults or more` : counted(faults.length, 'fault')
    return `${faultLines(faults)}\n${count}\n`
  }
  const { workspace, events, surveys, metrics, triggers = {} } = program.program
  const parts = Object.entries({ event: events, survey: surveys, metric: metrics, trigger: triggers })
  const holds = parts.map(([name, things]) => counted(Object.keys(things).length, name)).join(', ')
  const listed = (thing: string, all: readonly ProgramFault[]) =>
    all.length === 0 ? '' : `${counted(all.length, thing)}:\n${faultLines(all)}\n`
  const told = `${listed('warning', warnings)}${listed('note', notes)}`
  return `${workspace.name}: no faults. Version ${version}: ${holds}.\n${told}`
}

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`
