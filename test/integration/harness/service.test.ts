import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readyText } from '../../harness/commands/ready-text.ts';
import { demoSeed } from '../../harness/database/demo-seed.ts';
import { endpoints } from '../../harness/lambda/functions.ts';
import { type Service, startService } from '../../harness/local-service/service.ts';
import { killEngine } from './kill-engine.ts';

// Each test starts an engine or a process and loads the SDK again.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

describe('the service', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  test.each(endpoints.map(({ id, method, path, example }) => ({ id, method, path, example })))(
    'returns 200 for the declared example of $id with its token',
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

  test('prints curl commands that work when pasted', async () => {
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

  test('can run beside another instance', async () => {
    const other = await startService();
    expect(other.database.endpoint).not.toBe(service.database.endpoint);
    await other.close();
    await expect(fetch(other.url)).rejects.toThrow();
  });

  test('reports a port in use in one sentence', async () => {
    const port = Number(new URL(service.url).port);
    await expect(startService({ port })).rejects.toThrow(`Port ${port} is in use`);
  });
});

test.each([
  ['the bundles', { isBundled: true }, false],
  ['the source, also after a reload', {}, true],
])(
  'the service runs %s',
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

test('the service has no token with another issuer', async () => {
  const environment = { JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'a', JWT_JWKS_URI: 'http://127.0.0.1:1' };
  const service = await startService({ environment });
  expect(service.token).toBeNull();
  expect(readyText(service, demoSeed)).toContain('Authorization: Bearer TOKEN');
  await service.close();
});

/** Starts `npm start -- --json` as a process and waits until it is ready. `printed` collects its output. */
const startCommand = async () => {
  const file = join(import.meta.dirname, '../../harness/commands/start.ts');
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
  'start --json exits on %s with everything that it started',
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

test('start leaves no files behind if it is interrupted before it is ready', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'patchwork-early-'));
  const changed = watch(temporary);
  const file = join(import.meta.dirname, '../../harness/commands/start.ts');
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, [file, '--json', '--port', '0'], { stdio: 'ignore', env });
  await once(changed, 'change');
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
  changed.close();
  expect(await readdir(temporary)).toEqual([]);
  await rm(temporary, { recursive: true });
});

test('start reports in one sentence that its database has exited, and stops', async () => {
  const { child, printed, ready } = await startCommand();
  killEngine(ready.database.endpoint);
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(printed.lines).toHaveLength(1);
  expect(printed.errors).toMatch(/^The DynamoDB engine [^\n]+SIGKILL[^\n]+\.\n$/);
  await expect(fetch(ready.url)).rejects.toThrow();
});
