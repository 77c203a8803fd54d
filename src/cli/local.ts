// For: one process per data folder, and a command line that works while that process runs.
// In: a data folder. Out: the right to open it; or the running process, which carries the command out instead.
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sha256 } from '../base/ids.ts'

/** What a command reads and writes; the same whether it runs here or in the server. */
export interface Io {
  out(text: string): void
  err(text: string): void
  /** Colours and moving lines make sense. */
  isTerminal: boolean
  folder: string
}

/** Something of this machine is in the way; the message says what, and what to do. */
export class CannotStart extends Error {}

export type RunHere = (argv: string[], io: Io) => Promise<number>

type Line = { out: string } | { err: string } | { exit: number }

/** A socket path holds at most about 100 bytes, so a deep data folder gets one in the temporary folder. */
function socketPath(dataFolder: string): string {
  const inFolder = join(dataFolder, 'samklang.sock')
  return inFolder.length < 100 ? inFolder : join(tmpdir(), `samklang-${sha256(dataFolder).slice(0, 16)}.sock`)
}

function reach(dataFolder: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketPath(dataFolder))
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}

/** Carries out a command in the process that has this data folder open.
 * @returns its exit code, or undefined when no process has it open
 */
export async function runInServer(dataFolder: string, argv: string[], io: Io): Promise<number | undefined> {
  const socket = await reach(dataFolder)
  if (!socket) return undefined
  socket.write(`${JSON.stringify({ argv, folder: io.folder, isTerminal: io.isTerminal })}\n`)
  for await (const text of createInterface({ input: socket })) {
    const line = JSON.parse(text) as Line
    if ('out' in line) io.out(line.out)
    else if ('err' in line) io.err(line.err)
    else return line.exit
  }
  io.err('The server stopped before the command was done.\n')
  return 1
}

interface Request {
  argv: string[]
  folder: string
  isTerminal: boolean
}

/** @returns undefined for what no command line of ours writes */
function requestOf(text: string): Request | undefined {
  try {
    const request = JSON.parse(text) as Request | null
    return Array.isArray(request?.argv) ? request : undefined
  } catch {
    return undefined
  }
}

/** Takes the data folder for this process and answers the command line's requests.
 * @throws CannotStart when another process has it
 */
export async function holdFolder(dataFolder: string, run: RunHere): Promise<Server> {
  mkdirSync(dataFolder, { recursive: true })
  const other = await reach(dataFolder)
  if (other) {
    other.destroy()
    throw new CannotStart(
      `Another Samklang has ${dataFolder} open; stop it first, or set SAMKLANG_DATA to another folder.`,
    )
  }
  // Nobody answers there, so what is left is the socket of a process that was killed.
  rmSync(socketPath(dataFolder), { force: true })
  const server = createServer((socket) => {
    const send = (line: Line) => void (socket.writable && socket.write(`${JSON.stringify(line)}\n`))
    // Who asked has gone (`samklang ask … | head`); readline hands the socket's fault on as one of its own.
    const gone = () => socket.destroy()
    socket.on('error', gone)
    const requests = createInterface({ input: socket })
    requests.on('error', gone)
    requests.once('line', async (text) => {
      const request = requestOf(text)
      if (!request) return gone()
      const exit = await run(request.argv, {
        out: (out) => send({ out }),
        err: (err) => send({ err }),
        isTerminal: request.isTerminal,
        folder: request.folder,
      }).catch((error: Error) => {
        // A command's fault is told where it was asked for, and is none of the server's.
        send({ err: `${error.stack ?? error.message}\n` })
        return 1
      })
      send({ exit })
      socket.end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath(dataFolder), resolve)
  })
  chmodSync(socketPath(dataFolder), 0o600)
  return server
}
