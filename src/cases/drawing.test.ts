import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { moves } from './case.ts'
import { drawStates, tableOfMoves } from './drawing.ts'
import { likeness } from './similar.ts'
import { caseEventKinds } from './standing.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/cases.md'), 'utf8')

it('docs/cases.md draws and lists the state machine as it is', () => {
  expect(page).toContain(drawStates())
  expect(page).toContain(tableOfMoves())
})

it('every action stands in the history under a kind that is told', () => {
  const kinds: readonly string[] = caseEventKinds
  for (const { event } of Object.values(moves)) expect(kinds).toContain(event)
})

it('what makes cases alike adds up to one, and the page says the same', () => {
  expect(Object.values(likeness).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1)
  for (const [name, weight] of Object.entries(likeness))
    expect(page).toMatch(new RegExp(`${name}[^.]*${weight}`))
})
