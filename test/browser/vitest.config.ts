import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts', 'web/portal/src/**/*.test.ts'],
    globalSetup: 'test/makeCluster.ts',
    testTimeout: 90_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Each file has a browser and mostly a whole server of its own, which wait for each other half of the time.
    maxWorkers: 2,
  },
})
