import { VirtualClock } from '../base/clock.ts'

/** The clock of a replay. It jumps from the end of one batch to the end of the next, or to what falls due before; what
 * fell due in between was done when it was due, and so it is written down. Only what was due before the jump, and came
 * late, is done at its start.
 */
export class ReplayClock extends VirtualClock {
  #from: Date

  constructor(start: Date) {
    super(start)
    this.#from = start
  }

  override moveTo(time: Date): void {
    if (time <= this.now()) return
    this.#from = new Date(this.now().getTime() + 1)
    super.moveTo(time)
  }

  at(due: Date): Date {
    if (due < this.#from) return this.#from
    return due < this.now() ? due : this.now()
  }
}
