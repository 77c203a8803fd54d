import { describe, expect, it } from 'vitest'
import { checkedProgram } from '../program/checked.ts'
import type { Program } from '../program/schema.ts'
import { programOnWire } from '../program/wire.ts'
import { askFields } from './fields.ts'

const program = {
  samklang: 1,
  workspace: { name: 'X', languages: ['en', 'sv'], timeZone: 'UTC' },
  events: {},
  touchpoints: {},
  metrics: {},
  surveys: {},
  contacts: {
    fields: {
      size: { type: 'category', labels: { rest: { en: 'Rest', sv: 'Övriga' }, large: 'XL' } },
    },
  },
  recovery: {
    rules: [
      { id: 'angry', when: 'true', label: { en: 'Very unhappy', sv: 'Mycket missnöjd' } },
      { id: 'plain', when: 'true' },
    ],
  },
} as unknown as Program

const valued = {
  ...program,
  value: {
    segments: [
      { id: 'top', when: 'true', name: { en: 'The best', nb: 'De beste' } },
      { id: 'rest', when: 'true' },
    ],
  },
} as unknown as Program

describe('a value segment with a name', () => {
  it('is called by it in what is asked of cases; those the program need not declare have names too', () => {
    expect(askFields(valued, 'nb').get('case.valueSegment')?.labels).toEqual({
      top: 'De beste',
      other: 'øvrige',
      unranked: 'for få kunder til å rangere',
    })
    expect(askFields(valued, 'en').get('case.valueSegment')?.labels.top).toBe('The best')
  })

  it('comes with it to the pages', () => {
    expect(programOnWire(checkedProgram(valued, 'v1')).segments).toEqual([
      { id: 'top', name: { en: 'The best', nb: 'De beste' } },
    ])
  })
})

describe('a recovery rule with a label', () => {
  it('is called by it in what is asked of cases, in the language of the reader', () => {
    for (const [language, label] of [
      ['en', 'Very unhappy'],
      ['sv', 'Mycket missnöjd'],
    ] as const) {
      const fields = askFields(program, language)
      expect(fields.get('case.rule')?.labels).toEqual({ angry: label })
      expect(fields.get('case.reason')?.labels).toEqual({ angry: label })
    }
  })

  it('comes with it to the pages; one without is left to its id', () => {
    expect(programOnWire(checkedProgram(program, 'v1')).rules).toEqual([
      { id: 'angry', label: { en: 'Very unhappy', sv: 'Mycket missnöjd' } },
    ])
  })
})

describe('values of a category', () => {
  it('are called by their labels, now and as frozen, in the language of the reader', () => {
    for (const [language, rest] of [
      ['en', 'Rest'],
      ['sv', 'Övriga'],
    ] as const) {
      const fields = askFields(program, language)
      for (const id of ['customer.size', 'customer.size@frozen'])
        expect(fields.get(id)?.labels).toEqual({ rest, large: 'XL' })
    }
  })

  it('come with them to the pages', () => {
    const [field] = programOnWire(checkedProgram(program, 'v1')).fields
    expect(field).toMatchObject({
      id: 'customer.size',
      labels: { rest: { en: 'Rest', sv: 'Övriga' }, large: 'XL' },
    })
  })
})
