import { parseArgs } from 'node:util'
import { replayDeliveries } from '../channels/hooks/deliveries.ts'
import { listChatChannels, listWebhooks } from '../channels/hooks/endpoints.ts'
import type { Io } from './local.ts'
import type { Product } from './product.ts'
import { chosenWorkspace } from './workspace.ts'

/** Lists webhooks and chat channels with what waits for them; `--replay` posts again what was given up. */
export async function webhooks(argv: string[], io: Io, product: Product): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { workspace: { type: 'string' }, replay: { type: 'boolean', default: false } },
  })
  const { parts } = product
  const workspace = await chosenWorkspace(product, values.workspace)
  const targets = await parts.database.inWorkspace(workspace.id, async (tx) => [
    ...(await listWebhooks(tx)).map(({ webhookId: id, url: place, ...each }) => ({ id, place, ...each })),
    ...(await listChatChannels(tx)).map(({ channelId: id, name, host, ...each }) => ({
      id,
      place: `${name} (${host})`,
      ...each,
    })),
  ])
  if (targets.length === 0) io.out('There are no webhooks and no chat channels.\n')
  for (const { id, place, state, waiting, dead, events } of targets) {
    io.out(`${place}  ${state}  ${waiting} waiting, ${dead} given up  ${events.join(', ')}\n`)
    if (!values.replay || dead === 0) continue
    const replayed = await parts.database.inWorkspace(workspace.id, (tx) =>
      replayDeliveries(tx, parts, { target: id, state: 'dead' }),
    )
    io.out(`  ${replayed} are posted again\n`)
  }
  return 0
}
