// For: who gets a case and who is kept informed of it; and cases whose owner has left.
// In: the rule, what the answer is about. Out: an owner with how they were found, or why nobody was; stakeholders.

import { type NewMessage, queueMessages } from '../channels/queue.ts'
import {
  accountOwnerOf,
  gatherPeople,
  type NobodyReason,
  type People,
  type Person,
  type WhoAsk,
} from '../people/who.ts'
import type { Context } from '../program/context.ts'
import type { Program } from '../program/schema.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Row, Tx } from '../storage/postgres.ts'
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
  /** Those of the policy who were asked for before, and why it was none of them. */
  passed?: Array<{ who: string; nobody: NobodyReason }>
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

/** The first of the rule's owners who is there. The round robin is told. */
export function chooseOwner(people: People, question: OwnerQuestion): Ownership {
  const passed: NonNullable<Ownership['passed']> = []
  for (const ask of ownerAsks(question)) {
    const { people: found, nobody } = people.find(ask)
    const [owner] = found
    if (owner) {
      people.gave(owner.key, question.at)
      return { owner, because: ask.who, passed }
    }
    passed.push({ who: ask.who, nobody: nobody ?? 'gone' })
  }
  return { passed }
}

/** All who are meant by these, away or not, each once, with what named them first. */
export function informed(
  people: People,
  question: OwnerQuestion,
  whos: readonly string[],
): Array<{ person: Person; because: string }> {
  const found = new Map<string, { person: Person; because: string }>()
  for (const who of whos)
    for (const person of people.find(askOf(question, who, false)).people)
      if (!found.has(person.key)) found.set(person.key, { person, because: who })
  return [...found.values()]
}

export const informedAsks = (question: OwnerQuestion, whos: readonly string[]): WhoAsk[] =>
  whos.map((who) => askOf(question, who, false))

interface Left extends Row {
  caseId: string
  rule: string
  version: string
  context: Context
  unitKey: string | null
  employeeKey: string | null
}

/** Hands open cases whose owner is no longer in the program to the next whom their rule means; to nobody when there is
 * none. Each change says why.
 * @returns the cases that changed hands
 */
export async function passOnCases(
  tx: Tx,
  parts: { announce: Announce; programs: Programs },
  at: Date,
): Promise<string[]> {
  const left = await tx.query<Left>(
    `select c.case_id as "caseId", c.rule, c.version, r.context, c.unit_key as "unitKey",
       c.employee_key as "employeeKey"
     from employees e join cases c on c.owner = e.employee_key
     join responses r on r.response_id = c.response_id
     where not e.active and c.state <> 'closed' order by c.opened_at, c.case_id for update of c`,
  )
  if (left.length === 0) return []
  const questions = new Map<string, OwnerQuestion>()
  // The policy in force says who; the one of then may name those who have left.
  const active = await parts.programs.activeIn(tx)
  for (const row of left) {
    const checked = active.program.recovery?.rules.some(({ id }) => id === row.rule)
      ? active
      : await parts.programs.versionIn(tx, row.version)
    const rule =
      checked.program.recovery?.rules.find(({ id }) => id === row.rule) ??
      (row.rule === selected ? ruleByHand(undefined) : undefined)
    if (rule) questions.set(row.caseId, { ...row, program: checked.program, rule, at })
  }
  const people = await gatherPeople(tx, [...questions.values()].flatMap(ownerAsks))
  const messages: NewMessage[] = []
  const changes = left.map(({ caseId }) => {
    const question = questions.get(caseId)
    const { owner, because = null } = question ? chooseOwner(people, question) : {}
    if (owner?.email)
      messages.push({
        ...caseMail('case', caseId, owner.email, `passed on ${at.toISOString()}`),
        sendAt: mailAt(active.program, 'case', { ...owner, email: owner.email }, at),
      })
    const to = owner ? { id: owner.key, name: owner.name ?? owner.key } : null
    return { caseId, at, action: { kind: 'passedOn' as const, to, because } }
  })
  await queueMessages(tx, { ...parts, clock: { now: () => at } }, messages)
  return applyProduct(tx, parts, changes)
}
