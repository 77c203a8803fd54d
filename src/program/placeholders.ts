// For: the names in braces that texts of a survey may carry: "Thank you for your order of {order.category}".
import { suggestion } from './nearest.ts'
import type { Program } from './schema.ts'
import { contactNameOf } from './scope.ts'
import { isMap, type Report } from './shape.ts'
import type { Path } from './source.ts'

/** Everything that may stand in braces: declared fields, and the names of account, unit and employee. */
export function placeholderNames(program: Program): string[] {
  const named = (name: string, fields: object | undefined) =>
    Object.keys(fields ?? {}).map((field) => `${name}.${field}`)
  return [
    ...named(contactNameOf(program), program.contacts?.fields),
    ...named('account', program.accounts?.fields),
    ...Object.entries(program.transactions ?? {}).flatMap(([type, { fields }]) => named(type, fields)),
    ...['account.name', 'unit.name', 'employee.name'],
  ]
}

/** What a template of a reply may name, in double braces: the same, and the customer's and the owner's name. */
export function templateNames(program: Program): string[] {
  return [`${contactNameOf(program)}.name`, ...placeholderNames(program), 'owner.name', 'workspace.name']
}

/** Reports names in braces that stand for nothing, in all texts below `value`. */
export function reportPlaceholders(
  value: unknown,
  path: Path,
  names: readonly string[],
  report: Report,
): void {
  if (typeof value === 'string') {
    for (const match of value.matchAll(/\{([\w.]+)\}/g)) {
      const name = match[1] ?? ''
      if (!names.includes(name))
        report(path, `{${name}} stands for nothing${suggestion(name, names)}`, 'value', match.index)
    }
    return
  }
  const parts = Array.isArray(value) ? value.entries() : isMap(value) ? Object.entries(value) : []
  for (const [key, each] of parts) if (key !== 'show') reportPlaceholders(each, [...path, key], names, report)
}
