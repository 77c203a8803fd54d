import { analyze } from './command.ts'

// Runs the command by itself, without the rest of the product.
process.exitCode = await analyze(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  isTTY: process.stdout.isTTY === true,
})
