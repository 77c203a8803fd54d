// For: the server process. In: the configuration, whether to fill a demo workspace, and what runs commands.
// Out: HTTP and the loop running until a signal; then an orderly stop that loses nothing.
import { existsSync, readdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { type Config, processConfig } from '../base/config.ts'
import { createLog } from '../base/log.ts'
import { createServer } from '../http/server.ts'
import { createSignInLink } from '../people/links.ts'
import { findWorkspaces } from '../people/workspaces.ts'
import { giveBack } from './giveBack.ts'
import { CannotStart, holdFolder, type Io } from './local.ts'
import { openProduct, type Product } from './product.ts'
import { demoWaits, filledLine, startDemo } from './replay.ts'
import { secretOf } from './stores.ts'

/** @param runOnProduct runs the commands that come in while the server has the data folder open */
export async function serve(
  argv: string[],
  io: Io,
  runOnProduct: (command: string[], commandIo: Io, product: Product) => Promise<number>,
): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { demo: { type: 'boolean', default: false } } })
  const config = processConfig()
  const log = createLog(
    config.logLevel === 'info' && io.isTerminal ? 'warn' : config.logLevel,
    config.logPretty || io.isTerminal,
  )
  const isNew = !existsSync(config.dataFolder) || readdirSync(config.dataFolder).length === 0
  // Commands may come in as soon as the folder is held; they wait until the product is open.
  const { promise: ready, resolve: opened, reject: failed } = Promise.withResolvers<Product>()
  ready.catch(() => {})
  const held = await holdFolder(config.dataFolder, async (command, commandIo) =>
    runOnProduct(command, commandIo, await ready),
  )
  const product = await openProduct(config, log).catch((error: Error) => {
    held.close()
    failed(error)
    throw error
  })
  // From here on a signal ends in order, however soon it comes.
  const signalled = stopSignal()
  let address: AddressInfo | undefined
  const told = new Set<Promise<unknown>>()
  const fillDemo = async () => {
    const { workspace, filled } = await startDemo(product, io)
    // Asked for again while it fills, it ends once all the same.
    if (told.has(filled)) return workspace
    told.add(filled)
    const end = ({ report }: Awaited<typeof filled>) => {
      giveBack()
      io.out(filledLine(report, reachedBy(config, address?.port)))
    }
    filled.then(end).catch((error: Error) => log.error({ err: error }, 'the demo could not be filled'))
    return workspace
  }
  const app = config.roles.includes('web')
    ? await createServer({ ...product.parts, fillDemo }, { ...config, secret: secretOf(config) })
    : undefined
  try {
    await app?.listen({ port: config.port, host: config.host })
  } catch (error) {
    held.close()
    await product.close()
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new CannotStart(
      `Port ${config.port} is taken; stop what listens there, or set SAMKLANG_PORT to another (0 takes any free one).`,
    )
  }
  opened(product)
  if (config.roles.includes('worker')) product.loop.start()

  address = app?.server.address() as AddressInfo | undefined
  // The workspace is there before the link is told, so that whoever signs in finds it.
  // One that was stopped amid it goes on, unless another process may be at it.
  if (values.demo || (product.parts.sole && (await demoWaits(product.parts.database)))) await fillDemo()
  giveBack()
  await greet(product, reachedBy(config, address?.port), isNew && !values.demo, io)

  await signalled
  io.err('\nStopping; what is under way is finished first.\n')
  await app?.close()
  held.close()
  await product.close()
  io.err('Stopped.\n')
  process.exit(0)
}

/** Resolves at the first signal; a second one does not wait. One press of Ctrl-C arrives up to three times, from the
 * terminal, from npm and from the starter, so what comes within a second is the first one still.
 */
const stopSignal = () =>
  new Promise<void>((resolve) => {
    let stopped: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (stopped !== undefined && performance.now() - stopped > 1000) process.exit(130)
        stopped ??= performance.now()
        resolve()
      })
  })

/** The address people reach the server by; a port of 0 in it is the one that was free. */
const reachedBy = ({ publicUrl }: Config, port: number | undefined) =>
  port === undefined ? publicUrl : publicUrl.replace(/:0$/, `:${port}`)

async function greet(product: Product, publicUrl: string, offerDemo: boolean, io: Io) {
  const workspaces = await findWorkspaces(product.parts.database)
  const { url } = await createSignInLink({ ...product.parts, publicUrl })
  io.out(`\nSamklang is ready at ${publicUrl}\n`)
  io.out(`Sign in once, within an hour, with this link:\n\n  ${url}\n\n`)
  if (offerDemo && workspaces.length === 0) {
    io.out(
      'There is no workspace yet. The portal offers a demo; or run  bin/samklang demo  in another terminal.\n\n',
    )
  }
}
