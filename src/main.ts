// For: the process. In: its arguments. Out: a command carried out, and its exit code.
import { runCommandLine } from './cli/command.ts'

process.exitCode = await runCommandLine(process.argv.slice(2))
