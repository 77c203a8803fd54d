// For: `samklang` on the command line. In: its arguments. Out: the command's output and exit code.
// A command that needs the stores runs in the server when one has the data folder open, else here.
import { type Config, processConfig } from '../base/config.ts'
import { Refusal } from '../base/errors.ts'
import { createLog } from '../base/log.ts'
import { endWithReader } from './closed-pipe.ts'
import { CannotStart, type Io, runInServer } from './local.ts'
import type { Product } from './product.ts'

type Run = (argv: string[], io: Io) => Promise<number>
type RunOnProduct = (argv: string[], io: Io, product: Product) => Promise<number>

interface Command {
  name: string
  summary: string
  usage: string
  /** More for its --help. */
  details?: () => Promise<string>
  /** Needs no stores, or opens them itself. */
  run?: () => Promise<Run>
  onProduct?: () => Promise<RunOnProduct>
}

const commands: readonly Command[] = [
  {
    name: 'serve',
    summary: 'Run the server: portal, survey pages, API and the loop.',
    usage: 'samklang serve [--demo]',
    run: async () => {
      const { serve } = await import('./serve.ts')
      return (argv, io) => serve(argv, io, runOnProduct)
    },
  },
  {
    name: 'program check',
    summary: 'Check a program; tells file, line and what was expected.',
    usage: 'samklang program check FOLDER',
    run: async () => (await import('./program.ts')).check,
  },
  {
    name: 'program push',
    summary: 'Make a checked program the active version of a workspace.',
    usage: 'samklang program push FOLDER [--workspace NAME]',
    onProduct: async () => (await import('./program.ts')).push,
  },
  {
    name: 'program pull',
    summary: 'Write the active program of a workspace to a folder.',
    usage: 'samklang program pull FOLDER [--workspace NAME]',
    onProduct: async () => (await import('./program.ts')).pull,
  },
  {
    name: 'ask',
    summary: 'Ask a question of the data: a metric by fields, with n and interval.',
    usage: `samklang ask 'csat by customer.state where order.price > 100 over month' [--workspace NAME] [--json | --csv]

METRIC [by FIELD, FIELD] [where CONDITION] [over day|week|month|quarter|year] [from DATE] [to DATE]
  [compare previous] [limit N]
What comes before \`to\` is counted: January is \`from 2026-01-01 to 2026-02-01\`.
--csv: low and high are the 95 % interval, p and changeP tests; docs/loop.md tells all columns.`,
    onProduct: async () => (await import('./ask.ts')).askCommand,
  },
  {
    name: 'replay',
    summary: 'Play recorded data through the running loop in virtual time.',
    usage:
      'samklang replay PROGRAM [--workspace NAME]\n  samklang replay PROGRAM --data FOLDER [--workspace NAME]\n\nThe first plays the scenario.jsonl of the program (docs/scenarios.md), the second recorded data.',
    onProduct: async () => (await import('./replay.ts')).replayCommand,
  },
  {
    name: 'demo',
    summary: 'Create the demo workspace: two years of a simulated service company.',
    usage: 'samklang demo',
    onProduct: async () => (await import('./replay.ts')).demoCommand,
  },
  {
    name: 'facts rebuild',
    summary: 'Make the facts of a workspace anew from the truth.',
    usage: 'samklang facts rebuild [--workspace NAME]',
    onProduct: async () => (await import('./facts.ts')).rebuild,
  },
  {
    name: 'facts verify',
    summary: 'Compare the facts with the truth, per metric and day.',
    usage: 'samklang facts verify [--workspace NAME]',
    onProduct: async () => (await import('./facts.ts')).verify,
  },
  {
    name: 'themes recode',
    summary: 'Find anew what every answer is about, by the program in force.',
    usage: 'samklang themes recode [--workspace NAME]',
    onProduct: async () => (await import('./themes.ts')).recode,
  },
  {
    name: 'cases list',
    summary: 'The cases that wait, the most urgent first.',
    usage:
      'samklang cases list [--tab open | news | unassigned | overdue | dueSoon | escalated | held | closed | all] [--unit KEY] [--text WORDS] [--limit N] [--workspace NAME]\n\nIn the order of the inbox: first those with news from the customer that nobody has read, then those whose customer\nnobody has reached, the soonest due first, then the others. With --tab closed the latest closed first, with --tab all\nthe latest opened.',
    onProduct: async () => (await import('./cases.ts')).list,
  },
  {
    name: 'cases show',
    summary: 'One case with its history.',
    usage: 'samklang cases show ID [--workspace NAME]',
    onProduct: async () => (await import('./cases.ts')).show,
  },
  {
    name: 'value refresh',
    summary: 'Reckon anew what the customers of a workspace are worth.',
    usage: 'samklang value refresh [--workspace NAME]',
    onProduct: async () => (await import('./value.ts')).refresh,
  },
  {
    name: 'value show',
    summary: 'What one customer is worth, by the key your systems know them by.',
    usage: 'samklang value show KEY [--workspace NAME] [--json]',
    onProduct: async () => (await import('./value.ts')).show,
  },
  {
    name: 'webhooks',
    summary: 'List webhooks and chat channels with what waits; post again what was given up.',
    usage: 'samklang webhooks [--replay] [--workspace NAME]',
    onProduct: async () => (await import('./webhooks.ts')).webhooks,
  },
  {
    name: 'workspaces',
    summary: 'List the workspaces.',
    usage: 'samklang workspaces',
    onProduct: async () => (await import('./access.ts')).listWorkspaces,
  },
  {
    name: 'sign-in-link',
    summary: 'Make a one-time link that signs in to the portal as administrator, in the workspace named.',
    usage: 'samklang sign-in-link [--email ADDRESS] [--workspace NAME]',
    onProduct: async () => (await import('./access.ts')).signInLink,
  },
  {
    name: 'api-key',
    summary: 'Make an API key with the scopes given.',
    usage: 'samklang api-key NAME --scopes events:write,ask:read [--workspace NAME] [--unit KEY]',
    details: async () => (await import('./access.ts')).scopeHelp(),
    onProduct: async () => (await import('./access.ts')).apiKey,
  },
  {
    name: 'analyze',
    summary: 'Statistics on any CSV file, with no server or workspace.',
    usage: 'samklang analyze [METHOD] FILE.csv [options]',
    run: async () => (await import('./analyze.ts')).analyzeCommand,
  },
]

function help(): string {
  const width = Math.max(...commands.map((command) => command.name.length)) + 2
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}${command.summary}`)
  return `samklang: joins what customers feel with what actually happened\n\nCommands:\n${lines.join('\n')}\n\n  samklang COMMAND --help tells its usage. Settings: docs/configuration.md\n`
}

function find(argv: readonly string[]): { command: Command; rest: string[] } | undefined {
  for (const words of [2, 1]) {
    const command = commands.find((each) => each.name === argv.slice(0, words).join(' '))
    if (command) return { command, rest: argv.slice(words) }
  }
  return undefined
}

/** Runs one command line, with this process's input and output. */
export async function runCommandLine(argv: string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) endWithReader(stream, () => process.exit())
  const io: Io = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stdout.isTTY === true,
    folder: process.cwd(),
  }
  if (argv.length === 0 || argv[0] === '--help' || argv[0] === 'help') {
    io.out(help())
    return 0
  }
  const found = find(argv)
  const group = commands.filter(({ name }) => name.startsWith(`${argv[0]} `))
  if (!found && group.length > 0 && (argv.length === 1 || argv.includes('--help'))) {
    io.out(group.map(({ summary, usage }) => `${summary}\n\n  ${usage}\n`).join('\n'))
    return 0
  }
  if (!found) {
    io.err(`There is no command "${argv.slice(0, 2).join(' ')}".\n\n${help()}`)
    return 2
  }
  const { command, rest } = found
  if (rest.includes('--help') && command.name !== 'analyze') {
    io.out(`${command.summary}\n\n  ${command.usage}\n${(await command.details?.()) ?? ''}`)
    return 0
  }
  return told(io, async () => {
    if (command.run) return (await command.run())(rest, io)
    const config = processConfig()
    const answered = await runInServer(config.dataFolder, argv, io)
    return answered ?? runHere(config, argv, io)
  })
}

/** Runs a command on the parts of a product that is open. */
export async function runOnProduct(argv: string[], io: Io, product: Product): Promise<number> {
  const found = find(argv)
  if (!found?.command.onProduct) {
    io.err(`"${argv.join(' ')}" does not run in a server.\n`)
    return 2
  }
  const { onProduct } = found.command
  return told(io, async () => (await onProduct())(found.rest, io, product))
}

async function runHere(config: Config, argv: string[], io: Io): Promise<number> {
  const { openProduct } = await import('./product.ts')
  const log = createLog(config.logLevel === 'info' ? 'warn' : config.logLevel, io.isTerminal)
  const product = await openProduct({ ...config, mailboxPort: 0, inboundPort: undefined }, log)
  try {
    return await runOnProduct(argv, io, product)
  } finally {
    await product.close()
  }
}

/** Tells a refusal, or a wrong option, in words instead of a stack. */
async function told(io: Io, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    const usage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')
    if (!(error instanceof Refusal || error instanceof CannotStart) && !usage) throw error
    io.err(`${(error as Error).message}\n`)
    if (error instanceof Refusal)
      for (const { where, message } of error.faults) io.err(`  ${where}: ${message}\n`)
    return usage ? 2 : 1
  }
}
