interface Entry<T> {
  time: number
  what: T
}

/** What is to come, in the order of its time: a binary heap. */
export class Agenda<T> {
  #entries: Entry<T>[] = []

  /** Milliseconds of the earliest; Infinity when there is none. */
  get next(): number {
    return this.#entries[0]?.time ?? Number.POSITIVE_INFINITY
  }

  add(time: number, what: T): void {
    const entries = this.#entries
    let place = entries.length
    entries.push({ time, what })
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (entries[parent]!.time <= entries[place]!.time) break
      swap(entries, parent, place)
      place = parent
    }
  }

  /** Removes the earliest and gives it. */
  take(): T | undefined {
    const entries = this.#entries
    const first = entries[0]
    const last = entries.pop()
    if (first === undefined || last === undefined) return undefined
    if (entries.length > 0) {
      entries[0] = last
      let place = 0
      for (;;) {
        const left = 2 * place + 1
        const right = left + 1
        let least = place
        if (left < entries.length && entries[left]!.time < entries[least]!.time) least = left
        if (right < entries.length && entries[right]!.time < entries[least]!.time) least = right
        if (least === place) break
        swap(entries, least, place)
        place = least
      }
    }
    return first.what
  }
}

function swap<T>(entries: Entry<T>[], one: number, other: number): void {
  const kept = entries[one]!
  entries[one] = entries[other]!
  entries[other] = kept
}
