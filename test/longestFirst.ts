import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longest, the longest first: left to the end, one of them would run alone on its core. */
const longest = [
  'replay.test.ts',
  'replay-killed.test.ts',
  'blueprints/quicksearch.test.ts',
  'blueprints/uc.test.ts',
  'blueprints/tele2-iot.test.ts',
  'processes.test.ts',
  'start.test.ts',
  'channels/kill.test.ts',
].map((file) => resolve(import.meta.dirname, file))

/** Begins with those; the others follow as vitest orders them, by their last duration or their size. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = longest.filter((file) => !existsSync(file))
    if (gone.length > 0) throw new Error(`test/longestFirst.ts names files that are not there: ${gone}`)
    const placeOf = ({ moduleId }: TestSpecification) =>
      longest.includes(moduleId) ? longest.indexOf(moduleId) : longest.length
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other))
  }
}
