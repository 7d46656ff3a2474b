import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { demoSeed } from '../../harness/database/demo-seed.ts';
import { endpoints } from '../../harness/lambda/functions.ts';

// Each test starts a process.
vi.setConfig({ testTimeout: 30_000 });

const harness = join(import.meta.dirname, '../../harness');

/** Runs a command of the harness until it exits. */
const run = (command: string, args: string[], env: NodeJS.ProcessEnv = {}, input = '') =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const file = join(harness, 'commands', command);
    const child = execFile(
      process.execPath,
      [file, ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      },
    );
    child.stdin?.end(input);
  });

const sentence = /^[^\n]+\.\n$/;

describe.concurrent('token', () => {
  const grant = ['--workspace', 'w', '--permission', 'clients.update'];

  test('prints a token and nothing else', async () => {
    const args = [...grant, '--permission', 'workspace.update', '--expires-in', '2m', '--subject', 'me'];
    const { code, stdout } = await run('token.ts', args);
    const { workspaces, sub, iat = 0, exp = 0 } = decodeJwt(stdout.trim());
    expect({ code, workspaces, sub, lifetime: exp - iat }).toEqual({
      code: 0,
      workspaces: { w: ['clients.update', 'workspace.update'] },
      sub: 'me',
      lifetime: 120,
    });
    expect(stdout).toMatch(/^\S+\n$/);
  });

  test('warns on standard error about a permission that no endpoint requires', async () => {
    const { code, stdout, stderr } = await run('token.ts', [...grant, '--permission', 'clients.udpate']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Warning: .*clients\.udpate.*\n$/) });
    expect(stdout).toMatch(/^\S+\n$/);
  });

  test.each([
    [[]],
    [['--workspace', 'w']],
    [['--permission', 'p']],
    [['--workspace', 'a/b', '--permission', 'p']],
    [['--workspace', 'w', '--permission', 'a b']],
    [[...grant, '--expires-in', 'soon']],
    [[...grant, '--expires-in']],
    [[...grant, '--subject', '']],
    [[...grant, '--scope', 'x']],
    [[...grant, 'more']],
  ])('exits with 2 and one sentence for the arguments %j', async (args) => {
    expect(await run('token.ts', args)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
  });
});

describe.concurrent('start', () => {
  test.each([
    [2, ['--port', 'http'], {}],
    [2, ['--port', '65536'], {}],
    [2, [], { PORT: 'http' }],
    [2, ['--verbose'], {}],
    [2, ['more'], {}],
    [2, ['--data', 'd'], { DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' }],
    [2, [], { JWT_ISSUER: 'https://issuer.example' }],
    [1, ['--seed', '/no/such.json'], {}],
    [1, [], { DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' }],
    [2, [], { DYNAMODB_ENDPOINT: 'ftp://127.0.0.1' }],
    [2, [], { TABLE_NAME: 'x' }],
    [1, ['--data', 'package.json'], {}],
  ])('exits with %i and one sentence for the arguments %j and the environment %j', async (code, args, env) => {
    expect(await run('start.ts', args, env)).toEqual({ code, stdout: '', stderr: expect.stringMatching(sentence) });
  });
});

describe.concurrent('invoke', () => {
  test.each(endpoints.map(({ id, method, path, example }) => ({ id, routeKey: `${method} ${path}`, example })))(
    'returns 200 for the example event of $id',
    async ({ id, routeKey, example }) => {
      const file = join(harness, `gateway/events/${id}.json`);
      const event = JSON.parse(await readFile(file, 'utf8'));
      expect(event).toMatchObject({ routeKey, pathParameters: example.ids });
      expect(JSON.parse(event.body)).toEqual(example.body);

      const { code, stdout } = await run('invoke.ts', [id, '--event', file]);
      expect({ code, statusCode: JSON.parse(stdout).statusCode }).toEqual({ code: 0, statusCode: 200 });
    },
  );

  test.each([
    [2, []],
    [2, ['no-function', '--event', '-']],
    [2, ['update-client']],
    [2, ['update-client', 'update-workspace', '--event', '-']],
    [1, ['update-client', '--event', '/no/such.json']],
    [1, ['update-client', '--event', '-']],
    [1, ['update-client', '--event', 'package.json']],
    [1, ['update-client', '--event', '.']],
  ])('exits with %i and one sentence for the arguments %j', async (code, args) => {
    expect(await run('invoke.ts', args)).toEqual({ code, stdout: '', stderr: expect.stringMatching(sentence) });
  });

  test('names a function that fails', async () => {
    const { code, stdout, stderr } = await run('invoke.ts', ['update-client', '--event', '-'], {}, '{"headers":{}}');
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The function update-client failed: /),
    });
  });
});

test.each(['start.ts', 'token.ts', 'invoke.ts'])('%s --help prints its usage', async (command) => {
  expect(await run(command, ['--help'])).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^Usage: npm /),
    stderr: '',
  });
});

test('the demo data contains the records of the declared examples', () => {
  for (const { example } of endpoints) {
    const workspace = demoSeed.workspaces.find(({ id }) => id === example.ids.workspaceId);
    expect(workspace).toBeDefined();
    const { clientId } = example.ids;
    if (clientId !== undefined) expect(workspace?.clients.map(({ id }) => id)).toContain(clientId);
  }
});
