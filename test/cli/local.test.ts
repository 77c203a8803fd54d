import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdFolder, runInServer } from '../../src/cli/local.ts'

const folder = mkdtempSync(join(tmpdir(), 'samklang-local-'))
const socketPath = join(folder, 'samklang.sock')
let server: Server

/** Runs a command as `samklang` does. @returns what it printed, and its exit code */
async function samklang(...argv: string[]) {
  let out = ''
  let err = ''
  const io = {
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
    isTerminal: false,
    folder,
  }
  return { exit: await runInServer(folder, argv, io), out, err }
}

beforeAll(async () => {
  server = await holdFolder(folder, async ([name], io) => {
    if (name === 'broken') throw new TypeError('the command itself is broken')
    // More than a reader takes by itself, less than the socket holds.
    if (name === 'long') io.out('a line of it\n'.repeat(12_000))
    io.out('done\n')
    return 0
  })
})

afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

describe('a command carried out by the process that has the data folder', () => {
  it('outlives a reader who goes away before all of a long answer is read', async () => {
    for (let turn = 0; turn < 5; turn++) {
      await new Promise<void>((closed) => {
        const socket = connect(socketPath, () =>
          socket.write(`${JSON.stringify({ argv: ['long'], folder, isTerminal: false })}\n`),
        )
        socket.once('readable', () => socket.destroy())
        socket.once('close', () => closed())
      })
    }
    expect(await samklang('short')).toEqual({ exit: 0, out: 'done\n', err: '' })
  })

  it('outlives whoever sends no command', async () => {
    for (const sent of ['no command\n', 'null\n', '{"argv":7}\n', '']) {
      await new Promise<void>((closed) => {
        const socket = connect(socketPath, () => socket.end(sent))
        socket.resume().once('close', () => closed())
      })
    }
    expect(await samklang('short')).toMatchObject({ exit: 0 })
  })

  it('tells the fault of a command that is broken, and goes on', async () => {
    const { exit, err } = await samklang('broken')
    expect(exit).toBe(1)
    expect(err).toContain('the command itself is broken')
    expect(await samklang('short')).toMatchObject({ exit: 0 })
  })
})
