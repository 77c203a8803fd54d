// For: the names in braces that texts of a survey may carry: "Thank you for your order of {order.category}".
import { suggestion } from '../base/nearest.ts'
import type { Program } from './schema.ts'
import { contactNameOf } from './scope.ts'
import { isMap, type Report } from './shape.ts'
import type { Path } from './source.ts'

/** Everything that may stand in braces: declared fields, the keys of contact, account and transaction, and the names of
 * account, unit and employee.
 */
export function placeholderNames(program: Program): string[] {
  const named = (name: string, fields: object | undefined) =>
    ['key', ...Object.keys(fields ?? {})].map((field) => `${name}.${field}`)
  return [
    ...named(contactNameOf(program), program.contacts?.fields),
    ...named('account', program.accounts?.fields),
    ...Object.entries(program.transactions ?? {}).flatMap(([type, { fields }]) => named(type, fields)),
    ...['account.name', 'unit.name', 'employee.name'],
  ]
}

/** What a template of a reply may name, in double braces: the same, what is known of the customer, and the owner's name. */
export function templateNames(program: Program): string[] {
  const customer = ['name', 'email', 'phone'].map((known) => `${contactNameOf(program)}.${known}`)
  return [...new Set([...customer, ...placeholderNames(program), 'owner.name', 'workspace.name'])]
}

/** Texts in which names are filled in, with the braces they stand in there. */
function* filledTexts(
  program: Program,
): Generator<{ value: unknown; path: Path; names: string[]; braces: 1 | 2 }> {
  yield { value: program.surveys, path: ['surveys'], names: placeholderNames(program), braces: 1 }
  const names = templateNames(program)
  yield { value: program.recovery?.templates, path: ['recovery', 'templates'], names, braces: 2 }
  yield { value: program.promoters?.templates, path: ['promoters', 'templates'], names, braces: 2 }
}

/** Reports names in braces that stand for nothing, and warns of those that leave a gap when there is no value. */
export function checkPlaceholders(program: Program, report: Report, warn: Report): void {
  for (const { value, path, names, braces } of filledTexts(program))
    for (const { text, at } of textsIn(value, path)) {
      for (const found of text.matchAll(/(\{+)\s*([\w.]+)\s*(\|[^{}]*)?\}+/g)) {
        const [whole, open = '', name = '', otherwise] = found
        const offset = found.index + open.length - 1
        const written = (inside: string) => '{'.repeat(braces) + inside + '}'.repeat(braces)
        if (!names.includes(name))
          report(at, `{${name}} stands for nothing${suggestion(name, names)}`, 'value', offset)
        else if (open.length !== braces)
          report(at, `expected ${written(name)}; found ${whole}`, 'value', found.index)
        else if (
          otherwise === undefined &&
          name !== 'workspace.name' &&
          !mayBeLeftOut(text, found.index, whole.length)
        )
          warn(
            at,
            `${written(name)} may have no value; say what stands there then: ${written(`${name} | …`)}`,
            'value',
            offset,
          )
      }
    }
}

/** What is wrong with the names in a text that a person writes to customers: those that stand for nothing, and those in
 * single braces, which are filled in nowhere but in surveys. Braces that hold no name are their own affair.
 */
export function misnamed(text: string, names: readonly string[]): string[] {
  const doubled = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].flatMap(([whole, inside = '']) => {
    const name = (inside.split('|')[0] as string).trim()
    return names.includes(name) ? [] : [`${whole} stands for nothing${suggestion(name, names)}`]
  })
  const single = [...text.matchAll(/(?<!\{)\{\s*([\w.]+)\s*(?:\|[^{}]*)?\}(?!\})/g)].flatMap(
    ([whole, name = '']) => (names.includes(name) ? [`expected {{${name}}}; found ${whole}`] : []),
  )
  return [...doubled, ...single]
}

/** A greeting or a line of its own reads well without its name: "Hello {{customer.name}}," and a signature. */
function mayBeLeftOut(text: string, from: number, length: number): boolean {
  const before = text.slice(0, from)
  const after = text.slice(from + length)
  return /^[,!]/.test(after) || (/(^|\n)[ ]*$/.test(before) && /^[ ]*(\n|$)/.test(after))
}

function* textsIn(value: unknown, path: Path): Generator<{ text: string; at: Path }> {
  if (typeof value === 'string') yield { text: value, at: path }
  const parts = Array.isArray(value) ? value.entries() : isMap(value) ? Object.entries(value) : []
  for (const [key, each] of parts) if (key !== 'show') yield* textsIn(each, [...path, key])
}
