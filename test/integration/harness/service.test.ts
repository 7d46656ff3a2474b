import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { demoSeed } from '../../harness/demo-seed.ts';
import { endpoints } from '../../harness/functions.ts';
import { readyText } from '../../harness/ready-text.ts';
import { type Service, startService } from '../../harness/service.ts';

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

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'start --json ends on %s with everything it started',
  async (signal) => {
    const file = join(import.meta.dirname, '../../harness/start.ts');
    const child = spawn(process.execPath, [file, '--json', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    await once(output, 'line');
    const { url, token, database, ...rest } = JSON.parse(lines[0] ?? '');
    expect(rest).toEqual({});
    expect(typeof token).toBe('string');
    expect(database).toEqual({ endpoint: expect.stringMatching(/^http:/), table: 'patchwork' });
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);

    child.kill(signal);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(lines).toHaveLength(1);
    await expect(fetch(database.endpoint)).rejects.toThrow();
  },
);
