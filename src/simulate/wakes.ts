import { addDuration } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { type Merged, mergeFields } from '../events/merge.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { ConditionFailed } from '../program/conditions.ts'
import type { Context, Values } from '../program/context.ts'
import { deriveFields } from '../program/derive.ts'
import { type MappedEvent, mapEvent } from '../program/mapping.ts'
import type { Program, ProgramTrigger } from '../program/schema.ts'
import type { Wake } from './batches.ts'
import type { EventInput } from './input.ts'

/** When an event can make the loop act: at its own time and after the delay for every trigger on its type; at each
 * watched date of its transaction, with the delay, for every trigger on that date. Such a date is quiet when what has
 * happened by then makes the trigger ask nobody: the condition is not met, or it has been overtaken.
 * @returns a function to be called with all events in their order; an event that the intake would refuse has none
 */
export function wakesOf(checked: CheckedProgram): (event: EventInput) => Promise<Wake[]> {
  const zone = checked.program.workspace.timeZone
  const triggers = Object.values(checked.program.triggers ?? {})
  const later = (time: string, delay = 'PT0S') => addDuration(new Date(time), delay, zone)
  const onDate = triggers.flatMap((trigger) => {
    if (!('date' in trigger.on)) return []
    const [type = '', field = ''] = trigger.on.date.split('.')
    const isDerived = checked.program.transactions?.[type]?.fields?.[field]?.derive !== undefined
    return [{ trigger, type, field, isDerived }]
  })
  const known = new Known(checked.program)

  return async ({ event }) => {
    const thread = {}
    const wakes = triggers.flatMap(({ on, delay }): Wake[] =>
      'event' in on && on.event === event.type
        ? [
            { at: later(event.time), thread },
            { at: later(event.time, delay), thread },
          ]
        : [],
    )
    if (onDate.length === 0) return wakes
    const read = await mapped(checked, event)
    const context = known.add(read, event.time)
    for (const { trigger, type, field, isDerived } of onDate) {
      if (read.transaction?.type !== type) continue
      const date = isDerived ? context()?.transaction?.fields[field] : read.transaction.fields[field]
      if (typeof date !== 'string') continue
      const at = later(date, trigger.delay)
      wakes.push({ at, isQuiet: () => asksNobody(checked, trigger, context(), at) })
    }
    return wakes
  }
}

/** Judged by O-data alone, as deciding would first; what cannot be judged may ask somebody. */
function asksNobody(
  checked: CheckedProgram,
  { when, unless }: ProgramTrigger,
  context: Context | undefined,
  now: Date,
): boolean {
  if (!context) return false
  try {
    const variables = checked.variables(context, { event: {}, now })
    return (
      (when !== undefined && !checked.condition(when)(variables)) ||
      (unless !== undefined && checked.condition(unless)(variables))
    )
  } catch (error) {
    if (error instanceof ConditionFailed) return false
    throw error
  }
}

/** People, accounts and transactions as the intake has merged them so far. */
class Known {
  readonly #program: Program
  readonly #merged = new Map<string, Merged>()

  constructor(program: Program) {
    this.#program = program
  }

  /** Takes in an event. @returns what is known around its transaction whenever that is asked */
  add({ contact, account, transaction }: Partial<MappedEvent>, time: string): () => Context | undefined {
    const ofContact = contact && this.#follow('contact', contact.key, contact.fields, time)
    const ofAccount = account && this.#follow('account', account.key, account.fields, time)
    const ofTransaction =
      transaction && this.#follow(transaction.type, transaction.key, transaction.fields, time)
    return () =>
      transaction &&
      ofTransaction && {
        at: time,
        transaction: { type: transaction.type, key: transaction.key, fields: ofTransaction() },
        ...(contact && ofContact ? { contact: { key: contact.key, fields: ofContact() } } : {}),
        ...(account && ofAccount ? { account: { key: account.key, fields: ofAccount() } } : {}),
      }
  }

  /** @returns the fields as they are when that is asked; deriving is dear, and most are never asked for */
  #follow(scope: string, key: string, fields: Values, time: string): () => Values {
    const name = JSON.stringify([scope, key])
    const merged = this.#merged.get(name) ?? { fields: {}, times: {} }
    this.#merged.set(name, merged)
    mergeFields(merged, fields, time)
    return () => deriveFields(this.#program, scope, { ...merged.fields }, new Date(time))
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
