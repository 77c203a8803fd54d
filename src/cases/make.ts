import { gatherPeople } from '../people/who.ts'
import type { Tx } from '../storage/postgres.ts'
import { calendarOf, contactDue, firstCheck } from './calendar.ts'
import { questionOf, stakeholdersOf } from './judge.ts'
import type { NewCase } from './keep.ts'
import { chooseOwner, informed, informedAsks, ownerAsks } from './owner.ts'
import type { Lot, Ranked } from './rank.ts'

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
  return questions.map(({ each, question }): NewCase => {
    const { candidate, checked, at } = each.judged
    const { from, lot } = how(each)
    const calendar = calendarOf(checked.program, each.rule, candidate.unitKey)
    const due = contactDue(calendar, each.rule, from)
    const ownership = chooseOwner(people, question)
    const stakeholders = informed(people, question, stakeholdersOf(each.judged)).filter(
      ({ person }) => person.key !== ownership.owner?.key,
    )
    return { ...each, ownership, stakeholders, due, next: firstCheck(calendar, each.rule, due, at), lot }
  })
}
