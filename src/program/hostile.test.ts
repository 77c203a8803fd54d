import fc from 'fast-check'
import Value from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { rightProgram as base } from '../../test/rightProgram.ts'
import { checkProgram, faultLines } from './check.ts'
import { ProgramSchema } from './schema.ts'
import { reportShape } from './shape.ts'

const check = (text: string) => checkProgram([{ path: 'program.yaml', text }])

describe('a hostile document', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (let at = 1; at < 10; at++) {
    const name = String.fromCharCode(97 + at)
    const before = String.fromCharCode(96 + at)
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`)
  }
  it.each([
    ['a YAML bomb', bomb.join('\n'), 'expected at most 100000 values in all'],
    ['an alias to what is around it', 'surveys: &a { x: *a }', '*a stands within itself'],
    ['an alias to nothing', 'surveys: *nothing', 'nothing'],
    ['deep nesting', `surveys: ${'['.repeat(5000)}`, 'program.yaml'],
    [
      'deep nesting that closes',
      `surveys: ${'['.repeat(500)}${']'.repeat(500)}`,
      'expected at most 40 levels',
    ],
    ['a huge file', `# ${'x'.repeat(1_000_001)}`, 'expected at most 1000000 characters'],
    ['a key that changes prototypes', '__proto__: { x: 1 }', '"__proto__" cannot be a key'],
    ['a list', '- a', 'expected a map'],
    ['a number', '12', 'expected a map'],
    ['nothing', '', '"workspace" is missing'],
    ['two documents', 'a: 1\n---\nb: 2', 'a second document begins here; expected one in each file'],
    ['a text cut off by its comma', 'a: { en: Solved, says she }', '"says she" has no value; a text that'],
    ['keys that are no texts', '? [a, b]\n: c', 'not valid YAML'],
    ['a number without end', 'samklang: .inf', 'finite'],
    ['control characters', 'a: \u0000\u0001', 'program.yaml'],
    ['the character 0', 'workspace: { name: "a\\0b" }', 'expected text of valid Unicode'],
    ['half a surrogate pair', 'workspace: { name: "\\uD800" }', 'expected text of valid Unicode'],
    ['the character 0 as a key', '"a\\0b": 1', 'expected a key of valid Unicode'],
    ['Latin-1', 'samklang: 1\nworkspace: { name: Fj\uFFFDll }', 'program.yaml:2:22 expected UTF-8'],
    ['half a surrogate pair in a comment', '# \ud800', 'expected text of valid Unicode'],
    ['many repeated keys', 'a: 1\n'.repeat(50_000), 'given already'],
  ])('is refused: %s', (_, text, said) => {
    expect(faultLines(check(text).faults)).toContain(said)
  })

  it.each([
    '../program.yaml',
    '/etc/program.yaml',
    'a/../b.yaml',
    '.hidden.yaml',
    'a\\b.yaml',
    'program',
    '',
  ])('is refused for its path: %j', (path) => {
    expect(faultLines(checkProgram([{ path, text: base }]).faults)).toContain('expected a relative path')
  })

  it('is refused when one file is given twice', () => {
    const file = { path: 'a/program.yaml', text: base }
    expect(faultLines(checkProgram([file, file]).faults)).toBe('a/program.yaml:1:1 this file is there twice')
  })

  it('is refused when there are no files, or too many', () => {
    expect(checkProgram([]).faults).toHaveLength(1)
    const files = Array.from({ length: 201 }, (_, at) => ({ path: `${at}.yaml`, text: '' }))
    expect(checkProgram(files).faults).toHaveLength(1)
  })

  it('never makes the check throw, whatever is changed in a right one', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '*a',
        '&a ',
        '!!binary ',
        ': ',
        '- ',
        '\n',
        '  ',
        '"',
        "'",
        '|\n',
        '1e999',
      ),
    )
    fc.assert(
      fc.property(fc.nat(base.length), fc.nat(12), junk, (at, length, text) => {
        const { program, faults } = check(base.slice(0, at) + text + base.slice(at + length))
        expect(program === undefined).toBe(faults.length > 0)
        for (const fault of faults) expect(fault.line).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })

  it('never makes the check throw, whatever its values are', () => {
    const names = fc.constantFrom(
      ...Object.keys(ProgramSchema.properties),
      ...['fields', 'type', 'questions', 'kind', 'list', 'parent', 'toString', 'constructor', 'map', 'order'],
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('csat', 'order', 'number', 'customer.state', 'P1D', 'answers.x > 1', 'data.x', ''),
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(names, tie('value'), { maxKeys: 5 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(names, value, { maxKeys: 16 }), (document) => {
        const text = JSON.stringify(document)
        const { program, faults } = check(text)
        expect(program === undefined).toBe(faults.length > 0)
        const said: string[] = []
        reportShape(ProgramSchema, JSON.parse(text), (_, message) => said.push(message))
        expect(said.length > 0).toBe(!Value.Check(ProgramSchema, JSON.parse(text)))
        // Every departure has words of its own; the last resort is for schemas that grew past the walk.
        expect(said).not.toContain('the document does not have the form of a program')
      }),
      { numRuns: 300 },
    )
  })
})
