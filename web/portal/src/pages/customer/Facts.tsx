import type { ReactNode } from 'react'
import type { Program, Scalar } from '../../api/wire.ts'
import { valueName } from '../../ask/fields.ts'
import { usePersonName } from '../../parts/usePersonName.ts'
import { readable, useFormats } from '../../words/format.ts'

/** What is known, name beside value; what is empty is left out. */
export function Facts(props: { facts: [string, string][] }) {
  const facts = props.facts.filter(([, value]) => value)
  if (facts.length === 0) return null
  return (
    <dl className="facts spread">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{breakable(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** An address breaks before its @, sooner than within a word. */
export function breakable(text: string): ReactNode {
  const at = text.indexOf('@')
  if (at < 1) return text
  return (
    <>
      {text.slice(0, at)}
      <wbr />
      {text.slice(at)}
    </>
  )
}

/** The program's label of a declared field of the contact or the account. */
export function useFieldLabel(program: Program | undefined, whose: string | undefined) {
  const formats = useFormats()
  return (field: string) =>
    formats.text(
      program?.fields.find((each) => each.id === field || each.id === `${whose}.${field}`)?.label,
      readable(field.split('.').at(-1) ?? field),
    )
}

/** What a declared field holds, in words: of an employee the name, not the key. */
export function useFieldValue(program: Program | undefined, whose: string | undefined) {
  const formats = useFormats()
  const nameOf = usePersonName()
  return (field: string, value: Scalar | undefined) => {
    const declared = program?.fields.find((each) => each.id === field || each.id === `${whose}.${field}`)
    return declared?.person && typeof value === 'string' ? nameOf(value) : valueName(declared, value, formats)
  }
}
