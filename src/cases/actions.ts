// For: what somebody asks to be done with a case, made into an action of the state machine.
// In: the action's name and what was sent with it. Out: the change carried out, and the case as it is then.
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import type { Principal } from '../base/principal.ts'
import { type Assignee, findAssignee } from '../people/staff.ts'
import { resolvePeople } from '../people/who.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { ResponseChannel } from '../program/schema-recovery.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { actingAs } from './actor.ts'
import { type CaseWarning, requireSeenBy, warnedOf } from './assign.ts'
import { type CaseAction, reads } from './case.ts'
import { newDeadline } from './deadline.ts'
import { readCase, type StoredCase } from './read.ts'
import type { CaseOutcome, CaseRecord, Person } from './standing.ts'
import { changeCase } from './store.ts'
import type { actionBodies } from './wire.ts'

export interface ActionParts {
  database: Database
  clock: Clock
  programs: Programs
  announce: Announce
}

/** What was sent; each action's own form was checked before. */
export interface ActionBody extends CaseRecord {
  revision?: number
  to?: string
  note?: string
  channel?: ResponseChannel
  outcome?: CaseOutcome
}

/** Does it, and reads the case as it is then; tells what whoever did it should know.
 * @throws Refusal as `act`; thing.unknown outside of the person's unit; person.unknown
 */
export async function actOnCase(
  parts: ActionParts,
  principal: Principal,
  caseId: string,
  kind: keyof typeof actionBodies,
  body: ActionBody,
): Promise<{ found: StoredCase; warnings: CaseWarning[] }> {
  const { actor, scope, checked, at } = await actingAs(parts, principal)
  const given = body.to ?? (kind === 'take' ? 'me' : undefined)
  const to = given === undefined ? undefined : await findAssignee(parts.database, principal, given)
  return parts.database.inWorkspace(principal.workspaceId, async (tx) => {
    const found = await readCase(tx, caseId, { me: actor.id, scope })
    const { revision } = body
    // What tells nothing new is no event: it was read already, or is another's to read.
    if (kind === 'read' && !reads(found, kind, { actor, ...(revision === undefined ? {} : { revision }) }))
      return { found, warnings: [] }
    if (to) await requireSeenBy(tx, to, caseId)
    const action = await actionOf(tx, checked, found, kind, body, { to, me: actor.id, at })
    await changeCase(
      tx,
      parts,
      { caseId, action, actor, at, ...(revision === undefined ? {} : { revision }) },
      { scope, checked },
    )
    const warnings = to ? await warnedOf(tx, to, { me: actor.id, at }) : []
    return { found: await readCase(tx, caseId, { me: actor.id, scope }), warnings }
  })
}

async function actionOf(
  tx: Tx,
  checked: CheckedProgram,
  found: StoredCase,
  kind: keyof typeof actionBodies,
  body: ActionBody,
  by: { to: Assignee | undefined; me: string; at: Date },
): Promise<CaseAction> {
  const { revision: _, to: __, ...rest } = body
  switch (kind) {
    case 'assign':
    case 'forward':
      return { ...rest, kind, to: personOf(by.to as Assignee) } as CaseAction
    case 'escalate':
      return { ...rest, kind, to: by.to ? [personOf(by.to)] : await nextAbove(tx, checked, found, by) }
    case 'reopen':
      return { kind, note: body.note ?? '', ...newDeadline(checked, found, by.at) }
    default:
      return { ...rest, kind } as CaseAction
  }
}

const personOf = ({ id, name }: Assignee): Person => ({ id, name })

/** Whom a case goes to when nobody is named: as its rule escalates it, else the unit's manager, else the one above;
 * never the one who escalates, nor the owner.
 */
async function nextAbove(
  tx: Tx,
  checked: CheckedProgram,
  found: StoredCase,
  { me, at }: { me: string; at: Date },
): Promise<Person[]> {
  const rule = checked.program.recovery?.rules.find(({ id }) => id === found.rule)
  const chain = [...(rule?.escalate ?? []).map(({ to }) => to), 'unitManager', 'managerAbove']
  const results = await resolvePeople(
    tx,
    chain.map((who) => ({
      who,
      unitKey: found.unitKey,
      employeeKey: found.employeeKey,
      accountOwner: null,
      at,
      present: true,
      unhappy: true,
      owner: found.owner ?? me,
    })),
  )
  const people = results
    .map((each) => each.people.filter(({ key }) => key !== me))
    .find((each) => each.length > 0)
  if (!people) throw new Refusal('person.unknown', 'Nobody stands above; name somebody.')
  return people.map(({ key, name }) => ({ id: key, name: name ?? key }))
}
