import { addDuration } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { type Merged, mergeFields } from '../events/merge.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { deriveFields } from '../program/derive.ts'
import { type MappedEvent, mapEvent } from '../program/mapping.ts'
import type { EventInput } from './input.ts'

/** The times at which an event can make the loop act: its own for every trigger on its type, each watched date of its
 * transaction for every trigger on that date, both with the trigger's delay. Conditions are not judged: a wake at
 * which nothing happens only makes a batch shorter.
 * @returns a function to be called with all events in their order; an event that the intake would refuse has none
 */
export function wakesOf(checked: CheckedProgram): (event: EventInput) => Promise<Date[]> {
  const triggers = Object.values(checked.program.triggers ?? {})
  const zone = checked.program.workspace.timeZone
  const dates = triggers.flatMap(({ on, delay }) => {
    if (!('date' in on)) return []
    const [type = '', field = ''] = on.date.split('.')
    const derived = checked.program.transactions?.[type]?.fields?.[field]?.derive !== undefined
    return [{ type, field, derived, delay: delay ?? 'PT0S' }]
  })
  const derives = new Set(dates.filter(({ derived }) => derived).map(({ type }) => type))
  // A derived date can come of several events together, so these transactions are followed as the intake merges them.
  const followed = new Map<string, Merged>()

  const fieldsNow = ({ type, key, fields }: NonNullable<MappedEvent['transaction']>, time: string) => {
    if (!derives.has(type)) return fields
    const name = JSON.stringify([type, key])
    const merged = followed.get(name) ?? { fields: {}, times: {} }
    followed.set(name, merged)
    mergeFields(merged, fields, time)
    return deriveFields(checked.program, type, { ...merged.fields }, new Date(time))
  }

  return async ({ event }) => {
    const wakes = triggers.flatMap(({ on, delay }) =>
      'event' in on && on.event === event.type
        ? [addDuration(new Date(event.time), delay ?? 'PT0S', zone)]
        : [],
    )
    if (dates.length === 0) return wakes
    const { transaction } = await mapped(checked, event)
    if (!transaction) return wakes
    const fields = fieldsNow(transaction, event.time)
    for (const { type, field, delay } of dates) {
      const date = type === transaction.type ? fields[field] : undefined
      if (date !== undefined) wakes.push(addDuration(new Date(date as string), delay, zone))
    }
    return wakes
  }
}

async function mapped(checked: CheckedProgram, event: EventInput['event']): Promise<Partial<MappedEvent>> {
  try {
    return Object.hasOwn(checked.program.events, event.type) ? await mapEvent(checked, { ...event }) : {}
  } catch (error) {
    if (error instanceof Refusal) return {}
    throw error
  }
}
