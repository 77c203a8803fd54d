// Makes a fresh clone ready: installs the pinned packages, builds the portal. Plain JavaScript for any Node from 20 on,
// since it runs before anything is installed.
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { alone, ended, Interrupted } from './alone.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const installedMark = join(modules, '.installed-for')
// Stands while npm is at work.
const begunMark = join(modules, '.install-begun')
const portalFolder = join(root, 'dist', 'portal')
const portalMark = join(portalFolder, '.built-from')

/** The Node that the project pins; it runs everything once it is installed. */
export const pinnedNode = join(modules, 'node', 'bin', 'node')

/** The environment of commands that shall find the pinned Node and the project's tools first. */
export const environment = {
  // glibc keeps memory apart for each thread, and keeps what was freed; V8's compiling of PGlite alone left 150 MB so.
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
  // Node keeps what it has compiled, TypeScript included, and the next command starts in half the time.
  NODE_COMPILE_CACHE: join(modules, '.cache', 'compiled'),
  ...process.env,
  PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
}

const hashOf = (...texts) => createHash('sha256').update(texts.join('\n')).digest('hex')
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/** What had to succeed did not; the process ends with its exit code. */
class Failed extends Error {
  constructor(message, exitCode) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Runs a command that must succeed; its output goes to this process's stderr, so that stdout stays ours. */
async function run(command, parameters, { hold, ...options }) {
  const all = { cwd: root, env: environment, stdio: ['ignore', 2, 2], ...options }
  const told = `${command} ${parameters.join(' ')} failed`
  const status = await ended(command, parameters, all, hold).catch((error) => {
    throw error instanceof Interrupted ? error : new Failed(`${told}: ${error.message}`, 1)
  })
  if (status !== 0) throw new Failed(told, status)
}

/** Makes something unless it is there; one process at a time, the others wait for it. */
async function made(isThere, make) {
  if (isThere()) return
  const waiting = () => console.error('Another start is making the clone ready; waiting for it.')
  try {
    await alone(join(root, '.preparing'), async (hold) => (isThere() ? undefined : make(hold)), waiting)
  } catch (error) {
    if (!(error instanceof Failed || error instanceof Interrupted)) throw error
    console.error(error.message)
    process.exit(error.exitCode)
  }
}

/** Installs the pinned packages where they are not. */
export async function install() {
  const wanted = hashOf(read(join(root, 'package-lock.json')))
  await made(
    // A linked node_modules belongs to somebody else, who keeps it up to date.
    () =>
      existsSync(pinnedNode) &&
      ((read(installedMark) === wanted && !existsSync(begunMark)) || lstatSync(modules).isSymbolicLink()),
    (hold) => installPackages(wanted, hold),
  )
}

async function installPackages(wanted, hold) {
  console.error('Installing packages; this takes a minute or two the first time.')
  // What an install that died has left looks whole to npm: half unpacked packages, and others moved aside.
  if (existsSync(begunMark)) rmSync(modules, { recursive: true, force: true })
  mkdirSync(modules, { recursive: true })
  writeFileSync(begunMark, '')
  // Not `npm ci`: the lock holds what was to be had where it was written, and `ci` refuses a lock that lacks packages
  // of other platforms. Versions come from the lock all the same, and it is left as it is.
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    hold,
    shell: process.platform === 'win32',
  }).catch((error) => {
    // npm that gives up by itself has undone what it did.
    if (error instanceof Failed) rmSync(begunMark, { force: true })
    throw error
  })
  if (!existsSync(pinnedNode))
    throw new Failed(
      'The pinned Node did not arrive: npm was told to skip install scripts. Allow them and try again.',
      1,
    )
  writeFileSync(installedMark, wanted)
  rmSync(begunMark, { force: true })
}

function sourcesOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? sourcesOf(path) : [path]
    })
}

/** Builds the portal where its sources have changed. */
export async function buildPortal() {
  const sources = join(root, 'web', 'portal')
  if (!existsSync(join(sources, 'vite.config.ts'))) return
  const wanted = hashOf(
    read(join(root, 'package-lock.json')),
    // The portal takes in files of the server's, too.
    ...[
      ...sourcesOf(sources),
      ...['askText.ts', 'loopWords.ts'].map((name) => join(root, 'src', 'insight', name)),
    ].map((file) => `${file.slice(root.length)} ${hashOf(read(file))}`),
  )
  await made(
    () => read(portalMark) === wanted,
    async (hold) => {
      console.error('Building the portal.')
      const vite = join(modules, 'vite', 'bin', 'vite.js')
      const config = join(sources, 'vite.config.ts')
      await run(pinnedNode, [vite, 'build', '--config', config, '--logLevel', 'warn'], { hold })
      mkdirSync(portalFolder, { recursive: true })
      writeFileSync(portalMark, wanted)
    },
  )
}
