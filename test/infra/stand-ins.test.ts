import { afterEach, expect, test, vi } from 'vitest';
import { defaultProvider } from '../../infra/bundling/environment-credentials.ts';
import {
  NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS,
  resolveEndpointDiscoveryConfig,
} from '../../infra/bundling/no-endpoint-discovery.ts';
import { readFile } from '../../infra/bundling/no-files.ts';

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
