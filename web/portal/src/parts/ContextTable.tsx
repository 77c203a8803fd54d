import type { Context, Program, Scalar, Values } from '../api/wire.ts'
import { valueName } from '../ask/fields.ts'
import { readable, useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { usePersonName } from './usePersonName.ts'

interface Line {
  id: string
  name: string
  asked: Scalar | undefined
  now: Scalar | undefined
}

/** O-data as it was when the person was asked, beside the same fields as they are now. */
export function ContextTable(props: {
  context: Context
  now: { type: string; key: string; fields: Values } | null
  program: Program | undefined
}) {
  const words = useWords()
  const formats = useFormats()
  const personName = usePersonName()
  const { context, now, program } = props
  const said = (id: string, value: Scalar | undefined) => {
    const declared = program?.fields.find((field) => field.id === id)
    return typeof value === 'string' && declared?.person
      ? personName(value)
      : valueName(declared, value, formats)
  }
  const nameOf = (id: string, otherwise: string) =>
    formats.text(program?.fields.find((field) => field.id === id)?.label, readable(otherwise))
  const contactName = program?.contactName ?? 'customer'
  const groups: { title: string; lines: Line[]; compare: boolean }[] = []
  const lines = (prefix: string, asked: Values = {}, later: Values | undefined): Line[] =>
    [...new Set([...Object.keys(asked), ...Object.keys(later ?? {})])].map((field) => ({
      id: `${prefix}.${field}`,
      name: nameOf(`${prefix}.${field}`, field),
      asked: asked[field],
      now: later?.[field],
    }))
  const matter = context.transaction ?? now
  if (matter) {
    groups.push({
      title: words.responses.about(
        formats.text(
          program?.transactions.find(({ type }) => type === matter.type)?.label,
          readable(matter.type),
        ),
        matter.key,
      ),
      lines: lines(matter.type, context.transaction?.fields, now?.fields ?? {}),
      compare: now !== null,
    })
  }
  if (context.contact && Object.keys(context.contact.fields).length > 0) {
    groups.push({
      // A program may call its people something else, such as guest or member.
      title: formats.text(
        program?.contactLabel,
        contactName === 'customer' ? words.customers.one : readable(contactName),
      ),
      lines: lines(contactName, context.contact.fields, undefined),
      compare: false,
    })
  }
  if (context.account) {
    groups.push({
      title: context.account.name ?? context.account.key,
      lines: lines('account', context.account.fields, undefined),
      compare: false,
    })
  }
  const around: Line[] = []
  if (context.unit)
    around.push({ id: 'unit', name: words.responses.unit, asked: context.unit.name, now: undefined })
  if (context.employee) {
    around.push({
      id: 'employee',
      name: words.responses.employee,
      asked: context.employee.name ?? personName(context.employee.key),
      now: undefined,
    })
  }
  if (around.length > 0) groups.push({ title: words.responses.unit, lines: around, compare: false })
  if (groups.length === 0) return <p className="quiet">{words.responses.noContext}</p>
  return (
    <>
      {groups.map((group) => (
        <table key={group.title} className="plain-table context">
          <thead>
            <tr>
              <th scope="col">{group.title}</th>
              <th scope="col">{words.responses.asAsked}</th>
              {group.compare && <th scope="col">{words.responses.asNow}</th>}
            </tr>
          </thead>
          <tbody>
            {group.lines.map((line) => {
              const changed = group.compare && line.asked !== line.now
              return (
                <tr key={line.id} className={changed ? 'changed' : ''}>
                  <th scope="row">{line.name}</th>
                  <td>{said(line.id, line.asked)}</td>
                  {group.compare && (
                    <td>
                      {said(line.id, line.now)}
                      {changed && <span className="hidden"> ({words.responses.changed})</span>}
                    </td>
                  )}
                </tr>
              )
            })}
          </tbody>
        </table>
      ))}
    </>
  )
}
