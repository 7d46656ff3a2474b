import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RecordIds } from '../../../lib/domain/record-kind.ts';
import { pathOf } from '../../declared/records.ts';
import { readyText } from '../../harness/commands/ready-text.ts';
import { demoSeed } from '../../harness/database/demo-seed.ts';
import type { SeedRecord } from '../../harness/database/seed-format.ts';
import { type Declaration, endpoints } from '../../harness/lambda/functions.ts';
import { type Service, startService } from '../../harness/local-service/service.ts';
import { exampleReply } from '../example-reply.ts';
import { killEngine } from './kill-engine.ts';

// Each test starts an engine or a process and loads the SDK again.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const sendExample = (
  { url, token }: Service,
  endpoint: Declaration,
  ids: RecordIds = endpoint.example.ids,
): Promise<Response> =>
  fetch(url + pathOf(endpoint, ids), {
    method: endpoint.method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(endpoint.example.body),
  });

describe('the service', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  test.each(endpoints)('returns the reply of the declared example of $id with its token', async (endpoint) => {
    const response = await sendExample(service, endpoint);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(exampleReply(endpoint));
  });

  test('has a token with every declared permission in the workspaces of the seed, for twelve hours', () => {
    const { workspaces, iat = 0, exp = 0 } = decodeJwt(service.token ?? '');
    const permissions = new Set(endpoints.map(({ permission }) => permission));
    const seeded = endpoints.map(({ example }) => [example.ids.workspaceId, [...permissions]]);
    expect({ workspaces, lifetime: exp - iat }).toEqual({ workspaces: Object.fromEntries(seeded), lifetime: 43_200 });
  });

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
    for (const endpoint of endpoints) expect((await sendExample(service, endpoint)).status).toBe(200);
    await service.close();
  },
  60_000,
);

/** The demo record of a kind, without unique fields, in several workspaces. */
const demoIn = (name: string, workspaces: readonly string[]): SeedRecord[] =>
  workspaces.flatMap((workspaceId) =>
    (demoSeed[name] ?? []).slice(0, 1).map(({ kind, ids, attributes }) => {
      const plain = Object.entries(attributes).filter(([attribute]) => !Object.hasOwn(kind.unique, attribute));
      return { kind, ids: { ...ids, workspaceId }, attributes: Object.fromEntries(plain) };
    }),
  );

test('the service with another seed has a token for 50 of its workspaces, and requests for its first records', async () => {
  const [most = '', ...others] = Object.keys(demoSeed);
  const workspaces = Array.from({ length: 60 }, (_, number) => `w${number}`);
  const seed = {
    [most]: demoIn(most, workspaces),
    ...Object.fromEntries(others.map((name) => [name, demoIn(name, ['w59'])])),
  };
  const service = await startService({ seed });
  const granted = Object.keys(decodeJwt<{ workspaces: object }>(service.token ?? '').workspaces);
  const first = new Set(Object.values(seed).map(([record]) => record?.ids.workspaceId));
  expect(granted).toHaveLength(50);
  expect(granted).toEqual([...first, ...workspaces.filter((id) => !first.has(id))].slice(0, 50));

  const requests = readyText(service, seed)
    .split('\n')
    .filter((line) => line.startsWith('curl '));
  expect(requests).toHaveLength(endpoints.length);
  for (const [index, endpoint] of endpoints.entries()) {
    const ids = seed[endpoint.kind.name]?.[0]?.ids ?? {};
    expect(requests[index]).toContain(` ${service.url}${pathOf(endpoint, ids)} `);
    expect((await sendExample(service, endpoint, ids)).status).toBe(200);
  }
  const unseeded = { [most]: [] };
  expect(readyText(service, unseeded)).not.toContain('curl ');
  await service.close();
});

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
