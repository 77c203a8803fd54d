// One at a time among processes of one machine, by a lock file; and commands that end with who started them.
// In: the lock's path and what is to be done. Out: what that gave. Plain JavaScript for any Node from 20 on.
import { spawn } from 'node:child_process'
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'

const BEAT = 2000
// An owner that cannot be asked whether it lives (another machine's or container's) is believed for so long.
const BELIEVED = 60_000
// npm takes a signal for a wish to undo what it has done, and may be long about it.
const PATIENCE = 4000

/** Does work while no other process does any under the same lock. A lock whose owner, and the command that it had
 * started, are gone is taken up.
 * @param lock path of the file; its folder exists
 * @param work is called with `hold(pid)`, to be told the process group that does the work: the lock stands while that
 *   lives, even when its owner was killed
 * @param waiting is called once when another is at it
 */
export async function alone(lock, work, waiting = () => {}) {
  const write = (group) => {
    // Written whole and then moved, so that nobody reads half of it.
    const own = `${lock}.${process.pid}`
    writeFileSync(own, JSON.stringify({ host: hostname(), pid: process.pid, group }))
    return own
  }
  let told = false
  while (!take(lock, write())) {
    if (!told) waiting()
    told = true
    await wait(200)
  }
  const beat = setInterval(() => touch(lock), BEAT)
  try {
    return await work((group) => renameSync(write(group), lock))
  } finally {
    clearInterval(beat)
    rmSync(lock, { force: true })
  }
}

// Somebody may have removed it by hand; the work goes on all the same.
function touch(lock) {
  try {
    utimesSync(lock, new Date(), new Date())
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function take(lock, own) {
  try {
    linkSync(own, lock)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  } finally {
    rmSync(own, { force: true })
  }
  const found = ownerOf(lock)
  if (found === undefined || isAlive(found)) return false
  // Of several that find it left behind one moves it away; who then moved another's new lock gives it back.
  const moved = `${own}.left`
  try {
    renameSync(lock, moved)
    if (readFileSync(moved, 'utf8') !== found.text) linkSync(moved, lock)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  } finally {
    rmSync(moved, { force: true })
  }
  return false
}

/** What a lock says; undefined when it is gone. */
function ownerOf(lock) {
  try {
    const text = readFileSync(lock, 'utf8')
    return { text, age: Date.now() - statSync(lock).mtimeMs, ...JSON.parse(text) }
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive({ host, pid, group, age }) {
  if (host !== hostname()) return age < BELIEVED
  // After a restart of a container its numbers come again: one's own is nobody else's, and a living owner beats.
  if (group !== undefined && runs(process.platform === 'win32' ? group : -group)) return true
  return pid !== process.pid && runs(pid) && age < BELIEVED
}

function runs(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Runs a command to its end. A signal to this process goes to the command and all that it has started, and ends this
 * process once they are gone.
 * @param started is called with the number of its process group
 * @returns its exit code; rejects when it cannot be started
 */
export function ended(command, parameters, options, started = () => {}) {
  const grouped = process.platform !== 'win32'
  return new Promise((done, failed) => {
    const child = spawn(command, parameters, { ...options, detached: grouped })
    let ending
    let impatient
    const pass = (signal) => {
      ending ??= signal
      impatient ??= setTimeout(() => send('SIGKILL'), PATIENCE)
      send(signal)
    }
    const send = (signal) => {
      try {
        if (grouped) process.kill(-child.pid, signal)
        else child.kill(signal)
      } catch (error) {
        if (error.code !== 'ESRCH') throw error
      }
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    const stop = () => {
      clearTimeout(impatient)
      for (const signal of signals) process.off(signal, pass)
    }
    child.once('error', (error) => {
      stop()
      failed(error)
    })
    if (child.pid === undefined) return
    for (const signal of signals) process.on(signal, pass)
    child.once('exit', (code, signal) => {
      stop()
      if (ending) failed(new Interrupted(ending))
      else done(code ?? (signal ? 1 : 0))
    })
    started(child.pid)
  })
}

/** What was to be done was ended by a signal. */
export class Interrupted extends Error {
  constructor(signal) {
    super(`ended by ${signal}`)
    this.exitCode = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal]
  }
}
