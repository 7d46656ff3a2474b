import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inlineIssuerVariables, sandboxKeys } from '../../infra/sandbox-issuer.ts';
import { inlineKeySet } from '../../lib/auth/key-set.ts';
import { tokenVerifier } from '../../lib/auth/verify-token.ts';
import { configurationFrom } from '../../lib/configuration.ts';
import { localIssuer } from '../harness/local-service/issuer.ts';

let directory: string;
beforeAll(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'patchwork-')), 'local');
});
afterAll(() => rmSync(join(directory, '..'), { recursive: true }));

test('a deployed sandbox accepts local tokens without fetching a key', async () => {
  const variables = await inlineIssuerVariables(directory);
  const { keys, token } = configurationFrom({ ...variables, TABLE_NAME: 'records' });
  if (keys instanceof URL) throw new Error(`The keys would be fetched from ${keys}`);
  const { signToken } = await localIssuer(directory);
  const signed = await signToken({ workspaces: { w: ['clients.update'] } });
  await expect(tokenVerifier(token, inlineKeySet(keys))(signed)).resolves.toMatchObject({ subject: 'local-developer' });
});

test('the deployed variables do not contain the private key', async () => {
  const { privateKey } = await sandboxKeys(directory);
  const variables = JSON.stringify(await inlineIssuerVariables(directory));
  expect(privateKey.d).toEqual(expect.any(String));
  expect(variables).not.toContain(privateKey.d);
});

test('the private key is readable by its owner only', async () => {
  await sandboxKeys(directory);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'issuer-key.json')).mode & 0o777).toBe(0o600);
});
