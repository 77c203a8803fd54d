// Makes a fresh clone ready: installs the pinned packages, builds the portal. Plain JavaScript for any Node from 20 on,
// since it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const installedMark = join(modules, '.installed-for')
const portalFolder = join(root, 'dist', 'portal')
const portalMark = join(portalFolder, '.built-from')

/** The Node that the project pins; it runs everything once it is installed. */
export const pinnedNode = join(modules, 'node', 'bin', 'node')

/** The environment of commands that shall find the pinned Node and the project's tools first. */
export const environment = {
  // glibc keeps memory apart for each thread, and keeps what was freed; V8's compiling of PGlite alone left 150 MB so.
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
  ...process.env,
  PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
}

const hashOf = (...texts) => createHash('sha256').update(texts.join('\n')).digest('hex')
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/** Runs a command that must succeed; its output goes to this process's stderr, so that stdout stays ours. */
export function run(command, parameters, options = {}) {
  const { status, error } = spawnSync(command, parameters, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 2, 2],
    ...options,
  })
  if (error || status !== 0) {
    console.error(`${command} ${parameters.join(' ')} failed${error ? `: ${error.message}` : ''}`)
    process.exit(status || 1)
  }
}

export function install() {
  const wanted = hashOf(read(join(root, 'package-lock.json')))
  if (read(installedMark) === wanted && existsSync(pinnedNode)) return
  // A linked node_modules belongs to somebody else, who keeps it up to date.
  if (existsSync(pinnedNode) && lstatSync(modules).isSymbolicLink()) return
  console.error('Installing packages; this takes a minute or two the first time.')
  // Not `npm ci`: the lock holds what was to be had where it was written, and `ci` refuses a lock that lacks packages
  // of other platforms. Versions come from the lock all the same, and it is left as it is.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    shell: process.platform === 'win32',
  })
  if (!existsSync(pinnedNode)) {
    console.error(
      'The pinned Node did not arrive: npm was told to skip install scripts. Allow them and try again.',
    )
    process.exit(1)
  }
  writeFileSync(installedMark, wanted)
}

function sourcesOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? sourcesOf(path) : [path]
    })
}

export function buildPortal() {
  const sources = join(root, 'web', 'portal')
  if (!existsSync(join(sources, 'vite.config.ts'))) return
  const wanted = hashOf(
    read(join(root, 'package-lock.json')),
    // The portal takes in a file of the server's, too.
    ...[...sourcesOf(sources), join(root, 'src', 'insight', 'askText.ts')].map(
      (file) => `${file.slice(root.length)} ${hashOf(read(file))}`,
    ),
  )
  if (read(portalMark) === wanted) return
  console.error('Building the portal.')
  run(pinnedNode, [
    join(modules, 'vite', 'bin', 'vite.js'),
    'build',
    '--config',
    join(sources, 'vite.config.ts'),
    '--logLevel',
    'warn',
  ])
  mkdirSync(portalFolder, { recursive: true })
  writeFileSync(portalMark, wanted)
}
