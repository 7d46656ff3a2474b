import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { numberedPatch } from '../../declared/bodies.ts';
import { pathOf } from '../../declared/records.ts';
import { exampleEvent } from '../../harness/commands/example-event.ts';
import { endpoints } from '../../harness/lambda/functions.ts';
import { exampleReply } from '../example-reply.ts';

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

const [first] = endpoints;
if (!first) throw new Error('No endpoint is declared.');
const permissions = [...new Set(endpoints.map(({ permission }) => permission))];

const sentence = /^[^\n]+\.\n$/;

describe.concurrent('token', () => {
  const grant = ['--workspace', 'w', '--permission', first.permission];

  test('prints a token and nothing else', async () => {
    const granted = permissions.flatMap((permission) => ['--permission', permission]);
    const args = ['--workspace', 'w', ...granted, '--expires-in', '2m', '--subject', 'me'];
    const { code, stdout, stderr } = await run('token.ts', args);
    const { workspaces, sub, iat = 0, exp = 0 } = decodeJwt(stdout.trim());
    expect({ code, stderr, workspaces, sub, lifetime: exp - iat }).toEqual({
      code: 0,
      stderr: '',
      workspaces: { w: permissions },
      sub: 'me',
      lifetime: 120,
    });
    expect(stdout).toMatch(/^\S+\n$/);
  });

  test('warns on standard error about a permission that no endpoint requires', async () => {
    const { code, stdout, stderr } = await run('token.ts', [...grant, '--permission', 'things.udpate']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Warning: .*things\.udpate.*\n$/) });
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
  test.each(endpoints)('returns 200 for the declared example of $id', async (endpoint) => {
    const { code, stdout, stderr } = await run('invoke.ts', [endpoint.id]);
    const { statusCode, body } = JSON.parse(stdout);
    expect({ code, stderr, statusCode }).toEqual({ code: 0, stderr: '', statusCode: 200 });
    expect(JSON.parse(body)).toEqual(exampleReply(endpoint));
  });

  test.each(endpoints)('prints the event of the example of $id, which can be edited and sent', async (endpoint) => {
    const { id, method, path, example } = endpoint;
    const printed = await run('invoke.ts', [id, '--print']);
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    const event = JSON.parse(printed.stdout);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: `${method} ${path}`,
      rawPath: pathOf(endpoint, example.ids),
      pathParameters: example.ids,
      headers: { authorization: 'Bearer <token>', 'content-type': 'application/json' },
      isBase64Encoded: false,
    });
    expect(JSON.parse(event.body)).toEqual(example.body);

    const edited = JSON.stringify({ ...event, body: JSON.stringify(numberedPatch(endpoint, 7)) });
    const { code, stdout } = await run('invoke.ts', [id, '--event', '-'], {}, edited);
    expect({ code, statusCode: JSON.parse(stdout).statusCode }).toEqual({ code: 0, statusCode: 200 });
  });

  test('replaces the token only if it is the placeholder', async () => {
    const event = { ...exampleEvent(first, 'Bearer other') };
    const { code, stdout } = await run('invoke.ts', [first.id, '--event', '-'], {}, JSON.stringify(event));
    expect({ code, statusCode: JSON.parse(stdout).statusCode }).toEqual({ code: 0, statusCode: 401 });
  });

  test.each([
    [2, []],
    [2, ['no-function', '--event', '-']],
    [2, [first.id, '--print', '--event', '-']],
    [2, [first.id, '--print=yes']],
    [2, [first.id, first.id, '--event', '-']],
    [1, [first.id, '--event', '/no/such.json']],
    [1, [first.id, '--event', '-']],
    [1, [first.id, '--event', 'package.json']],
    [1, [first.id, '--event', '.']],
  ])('exits with %i and one sentence for the arguments %j', async (code, args) => {
    expect(await run('invoke.ts', args)).toEqual({ code, stdout: '', stderr: expect.stringMatching(sentence) });
  });

  test('names a function that fails', async () => {
    const { code, stdout, stderr } = await run('invoke.ts', [first.id, '--event', '-'], {}, '{"headers":{}}');
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^The function ${first.id} failed: `)),
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

test('start --help shows the format of a seed, and token --help the permissions', async () => {
  const start = await run('start.ts', ['--help']);
  for (const { kind } of endpoints) expect(start.stdout).toMatch(new RegExp(`"${kind.name}": \\[\\{"workspaceId"`));
  const token = await run('token.ts', ['--help']);
  for (const permission of permissions) expect(token.stdout).toContain(permission);
});
