import { defineConfig } from 'vitest/config';

/**
 * The tests that `npm run mutation` runs: the fast ones that run in one process and hold the checks themselves. What survives
 * is explained in `test/security/survivors.md`.
 */
export default defineConfig({
  test: {
    include: [
      'test/unit/{auth,http,table}/**/*.test.ts',
      'test/unit/json-flaws.test.ts',
      'test/integration/round-trips.test.ts',
    ],
    testTimeout: 30_000,
  },
});
