import { defineConfig } from 'vitest/config';
import { testNames } from './test/harness/test-names.ts';

/** A machine that is busy with other things may take its time: only what hangs shall fail for it. In milliseconds. */
const patience = { testTimeout: 60_000, hookTimeout: 120_000 };

/** Values in the name of a test are never cut off. */
const wholeTitles = { taskTitleValueFormatTruncate: 0 };

/** Suites by what they cost and what they stand on; each is a folder under `test`. */
const suite = (name: string, options: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...patience, ...wholeTitles, ...options },
});

/** Where the counts are left for CI to add up. */
const { VITEST_REPORT: report } = process.env;

/** What the AWS SDK signs with; a local engine takes anything. */
const localAccount = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/**
 * The deployed stage that the contract is to be held against, if any. Vite gives the tests a `BASE_URL` of its own, a path, so
 * they get this by another name.
 */
const { BASE_URL: stageUrl = '' } = process.env;

export default defineConfig({
  test: {
    projects: [
      suite('unit'),
      suite('contract', { env: { API_URL: stageUrl, LOG_LEVEL: 'SILENT' } }),
      suite('bench'),
      suite('integration'),
      suite('faults', { env: localAccount, maxConcurrency: 20, testTimeout: 240_000 }),
      suite('security'),
      suite('infra', { env: { CDK_VALIDATION: 'false' } }),
      suite('page', { globalSetup: 'test/page/install.ts' }),
    ],
    reporters: ['default', testNames, ...(report === undefined ? [] : ['json'])],
    ...(report !== undefined && { outputFile: { json: report } }),
  },
});
