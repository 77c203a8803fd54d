// For: the demo workspace: two years of a simulated Nordic service company, as inputs of a replay.
// In: the checked demo program (its units, employees, triggers and surveys) and the time at which the years end.
// Out: events of visits, orders and support cases, what the people asked would answer, and what the company improves, in
// the order of their time.
import { addDuration } from '../base/clock.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import { type Happening, simulateCompany, type Team } from './company.ts'
import { contextOf, demoAnswers } from './demoAnswers.ts'
import { simulatedEvents } from './demoEvents.ts'
import { demoImprovements } from './demoImprovements.ts'
import type { Input, SourceEvent } from './input.ts'
import { seededRandom } from './random.ts'
import type { Source } from './replay.ts'
import { truth } from './truth.ts'

const seed = 20_241_122
const tongues = ['sv', 'nb', 'en'] as const

/** @param end when the two years end; the same end gives the same inputs, so it has to be kept to continue a run */
export async function demoSource(checked: CheckedProgram, end: Date): Promise<Source> {
  const inputs = await demoInputs(checked, end)
  return {
    name: 'demo',
    fingerprint: `demo ${seed} ${end.toISOString()}`,
    inputs: () => inputs,
    count: inputs.length,
    end,
  }
}

export async function demoInputs(checked: CheckedProgram, end: Date): Promise<Input[]> {
  const random = seededRandom(seed)
  const inputs: Input[] = []
  for (const happening of simulateCompany(teamsOf(checked), random, end)) {
    // What is known of a business never changes here, so that its people do not matter to each other.
    const person = happening.contact.key
    const events = simulatedEvents(happening)
    for (const event of events) inputs.push({ kind: 'event', at: new Date(event.time), person, event })
    const context = await contextOf(checked, events)
    for (const { survey, at } of asked(checked, events, context)) {
      const answer = demoAnswers(checked, survey, happening, context, random)
      if (!answer) continue
      const answeredAt = new Date(at.getTime() + Math.round(answer.hours * 3600) * 1000)
      const { key, type } = answer.transaction
      inputs.push({
        kind: 'answer',
        at: answeredAt,
        person,
        survey,
        transaction: { type, key },
        answers: answer.answers,
      })
    }
  }
  const byTime = (one: Input, other: Input) => one.at.getTime() - other.at.getTime()
  const lived = inputs.filter(({ at }) => at <= end).sort(byTime)
  return [...lived, ...demoImprovements(checked.program, lived, end)].sort(byTime)
}

/** Surveys that a happening would set off, by its events and by the dates it sets, and when. */
function asked(checked: CheckedProgram, events: readonly SourceEvent[], { transaction }: Context) {
  const zone = checked.program.workspace.timeZone
  return Object.values(checked.program.triggers ?? {}).flatMap(({ on, survey, delay }) => {
    const from =
      'event' in on
        ? events.filter((event) => event.type === on.event).map((event) => event.time)
        : [transaction?.fields[on.date.slice(`${transaction.type}.`.length)]].filter(
            (date) => date !== undefined && on.date.startsWith(`${transaction?.type}.`),
          )
    return from.map((time) => ({ survey, at: addDuration(new Date(time as string), delay ?? 'PT0S', zone) }))
  })
}

/** The units of the lowest level, each with its market (the root above it) and its people. */
function teamsOf({ program }: CheckedProgram): Team[] {
  const list = program.units?.list ?? []
  const unitOf = new Map(list.map((unit) => [unit.key, unit]))
  const root = (key: string): string => {
    const parent = unitOf.get(key)?.parent
    return parent === undefined ? key : root(parent)
  }
  const markets = list.filter((unit) => unit.parent === undefined).map((unit) => unit.key)
  const lowest = program.units?.levels.at(-1)
  return list
    .filter((unit) => unit.level === lowest)
    .map(({ key }) => {
      const market = markets.indexOf(root(key))
      return {
        key,
        market,
        tongue: tongues[market % tongues.length] as Team['tongue'],
        employees: (program.employees ?? [])
          .filter((employee) => employee.unit === key && employee.role !== 'manager')
          .map((employee) => employee.key),
      }
    })
}

/** What is planted, in words, for whoever wants to hold the analyses against it. */
export const planted = truth
export type { Happening }
