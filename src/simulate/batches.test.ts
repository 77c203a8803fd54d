import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Batch, cutBatches, type Wake } from './batches.ts'
import type { ActInput, AnswerInput, EventInput, Input } from './input.ts'

type Given = EventInput | AnswerInput

interface Wish {
  person: string
  time: number
  kind: 'event' | 'answer'
  /** For events: when they make the loop act, in milliseconds after their own time; negative ones are late. */
  wakes: Array<{ after: number; thread?: boolean; quiet?: boolean }>
}

const wishes = fc.array(
  fc.record({
    person: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    time: fc.integer({ min: 0, max: 60 }),
    kind: fc.constantFrom('event' as const, 'answer' as const),
    wakes: fc.array(
      fc.record({ after: fc.integer({ min: -3, max: 25 }), thread: fc.boolean(), quiet: fc.boolean() }),
      { maxLength: 3 },
    ),
  }),
  { maxLength: 60 },
)

const inOrder = (list: Wish[]) => [...list].sort((one, other) => one.time - other.time)

const inputs = (list: Wish[]): Given[] =>
  list.map(({ person, time, kind, wakes }, index) =>
    kind === 'event'
      ? {
          kind,
          person,
          at: new Date(time),
          event: {
            specversion: '1.0',
            id: String(index),
            source: 'test',
            type: 'reported',
            time: new Date(time).toISOString(),
            data: { wakes: sorted(wakes, time) },
          },
        }
      : {
          kind,
          person,
          at: new Date(time),
          survey: 's',
          transaction: { type: 't', key: String(index) },
          answers: {},
        },
  )

interface Told {
  time: number
  thread?: boolean
  quiet?: boolean
}

const sorted = (wakes: Wish['wakes'], time: number): Told[] =>
  wakes
    .map(({ after, ...wake }) => ({ ...wake, time: time + after }))
    .sort((one, other) => one.time - other.time)

const told = ({ event }: EventInput) => event.data.wakes as Told[]

/** Some of an event's wakes follow from each other; some are quiet. */
function wakes(input: EventInput): Wake[] {
  const thread = {}
  return told(input).map((wake) => ({
    at: new Date(wake.time),
    ...(wake.thread ? { thread } : {}),
    isQuiet: () => wake.quiet === true,
  }))
}

async function cut(list: Given[], size: number): Promise<Batch[]> {
  const batches: Batch[] = []
  for await (const batch of cutBatches(list, { wakes, size })) batches.push(batch)
  return batches
}

const note = {
  event: (event: EventInput) => `event ${event.event.id}`,
  answer: (answer: AnswerInput) => `answer ${answer.transaction.key}`,
}

/** Each person's life when every input is worked through alone, and the clock stops at every wake. */
function oneByOne(list: Given[]): Map<string, string[]> {
  const moments = list.flatMap((input) =>
    input.kind === 'answer'
      ? [{ time: input.at.getTime(), step: 2, person: input.person, what: note.answer(input) }]
      : [
          { time: input.at.getTime(), step: 0, person: input.person, what: note.event(input) },
          ...told(input).map((wake) => ({
            time: Math.max(wake.time, input.at.getTime()),
            step: 1,
            person: input.person,
            what: wake.quiet ? 'quiet' : wake.thread ? `thread ${input.event.id}` : 'woken',
          })),
        ],
  )
  moments.sort((one, other) => one.time - other.time || one.step - other.step)
  return lives(moments)
}

/** Each person's life when batches are carried out, what is due in the worst order a job store could choose. */
function batchByBatch(batches: Batch[]): Map<string, string[]> {
  const waiting: Lived[] = []
  const lived: Lived[] = []
  for (const { events, answers, until } of batches) {
    for (const event of events) {
      lived.push({ time: event.at.getTime(), person: event.person, what: note.event(event) })
      for (const wake of told(event)) {
        waiting.push({
          time: Math.max(wake.time, event.at.getTime()),
          person: event.person,
          what: wake.quiet ? 'quiet' : wake.thread ? `thread ${event.event.id}` : 'woken',
        })
      }
    }
    const due = waiting.filter(({ time }) => time <= until.getTime()).reverse()
    for (const job of due) waiting.splice(waiting.indexOf(job), 1)
    // What follows from something is done after it, whatever the job store chooses.
    const threads = due.filter(({ what }) => what.startsWith('thread'))
    threads.sort((one, other) => one.time - other.time)
    lived.push(...due.map((job) => (job.what.startsWith('thread') ? (threads.shift() as Lived) : job)))
    for (const answer of answers) {
      lived.push({ time: answer.at.getTime(), person: answer.person, what: note.answer(answer) })
    }
  }
  expect(waiting).toEqual([])
  return lives(lived)
}

interface Lived {
  time: number
  person: string
  what: string
}

/** For each person what they lived through in its order, and apart from that where among the events the quiet was. */
function lives(list: readonly Lived[]): Map<string, string[]> {
  const byPerson = new Map<string, string[]>()
  const add = (name: string, what: string) => byPerson.set(name, [...(byPerson.get(name) ?? []), what])
  // Things of one kind at one moment have no order among themselves.
  for (const { time, person, what } of list) {
    if (what !== 'quiet') add(person, `${what} at ${time}`)
    if (what === 'quiet' || what.startsWith('event')) add(`${person}, quiet`, `${what} at ${time}`)
  }
  return new Map(
    [...byPerson].map(([name, life]) => [
      name,
      life.map((what, place) => [momentOf(life, place), what].join(' ')).sort(),
    ]),
  )
}

/** Number of the run of equal times, and equal kinds, that a place belongs to. */
function momentOf(life: readonly string[], place: number): string {
  const kind = (what: string) =>
    what.startsWith('event') ? 'event' : what.startsWith('answer') ? 'answer' : 'wake'
  // Quiet things have no order among themselves at all.
  const name = (what: string) =>
    what.startsWith('quiet') ? 'quiet' : `${what.split(' at ')[1]} ${kind(what)}`
  let run = 0
  for (let each = 1; each <= place; each++) {
    if (name(life[each] as string) !== name(life[each - 1] as string)) run++
  }
  return String(run).padStart(4, '0')
}

const event = (person: string, time: number, ...wakes: Array<number | Wish['wakes'][number]>): Wish => ({
  person,
  time,
  kind: 'event',
  wakes: wakes.map((wake) => (typeof wake === 'number' ? { after: wake } : wake)),
})
const answer = (person: string, time: number): Wish => ({ person, time, kind: 'answer', wakes: [] })
const untils = async (...list: Wish[]) => (await cut(inputs(list), 1000)).map(({ until }) => until.getTime())

describe('batches', () => {
  it('give every person the life they would have had one input at a time', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, fc.integer({ min: 1, max: 80 }), async (list, size) => {
        const all = inputs(inOrder(list))
        expect(batchByBatch(await cut(all, size))).toEqual(oneByOne(all))
      }),
      {
        numRuns: 500,
        // Two wakes of one moment, of which a third follows from one alone.
        examples: [
          [
            [
              {
                person: 'a',
                time: 0,
                kind: 'event',
                wakes: [
                  { after: 0, thread: false, quiet: false },
                  { after: 1, thread: true, quiet: false },
                  { after: 0, thread: true, quiet: false },
                ],
              },
            ],
            2,
          ],
        ],
      },
    )
  })

  it('hold every input once, in order, and the clock never runs backwards or past what is not in them', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, fc.integer({ min: 1, max: 80 }), async (list, size) => {
        const all = inputs(inOrder(list))
        const batches = await cut(all, size)
        let taken = 0
        let before = Number.NEGATIVE_INFINITY
        for (const batch of batches) {
          const own = [...batch.events, ...batch.answers]
          for (const input of own) {
            expect(input.at.getTime()).toBeGreaterThan(before)
            expect(input.at.getTime()).toBeLessThanOrEqual(batch.until.getTime())
          }
          taken += own.length
          expect(batch.taken).toBe(taken)
          expect(batch.until.getTime()).toBeGreaterThan(before)
          before = batch.until.getTime()
        }
        expect(taken).toBe(all.length)
      }),
      { numRuns: 200 },
    )
  })

  it('are as long as causality allows', async () => {
    expect(await untils(event('a', 1), event('b', 2, 1), event('a', 9, 2), answer('c', 10))).toEqual([11])
    expect(await untils(event('a', 1, 2), answer('a', 4))).toEqual([4])
  })

  it('end before an event of somebody who was woken in them', async () => {
    expect(await untils(event('a', 1, 1), event('b', 3), event('a', 4))).toEqual([3, 4])
  })

  it('end before somebody is woken a second time', async () => {
    expect(await untils(event('a', 1, 1, 5), event('b', 3))).toEqual([3, 6])
  })

  it('go on when somebody is woken by what follows from before, or quietly', async () => {
    const thread = { thread: true }
    expect(await untils(event('a', 1, { after: 0, ...thread }, { after: 5, ...thread }))).toEqual([6])
    expect(await untils(event('a', 1, 1, { after: 5, quiet: true }), answer('a', 3))).toEqual([6])
    expect(await untils(event('a', 1, { after: 1, quiet: true }), event('a', 4))).toEqual([2, 4])
  })

  it('end before anything that follows an answer of the same person, its due time included', async () => {
    expect(await untils(answer('a', 1), event('b', 2), event('a', 3))).toEqual([2, 3])
    expect(await untils(event('a', 1, 4), answer('a', 2), event('b', 3))).toEqual([3, 5])
  })

  it('are closed when they have reached their size, but never between things of one moment', async () => {
    const list = inputs([event('a', 1), event('b', 2), event('c', 2), event('d', 3)])
    expect((await cut(list, 2)).map(({ taken }) => taken)).toEqual([3, 4])
  })

  it('cannot be made of inputs out of order', async () => {
    await expect(cut(inputs([event('a', 2), event('a', 1)]), 10)).rejects.toThrow('order of their time')
  })
})

describe('what somebody does with a case', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 8, minute))
  const answer = (minute: number): AnswerInput => ({
    kind: 'answer',
    at: at(minute),
    person: `p${minute}`,
    survey: 'visit',
    transaction: { type: 'visit', key: `v${minute}` },
    answers: { score: 1 },
  })
  const act = (minute: number): ActInput => ({
    kind: 'act',
    at: at(minute),
    person: 'p1',
    by: 'e1',
    transaction: { type: 'visit', key: 'v1' },
    action: { kind: 'take' },
  })
  const shapes = async (inputs: Input[], exact: boolean) => {
    const batches: Batch[] = []
    for await (const batch of cutBatches(inputs, { wakes: () => [], size: 100, exact })) batches.push(batch)
    return batches.map(({ answers, acts, until }) => [answers.length, acts.length, until.getUTCMinutes()])
  }

  it('stands in a batch of its own moment', async () => {
    expect(await shapes([answer(1), answer(2), act(3), answer(4), answer(5)], false)).toEqual([
      [2, 0, 2],
      [0, 1, 3],
      [2, 0, 5],
    ])
  })

  it('is lived moment by moment with all else when persons matter to each other', async () => {
    const event: EventInput = {
      ...{ kind: 'event', at: at(0), person: 'p0' },
      event: {
        specversion: '1.0',
        id: '0',
        source: 'test',
        type: 'reported',
        time: at(0).toISOString(),
        data: {},
      },
    }
    expect(await shapes([event, answer(1), answer(2), act(3)], true)).toEqual([
      [0, 0, 0],
      [1, 0, 1],
      [1, 0, 2],
      [0, 1, 3],
    ])
  })
})
