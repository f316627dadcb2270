import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The very module that Node gives to the packages: two copies of graphql do not know each other's classes.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: 'test/support/give-way.ts',
    pool: 'forks',
    // One more than there are cores: who talks in real time mostly listens.
    maxWorkers: os.availableParallelism() + 1,
    // Generous: a laptop and a small CI machine run the same tests. A test that waits for nothing takes milliseconds.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    env: { NODE_ENV: 'test' },
    coverage: { include: ['src/**'], exclude: ['src/generated/**'] },
  },
});
