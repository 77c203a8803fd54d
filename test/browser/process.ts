// For: the product as people run it, for tests in a browser. In: nothing. Out: its process, address, sign-in link, a browser.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { beginWithCluster } from '../cluster.ts'

export interface Running {
  address: string
  /** Signs the owner in, once. */
  link: string
  /** Gives the running process a command, as on the command line.
   * @throws Error with what was printed when it fails
   */
  command(...argv: string[]): Promise<string>
  stop(): Promise<void>
}

const execute = promisify(execFile)
const main = resolve(import.meta.dirname, '../../src/main.ts')

/** Starts `samklang serve` and waits until it has printed its sign-in link.
 * @param isFirst with no data folder, of which it makes everything; otherwise it finds its empty store there
 */
export async function startProduct(
  settings: Record<string, string> = {},
  { isFirst = false } = {},
): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'samklang-browser-'))
  if (!isFirst) beginWithCluster(join(folder, 'data', 'truth'))
  const port = await freePort()
  const env = {
    ...process.env,
    SAMKLANG_DATA: join(folder, 'data'),
    SAMKLANG_PORT: String(port),
    SAMKLANG_LOG_LEVEL: 'error',
    ...settings,
  }
  const child = spawn(process.execPath, [main, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const link = await printedLink(child)
  return {
    address: new URL(link).origin,
    link,
    async command(...argv) {
      const { stdout } = await execute(process.execPath, [main, ...argv], { env })
      return stdout
    },
    async stop() {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function printedLink(child: ChildProcess): Promise<string> {
  let printed = ''
  return new Promise((found, failed) => {
    const read = (text: Buffer) => {
      printed += text.toString()
      const [link] = /http:\/\/\S+\/sign-in\?link=\S+/.exec(printed) ?? []
      if (link) found(link)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => failed(new Error(`the server ended with ${code}:\n${printed}`)))
  })
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
}

/** Asks the API as the person who is signed in on this page.
 * @throws Error with the answer when it is refused
 */
export async function call<Result>(
  page: Page,
  path: string,
  method = 'GET',
  body?: unknown,
): Promise<Result> {
  return page.evaluate(
    async ([to, how, what]) => {
      const init = { method: how as string, headers: { 'content-type': 'application/json' } }
      const answer = await fetch(
        to as string,
        what === undefined ? { method: how as string } : { ...init, body: JSON.stringify(what) },
      )
      if (!answer.ok) throw new Error(`${how} ${to}: ${await answer.text()}`)
      return (await answer.json()) as never
    },
    [path, method, body],
  )
}

/** A page of somebody who came by their one-time link; its faults are added to `complaints`. */
export async function signedIn(browser: Browser, link: string, complaints: string[]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(link)
  await page.getByRole('button', { name: 'Sign in with this link' }).click()
  await page.getByLabel('New password').waitFor()
  return page
}
