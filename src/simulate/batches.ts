// For: cutting a stream of inputs into batches that may be worked through at once, without changing any outcome.
// In: inputs in the order of their time; for each event the times at which it can make the loop act ("wakes").
// Out: batches, each with the time the clock is moved to. Carried out in order, every person lives the same life.
import { Agenda } from './agenda.ts'
import type { AnswerInput, EventInput, Input } from './input.ts'

/**
 * A batch is carried out in three steps: all its events are recorded, everything that is due by `until` is done,
 * all its answers are handed in. That is the order in which each person lived it, because a batch is cut before
 *   - an event or a second wake of somebody who has had a wake in it, and
 *   - an event or a wake of somebody who has answered in it.
 * Persons commute, so nothing else matters. What happens at one and the same moment happens in that order, too:
 * first what was reported, then what fell due, then what was answered.
 */
export interface Batch {
  events: EventInput[]
  answers: AnswerInput[]
  /** Where the clock stands while the batch is worked through; nothing of it, or due in it, is later. */
  until: Date
  /** How many inputs there were up to here, this batch included. */
  taken: number
}

export interface Cutting {
  /** The times at which the event can make the loop act for its person; too many do no harm, too few do.
   * A time before the event's own stands for the event's own. */
  wakes(event: EventInput): readonly Date[] | Promise<readonly Date[]>
  /** Inputs after which a batch is closed; moments of one time are never parted, so it may be exceeded. */
  size: number
  /** Wakes after it are left to others; left out: all are lived through. */
  end?: Date
}

/** Later than any time there is. */
const never = new Date(8.64e15)

/** @throws Error when an input is earlier than the one before it */
export async function* cutBatches(
  inputs: AsyncIterable<Input> | Iterable<Input>,
  { wakes, size, end = never }: Cutting,
): AsyncGenerator<Batch> {
  const agenda = new Agenda()
  let batch = new Open(0, Number.NEGATIVE_INFINITY)

  /** Adds all that happens at one moment to the batch, or closes it and begins the next with them. */
  async function* moment(time: number, events: EventInput[], answers: AnswerInput[]): AsyncGenerator<Batch> {
    for (const event of events) {
      for (const wake of await wakes(event)) agenda.add(Math.max(wake.getTime(), time), event.person)
    }
    const woken = new Set<string>()
    while (agenda.next === time) woken.add(agenda.take() as string)
    if (batch.full(size) || !batch.takes(events, woken)) {
      yield batch.closed()
      batch = new Open(batch.taken, batch.until)
    }
    batch.add(time, events, woken, answers)
  }

  for await (const { time, events, answers } of moments(inputs)) {
    while (agenda.next < time) yield* moment(agenda.next, [], [])
    yield* moment(time, events, answers)
  }
  while (agenda.next <= end.getTime()) yield* moment(agenda.next, [], [])
  if (batch.until > Number.NEGATIVE_INFINITY) yield batch.closed()
}

/** What a person has lived through within a batch. */
type Step = 'reported' | 'woken' | 'answered'

class Open {
  readonly #events: EventInput[] = []
  readonly #answers: AnswerInput[] = []
  readonly #steps = new Map<string, Step>()
  taken: number
  until: number

  constructor(taken: number, until: number) {
    this.taken = taken
    this.until = until
  }

  full(size: number): boolean {
    return this.#events.length + this.#answers.length >= size
  }

  takes(events: EventInput[], woken: Set<string>): boolean {
    const beyondReports = (person: string) => {
      const step = this.#steps.get(person)
      return step === 'woken' || step === 'answered'
    }
    return !events.some(({ person }) => beyondReports(person)) && ![...woken].some(beyondReports)
  }

  add(time: number, events: EventInput[], woken: Set<string>, answers: AnswerInput[]): void {
    this.until = time
    this.taken += events.length + answers.length
    for (const event of events) {
      this.#events.push(event)
      this.#steps.set(event.person, 'reported')
    }
    for (const person of woken) this.#steps.set(person, 'woken')
    for (const answer of answers) {
      this.#answers.push(answer)
      this.#steps.set(answer.person, 'answered')
    }
  }

  closed(): Batch {
    return {
      events: this.#events,
      answers: this.#answers,
      until: new Date(this.until),
      taken: this.taken,
    }
  }
}

/** The inputs of each moment together. */
async function* moments(inputs: AsyncIterable<Input> | Iterable<Input>) {
  let current: { time: number; events: EventInput[]; answers: AnswerInput[] } | undefined
  for await (const input of inputs) {
    const time = input.at.getTime()
    if (current === undefined || time !== current.time) {
      if (current !== undefined) {
        if (time < current.time) throw new Error('inputs must come in the order of their time')
        yield current
      }
      current = { time, events: [], answers: [] }
    }
    if (input.kind === 'event') current.events.push(input)
    else current.answers.push(input)
  }
  if (current !== undefined) yield current
}
