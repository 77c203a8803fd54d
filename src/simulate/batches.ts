// For: cutting a stream of inputs into batches that may be worked through at once, without changing any outcome.
// In: inputs in the order of their time; for each event the times at which it can make the loop act ("wakes").
// Out: batches, each with the time the clock is moved to. Carried out in order, every person lives the same life.
import { Agenda } from './agenda.ts'
import type { ActInput, AnswerInput, EventInput, Input } from './input.ts'

/**
 * A batch is carried out in three steps: all its events are recorded, everything that is due by `until` is done,
 * all its answers are handed in. What people do with cases stands in a batch of its own moment. That is the order in which each person lived it, because a batch is cut before
 *   - an event of somebody who has had a wake in it or has answered,
 *   - a wake of somebody who has answered in it, or has had a wake that it does not follow from.
 * A quiet wake, at which nobody can be asked whatever was asked before, hangs on events alone; it may stand anywhere
 * after them. Persons commute, so nothing else matters. What happens at one and the same moment happens in that order,
 * too: first what was reported, then what fell due, then what was answered.
 */
export interface Batch {
  events: EventInput[]
  answers: AnswerInput[]
  /** Done last, by people who see all that is there by then. */
  acts: ActInput[]
  /** Where the clock stands while the batch is worked through; nothing of it, or due in it, is later. */
  until: Date
  /** How many inputs there were up to here, this batch included. */
  taken: number
}

/** A time at which the loop can act for a person. */
export interface Wake {
  at: Date
  /** Wakes of one thread follow from each other (decide now, send in two hours). Left out: it stands alone. */
  thread?: object
  /** Asked when it comes, with all events up to then known: whether nobody can be asked because of it. */
  isQuiet?(): boolean
}

export interface Cutting {
  /** When the event can make the loop act for its person; too many do no harm, too few do. A time before the event's
   * own stands for the event's own. Called with all events, in order. */
  wakes(event: EventInput): readonly Wake[] | Promise<readonly Wake[]>
  /** Inputs after which a batch is closed; moments of one time are never parted, so it may be exceeded. */
  size: number
  /** Wakes after it are left to others; left out: all are lived through. */
  end?: Date
  /** Each moment is a batch of its own: what makes persons matter to each other (turns, caps, deadlines and the mails of
   * them) is lived to the minute. Slower. */
  exact?: boolean
}

/** Later than any time there is. */
const never = new Date(8.64e15)

/** @throws Error when an input is earlier than the one before it */
export async function* cutBatches(
  inputs: AsyncIterable<Input> | Iterable<Input>,
  { wakes, size, end = never, exact = false }: Cutting,
): AsyncGenerator<Batch> {
  const agenda = new Agenda<Woken>()
  let batch = new Open(0, Number.NEGATIVE_INFINITY)

  /** Adds all that happens at one moment to the batch, or closes it and begins the next with them. */
  async function* moment({ time, events, answers, acts }: Moment): AsyncGenerator<Batch> {
    for (const event of events) {
      for (const wake of await wakes(event)) {
        agenda.add(Math.max(wake.at.getTime(), time), { person: event.person, wake })
      }
    }
    const woken: Woken[] = []
    while (agenda.next === time) woken.push(agenda.take() as Woken)
    const quiet = new Set(woken.filter(({ wake }) => wake.isQuiet?.()))
    const loud = woken.filter((each) => !quiet.has(each))
    const alone = exact || acts.length > 0
    if (batch.full(size) || batch.isAlone || (alone && !batch.isEmpty) || !batch.takes(events, loud)) {
      yield batch.closed()
      batch = new Open(batch.taken, batch.until)
    }
    batch.add({ time, events, answers, acts }, loud, [...quiet])
    batch.isAlone = alone
  }

  const nothing = { events: [], answers: [], acts: [] }
  for await (const each of moments(inputs)) {
    while (agenda.next < each.time) yield* moment({ ...nothing, time: agenda.next })
    yield* moment(each)
  }
  while (agenda.next <= end.getTime()) yield* moment({ ...nothing, time: agenda.next })
  if (batch.until > Number.NEGATIVE_INFINITY) yield batch.closed()
}

interface Woken {
  person: string
  wake: Wake
}

const threadOf = (wake: Wake): object => wake.thread ?? wake

class Open {
  readonly #events: EventInput[] = []
  readonly #answers: AnswerInput[] = []
  readonly #acts: ActInput[] = []
  /** Persons who had a wake, loud or quiet; the thread of the last loud one; persons who answered. */
  readonly #woken = new Set<string>()
  readonly #threads = new Map<string, object>()
  readonly #answered = new Set<string>()
  taken: number
  until: number
  /** Nothing may follow in it. */
  isAlone = false

  constructor(taken: number, until: number) {
    this.taken = taken
    this.until = until
  }

  get isEmpty(): boolean {
    return this.until === Number.NEGATIVE_INFINITY
  }

  full(size: number): boolean {
    return this.#events.length + this.#answers.length >= size
  }

  takes(events: readonly EventInput[], loud: readonly Woken[]): boolean {
    return (
      events.every(({ person }) => !this.#woken.has(person) && !this.#answered.has(person)) &&
      loud.every(({ person, wake }) => {
        const thread = this.#threads.get(person)
        return !this.#answered.has(person) && (thread === undefined || thread === threadOf(wake))
      })
    )
  }

  add({ time, events, answers, acts }: Moment, loud: Woken[], quiet: Woken[]): void {
    this.until = time
    this.taken += events.length + answers.length + acts.length
    this.#acts.push(...acts)
    this.#events.push(...events)
    this.#answers.push(...answers)
    for (const { person, wake } of loud) {
      const thread = this.#threads.get(person)
      // Two threads at one moment: what comes later follows from one of them alone, so that nothing may follow here.
      const other = thread !== undefined && thread !== threadOf(wake)
      this.#threads.set(person, other ? {} : threadOf(wake))
    }
    for (const { person } of [...loud, ...quiet]) this.#woken.add(person)
    for (const { person } of answers) this.#answered.add(person)
  }

  closed(): Batch {
    return {
      events: this.#events,
      answers: this.#answers,
      acts: this.#acts,
      until: new Date(this.until),
      taken: this.taken,
    }
  }
}

interface Moment {
  time: number
  events: EventInput[]
  answers: AnswerInput[]
  acts: ActInput[]
}

/** The inputs of each moment together. */
async function* moments(inputs: AsyncIterable<Input> | Iterable<Input>) {
  let current: Moment | undefined
  for await (const input of inputs) {
    const time = input.at.getTime()
    if (current === undefined || time !== current.time) {
      if (current !== undefined) {
        if (time < current.time) throw new Error('inputs must come in the order of their time')
        yield current
      }
      current = { time, events: [], answers: [], acts: [] }
    }
    if (input.kind === 'event') current.events.push(input)
    else if (input.kind === 'answer') current.answers.push(input)
    else current.acts.push(input)
  }
  if (current !== undefined) yield current
}
