import { describe, expect, test } from 'vitest'
import { readForm } from './form.ts'

describe('a form is read', () => {
  test('in UTF-8, as our pages send it', () => {
    const form = readForm(Buffer.from('q.comment=bl%C3%A5+%26+gr%C3%B8nn+%F0%9F%98%80&q.score=9'))
    expect([...form]).toEqual([
      ['q.comment', 'blå & grønn 😀'],
      ['q.score', '9'],
    ])
  })
  test('in windows-1252, escaped or not, without losing a letter', () => {
    expect(readForm(Buffer.from('q.comment=bl%E5+%80+5')).get('q.comment')).toBe('blå € 5')
    expect(readForm(Buffer.from('q.comment=blå', 'latin1')).get('q.comment')).toBe('blå')
    expect(readForm(Buffer.from('q.comment=blå')).get('q.comment')).toBe('blå')
  })
  test('when it holds signs of percent that escape nothing', () => {
    expect(readForm(Buffer.from('q.comment=100 %25 or 50 % off %zz')).get('q.comment')).toBe(
      '100 % or 50 % off %zz',
    )
  })
})
