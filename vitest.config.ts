import { defineConfig } from 'vitest/config';

/** Suites by what they cost and what they stand on; each is a folder under `test`. */
const suite = (name: string, options: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
});

export default defineConfig({
  test: {
    projects: [suite('unit'), suite('contract'), suite('integration')],
  },
});
