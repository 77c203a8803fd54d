import { type ChildProcess, spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

// What starts do before anything is installed, as processes of their own: a starter that runs an installer under the
// lock. The installer notes when it begins, waits to be let go, and notes its end.

const alone = pathToFileURL(resolve(import.meta.dirname, '..', 'bin', 'alone.mjs')).href
let folder: string
let started: ChildProcess[]
const at = (name: string) => join(folder, name)
const log = () => (existsSync(at('log')) ? readFileSync(at('log'), 'utf8').trim().split('\n') : [])
const until = <T>(holds: () => T) => vi.waitFor(holds, { timeout: 20_000, interval: 50 })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samklang-prepare-'))
  started = []
  writeFileSync(
    at('installer.mjs'),
    `import { appendFileSync, existsSync } from 'node:fs'
    if (process.argv[2] === 'stubborn') process.on('SIGTERM', () => {})
    const note = (what) => appendFileSync(${JSON.stringify(at('log'))}, what + ' ' + process.argv[2] + '\\n')
    note('begin')
    setInterval(() => {
      if (!existsSync(${JSON.stringify(at('go'))})) return
      note('end')
      process.exit(0)
    }, 20)`,
  )
  writeFileSync(
    at('starter.mjs'),
    `import { alone, ended, Interrupted } from ${JSON.stringify(alone)}
    const name = process.argv[2]
    const work = (hold) => ended(process.execPath, [${JSON.stringify(at('installer.mjs'))}, name], {}, hold)
    await alone(${JSON.stringify(at('lock'))}, work, () => console.log('waiting')).catch((error) => {
      process.exit(error instanceof Interrupted ? error.exitCode : 99)
    })`,
  )
})
afterEach(() => {
  // An installer whose starter was killed waits for this.
  appendFileSync(at('go'), '')
  for (const child of started) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function start(name: string) {
  const child = spawn(process.execPath, [at('starter.mjs'), name], { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  let printed = ''
  child.stdout.on('data', (text: Buffer) => {
    printed += text.toString()
  })
  const code = new Promise<number | null>((done) => child.once('exit', done))
  return { child, code, printed: () => printed }
}

describe('a start that has to install', () => {
  it('waits for another that does', async () => {
    const first = start('first')
    await until(() => expect(log()).toEqual(['begin first']))
    const second = start('second')
    await until(() => expect(second.printed()).toContain('waiting'))
    expect(log()).toEqual(['begin first'])
    appendFileSync(at('go'), '')
    expect([await first.code, await second.code]).toEqual([0, 0])
    expect(log()).toEqual(['begin first', 'end first', 'begin second', 'end second'])
    expect(existsSync(at('lock'))).toBe(false)
  })
  it('takes up what one that was killed has left, once its installer is gone', async () => {
    const first = start('first')
    await until(() => expect(log()).toEqual(['begin first']))
    await until(() => expect(JSON.parse(readFileSync(at('lock'), 'utf8')).group).toBeGreaterThan(0))
    first.child.kill('SIGKILL')
    await first.code
    const second = start('second')
    await until(() => expect(second.printed()).toContain('waiting'))
    expect(log()).toEqual(['begin first'])
    appendFileSync(at('go'), '')
    expect(await second.code).toBe(0)
    expect(log()).toEqual(['begin first', 'end first', 'begin second', 'end second'])
  })
  it('takes up a lock whose owner is long gone, and one of a silent stranger', async () => {
    appendFileSync(at('go'), '')
    const gone = start('gone')
    await gone.code
    for (const owner of [{ pid: gone.child.pid }, { host: 'elsewhere', pid: process.pid }]) {
      writeFileSync(at('lock'), JSON.stringify({ host: hostname(), ...owner }))
      const longAgo = new Date(Date.now() - 300_000)
      utimesSync(at('lock'), longAgo, longAgo)
      expect(await start('next').code).toBe(0)
    }
    expect(log().filter((line) => line === 'end next')).toHaveLength(2)
  })
  it.each([
    ['first', 'SIGTERM'],
    ['first', 'SIGINT'],
    // As npm may be while it undoes what it has done.
    ['stubborn', 'SIGTERM'],
  ] as const)('ends its installer (the %s) with itself at %s', async (name, signal) => {
    const { child, code } = start(name)
    await until(() => expect(log()).toEqual([`begin ${name}`]))
    const { group } = await until(() => {
      const lock = JSON.parse(readFileSync(at('lock'), 'utf8')) as { group: number }
      expect(lock.group).toBeGreaterThan(0)
      return lock
    })
    child.kill(signal)
    expect(await code).toBe(signal === 'SIGINT' ? 130 : 143)
    expect(() => process.kill(group, 0)).toThrow('ESRCH')
    expect(existsSync(at('lock'))).toBe(false)
  })
})
