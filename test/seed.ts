// For: every test file. In: TEST_SEED, a whole number, or `random`; left out, it is 1. Out: the seed of all
// properties, so that a run repeats the last one and fails by what was changed alone.
import fc from 'fast-check'

const wanted = process.env.TEST_SEED || '1'
// At random, each property draws a seed of its own; fast-check names it where one fails.
if (wanted !== 'random') {
  const seed = Number(wanted)
  if (!Number.isInteger(seed)) throw new Error(`TEST_SEED is a whole number or random, got ${wanted}`)
  fc.configureGlobal({ seed })
}
