import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterEach, expect, test, vi } from 'vitest';
import { defaultProvider } from '../../infra/bundling/environment-credentials.ts';
import {
  NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS,
  resolveEndpointDiscoveryConfig,
} from '../../infra/bundling/no-endpoint-discovery.ts';
import { readFile } from '../../infra/bundling/no-files.ts';
import { bundling } from '../../infra/bundling/options.ts';
import { startLocalServer } from '../faults/local-server.ts';

afterEach(() => vi.unstubAllEnvs());

test('a bundled function reads its credentials from the environment once', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const provide = defaultProvider();
  const credentials = await provide();
  expect(credentials).toMatchObject({ accessKeyId: 'id', secretAccessKey: 'secret' });
  expect(await provide()).toBe(credentials);
});

test('a bundled function finds no files', async () => {
  await expect(readFile('/home/user/.aws/config')).rejects.toMatchObject({
    code: 'ENOENT',
    message: expect.stringContaining('/home/user/.aws/config'),
  });
});

test('a bundled function skips endpoint discovery and leaves the configuration unchanged', () => {
  const configuration = { region: 'eu-central-1' };
  expect(resolveEndpointDiscoveryConfig(configuration)).toBe(configuration);
  expect(NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS.default).toBe(false);
});

/** If this fails after an upgrade, the SDK takes the trace id only from its store, which the bundles leave out. */
test('a bundled function passes the trace id in its environment on to the table', async ({ onTestFinished }) => {
  const directory = mkdtempSync(join(tmpdir(), 'patchwork-trace-'));
  const traceIds: unknown[] = [];
  const server = await startLocalServer(({ headers }, response) => {
    traceIds.push(headers['x-amzn-trace-id']);
    response.end('{}');
  });
  onTestFinished(async () => {
    rmSync(directory, { recursive: true });
    await server.close();
  });
  const contents = `
    import { documentClient } from './lib/table/sdk/document-client.ts';
    import { updateSender } from './lib/table/sdk/send-update.ts';
    export const handler = (url) => updateSender(documentClient(url))({ TableName: 'table', Key: {} });`;
  buildSync({ ...bundling, stdin: { contents, resolveDir: '.' }, outfile: join(directory, 'handler.mjs') });
  const { handler } = await import(pathToFileURL(join(directory, 'handler.mjs')).href);

  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'update-client');
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-abc');
  await handler(server.url);
  expect(traceIds).toEqual(['Root=1-abc']);
});
