import { count } from '../../output/paint.ts'

/** What the answers to a question say about the scale on which it was asked, row by row. */
export class AskedOn {
  readonly #column: string
  #n = 0
  #low = 10
  #high = 0
  readonly #times = Array<number>(11).fill(0)

  /** @param column its name, for the sentences */
  constructor(column: string) {
    this.#column = column
  }

  /** @param answer any number; those that are no point from 0 to 10 say nothing */
  add(answer: number): void {
    if (!Number.isInteger(answer) || answer < 0 || answer > 10) return
    this.#n++
    this.#low = Math.min(this.#low, answer)
    this.#high = Math.max(this.#high, answer)
    this.#times[answer]!++
  }

  /** @returns what to ask instead where none of many answers is one of the points beyond 5 or 7 that NPS lives by */
  notForNps(): string | undefined {
    if (this.#n < LEAST || this.#low < 1 || this.#high > 7) return undefined
    const points = this.#high <= 5 ? 5 : 7
    const option = points === 5 ? '' : ` --points ${points}`
    return `All ${count(this.#n)} answers of "${this.#column}" lie between ${this.#low} and ${this.#high}, and NPS is asked from 0 to 10: if they are marks out of ${points}, nobody could be a promoter, and csat${option} tells their shares.`
  }

  /** @param points of the scale that was taken
   * @param isGiven whether the reader said so
   * @returns what to ask instead where many answers lie outside 1..points, or the upper points of seven stand empty
   */
  notForPoints(points: number, isGiven: boolean): string | undefined {
    const { length } = this.#times
    const outside =
      this.#times[0]! + this.#times.slice(Math.min(points + 1, length)).reduce((a, b) => a + b, 0)
    if (this.#high > points && outside >= MANY_OUTSIDE * this.#n) {
      const said = `"${this.#column}" runs from ${this.#low} to ${this.#high}, and ${count(outside)} of ${count(this.#n)} answers lie outside 1..${points}`
      return this.#low === 0
        ? `${said}: nps is for answers from 0 to 10.`
        : `${said}: --points ${this.#high <= 7 ? this.#high : 10} takes them all.`
    }
    if (isGiven || points !== 7 || this.#n < LEAST || this.#high > 5 || this.#low < 1) return undefined
    return `None of ${count(this.#n)} answers of "${this.#column}" is above ${this.#high} of 7: if they are marks out of 5, --points 5 --top 2 --bottom 2 tells their shares, which is another metric.`
  }
}

// Of twenty customers asked from 0 to 10 hardly all keep to the middle.
const LEAST = 20
const MANY_OUTSIDE = 0.05
