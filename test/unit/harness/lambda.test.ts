import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type FunctionOptions, type LambdaFunction, startFunction } from '../../harness/lambda/lambda.ts';

vi.setConfig({ testTimeout: 30_000 });

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'patchwork-'));
});
afterAll(() => rm(directory, { recursive: true }));

const opened: LambdaFunction[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

let count = 0;
const functionOf = async (source: string, options: Partial<FunctionOptions> = {}): Promise<LambdaFunction> => {
  const file = join(directory, `${count++}.mjs`);
  await writeFile(file, source);
  const started = await startFunction({ name: 'sample', file, environment: {}, ...options });
  opened.push(started);
  return started;
};

test('a function gets the event, a context and only its own environment', async () => {
  const { invoke } = await functionOf(
    `export const handler = async (event, context) => ({
       event, name: context.functionName, id: typeof context.awsRequestId, left: context.getRemainingTimeInMillis(), env: process.env });`,
    { environment: { TABLE_NAME: 't' }, timeout: 5000 },
  );
  const result = await invoke({ a: 1, b: undefined });
  expect(result).toEqual({
    event: { a: 1 },
    name: 'sample',
    id: 'string',
    left: expect.any(Number),
    env: { TABLE_NAME: 't' },
  });
  expect((result as { left: number }).left).toBeGreaterThan(0);
  expect((result as { left: number }).left).toBeLessThanOrEqual(5000);
});

test('the result of a function is converted to JSON and back', async () => {
  const { invoke } = await functionOf(`export const handler = async (event) => event.date ? new Date(0) : undefined;`);
  expect(await invoke({ date: true })).toBe('1970-01-01T00:00:00.000Z');
  expect(await invoke({})).toBeNull();
});

test('the errors and the log of a function are passed on', async () => {
  const logged = Promise.withResolvers<string>();
  const { invoke } = await functionOf(
    `export const handler = async () => { console.log('hello'); throw new Error('no'); };`,
    {
      log: logged.resolve,
    },
  );
  await expect(invoke({})).rejects.toHaveProperty('stack', expect.stringContaining('Error: no\n'));
  expect(await logged.promise).toBe('hello');
});

test.each([
  ['exits its process', 'process.exit(3)', 'exit code 3'],
  [
    'throws an uncaught exception',
    `setImmediate(() => { throw new Error('loose') }); await new Promise(() => {})`,
    'loose',
  ],
  ['never resolves', 'await new Promise(() => {})', 'timed out after 1000 ms'],
  ['blocks the event loop', 'for (;;);', 'timed out after 1000 ms'],
])('a function that %s fails, and the next call gets a new instance', async (_, fault, message) => {
  const { invoke } = await functionOf(
    `let calls = 0; export const handler = async ({ fault }) => { calls++; if (fault) { ${fault} } return calls; };`,
    { timeout: 1000 },
  );
  expect(await invoke({})).toBe(1);
  await expect(invoke({ fault: true })).rejects.toThrow(message);
  expect(await invoke({})).toBe(1);
});

test.each([
  ['no handler', 'export const other = 1;', 'does not export a function named handler'],
  ['an error during loading', `throw new Error('TABLE_NAME is not set');`, 'TABLE_NAME is not set'],
])('a module with %s is rejected', async (_, source, message) => {
  await expect(functionOf(source)).rejects.toThrow(message);
});
