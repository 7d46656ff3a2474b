import { defineConfig } from 'vitest/config';

/** Suites by what they cost and what they stand on; each is a folder under `test`. */
const suite = (name: string, options: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
});

/** Where the counts are left for CI to add up. */
const { VITEST_REPORT: report } = process.env;

export default defineConfig({
  test: {
    projects: [
      suite('unit'),
      suite('contract', { testTimeout: 30_000 }),
      suite('integration', { testTimeout: 30_000 }),
      suite('security', { testTimeout: 60_000 }),
    ],
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report !== undefined && { outputFile: { json: report } }),
  },
});
