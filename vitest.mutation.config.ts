import { defineConfig } from 'vitest/config';

/**
 * The tests that `npm run mutation` runs: those that hold the checks themselves, in the process of the test. What survives is
 * explained in `test/security/survivors.md`.
 */
export default defineConfig({
  test: {
    include: [
      'test/unit/{auth,http,table}/**/*.test.ts',
      'test/unit/json-flaws.test.ts',
      'test/integration/{round-trips,model,races}.test.ts',
      'test/contract/sequences.test.ts',
      'test/faults/{clocks,deadline,documented-errors,lost-answers,size,transactions,wire}.test.ts',
    ],
    env: { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
