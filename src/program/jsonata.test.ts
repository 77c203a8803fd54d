import jsonata from 'jsonata'
import { describe, expect, it } from 'vitest'
import { builtIn, jsonataProblem } from './jsonata.ts'

describe('JSONata of a program', () => {
  it.each([
    ['$summ(data.lines.price)', '$summ', 0],
    ['data.name ~> $trimm()', '$trimm', 13],
    ['$map(data.lines, $uper)', undefined, 0],
    ['($double := function($x) { $x * 2 }; $double($sum(data.lines)))', undefined, 0],
    ['$map(data.lines, function($line) { $uppercase($line) })', undefined, 0],
  ])('%s: a call of a function that there is not is told, and where', (expression, unknown, offset) => {
    const problem = unknown && { message: `there is no function ${unknown}`, offset }
    expect(jsonataProblem(expression)).toEqual(problem)
  })

  it('knows the functions that the engine has', async () => {
    for (const name of builtIn)
      expect([name, await jsonata(`$${name}`).evaluate({})]).not.toContain(undefined)
  })
})
