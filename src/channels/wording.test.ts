import { describe, expect, it } from 'vitest'
import type { Program } from '../program/schema.ts'
import { escapeHtml, namingFrom, personal } from './wording.ts'

const at = '2026-01-01T00:00:00Z'
const known = { at, employee: { key: 'E1', name: 'Eva <3' } }
const program = {
  workspace: { name: 'Visits', languages: ['en', 'sv'], timeZone: 'Europe/Oslo', currency: 'NOK' },
  contacts: {
    fields: { role: { type: 'category', labels: { buyer: { en: 'Purchaser', sv: 'Inköpare' } } } },
  },
} as unknown as Program
const naming = (context: Parameters<typeof namingFrom>[0]) =>
  namingFrom(context, { program, contactName: 'customer' }, 'en')

describe('names in braces', () => {
  it.each([
    ['Hello {employee.name}!', 'Hello Eva <3!', 'Hello!'],
    [
      'Visit by {employee.name | our technician} today',
      'Visit by Eva <3 today',
      'Visit by our technician today',
    ],
    ['{employee.name|Our technician} came', 'Eva <3 came', 'Our technician came'],
    ['{ employee.name } came', 'Eva <3 came', ' came'],
    ['{employee.name |} came', 'Eva <3 came', ' came'],
    ['of {no name} at all', 'of {no name} at all', 'of {no name} at all'],
  ])('%s', (text, withValue, without) => {
    expect(personal(text, naming(known))).toBe(withValue)
    expect(personal(text, naming({ at }))).toBe(without)
  })

  it('may be the keys of who and what it is about', () => {
    const about = {
      ...{ at, contact: { key: 'c-1', fields: {} }, account: { key: 'a-1', fields: { key: 'own' } } },
      transaction: { type: 'claim', key: '2026-17', fields: {} },
    }
    expect(personal('{customer.key} {account.key} {claim.key} {order.key}', naming(about))).toBe(
      'c-1 own 2026-17',
    )
  })

  it('stand for values of categories by their labels, in the language of the reader, else as they came', () => {
    const of = (role: string) => ({ at, contact: { key: 'c', fields: { role } } })
    const inLanguage = (role: string, language: string) =>
      personal('As {customer.role}', namingFrom(of(role), { program, contactName: 'customer' }, language))
    expect([inLanguage('buyer', 'en'), inLanguage('buyer', 'sv'), inLanguage('constructor', 'sv')]).toEqual([
      'As Purchaser',
      'As Inköpare',
      'As constructor',
    ])
  })

  it('are finished, what the text itself holds is not', () => {
    const escaped = escapeHtml("Visit by {employee.name | our 'man'}")
    expect(personal(escaped, naming(known), escapeHtml)).toBe('Visit by Eva &lt;3')
    expect(personal(escaped, naming({ at }), escapeHtml)).toBe('Visit by our &#39;man&#39;')
  })
})
