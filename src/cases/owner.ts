// For: who gets a case and who is kept informed of it; and cases whose owner has left.
// In: the rule, what the answer is about. Out: an owner with how they were found, or why nobody was; stakeholders.

import type { Clock } from '../base/clock.ts'
import { type NewMessage, queueMessages } from '../channels/queue.ts'
import { maySeeCase } from '../people/access.ts'
import {
  accountOwnerOf,
  gatherPeople,
  type NobodyReason,
  type PassedOver,
  type People,
  type Person,
  type WhoAsk,
} from '../people/who.ts'
import type { Context } from '../program/context.ts'
import type { Program } from '../program/schema.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { caseMail, mailAt } from './notify.ts'
import { ruleByHand, selected } from './policy.ts'
import { applyProduct } from './store.ts'

export const usualOwner = ['accountOwner', 'employeeManager', 'unitManager'] as const

/** Of what a policy's people are asked. */
export interface OwnerQuestion {
  program: Program
  rule: RecoveryRule
  context: Context
  unitKey: string | null
  employeeKey: string | null
  at: Date
}

export interface Ownership {
  owner?: Person
  /** As the policy names them. */
  because?: string
  /** Those of the policy who were asked for before, and why it was none of them; and, as `person.<key>`, those as near as
   * the owner who cannot have it now.
   */
  passed?: Passed[]
}

/** Whom a policy means and why they are not taken; somebody it does not name is `person.<key>`. */
export interface Passed {
  who: string
  nobody: NobodyReason
}

const askOf = (question: OwnerQuestion, who: string, present: boolean): WhoAsk => ({
  who,
  unitKey: question.unitKey,
  employeeKey: question.employeeKey,
  accountOwner: accountOwnerOf(question.program, question.context),
  at: question.at,
  present,
  unhappy: true,
})

export const ownerAsks = (question: OwnerQuestion): WhoAsk[] =>
  (question.rule.owner ?? usualOwner).map((who) => askOf(question, who, true))

/** Of a large team in its holidays the history names so many. */
const namedAtMost = 10

/** Those whom a word of the policy means too, as the history names them. */
export const passedPeople = (passed: readonly PassedOver[] = []): Passed[] =>
  passed.slice(0, namedAtMost).map(({ key, nobody }) => ({ who: `person.${key}`, nobody }))

/** Lists of them as one, each once. */
export const passedOver = (...lists: Array<readonly Passed[] | undefined>): Passed[] => [
  ...new Map(
    lists.flatMap((list) => list ?? []).map((each) => [`${each.who} ${each.nobody}`, each]),
  ).values(),
]

/** The first of the rule's owners who is there. The round robin is told. */
export function chooseOwner(people: People, question: OwnerQuestion): Ownership {
  const passed: Passed[] = []
  for (const ask of ownerAsks(question)) {
    const { people: found, nobody, passed: others } = people.find(ask)
    const [owner] = found
    if (owner) {
      people.gave(owner.key, question.at)
      return { owner, because: ask.who, passed: [...passed, ...passedPeople(others)] }
    }
    passed.push({ who: ask.who, nobody: nobody ?? 'gone' })
  }
  return { passed }
}

/** True of a case whose only manager is whom the answer is about: nobody of the program may have it. */
export const isAboutTheManager = (people: People, question: OwnerQuestion): boolean =>
  people.find(askOf(question, 'unitManager', false)).nobody === 'about'

/** All who are meant by these, away or not, each once, with what named them first; and those who cannot be told. */
export function informed(
  people: People,
  question: OwnerQuestion,
  whos: readonly string[],
): { informed: Array<{ person: Person; because: string }>; passed: Passed[] } {
  const informed = new Map<string, { person: Person; because: string }>()
  const lists: Passed[][] = []
  for (const who of whos) {
    const found = people.find(askOf(question, who, false))
    for (const person of found.people)
      if (!informed.has(person.key)) informed.set(person.key, { person, because: who })
    lists.push(passedPeople(found.passed))
  }
  return { informed: [...informed.values()], passed: passedOver(...lists) }
}

export const informedAsks = (question: OwnerQuestion, whos: readonly string[]): WhoAsk[] =>
  whos.map((who) => askOf(question, who, false))

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
 * rule means, else to the manager of their unit; to nobody when there is none. Each change says why.
 * @returns the cases that changed hands
 */
export async function passOnCases(
  tx: Tx,
  parts: { announce: Announce; programs: Programs },
  at: Date,
): Promise<string[]> {
  const gone = await ownersGone(tx)
  if (gone.length === 0) return []
  const left = await readUnowned(tx, 'c.owner = any($1::text[])', [gone])
  return giveByPolicy(tx, parts, left, { at, reason: 'ownerGone' })
}

/** As passOnCases, of members who were placed elsewhere: the cases they own and see no more, or may no longer work on. */
export async function passOnUnseen(
  parts: { database: Database; clock: Clock; announce: Announce; programs: Programs },
  workspaceId: string,
  people: readonly string[],
): Promise<void> {
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const unseen = await readUnowned(tx, `c.owner = any($1::text[]) and not ${maySeeCase('c.owner', 'c')}`, [
      people,
    ])
    await giveByPolicy(tx, parts, unseen, { at: parts.clock.now(), reason: 'ownerMoved' })
  })
}

/** Of those who own open cases who is not there any more. The owners are read one after another from the index: they
 * are few, and their cases may be many. A key stays; it stands for a system.
 */
async function ownersGone(tx: Tx): Promise<string[]> {
  const next = (after: string) =>
    `select c.owner from cases c where c.workspace_id = $1 and c.state <> 'closed' and c.owner ${after}
     order by c.owner limit 1`
  const rows = await tx.query<{ owner: string }>(
    `with recursive owners as (
       (${next('is not null')}) union all select (${next('> o.owner')}) from owners o where o.owner is not null
     )
     select o.owner from owners o
     where o.owner is not null and o.owner not like 'key:%'
       and not exists (select from case_readers r where r.person = o.owner)`,
    [tx.workspaceId],
  )
  return rows.map(({ owner }) => owner)
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
  const messages: NewMessage[] = []
  const changes = cases.flatMap(({ caseId, owner: before }) => {
    const { owner, because = null } = chooseOwner(people, questions.get(caseId) as OwnerQuestion)
    if ((owner?.key ?? null) === before) return []
    if (owner?.email)
      messages.push({
        ...caseMail('case', caseId, owner.email, `passed on ${at.toISOString()}`),
        sendAt: mailAt(active.program, 'case', { ...owner, email: owner.email }, at),
      })
    const to = owner ? { id: owner.key, name: owner.name ?? owner.key } : null
    return [{ caseId, at, action: { kind: 'passedOn' as const, to, because, reason } }]
  })
  await queueMessages(tx, { ...parts, clock: { now: () => at } }, messages)
  return applyProduct(tx, parts, changes)
}
