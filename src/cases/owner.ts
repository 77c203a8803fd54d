// For: who gets a case and who is kept informed of it.
// In: the rule, what the answer is about. Out: an owner with how they were found, or why nobody was; stakeholders.

import {
  accountOwnerOf,
  type NobodyReason,
  type PassedOver,
  type People,
  type Person,
  type WhoAsk,
} from '../people/who.ts'
import type { Context } from '../program/context.ts'
import type { Program } from '../program/schema.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'

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
