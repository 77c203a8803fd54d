import { parseArgs } from 'node:util'
import { Refusal } from '../base/errors.ts'
import { idOf } from '../events/apply.ts'
import { refreshValues } from '../value/refresh.ts'
import { customerValue } from '../value/routes.ts'
import type { Io } from './local.ts'
import type { Product } from './product.ts'
import { chosenWorkspace } from './workspace.ts'

export async function refresh(argv: string[], io: Io, product: Product): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { workspace: { type: 'string' } } })
  const workspace = await chosenWorkspace(product, values.workspace)
  const made = await refreshValues(product.parts, workspace.id)
  if (!made) {
    io.err(`${workspace.slug}: the program declares no value, or nothing has happened yet.\n`)
    return 1
  }
  const day = made.asOf.toISOString().slice(0, 10)
  io.out(`${workspace.slug}: ${made.customers.toLocaleString('en')} customers, as of ${day}.\n`)
  return 0
}

export async function show(argv: string[], io: Io, product: Product): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { workspace: { type: 'string' }, json: { type: 'boolean' } },
  })
  const [key] = positionals
  if (!key) throw new Refusal('request.malformed', 'Name the key of a customer.')
  const { id } = await chosenWorkspace(product, values.workspace)
  // A key can be a person's or an account's; whose value is reckoned, the program says.
  const found = await product.parts.database.inWorkspace(
    id,
    async (tx) =>
      (await customerValue(tx, { accountId: idOf.account(id, key) })) ??
      (await customerValue(tx, { contactId: idOf.contact(id, key) })),
  )
  if (!found) throw new Refusal('thing.unknown', `No value is known of ${key}; see samklang value refresh.`)
  io.out(values.json ? `${JSON.stringify(found, null, 2)}\n` : lines(found))
  return 0
}

type Found = NonNullable<Awaited<ReturnType<typeof customerValue>>>

function lines(found: Found): string {
  const money = (value: number | null | undefined) =>
    value == null ? 'unknown' : `${Math.round(value).toLocaleString('en')} ${found.currency}`
  const day = (time: Date | string | null) => (time ? new Date(time).toISOString().slice(0, 10) : '')
  const percent = (share: number | null) => (share === null ? 'unknown' : `${(100 * share).toFixed(1)} %`)
  const { rlv, rfm } = found
  const limits = rlv?.low === undefined ? '' : ` (${money(rlv.low)} to ${money(rlv.high)})`
  const rows: Array<[string, string]> = [
    ['segment', `${found.segment}${found.high ? ', high value' : ''}`],
    ['residual value', `${money(rlv?.value)}${limits}, by model: ${found.model}`],
    ['chance to leave', percent(found.churn)],
    ['value at risk', money(found.atRisk)],
    ['loyalty', found.band ? `${found.band}, ${day(found.answeredAt)}` : 'no score'],
    ['RFM', `${rfm.recency}${rfm.frequency}${rfm.monetary}`],
    ['paid', `${found.frequency} times, ${day(found.firstAt)} to ${day(found.lastAt)}`],
    ['revenue', `${money(found.revenue)}, given back ${money(found.refunds)}`],
    ['margin', `${money(found.margin)}; a period ${money(found.marginAPeriod)} over ${found.periods}`],
    ...(found.potential === null ? [] : ([['potential', money(found.potential)]] as Array<[string, string]>)),
    ...(found.leftAt === null ? [] : ([['has left', day(found.leftAt)]] as Array<[string, string]>)),
    ['as of', day(found.asOf)],
  ]
  return rows.map(([name, text]) => `  ${name.padEnd(18)}${text}\n`).join('')
}
