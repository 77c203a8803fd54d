import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longestFirst.ts'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/browser/**', 'node_modules/**'],
    globalSetup: 'test/makeCluster.ts',
    setupFiles: 'test/seed.ts',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // A process runs file after file: what all of them import, and PGlite, are compiled once for each core.
    isolate: false,
    // Node runs TypeScript by itself, in the tests as in the product.
    experimental: { viteModuleRunner: false, nodeLoader: false },
  },
})
