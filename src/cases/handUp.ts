// For: whom a step of escalation reaches, also when it means nobody, or those who cannot have the case.
// In: what is asked of each step. Out: its people, never the owner, who knows; by which other word they were found, and
// who was passed over.
import { leadsOf, readLeads } from '../people/leads.ts'
import { type Found, type Person, resolvePeople, type WhoAsk } from '../people/who.ts'
import type { Tx } from '../storage/postgres.ts'
import { type Passed, passedOver, passedPeople } from './owner.ts'

/** Whom a step reaches: those it means, else whom else, `because` of which word; and who was passed over, and why. */
export interface HandedUp extends Pick<Found, 'people' | 'nobody'> {
  because?: string
  passed?: Passed[]
}

/** Those whom each step means; those who are away too, since somebody reads their mail. Where it means nobody, or all whom
 * it means have the case already or may not have it, the managers of its unit are told, else those who lead.
 */
export async function handUp(tx: Tx, asks: readonly WhoAsk[]): Promise<HandedUp[]> {
  const found = await resolvePeople(tx, asks)
  const unmet = asks.filter((_, index) => isUnmet(found[index]!))
  const instead = await findInstead(tx, unmet)
  return asks.map((ask, index) => {
    const { people, nobody, passed } = found[index]!
    const other = instead.get(ask)
    const meant: Passed[] = nobody ? [{ who: ask.who, nobody }] : []
    return other
      ? { ...other, passed: passedOver(meant, passedPeople(passed), other.passed) }
      : { people, passed: passedPeople(passed), ...(nobody ? { nobody } : {}) }
  })
}

const isUnmet = ({ people }: Found) => people.length === 0

/** Of these asks those for which there is somebody else. */
async function findInstead(tx: Tx, asks: readonly WhoAsk[]): Promise<Map<WhoAsk, HandedUp>> {
  if (asks.length === 0) return new Map()
  const managers = await resolvePeople(
    tx,
    asks.map((ask) => ({ ...ask, who: 'unitManager' })),
  )
  const without = asks.filter((_, index) => managers[index]!.people.length === 0)
  const leads = without.length > 0 ? await readLeads(tx) : []
  const paths = await pathsOf(tx, leads.length > 0 ? without : [])
  const instead = new Map<WhoAsk, HandedUp>()
  for (const [index, ask] of asks.entries()) {
    const { people, passed } = managers[index]!
    const path = paths.get(ask.unitKey) ?? []
    const above: Person[] =
      people.length > 0
        ? people
        : leadsOf(leads, { employeeKey: ask.employeeKey, path }).filter(({ key }) => key !== ask.owner)
    const because = people.length > 0 ? 'unitManager' : 'cxLead'
    if (above.length > 0) instead.set(ask, { people: above, because, passed: passedPeople(passed) })
  }
  return instead
}

async function pathsOf(tx: Tx, asks: readonly WhoAsk[]): Promise<Map<string | null, string[]>> {
  if (asks.length === 0) return new Map()
  const rows = await tx.query<{ key: string; path: string[] }>(
    'select unit_key as key, path from units where unit_key = any($1::text[])',
    [asks.map(({ unitKey }) => unitKey)],
  )
  return new Map(rows.map(({ key, path }) => [key, path]))
}
