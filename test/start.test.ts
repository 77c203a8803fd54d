import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { openPglite } from '../src/storage/postgres.ts'

const root = resolve(import.meta.dirname, '..')

/** `npm start` as from a terminal: in a process group of its own, which Ctrl-C reaches as a whole. */
async function started(folder: string) {
  const env = {
    ...process.env,
    SAMKLANG_DATA: folder,
    SAMKLANG_PORT: '0',
    SAMKLANG_LOG_LEVEL: 'error',
  }
  const npm = spawn('npm', ['start'], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  const ready = new Promise<void>((done, failed) => {
    const read = (text: Buffer) => {
      printed += text.toString()
      if (printed.includes('Sign in once')) done()
    }
    npm.stdout.on('data', read)
    npm.stderr.on('data', read)
    npm.once('exit', () => failed(new Error(`it ended:\n${printed}`)))
  })
  await ready
  return { npm, printed: () => printed }
}

/** Its output is closed only when the last process that writes there is gone. */
const gone = (npm: ChildProcess) => new Promise((done) => npm.once('close', done))

describe('npm start stops in order', () => {
  // The first start finds nothing there, the second what the first has left.
  const folder = mkdtempSync(join(tmpdir(), 'samklang-start-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    ['by Ctrl-C, which reaches every process of the terminal', (npm: ChildProcess) => -npm.pid!, 'SIGINT'],
    ['by a signal to npm alone, as service managers send it', (npm: ChildProcess) => npm.pid!, 'SIGTERM'],
  ] as const)('%s', async (_how, target, signal) => {
    const { npm, printed } = await started(join(folder, 'data'))
    let isGone = false
    try {
      const closed = gone(npm)
      process.kill(target(npm), signal)
      await closed
      isGone = true
      expect(printed()).toContain('Stopped.')
    } finally {
      if (!isGone) process.kill(-npm.pid!, 'SIGKILL')
    }
  })

  it('ends at once, and lets go of the folder, when a newer version has written there', async () => {
    const data = join(folder, 'data')
    const truth = await openPglite(join(data, 'truth'), systemClock)
    await truth.script(`insert into samklang.migrations (number, name) values (9999, 'later')`)
    await truth.close()
    for (const command of ['serve', 'workspaces']) {
      const env = { ...process.env, SAMKLANG_DATA: data, SAMKLANG_PORT: '0' }
      const main = join(root, 'src/main.ts')
      // Killed when it does not end by itself; then there is no exit code.
      const ran = spawnSync(process.execPath, [main, command], { env, encoding: 'utf8', timeout: 60_000 })
      expect([command, ran.status]).toEqual([command, 1])
      expect(ran.stderr).toContain('written by a newer version')
    }
  })
})
