// For: open cases whose owner has left, or may not have them any more; and those that nobody owns.
// In: who moved, or a new program. Out: each case with the next whom its rule means; the history says why, and both are
// told, whose it is now and whose it was.
import type { Clock } from '../base/clock.ts'
import { maySeeCase } from '../people/access.ts'
import { gatherPeople } from '../people/who.ts'
import type { Context } from '../program/context.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { chooseOwner, type OwnerQuestion, ownerAsks, usualOwner } from './owner.ts'
import { ruleByHand, selected } from './policy.ts'
import { applyProduct } from './store.ts'
import { type HandedOver, tellPassedOn } from './tellPassedOn.ts'

interface Unowned extends Row {
  caseId: string
  owner: string | null
  rule: string
  version: string
  context: Context
  unitKey: string | null
  employeeKey: string | null
}

const readUnowned = (tx: Tx, where: string, values: unknown[]) =>
  tx.query<Unowned>(
    `select c.case_id as "caseId", c.owner, c.rule, c.version, r.context, c.unit_key as "unitKey",
       c.employee_key as "employeeKey"
     from cases c join responses r on r.response_id = c.response_id
     where c.state <> 'closed' and ${where} order by c.opened_at, c.case_id for update of c`,
    values,
  )

/** Hands open cases whose owner is no longer in the program, or was a member and is none any more, to the next whom their
 * rule means, else to the manager of their unit; to nobody when there is none. After a new program the same is done with
 * those of owners who may not have them any more, since units or people have moved. Each change says why.
 * @returns the cases that changed hands
 */
export async function passOnCases(
  tx: Tx,
  parts: { announce: Announce; programs: Programs },
  at: Date,
): Promise<string[]> {
  const { gone, pushed } = await ownersGone(tx)
  const left = gone.length > 0 ? await readUnowned(tx, 'c.owner = any($1::text[])', [gone]) : []
  const passed = await giveByPolicy(tx, parts, left, { at, reason: 'ownerGone' })
  if (pushed === null) return passed
  const moved = await passOnMoved(tx, parts, at)
  // Of a program that is pushed at this moment the next look is told.
  await tx.query('update workspaces set placed_version = $2 where workspace_id = $1', [
    tx.workspaceId,
    pushed,
  ])
  return [...passed, ...moved]
}

/** SQL that is true of a workspace whose cases have not been held against its program yet. */
export const isPushed = (workspaces: string) =>
  `${workspaces}.active_version is not null and ${workspaces}.placed_version is distinct from ${workspaces}.active_version`

/** Owners are judged once for each unit they have cases of: there are few such pairs, and cases may be many. */
async function passOnMoved(
  tx: Tx,
  parts: { announce: Announce; programs: Programs },
  at: Date,
): Promise<string[]> {
  const moved = await tx.query<{ owner: string }>(
    `select distinct p.owner from (
       select distinct c.owner, c.unit_key, null::text as employee_key from cases c
       where c.workspace_id = $1 and c.state <> 'closed' and c.owner is not null
     ) p where p.owner not like 'key:%' and not ${maySeeCase('p.owner', 'p')}`,
    [tx.workspaceId],
  )
  return moved.length === 0
    ? []
    : giveUnseen(
        tx,
        parts,
        moved.map(({ owner }) => owner),
        at,
      )
}

/** As passOnCases, of members who were placed elsewhere: the cases they own and see no more, or may no longer work on. */
export async function passOnUnseen(
  parts: { database: Database; clock: Clock; announce: Announce; programs: Programs },
  workspaceId: string,
  people: readonly string[],
): Promise<void> {
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    await giveUnseen(tx, parts, people, parts.clock.now())
  })
}

async function giveUnseen(
  tx: Tx,
  parts: { announce: Announce; programs: Programs },
  owners: readonly string[],
  at: Date,
): Promise<string[]> {
  const unseen = await readUnowned(tx, `c.owner = any($1::text[]) and not ${maySeeCase('c.owner', 'c')}`, [
    owners,
  ])
  return giveByPolicy(tx, parts, unseen, { at, reason: 'ownerMoved' })
}

/** Of those who own open cases who is not there any more; and the version of a program that is new. The owners are read
 * one after another from the index: they are few, and their cases may be many. A key stays; it stands for a system.
 */
async function ownersGone(tx: Tx): Promise<{ gone: string[]; pushed: string | null }> {
  const next = (after: string) =>
    `select c.owner from cases c where c.workspace_id = $1 and c.state <> 'closed' and c.owner ${after}
     order by c.owner limit 1`
  const [row] = await tx.query<{ gone: string[]; pushed: string | null }>(
    `with recursive owners as (
       (${next('is not null')}) union all select (${next('> o.owner')}) from owners o where o.owner is not null
     )
     select case when ${isPushed('w')} then w.active_version end as pushed, array(
       select o.owner from owners o
       where o.owner is not null and o.owner not like 'key:%'
         and not exists (select from case_readers r where r.person = o.owner)
     ) as gone
     from workspaces w where w.workspace_id = $1`,
    [tx.workspaceId],
  )
  return row ?? { gone: [], pushed: null }
}

/** Gives open cases that nobody owns to whom their rule means; those who get one are told.
 * @returns the cases that have an owner now
 */
export async function giveUnowned(
  tx: Tx,
  parts: { announce: Announce; programs: Programs },
  caseIds: readonly string[],
  at: Date,
): Promise<string[]> {
  if (caseIds.length === 0) return []
  const unowned = await readUnowned(tx, 'c.owner is null and c.case_id = any($1::uuid[])', [[...caseIds]])
  return giveByPolicy(tx, parts, unowned, { at, reason: 'stricterRule' })
}

async function giveByPolicy(
  tx: Tx,
  parts: { announce: Announce; programs: Programs },
  cases: readonly Unowned[],
  { at, reason }: { at: Date; reason: 'ownerGone' | 'ownerMoved' | 'stricterRule' },
): Promise<string[]> {
  if (cases.length === 0) return []
  const questions = new Map<string, OwnerQuestion>()
  // The policy in force says who; the one of then may name those who have left.
  const active = await parts.programs.activeIn(tx)
  for (const row of cases) {
    const checked = active.program.recovery?.rules.some(({ id }) => id === row.rule)
      ? active
      : await parts.programs.versionIn(tx, row.version)
    const found = checked.program.recovery?.rules.find(({ id }) => id === row.rule)
    const rule = found ?? (row.rule === selected ? ruleByHand(undefined) : { id: row.rule, when: 'false' })
    const owner = [...new Set([...(rule.owner ?? usualOwner), 'unitManager'])]
    questions.set(row.caseId, { ...row, program: checked.program, rule: { ...rule, owner }, at })
  }
  const people = await gatherPeople(tx, [...questions.values()].flatMap(ownerAsks))
  const handed: HandedOver[] = []
  const changes = cases.flatMap(({ caseId, owner: before }) => {
    const { owner, because = null } = chooseOwner(people, questions.get(caseId) as OwnerQuestion)
    if ((owner?.key ?? null) === before) return []
    // Who has left is told nothing.
    handed.push({ caseId, owner: owner ?? null, before: reason === 'ownerMoved' ? before : null })
    const to = owner ? { id: owner.key, name: owner.name ?? owner.key } : null
    return [{ caseId, at, action: { kind: 'passedOn' as const, to, because, reason } }]
  })
  const passed = await applyProduct(tx, parts, changes)
  await tellPassedOn(tx, parts, active.program, handed, at)
  return passed
}
