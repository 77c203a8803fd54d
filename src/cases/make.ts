import { type Lead, leadsOf, readLeads } from '../people/leads.ts'
import { gatherPeople } from '../people/who.ts'
import { unitPath } from '../program/store.ts'
import type { Tx } from '../storage/postgres.ts'
import { calendarOf, contactDue, firstCheck } from './calendar.ts'
import { questionOf, stakeholdersOf } from './judge.ts'
import type { NewCase } from './keep.ts'
import {
  chooseOwner,
  informed,
  informedAsks,
  isAboutTheManager,
  type OwnerQuestion,
  ownerAsks,
  passedOver,
} from './owner.ts'
import type { Lot, Ranked } from './rank.ts'

/** Those who are told of a case that only a manager could have had whom it is about; never that manager. */
function leadsFor(leads: readonly Lead[], { program, unitKey, employeeKey }: OwnerQuestion) {
  const parents = new Map((program.units?.list ?? []).map((unit) => [unit.key, unit.parent]))
  const path = unitKey === null ? [] : unitPath(unitKey, parents)
  return leadsOf(leads, { employeeKey, path }).map((person) => ({ person, because: 'cxLead' }))
}

/** Gives each case its owner, those who are informed, and its deadline, in their order; a round robin goes on in it.
 * @param how from when the time to contact is counted, and the lot of one that takes part in a trial
 */
export async function makeCases(
  tx: Tx,
  ranked: readonly Ranked[],
  how: (each: Ranked) => { from: Date; lot?: Lot | undefined },
): Promise<NewCase[]> {
  const questions = ranked.map((each) => ({ each, question: questionOf(each.judged) }))
  const people = await gatherPeople(
    tx,
    questions.flatMap(({ each, question }) => [
      ...ownerAsks(question),
      ...informedAsks(question, stakeholdersOf(each.judged)),
    ]),
  )
  let leads: Lead[] | undefined
  const made: NewCase[] = []
  for (const { each, question } of questions) {
    const { candidate, checked, at } = each.judged
    const { from, lot } = how(each)
    const calendar = calendarOf(checked.program, each.rule, candidate.unitKey)
    const due = contactDue(calendar, each.rule, from)
    const ownership = chooseOwner(people, question)
    const unowned = ownership.owner === undefined && isAboutTheManager(people, question)
    if (unowned) leads ??= await readLeads(tx)
    const instead = unowned ? leadsFor(leads ?? [], question) : []
    const meant = informed(people, question, stakeholdersOf(each.judged))
    const stakeholders = meant.informed.filter(({ person }) => person.key !== ownership.owner?.key)
    const known = new Set(stakeholders.map(({ person }) => person.key))
    made.push({
      ...each,
      ownership: { ...ownership, passed: passedOver(ownership.passed, meant.passed) },
      stakeholders: [...stakeholders, ...instead.filter(({ person }) => !known.has(person.key))],
      instead: instead.map(({ person }) => person),
      due,
      next: firstCheck(calendar, each.rule, due, at),
      lot,
    })
  }
  return made
}
