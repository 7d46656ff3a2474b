import { defineConfig } from 'vitest/config';
import { testNames } from './test/harness/test-names.ts';

/** In milliseconds. Generous, because the machine may be busy: only a hang should fail a test. */
const timeouts = { testTimeout: 60_000, hookTimeout: 120_000 };

/** Values in the name of a test are never cut off. */
const wholeTitles = { taskTitleValueFormatTruncate: 0 };

/** Suites by cost and by what they need; each is a folder under `test`. */
const suite = (name: string, options: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...timeouts, ...wholeTitles, ...options },
});

/** Where CI finds the counts to add up. */
const { VITEST_REPORT: report } = process.env;

/** Credentials for the AWS SDK; a local engine accepts any. */
const localAccount = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/** The deployed stage to check against the contract, if any. Vite sets a `BASE_URL` of its own for tests, so this has another name. */
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
