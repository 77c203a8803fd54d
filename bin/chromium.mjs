// Finds a Chromium to test with: the system's, else Playwright's, else Debian's package, which it installs.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const onPath = () =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .concat(places)
    .find(existsSync)

async function playwrights() {
  const { chromium } = await import('playwright-core')
  const path = chromium.executablePath()
  return existsSync(path) ? path : undefined
}

/** @returns the path of a Chromium; ends the process with what to do when there is none to be had */
export async function findChromium() {
  const found = onPath() ?? (await playwrights())
  if (found) return found
  console.error('No Chromium found; installing one for the browser tests.')
  const quiet = { stdio: ['ignore', 'ignore', 2] }
  spawnSync(process.execPath, [join('node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium'], {
    stdio: 'ignore',
    timeout: 300_000,
  })
  const downloaded = await playwrights()
  if (downloaded) return downloaded
  if (existsSync('/usr/bin/apt-get')) {
    const superuser = process.getuid?.() === 0 ? [] : ['sudo', '-n']
    for (const command of [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    ]) {
      const [program, ...parameters] = [...superuser, ...command]
      spawnSync(program, parameters, { ...quiet, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    }
    const installed = onPath()
    if (installed) return installed
  }
  console.error(
    'The browser tests need Chromium: install the package "chromium" (or Google Chrome) and run again.',
  )
  process.exit(1)
}
