import type { Database } from './postgres.ts'

/** Joins single items that arrive at the same time into one run, so that many waiters share one commit.
 * While runs are under way the next one gathers; each waiter gets the result of its own item, in order of arrival.
 * @param atOnce how many runs may be under way together: one run may wait for the disk while the next one works
 * @param run gets 1..limit items and returns one result each; when it throws, all its waiters see that error
 */
export function createBatcher<Item, Result>(
  limit: number,
  run: (items: Item[]) => Promise<Result[]>,
  atOnce = 1,
): (item: Item) => Promise<Result> {
  const waiting: Array<{ item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }> =
    []
  let running = 0

  async function work() {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, limit)
      try {
        const results = await run(batch.map((each) => each.item))
        batch.forEach((each, index) => {
          each.resolve(results[index] as Result)
        })
      } catch (error) {
        for (const each of batch) each.reject(error)
      }
    }
    running--
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (running < atOnce) {
        running++
        // What arrives in the same turn of the event loop belongs together.
        setImmediate(work)
      }
    })
}

/** PGlite has one connection, so a second run would only make batches smaller. */
export const runsAtOnce = ({ engine }: Pick<Database, 'engine'>): number => (engine === 'pglite' ? 1 : 2)
