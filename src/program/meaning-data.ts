// For: the rules of the data a program declares: fields, units, employees, events and how they are read.
import { suggestion } from '../base/nearest.ts'
import { derivationOrder, fieldsOf } from './derive.ts'
import { ExpressionChecker } from './expressions.ts'
import { jsonataProblem } from './jsonata.ts'
import { languages, type Program, type ProgramEvent, type ProgramField } from './schema.ts'
import { contactNameOf, contextScope, ownNames, reservedNames } from './scope.ts'
import type { Report } from './shape.ts'
import type { Path } from './source.ts'

export function checkData(program: Program, report: Report, warn: Report): void {
  warnOfUnmapped(program, warn)
  checkNames(program, report)
  checkFields(program, 'contact', ['contacts', 'fields'], ownNames.contact, report)
  checkFields(program, 'account', ['accounts', 'fields'], ownNames.account, report)
  for (const type of Object.keys(program.transactions ?? {}))
    checkFields(program, type, ['transactions', type, 'fields'], ownNames.transaction, report)
  checkUnits(program, report)
  checkEmployees(program, report)
  for (const [type, event] of Object.entries(program.events)) checkEvent(program, type, event, report)
}

function checkNames(program: Program, report: Report): void {
  const contactName = contactNameOf(program)
  // "contact" and "customer" are what one would naturally call them.
  if (reservedNames.includes(contactName) && contactName !== 'contact')
    report(['contacts', 'as'], `"${contactName}" has a meaning of its own; choose another name`)
  for (const type of Object.keys(program.transactions ?? {})) {
    if (type === contactName) report(['transactions', type], `"${type}" is what contacts are called`, 'key')
    else if (reservedNames.includes(type) || !isVariable(type))
      report(['transactions', type], `"${type}" has a meaning of its own; choose another name`, 'key')
  }
  if (!isVariable(contactName))
    report(['contacts', 'as'], `"${contactName}" is a word of CEL; choose another`)
}

const celWords = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return var ' +
    'void while int uint double bool string bytes list map type timestamp duration dyn has size matches optional ' +
    'google cel strings math'
  ).split(' '),
)
const isVariable = (name: string) => !celWords.has(name)

function checkFields(
  program: Program,
  scope: string,
  path: Path,
  own: readonly string[],
  report: Report,
): void {
  const fields = fieldsOf(program, scope)
  const variable = scope === 'contact' ? contactNameOf(program) : scope
  let checker: ExpressionChecker | undefined
  for (const [name, field] of Object.entries(fields)) {
    const here = [...path, name]
    if (own.includes(name)) report(here, `"${name}" is always there; it needs no declaring`, 'key')
    checkField(program, field, here, report)
    if (field.derive === undefined) continue
    checker ??= new ExpressionChecker(new Map([[variable, contextScope(program).get(variable) ?? {}]]))
    const problem = checker.problem(field.derive, field.type, field.values)
    if (problem) report([...here, 'derive'], problem.message, 'value', problem.offset)
  }
  for (const circle of derivationOrder(fields, variable).circles) {
    const names = circle.map((name) => `${variable}.${name}`).join(' -> ')
    report([...path, circle[0]!, 'derive'], `goes in a circle: ${names}`)
  }
}

function checkField(program: Program, field: ProgramField, path: Path, report: Report): void {
  if (field.values && field.type !== 'category')
    report([...path, 'values'], `only a category has values; this is of type ${field.type}`, 'key')
  if (field.unit && field.type !== 'number')
    report([...path, 'unit'], `only a number has a unit; this is of type ${field.type}`, 'key')
  repeated(field.values ?? [], (index, value) =>
    report([...path, 'values', index], `"${value}" stands twice in the list`),
  )
  checkLabels(program, field, [...path, 'labels'], report)
}

/** Of a category without `values` any may come, so that a label for one that never does cannot be told. */
function checkLabels(
  { workspace }: Program,
  { type, values, labels }: ProgramField,
  path: Path,
  report: Report,
): void {
  if (labels === undefined) return
  if (type !== 'category') report(path, `only a category has labels; this is of type ${type}`, 'key')
  for (const [value, label] of Object.entries(labels)) {
    const here = [...path, value]
    if (values && !values.includes(value))
      report(here, `"${value}" is none of its values${suggestion(value, values)}`, 'key')
    if (typeof label === 'string') continue
    const given = languages.filter((code) => label[code] !== undefined)
    const missing = workspace.languages.filter((code) => !label[code]?.trim())
    if (missing.length > 0)
      report(here, `text is missing in ${missing.join(', ')}, of the workspace's languages`, 'key')
    for (const code of given.filter((each) => !workspace.languages.includes(each)))
      report([...here, code], `${code} is none of the workspace's languages`, 'key')
  }
}

/** Only events give fields their values. */
function warnOfUnmapped({ contacts, accounts, transactions = {}, events }: Program, warn: Report): void {
  const maps = Object.values(events)
  const about = (type: string) => maps.filter((event) => event.about === type)
  const mappedIn = (part: 'contact' | 'account' | 'transaction', of: ProgramEvent[]) =>
    new Set(of.flatMap(({ map }) => Object.keys(map[part]?.fields ?? {})))
  const tell = (fields: Record<string, ProgramField> | undefined, mapped: Set<string>, path: Path) => {
    for (const [name, { derive }] of Object.entries(fields ?? {})) {
      if (derive !== undefined || mapped.has(name)) continue
      const own = path[0] === 'contacts' && (name === 'email' || name === 'phone')
      const besides = own ? `; templates may name the ${name} of the mapping without declaring it` : ''
      warn([...path, name], `no event maps this field: it never has a value${besides}`, 'key')
    }
  }
  tell(contacts?.fields, mappedIn('contact', maps), ['contacts', 'fields'])
  tell(accounts?.fields, mappedIn('account', maps), ['accounts', 'fields'])
  for (const [type, { fields }] of Object.entries(transactions))
    tell(fields, mappedIn('transaction', about(type)), ['transactions', type, 'fields'])
  for (const [type, { fields, map }] of Object.entries(events))
    tell(fields, new Set(Object.keys(map.fields ?? {})), ['events', type, 'fields'])
}

function checkUnits(program: Program, report: Report): void {
  const { levels = [], list = [] } = program.units ?? {}
  const byKey = new Map(list.map((unit) => [unit.key, unit]))
  const circular = inCircles(byKey.keys(), (key) => byKey.get(key)?.parent)
  repeated(levels, (index, level) => report(['units', 'levels', index], `the level "${level}" stands twice`))
  repeated(
    list.map((unit) => unit.key),
    (index, key) => report(['units', 'list', index, 'key'], `the unit "${key}" stands twice`),
  )
  for (const [index, unit] of list.entries()) {
    const path = ['units', 'list', index]
    if (!levels.includes(unit.level))
      report([...path, 'level'], `there is no level "${unit.level}"${suggestion(unit.level, levels)}`)
    if (unit.parent === undefined) continue
    const parent = byKey.get(unit.parent)
    if (!parent)
      report(
        [...path, 'parent'],
        `there is no unit "${unit.parent}"${suggestion(unit.parent, [...byKey.keys()])}`,
      )
    else if (circular.has(unit.key)) report([...path, 'parent'], `the unit "${unit.key}" stands above itself`)
    else if (levels.indexOf(parent.level) >= levels.indexOf(unit.level) && levels.includes(parent.level))
      report(
        [...path, 'parent'],
        `a ${unit.level} stands below a level above it (${levels.join(' > ')}), "${parent.key}" is a ${parent.level}`,
      )
  }
}

/** The keys that come back to themselves when their parents are followed. */
export function inCircles(
  keys: Iterable<string>,
  parentOf: (key: string) => string | undefined,
): Set<string> {
  const found = new Set<string>()
  const settled = new Set<string>()
  for (const key of keys) {
    const trail: string[] = []
    const onTrail = new Map<string, number>()
    let at: string | undefined = key
    while (at !== undefined && !settled.has(at) && !onTrail.has(at)) {
      onTrail.set(at, trail.length)
      trail.push(at)
      at = parentOf(at)
    }
    if (at !== undefined && onTrail.has(at)) for (const each of trail.slice(onTrail.get(at))) found.add(each)
    for (const each of trail) settled.add(each)
  }
  return found
}

function checkEmployees(program: Program, report: Report): void {
  const employees = program.employees ?? []
  const units = program.units?.list.map((unit) => unit.key) ?? []
  const known = new Set(units)
  repeated(
    employees.map((employee) => employee.key),
    (index, key) => report(['employees', index, 'key'], `the employee "${key}" stands twice`),
  )
  for (const [index, { unit, email }] of employees.entries()) {
    if (!known.has(unit))
      report(['employees', index, 'unit'], `there is no unit "${unit}"${suggestion(unit, units)}`)
    if (email !== undefined && !/^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(email))
      report(['employees', index, 'email'], 'expected an e-mail address')
  }
}

function checkEvent(program: Program, type: string, event: ProgramEvent, report: Report): void {
  const path = ['events', type]
  const { about, map } = event
  for (const [name, field] of Object.entries(event.fields ?? {})) {
    checkField(program, field, [...path, 'fields', name], report)
    if (field.derive !== undefined)
      report([...path, 'fields', name, 'derive'], 'a field of an event is not derived; map it instead', 'key')
  }
  const transactions = Object.keys(program.transactions ?? {})
  if (about !== undefined && !transactions.includes(about))
    report([...path, 'about'], `there is no transaction "${about}"${suggestion(about, transactions)}`)
  if (about !== undefined && !map.transaction)
    report([...path, 'map'], `"transaction" is missing: how the key of the ${about} is read`, 'key')
  if (about === undefined && map.transaction)
    report([...path, 'map', 'transaction'], '"about" must say which transaction the event is about', 'key')
  if (map.contact?.parent !== undefined)
    report([...path, 'map', 'contact', 'parent'], 'only an account has a parent', 'key')
  for (const name of ['email', 'phone', 'language'] as const)
    if (map.account?.[name] !== undefined)
      report([...path, 'map', 'account', name], `an account has no ${name}; a contact has`, 'key')
  const mapped = (part: readonly string[], fields: Record<string, ProgramField>, what: string, at: Path) => {
    for (const name of part) {
      const here = [...at, name]
      if (!Object.hasOwn(fields, name))
        report(here, `${what} has no field "${name}"${suggestion(name, Object.keys(fields))}`, 'key')
      else if (fields[name]?.derive !== undefined)
        report(here, `"${name}" is derived, so that no event gives it`, 'key')
    }
  }
  const at = [...path, 'map']
  mapped(Object.keys(map.fields ?? {}), event.fields ?? {}, 'this event', [...at, 'fields'])
  const contactFields = fieldsOf(program, 'contact')
  mapped(Object.keys(map.contact?.fields ?? {}), contactFields, contactNameOf(program), [
    ...at,
    'contact',
    'fields',
  ])
  const accountFields = fieldsOf(program, 'account')
  mapped(Object.keys(map.account?.fields ?? {}), accountFields, 'account', [...at, 'account', 'fields'])
  if (about !== undefined && transactions.includes(about)) {
    const fields = fieldsOf(program, about)
    mapped(Object.keys(map.transaction?.fields ?? {}), fields, about, [...at, 'transaction', 'fields'])
  }
  checkJsonata(map, at, report)
}

/** Everything in a mapping that is a text is JSONata. */
function checkJsonata(value: unknown, path: Path, report: Report): void {
  if (typeof value === 'string') {
    const problem = jsonataProblem(value)
    if (problem) report(path, `not valid JSONata: ${problem.message}`, 'value', problem.offset)
  } else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) checkJsonata(each, [...path, key], report)
}

export function repeated(values: readonly string[], tell: (index: number, value: string) => void): void {
  const seen = new Set<string>()
  for (const [index, value] of values.entries()) {
    if (seen.has(value)) tell(index, value)
    seen.add(value)
  }
}
