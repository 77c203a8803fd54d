import { beforeAll, describe, expect, it } from 'vitest'
import { checkProgram } from '../src/program/check.ts'
import type { CheckedProgram } from '../src/program/checked.ts'
import { cutBatches } from '../src/simulate/batches.ts'
import { demoInputs, planted } from '../src/simulate/demo.ts'
import type { Input } from '../src/simulate/input.ts'
import { wakesOf } from '../src/simulate/wakes.ts'
import { programFiles } from './replay-rig.ts'

const end = new Date('2026-06-15T12:00:00Z')
const day = 24 * 3600 * 1000

describe('the simulated company', () => {
  let checked: CheckedProgram
  let inputs: Input[]
  beforeAll(async () => {
    checked = checkProgram(programFiles('demo')).program as CheckedProgram
    inputs = await demoInputs(checked, end)
  })

  it('lives the same two years whenever it is asked to', async () => {
    expect(await demoInputs(checked, end)).toEqual(inputs)
  })

  it('ends at the time given, and began two years before', () => {
    const times = inputs.map(({ at }) => at.getTime())
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    expect(times.at(-1)).toBeLessThanOrEqual(end.getTime())
    expect(times.at(-1)).toBeGreaterThan(end.getTime() - 3 * day)
    // Some were booked before the two years in which they came about.
    expect(times[0]).toBeGreaterThan(end.getTime() - 850 * day)
    expect(times[0]).toBeLessThan(end.getTime() - 720 * day)
  })

  it('sends events that the program knows and maps', async () => {
    const events = inputs.filter((input) => input.kind === 'event')
    expect(events.length).toBeGreaterThan(8000)
    expect(new Set(events.map(({ event }) => event.type))).toEqual(
      new Set(Object.keys(checked.program.events)),
    )
    expect(new Set(events.map(({ event }) => `${event.source} ${event.id}`)).size).toBe(events.length)
    for (const { event } of events) {
      const { email } = event.data.customer as { email: string }
      expect(email).toMatch(/^[a-z.]+\.\d+@example\.com$/)
    }
  })

  it('answers every survey that a trigger sends, in words of the language of the market', () => {
    const answers = inputs.filter((input) => input.kind === 'answer')
    expect(new Set(answers.map(({ survey }) => survey))).toEqual(
      new Set(Object.values(checked.program.triggers ?? {}).map(({ survey }) => survey)),
    )
    const comments = answers.flatMap(({ answers: given }) => (given.comment ? [String(given.comment)] : []))
    expect(comments.length).toBeGreaterThan(400)
    for (const word of [/\boch\b|\binte\b|\bfelet\b/i, /\bikke\b|\bdere\b|\bfeilen\b/i, /\bthe\b/i]) {
      expect(comments.filter((comment) => word.test(comment)).length).toBeGreaterThan(40)
    }
  })

  it('improves what the planted truth says, at its time, and ties it to those who had not been told', () => {
    const acts = inputs.filter((input) => input.kind === 'act')
    const [proposed, ...later] = acts.filter(({ action }) =>
      JSON.stringify(action).includes('before every visit'),
    )
    expect(proposed?.action).toMatchObject({
      kind: 'improve',
      unitKey: 'no',
      metricWhere: "unit.market == 'no'",
    })
    expect(proposed?.action).toMatchObject({ transactions: expect.arrayContaining([expect.anything()]) })
    const done = later.find(({ action }) => (action as { state?: string }).state === 'done')
    expect(done?.at).toEqual(new Date(end.getTime() - planted.improvement.daysBeforeEnd * day))
    const states = acts.map(({ action }) => (action as { state?: string }).state)
    expect(new Set(states)).toEqual(new Set([undefined, 'decided', 'doing', 'done', 'dropped']))
  })

  it('can be played in few batches', async () => {
    let batches = 0
    for await (const { until } of cutBatches(inputs, { wakes: wakesOf(checked), size: 1000, end })) {
      batches++
      expect(until.getTime()).toBeLessThanOrEqual(end.getTime())
    }
    expect(batches).toBeLessThan(400)
  })
})
