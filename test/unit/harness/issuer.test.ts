import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localIssuer, startIssuer } from '../../harness/local-service/issuer.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'patchwork-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('processes that create the key concurrently share one, readable by its owner only', async () => {
  const folder = join(directory, 'concurrent');
  const issuers = await Promise.all(Array.from({ length: 8 }, () => localIssuer(folder)));
  expect(new Set(issuers.map(({ keySet }) => JSON.stringify(keySet))).size).toBe(1);
  expect(await readdir(folder)).toEqual(['issuer-key.json']);
  expect((await stat(join(folder, 'issuer-key.json'))).mode & 0o777).toBe(0o600);
});

test('a token is signed with the published key, whose private part is not published', async () => {
  const { keySet, signToken } = await localIssuer(directory);
  const token = await signToken({ workspaces: { w: ['things.update'] }, subject: 'me', expiresIn: 60 });
  const { payload } = await jwtVerify(token, createLocalJWKSet(keySet), { audience: 'patchwork' });
  expect(payload).toMatchObject({
    iss: 'https://issuer.patchwork.invalid/',
    sub: 'me',
    workspaces: { w: ['things.update'] },
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  expect(keySet.keys[0]).not.toHaveProperty('d');
});

test('a token is valid for an hour by default', async () => {
  const { signToken } = await localIssuer(directory);
  const { iat = 0, exp = 0 } = decodeJwt(await signToken({ workspaces: {} }));
  expect(exp - iat).toBe(3600);
});

test('a token can have its permissions in the form for a single workspace', async () => {
  const { signToken } = await localIssuer(directory);
  const claims = decodeJwt(await signToken({ workspaceId: 'w', permissions: 'a b' }));
  expect(claims).toMatchObject({ workspaceId: 'w', permissions: 'a b', sub: 'local-developer' });
});

test('a damaged key is reported in one sentence that says what to do', async () => {
  const folder = await mkdtemp(join(directory, 'damaged-'));
  await writeFile(join(folder, 'issuer-key.json'), '{');
  await expect(localIssuer(folder)).rejects.toThrow('is damaged: delete it, and a new one is created.');
});

test('the key set is served over HTTP', async () => {
  const { variables, close } = await startIssuer({});
  const response = await fetch(variables.JWT_JWKS_URI ?? '');
  expect(await response.json()).toEqual((await localIssuer()).keySet);
  expect((await fetch(new URL('/', variables.JWT_JWKS_URI))).status).toBe(404);
  await close();
});

test('the environment can select another issuer', async () => {
  const environment = { JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'a', JWT_JWKS: '{}' };
  expect(await startIssuer(environment)).toMatchObject({ variables: {}, signToken: undefined });
});

test.each([
  [{ JWT_ISSUER: 'i' }, 'JWT_AUDIENCE and JWT_JWKS_URI (or JWT_JWKS) must be set too, since JWT_ISSUER replaces'],
  [{ JWT_ISSUER: 'i', JWT_JWKS_URI: 'u' }, 'JWT_AUDIENCE must be set too, since JWT_ISSUER and JWT_JWKS_URI replace'],
  [{ JWT_AUDIENCE: 'a', JWT_JWKS: '{}' }, 'JWT_ISSUER must be set too'],
])('an incomplete issuer, %j, is rejected', async (environment, sentence) => {
  await expect(startIssuer(environment)).rejects.toThrow(sentence);
});
