import { parseArgs } from 'node:util'
import { Refusal } from '../base/errors.ts'
import { caseTabs, readInbox } from '../cases/inbox.ts'
import { caseHistory, readCase, type StoredCase } from '../cases/read.ts'
import type { Io } from './local.ts'
import type { Product } from './product.ts'
import { chosenWorkspace } from './workspace.ts'

/** There is nobody here whose own they could be. */
const tabs = caseTabs.filter((tab) => tab !== 'mine' && tab !== 'watching')
const asker = { me: 'nobody', scope: {} }
const usualLimit = 30

/** Cases in the order of the inbox, which the command's --help tells. */
export async function list(argv: string[], io: Io, product: Product): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      workspace: { type: 'string' },
      tab: { type: 'string', default: 'open' },
      unit: { type: 'string' },
      text: { type: 'string' },
      limit: { type: 'string', default: String(usualLimit) },
    },
  })
  const tab = tabs.find((each) => each === values.tab)
  if (!tab) throw new Refusal('request.malformed', `There are the tabs ${tabs.join(', ')}.`)
  const { id } = await chosenWorkspace(product, values.workspace)
  const { database, clock } = product.parts
  const filter = {
    tab,
    limit: Math.min(200, Math.max(1, Number(values.limit) || usualLimit)),
    ...(values.unit ? { unit: values.unit } : {}),
    ...(values.text ? { text: values.text } : {}),
  }
  const { items, total } = await database.inWorkspace(id, (tx) =>
    readInbox(tx, filter, { ...asker, now: clock.now() }),
  )
  for (const item of items) io.out(`${lineOf(item)}\n`)
  io.out(`${items.length} of ${total.toLocaleString('en')}\n`)
  return 0
}

/** One case with its history. */
export async function show(argv: string[], io: Io, product: Product): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { workspace: { type: 'string' } },
  })
  const [caseId] = positionals
  if (!caseId || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(caseId))
    throw new Refusal('request.malformed', 'Name a case by its id, as samklang cases list tells it.')
  const { id } = await chosenWorkspace(product, values.workspace)
  const { found, events } = await product.parts.database.inWorkspace(id, async (tx) => ({
    found: await readCase(tx, caseId, asker),
    events: await caseHistory(tx, caseId),
  }))
  io.out(`${lineOf(found)}\n\n${found.comment ?? '–'}\n\n`)
  for (const { at, kind, actorName, actor, note } of events) {
    const said = note ? `: ${note.replace(/\s+/g, ' ')}` : ''
    io.out(`  ${at.toISOString()}  ${kind} by ${actorName ?? actor ?? 'the product'}${said}\n`)
  }
  return 0
}

function lineOf(found: StoredCase): string {
  const { caseId, state, outcome, rule, ownerName, owner, contactName, contactKey, unitName } = found
  const standing = outcome ? `${state} (${outcome})` : state
  const news = found.newsRevision === null ? null : 'news'
  const parts = [standing, news, timeOf(found), rule, contactName ?? contactKey, unitName]
  const whose = owner === null ? 'nobody’s' : (ownerName ?? owner)
  return [caseId, ...parts.filter((part) => part !== null), whose].join('  ')
}

/** The time that counts for a case as it stands. */
function timeOf({ closedAt, contactedAt, contactDueAt }: StoredCase): string {
  const done = closedAt ?? contactedAt
  return done ? `since ${done.toISOString()}` : `due ${contactDueAt.toISOString()}`
}
