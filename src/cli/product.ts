// For: the whole product in one process: stores, loop, mail, live work.
// In: the configuration. Out: the parts joined; the live loop running when asked; an orderly close.

import { systemClock } from '../base/clock.ts'
import type { Config } from '../base/config.ts'
import type { Log } from '../base/log.ts'
import { createMailer } from '../channels/deliver.ts'
import { createHookSender } from '../channels/hooks/deliver.ts'
import { openPoster } from '../channels/hooks/post.ts'
import { type InboundParts, openInbound, takeReplies } from '../channels/inbound.ts'
import { openMailbox } from '../channels/mailbox.ts'
import { openTransport } from '../channels/transport.ts'
import { createLoop, type Loop, type Parts } from '../loop.ts'
import { openPrograms } from '../program/store.ts'
import type { JobStore } from '../storage/jobs.ts'
import { openStores } from './stores.ts'

export interface Product {
  config: Config
  parts: Parts
  jobs: JobStore
  /** The live loop; `serve` starts it. */
  loop: Loop
  close(): Promise<void>
}

export async function openProduct(config: Config, log: Log): Promise<Product> {
  const { database, columns, jobs, lane, sole, lock } = await openStores(config, log)
  const inbound: InboundParts = {
    database,
    clock: systemClock,
    announce: lane.announce,
    ownSender: config.mailFrom,
  }
  const mailbox = config.smtpUrl
    ? undefined
    : await openMailbox(inbound, config.mailboxPort, (mail) => takeReplies(inbound, mail))
  const answers =
    config.inboundPort === undefined
      ? undefined
      : await openInbound(inbound, config.inboundPort, config.inboundHost)
  const transport = openTransport(config.smtpUrl ?? (mailbox?.url as string))
  const parts: Parts = {
    database,
    columns,
    clock: systemClock,
    announce: lane.announce,
    programs: openPrograms(database, systemClock),
    log,
    publicUrl: config.publicUrl,
    mailer: createMailer({
      transport,
      toMailbox: mailbox !== undefined,
      mailFrom: config.mailFrom,
      ...(config.replyTo ? { replyTo: config.replyTo } : {}),
      sole,
    }),
    hooks: createHookSender({ poster: openPoster({ allowPrivate: config.privateHooks }), sole }),
    sole,
  }
  const loop = createLoop(parts, lane)
  return {
    config,
    parts,
    jobs,
    loop,
    async close() {
      await loop.stop()
      await answers?.close()
      transport.close()
      await mailbox?.close()
      await jobs.close()
      await columns.close()
      await database.close()
      await lock?.close()
    },
  }
}
