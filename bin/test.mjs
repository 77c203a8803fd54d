// npm test: everything that must hold, from a fresh clone: format, lint, types, then the tests of all layers.
// With a path or words after -- it runs only the tests that match.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from './chromium.mjs'
import { buildPortal, environment, install, pinnedNode, root } from './prepare.mjs'

await install()
await buildPortal()
const chromium = await findChromium()
const only = process.argv.slice(2)
const output = mkdtempSync(join(tmpdir(), 'samklang-test-'))
const tally = { passed: 0, failed: 0 }
const started = Date.now()

function step(name, command, parameters) {
  console.log(`\n— ${name}`)
  const { status } = spawnSync(command, parameters, {
    cwd: root,
    stdio: 'inherit',
    env: { ...environment, TEST_CHROMIUM: chromium },
  })
  return status === 0
}

function check(name, command, parameters) {
  tally[step(name, command, parameters) ? 'passed' : 'failed'] += 1
}

const tool = (...path) => join(root, 'node_modules', ...path)

function vitest(name, config) {
  const report = join(output, `${name.replaceAll(' ', '-')}.json`)
  const held = step(name, pinnedNode, [
    tool('vitest', 'vitest.mjs'),
    'run',
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...only,
  ])
  if (!existsSync(report)) {
    tally.failed += 1
    return
  }
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  tally.passed += numPassedTests
  // A file that fails before its first test counts as one failure.
  tally.failed += held ? numFailedTests : Math.max(1, numFailedTests)
}

if (only.length === 0) {
  check('format and lint', pinnedNode, [tool('@biomejs', 'biome', 'bin', 'biome'), 'ci', '.'])
  check('types', tool('.bin', 'tsc'), ['--noEmit'])
  check('types of the portal', tool('.bin', 'tsc'), ['--noEmit', '-p', 'web/portal'])
}
vitest('unit, storage, facts and HTTP', 'vitest.config.ts')
vitest('end to end in Chromium', 'test/browser/vitest.config.ts')

rmSync(output, { recursive: true, force: true })
console.log(`\nin ${Math.round((Date.now() - started) / 1000)} s`)
console.log(`${tally.passed} passed, ${tally.failed} failed`)
process.exit(tally.failed === 0 && tally.passed > 0 ? 0 : 1)
