import { analyze } from '../analyze/command/command.ts'
import { allowsColour } from '../base/config.ts'
import type { Io } from './local.ts'

export function analyzeCommand(argv: string[], io: Io): Promise<number> {
  return analyze(argv, {
    stdout: { write: io.out },
    stderr: { write: io.err, isTTY: process.stderr.isTTY },
    isTTY: io.isTerminal && allowsColour(),
  })
}
