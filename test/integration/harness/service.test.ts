import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { demoSeed } from '../../harness/demo-seed.ts';
import { endpoints } from '../../harness/functions.ts';
import { readyText } from '../../harness/ready-text.ts';
import { type Service, startService } from '../../harness/service.ts';
import { killEngine } from './kill-engine.ts';

// An engine, a process, and the SDK loaded anew each time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

describe('the service', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  test.each(endpoints.map(({ id, method, path, example }) => ({ id, method, path, example })))(
    'answers the declared example of $id to its token',
    async ({ method, path, example }) => {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => example.ids[name] ?? '');
      const response = await fetch(service.url + filled, {
        method,
        headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(example.body),
      });
      expect(response.status).toBe(200);
    },
  );

  test('prints curl lines that work when pasted', async () => {
    const lines = readyText(service, demoSeed)
      .split('\n')
      .filter((line) => line.startsWith('curl '));
    expect(lines).toHaveLength(endpoints.length);
    for (const line of lines) {
      const output = await new Promise<string>((resolve) => {
        execFile('sh', ['-c', `${line} -s`], (_, stdout) => resolve(stdout));
      });
      expect(output).toMatch(/^HTTP\/1\.1 200 /);
    }
  });

  test('runs beside another one', async () => {
    const other = await startService();
    expect(other.database.endpoint).not.toBe(service.database.endpoint);
    await other.close();
    await expect(fetch(other.url)).rejects.toThrow();
  });

  test('says in one sentence which port is taken, and leaves nothing running', async () => {
    const port = Number(new URL(service.url).port);
    await expect(startService({ port })).rejects.toThrow(`Port ${port} is taken`);
  });
});

test.each([
  ['the bundles that would be deployed', { isBundled: true }, false],
  ['the source, synthesised anew while it runs', {}, true],
])(
  'runs %s',
  async (_, options, isReloaded) => {
    const service = await startService(options);
    if (isReloaded) await service.reload();
    for (const { method, path, example } of endpoints) {
      const target = path.replaceAll(/\{(\w+)\}/g, (__, name) => example.ids[name] ?? '');
      const headers = { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' };
      const response = await fetch(service.url + target, { method, headers, body: JSON.stringify(example.body) });
      expect(response.status).toBe(200);
    }
    await service.close();
  },
  60_000,
);

test('with another issuer it has no token of its own', async () => {
  const environment = { JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'a', JWT_JWKS_URI: 'http://127.0.0.1:1' };
  const service = await startService({ environment });
  expect(service.token).toBeNull();
  expect(readyText(service, demoSeed)).toContain('Authorization: Bearer TOKEN');
  await service.close();
});

/** `npm start -- --json` as a process, once it is ready, and what it has printed up to now. */
const startCommand = async () => {
  const file = join(import.meta.dirname, '../../harness/start.ts');
  const child = spawn(process.execPath, [file, '--json', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { lines: [] as string[], errors: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.errors += text;
  });
  const output = createInterface({ input: child.stdout }).on('line', (line) => printed.lines.push(line));
  await once(output, 'line');
  return { child, printed, ready: JSON.parse(printed.lines[0] ?? '') };
};

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'start --json ends on %s with everything it started',
  async (signal) => {
    const { child, printed, ready } = await startCommand();
    const { url, token, database, ...rest } = ready;
    expect(rest).toEqual({});
    expect(typeof token).toBe('string');
    expect(database).toEqual({ endpoint: expect.stringMatching(/^http:/), table: 'patchwork' });
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);

    child.kill(signal);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(printed.lines).toHaveLength(1);
    await expect(fetch(database.endpoint)).rejects.toThrow();
  },
);

test('start that is interrupted before it is ready leaves no files behind', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'patchwork-early-'));
  const changed = watch(temporary);
  const file = join(import.meta.dirname, '../../harness/start.ts');
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, [file, '--json', '--port', '0'], { stdio: 'ignore', env });
  await once(changed, 'change');
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
  changed.close();
  expect(await readdir(temporary)).toEqual([]);
  await rm(temporary, { recursive: true });
});

test('start says in one sentence that its database has ended, and stops', async () => {
  const { child, printed, ready } = await startCommand();
  killEngine(ready.database.endpoint);
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(printed.lines).toHaveLength(1);
  expect(printed.errors).toMatch(/^The DynamoDB engine [^\n]+SIGKILL[^\n]+\.\n$/);
  await expect(fetch(ready.url)).rejects.toThrow();
});
