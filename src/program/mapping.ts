// For: reading what the program declares out of a CloudEvents envelope.
// In: an event, and the JSONata expressions of its type. Out: typed values; a Refusal that names each wrong one.

import { type Fault, Refusal } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import type { CheckedProgram } from './checked.ts'
import type { Values } from './context.ts'
import { fieldsOf } from './derive.ts'
import { compileReader, type Reader } from './jsonata.ts'
import { oncePerProgram } from './once.ts'
import type { Program, ProgramField, ProgramMapping } from './schema.ts'
import { coerce, toEmail, toKey, toLanguage, toShort, WrongValue } from './values.ts'

/** CloudEvents 1.0, as far as mapping reads it; extensions stand beside. */
export interface CloudEvent {
  type: string
  source: string
  id: string
  time?: string
  subject?: string
  data?: unknown
  [attribute: string]: unknown
}

export interface MappedAccount {
  key: string
  name?: string
  /** Key of the account it belongs to. */
  parent?: string
  fields: Values
}

export interface MappedContact {
  key: string
  name?: string
  email?: string
  phone?: string
  language?: string
  /** Key of the event's account. */
  account?: string
  fields: Values
}

export interface MappedEvent {
  type: string
  fields: Values
  contact?: MappedContact
  account?: MappedAccount
  unit?: string
  employee?: string
  transaction?: { type: string; key: string; fields: Values }
}

/** One value to be read: which part of the event it belongs to, its name there, and its type. */
interface Slot {
  part: 'fields' | 'contact' | 'account' | 'transaction' | 'own'
  name: string
  isField: boolean
  where: string
  read: Reader
  convert(raw: unknown): Values[string] | undefined
}

interface Plan {
  slots: Slot[]
  transaction: string | undefined
}

const planOf = oncePerProgram(makePlan)

/** @throws Refusal event.unmapped, with one fault for each value that is not of its declared type */
export async function mapEvent(checked: CheckedProgram, event: CloudEvent): Promise<MappedEvent> {
  const mapped = await mapNow(checked, event)
  if (mapped instanceof Refusal) throw mapped
  return mapped
}

/** Many at once, in order; an event that is refused gives its Refusal and hinders no other. */
export async function mapEvents(
  checked: CheckedProgram,
  events: readonly CloudEvent[],
): Promise<Array<MappedEvent | Refusal>> {
  const results: Array<MappedEvent | Refusal> = []
  for (const event of events) {
    const mapped = mapNow(checked, event)
    results.push(mapped instanceof Promise ? await mapped : mapped)
  }
  return results
}

/** Without a promise when every expression of the type is a plain path, as most are. */
function mapNow(
  checked: CheckedProgram,
  event: CloudEvent,
): MappedEvent | Refusal | Promise<MappedEvent | Refusal> {
  const { program } = checked
  if (!Object.hasOwn(program.events, event.type)) {
    const types = Object.keys(program.events)
    const detail = `The program knows no event type "${event.type.slice(0, 100)}"${suggestion(event.type, types)}`
    return new Refusal('event.unknownType', detail, [
      { where: 'type', message: 'a type the program declares' },
    ])
  }
  const plan = planOf(program, event.type)
  const raw: unknown[] = []
  let waiting = false
  for (const slot of plan.slots) {
    const value = slot.read(event)
    if (value instanceof Promise) waiting = true
    raw.push(value)
  }
  if (!waiting) return assemble(plan, event.type, raw)
  return Promise.allSettled(raw).then((settled) => {
    const values = settled.map((each) =>
      each.status === 'fulfilled' ? each.value : new Failure(each.reason),
    )
    return assemble(plan, event.type, values)
  })
}

class Failure {
  readonly message: string
  constructor(reason: unknown) {
    this.message = `the expression fails: ${(reason as { message?: string } | null)?.message ?? 'unknown'}`
  }
}

interface Part {
  fields: Values
  own: Record<string, string>
}

function assemble(plan: Plan, type: string, raw: unknown[]): MappedEvent | Refusal {
  const parts: Record<Slot['part'], Part> = {
    fields: { fields: {}, own: {} },
    contact: { fields: {}, own: {} },
    account: { fields: {}, own: {} },
    transaction: { fields: {}, own: {} },
    own: { fields: {}, own: {} },
  }
  const faults: Fault[] = []
  for (const [index, slot] of plan.slots.entries()) {
    const found = raw[index]
    if (found instanceof Failure) {
      faults.push({ where: slot.where, message: found.message })
      continue
    }
    try {
      const value = slot.convert(found)
      if (value === undefined) continue
      const part = parts[slot.part]
      if (slot.isField) part.fields[slot.name] = value
      else part.own[slot.name] = value as string
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error
      faults.push({ where: slot.where, message: error.message })
    }
  }
  const mapped: MappedEvent = { type, fields: parts.fields.fields, ...parts.own.own }
  const contact = keyed('contact', parts.contact, faults)
  if (contact) mapped.contact = contact
  const account = keyed('account', parts.account, faults)
  if (account) {
    mapped.account = account
    if (mapped.contact) mapped.contact.account = account.key
  }
  if (plan.transaction !== undefined) {
    const { key } = parts.transaction.own
    const keyRefused = faults.some((fault) => fault.where === 'transaction.key')
    if (key !== undefined)
      mapped.transaction = { type: plan.transaction, key, fields: parts.transaction.fields }
    else if (!keyRefused)
      faults.push({
        where: 'transaction.key',
        message: `expected the key of the ${plan.transaction}, found nothing`,
      })
  }
  if (faults.length === 0) return mapped
  const detail = faults.map((fault) => `${fault.where}: ${fault.message}`).join('; ')
  return new Refusal('event.unmapped', detail, faults)
}

/** A person or account without a key is nobody; but when something is told of it, the key must be there. */
function keyed<T extends MappedContact & MappedAccount>(
  where: string,
  part: Part,
  faults: Fault[],
): T | undefined {
  const { key } = part.own
  if (key !== undefined) return { ...part.own, key, fields: part.fields } as T
  const told = Object.keys(part.own).length + Object.keys(part.fields).length
  if (told > 0 && !faults.some((fault) => fault.where === `${where}.key`))
    faults.push({ where: `${where}.key`, message: `expected the key of the ${where}, found nothing` })
  return undefined
}

function makePlan(program: Program, type: string): Plan {
  const { map, about, fields: declared = {} } = program.events[type]!
  const zone = program.workspace.timeZone
  const slots: Slot[] = []
  const own = (
    part: Slot['part'],
    name: string,
    expression: string | undefined,
    convert: Slot['convert'],
  ) => {
    if (expression === undefined) return
    const where = part === 'own' ? name : `${part}.${name}`
    slots.push({ part, name, isField: false, where, read: compileReader(expression), convert })
  }
  const fields = (
    part: Slot['part'],
    of: Record<string, ProgramField>,
    expressions: Record<string, string> = {},
  ) => {
    for (const [name, expression] of Object.entries(expressions)) {
      const field = of[name]
      if (!field) continue
      const where = part === 'fields' ? `fields.${name}` : `${part}.fields.${name}`
      const convert = (raw: unknown) => coerce(field, raw, zone)
      slots.push({ part, name, isField: true, where, read: compileReader(expression), convert })
    }
  }
  const party = (part: 'contact' | 'account', mapping: ProgramMapping | undefined) => {
    if (!mapping) return
    own(part, 'key', mapping.key, toKey)
    own(part, 'name', mapping.name, toShort)
    if (part === 'contact') {
      own(part, 'email', mapping.email, toEmail)
      own(part, 'phone', mapping.phone, toShort)
      own(part, 'language', mapping.language, toLanguage)
    } else own(part, 'parent', mapping.parent, toKey)
    fields(part, fieldsOf(program, part), mapping.fields)
  }
  fields('fields', declared, map.fields)
  party('contact', map.contact)
  party('account', map.account)
  own('own', 'unit', map.unit, toUnit(program))
  own('own', 'employee', map.employee, toKey)
  if (about !== undefined) {
    own('transaction', 'key', map.transaction?.key, toKey)
    fields('transaction', fieldsOf(program, about), map.transaction?.fields)
  }
  return { slots, transaction: about }
}

function toUnit(program: Program): Slot['convert'] {
  const known = new Set(program.units?.list.map((unit) => unit.key) ?? [])
  return (raw) => {
    const key = toKey(raw)
    if (key !== undefined && known.size > 0 && !known.has(key))
      throw new WrongValue('the key of a unit of the program', raw)
    return key
  }
}
