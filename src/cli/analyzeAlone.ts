import { analyze } from '../analyze/command/command.ts'
import { allowsColour } from '../base/config.ts'
import { endWithReader } from './closed-pipe.ts'

for (const stream of [process.stdout, process.stderr]) endWithReader(stream, () => process.exit())
// Runs the command by itself, without the rest of the product.
process.exitCode = await analyze(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  isTTY: process.stdout.isTTY === true && allowsColour(),
})
