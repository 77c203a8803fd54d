import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Fault } from '../base/errors.ts'
import { Refusal } from '../base/errors.ts'
import { keepAside, storeKeptAside } from '../events/keptAside.ts'
import { type ImportParts, type ImportReceipt, importResponses } from './import.ts'

/** An answer given elsewhere, as it comes over the wire. */
export const HandedIn = Type.Object(
  {
    source: Type.String({ minLength: 1, maxLength: 512, description: 'where it comes from' }),
    externalId: Type.String({ minLength: 1, maxLength: 512, description: 'its id there; once is enough' }),
    survey: Type.String(),
    contactKey: Type.Optional(Type.String()),
    transaction: Type.Optional(
      Type.Object({ type: Type.String(), key: Type.String() }, { additionalProperties: false }),
    ),
    answers: Type.Record(Type.String(), Type.Unknown(), { description: 'question id and value' }),
    answeredAt: Type.String({ format: 'date-time' }),
    startedAt: Type.Optional(Type.String({ format: 'date-time' })),
    language: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
const shape = Compile(HandedIn)

/** Takes in answers as received, judged one by one: what is no answer at all is kept aside like one that does not fit.
 * @param mends id of the kept-aside record that the one answer in `incoming` is the mended form of
 * @returns receipts in the order of `incoming`
 * @throws Refusal program.missing
 */
export async function handInAnswers(
  parts: ImportParts,
  workspaceId: string,
  incoming: readonly unknown[],
  mends?: string,
): Promise<ImportReceipt[]> {
  await parts.programs.active(workspaceId)
  const shaped: Array<Static<typeof HandedIn>> = []
  const refused = new Map<number, ReturnType<typeof keepAside>>()
  for (const [index, item] of incoming.entries()) {
    if (shape.Check(item)) shaped.push(item)
    else refused.set(index, keepAside(workspaceId, 'response', item, refusalOf(item), mends))
  }
  if (refused.size > 0) {
    await parts.database.inWorkspace(workspaceId, (tx) =>
      storeKeptAside(tx, parts.clock, 'response', [...refused.values()]),
    )
  }
  const receipts = await importResponses(
    parts,
    workspaceId,
    shaped.map(({ answeredAt, startedAt, ...rest }) => ({
      ...rest,
      answeredAt: new Date(answeredAt),
      ...(startedAt === undefined ? {} : { startedAt: new Date(startedAt) }),
    })),
    mends,
  )
  let next = 0
  return incoming.map((_, index): ImportReceipt => {
    const aside = refused.get(index)
    if (!aside) return receipts[next++]!
    const { recordId, refusal } = aside
    return { status: 'refused', code: refusal.code, faults: [...refusal.faults], recordId }
  })
}

function refusalOf(item: unknown): Refusal {
  const faults = [...shape.Errors(item)]
    .slice(0, 10)
    .map(
      ({ instancePath, message }): Fault => ({ where: instancePath.slice(1).replaceAll('/', '.'), message }),
    )
  const told = faults.map(({ where, message }) => `${where || 'record'}: ${message}`).join('; ')
  return new Refusal('response.refused', `${told}.`, faults)
}
