import { defineConfig } from 'vitest/config';

const quick = ['test/unit/{auth,http,table}/**/*.test.ts', 'test/unit/json-flaws.test.ts'];
const slow = [
  'test/integration/{round-trips,model,races}.test.ts',
  'test/contract/{sequences,unique}.test.ts',
  'test/faults/{claims,clocks,deadline,documented-errors,lost-responses,size,transactions,wire}.test.ts',
];

/**
 * The tests that `npm run mutation` runs: those that hold the checks themselves, in the process of the test. All changes meet
 * the quick ones first, and those that go unnoticed then meet the others, too. What survives is explained in
 * `survivors.md` beside it.
 */
export default defineConfig({
  test: {
    include: process.env.MUTATION_TESTS === 'quick' ? quick : [...quick, ...slow],
    env: { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
