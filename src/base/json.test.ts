import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from './errors.ts'
import { deepest, jsonOf, utf8Of } from './json.ts'

const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return error instanceof Refusal ? error.code : error
  }
  return 'none'
}
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('JSON from outside', () => {
  it('is read as JSON.parse reads it, whatever its texts hold', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), (text) => {
        fc.pre(!text.includes('__proto__'))
        expect(jsonOf(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('is refused when nested too deep, by brackets alone and not by those in texts', () => {
    expect(codeOf(() => jsonOf(nested(deepest)))).toBe('none')
    expect(codeOf(() => jsonOf(nested(deepest + 1)))).toBe('request.malformed')
    expect(codeOf(() => jsonOf(nested(500_000)))).toBe('request.malformed')
    expect(codeOf(() => jsonOf(JSON.stringify(['\\"', '['.repeat(200), '"{\\'])))).toBe('none')
  })

  it.each(['', '{', '"unclosed', '{"a":1}}', '{"__proto__": 1}', '{"\\u005f_proto__": 1}', 'NaN'])(
    'refuses %s',
    (text) => {
      expect(codeOf(() => jsonOf(text))).toBe('request.malformed')
    },
  )
})

describe('bytes', () => {
  it('are read as UTF-8, and refused when they are something else', () => {
    expect(utf8Of(Buffer.from('Malmö'), 'application/json; charset="UTF-8"')).toBe('Malmö')
    expect(codeOf(() => utf8Of(Buffer.from('Malmö', 'latin1')))).toBe('request.malformed')
    expect(codeOf(() => utf8Of(Buffer.from('x'), 'text/plain; charset=latin1'))).toBe(
      'request.unsupportedType',
    )
  })
})
