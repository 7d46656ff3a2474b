import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, test } from 'vitest';
import { configurationFrom } from '../../lib/configuration.ts';

const pair = await generateKeyPair('ES256', { extractable: true });
const key = { ...(await exportJWK(pair.publicKey)), kid: 'k1' };
const privateKey = await exportJWK(pair.privateKey);
const setOf = (...keys: unknown[]) => JSON.stringify({ keys });
const inline = setOf(key);
const complete = {
  TABLE_NAME: 'records',
  JWT_ISSUER: 'https://issuer.example',
  JWT_AUDIENCE: 'patchwork',
  JWT_JWKS_URI: 'https://issuer.example/.well-known/jwks.json',
};
const without = (name: string) => ({ ...complete, [name]: undefined });

describe('configurationFrom', () => {
  test('requires four variables, and has defaults for the others', () => {
    expect(configurationFrom(complete)).toEqual({
      table: { name: 'records', endpoint: undefined },
      priming: false,
      keys: new URL(complete.JWT_JWKS_URI),
      token: {
        issuer: 'https://issuer.example',
        audience: 'patchwork',
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        clockTolerance: 5,
        claimNames: { workspaces: 'workspaces', workspaceId: 'workspaceId', permissions: 'permissions' },
      },
      log: { level: 'INFO', namespace: 'patchwork' },
    });
  });

  test('accepts keys instead of their URL', () => {
    const { keys } = configurationFrom({ ...without('JWT_JWKS_URI'), JWT_JWKS: setOf(null, {}, key) });
    if (keys instanceof URL) throw new Error('These are not the keys.');
    expect(keys.matching({ alg: 'ES256', kid: 'k1' })).toHaveLength(1);
  });

  test('reads every variable into its own member', () => {
    const everything = {
      ...complete,
      DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000',
      PRIMING: 'on',
      JWT_ALGORITHMS: 'ES512',
      JWT_CLOCK_TOLERANCE: '300',
      JWT_WORKSPACES_CLAIM: 'https://example.com/workspaces',
      JWT_WORKSPACE_ID_CLAIM: 'custom:tenant',
      JWT_PERMISSIONS_CLAIM: 'scope',
      LOG_LEVEL: 'error',
      METRICS_NAMESPACE: 'elsewhere',
    };
    expect(configurationFrom(everything)).toMatchObject({
      table: { endpoint: 'http://127.0.0.1:8000' },
      priming: true,
      token: {
        algorithms: ['ES512'],
        clockTolerance: 300,
        claimNames: {
          workspaces: 'https://example.com/workspaces',
          workspaceId: 'custom:tenant',
          permissions: 'scope',
        },
      },
      log: { level: 'ERROR', namespace: 'elsewhere' },
    });
  });

  test.each(['0', '5', '60', '299', '300'])('accepts a clock tolerance of %s seconds', (JWT_CLOCK_TOLERANCE) => {
    expect(configurationFrom({ ...complete, JWT_CLOCK_TOLERANCE }).token.clockTolerance).toBe(
      Number(JWT_CLOCK_TOLERANCE),
    );
  });

  test.each([...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']])(
    'accepts the algorithm %s',
    (name) => {
      expect(configurationFrom({ ...complete, JWT_ALGORITHMS: name }).token.algorithms).toEqual([name]);
    },
  );

  test.each(['http://127.0.0.1:4000/jwks', 'http://localhost/jwks', 'http://[::1]:1/jwks'])(
    'takes keys from %s, on this machine',
    (uri) => {
      expect(configurationFrom({ ...complete, JWT_JWKS_URI: uri }).keys).toEqual(new URL(uri));
    },
  );

  test.each([
    ['TABLE_NAME', 'missing', without('TABLE_NAME')],
    ['TABLE_NAME', 'empty', { ...complete, TABLE_NAME: '' }],
    ['JWT_ISSUER', 'missing', without('JWT_ISSUER')],
    ['JWT_AUDIENCE', 'missing', without('JWT_AUDIENCE')],
    ['JWT_JWKS_URI', 'missing', without('JWT_JWKS_URI')],
    ['JWT_JWKS_URI', 'not HTTPS', { ...complete, JWT_JWKS_URI: 'http://issuer.example/jwks' }],
    [
      'JWT_JWKS_URI',
      'not HTTPS, at a host that only begins like this machine',
      { ...complete, JWT_JWKS_URI: 'http://127.0.0.1.evil.example/jwks' },
    ],
    ['JWT_JWKS_URI', 'a file', { ...complete, JWT_JWKS_URI: 'file:///etc/keys.json' }],
    ['JWT_JWKS_URI', 'not a URL', { ...complete, JWT_JWKS_URI: 'keys' }],
    ['JWT_JWKS', 'given beside JWT_JWKS_URI', { ...complete, JWT_JWKS: inline }],
    ['JWT_JWKS', 'not JSON', { ...without('JWT_JWKS_URI'), JWT_JWKS: '{' }],
    ['JWT_JWKS', 'without keys', { ...without('JWT_JWKS_URI'), JWT_JWKS: '{"keys":[]}' }],
    ['JWT_JWKS', 'not a key set', { ...without('JWT_JWKS_URI'), JWT_JWKS: '[]' }],
    ['JWT_JWKS', 'null', { ...without('JWT_JWKS_URI'), JWT_JWKS: 'null' }],
    ['JWT_JWKS', 'a key off its curve', { ...without('JWT_JWKS_URI'), JWT_JWKS: setOf({ ...key, x: key.y }) }],
    ['JWT_JWKS', 'a private key', { ...without('JWT_JWKS_URI'), JWT_JWKS: setOf(privateKey) }],
    [
      'JWT_JWKS',
      'without a key for the algorithms',
      { ...without('JWT_JWKS_URI'), JWT_JWKS: inline, JWT_ALGORITHMS: 'RS256 ES384' },
    ],
    ['JWT_ISSUER', 'empty', { ...complete, JWT_ISSUER: '' }],
    ['JWT_AUDIENCE', 'empty', { ...complete, JWT_AUDIENCE: '' }],
    ['JWT_ALGORITHMS', 'not known', { ...complete, JWT_ALGORITHMS: 'ES256K' }],
    ['JWT_ALGORITHMS', 'a shared secret', { ...complete, JWT_ALGORITHMS: 'HS256' }],
    ['JWT_ALGORITHMS', 'none, among others', { ...complete, JWT_ALGORITHMS: 'RS256,none' }],
    ['JWT_ALGORITHMS', 'blank', { ...complete, JWT_ALGORITHMS: ' ' }],
    ['JWT_CLOCK_TOLERANCE', 'negative', { ...complete, JWT_CLOCK_TOLERANCE: '-1' }],
    ['JWT_CLOCK_TOLERANCE', 'above 300', { ...complete, JWT_CLOCK_TOLERANCE: '301' }],
    ['JWT_CLOCK_TOLERANCE', 'not a number', { ...complete, JWT_CLOCK_TOLERANCE: '5s' }],
    ['JWT_WORKSPACES_CLAIM', 'empty', { ...complete, JWT_WORKSPACES_CLAIM: '' }],
    ['PRIMING', 'neither on nor off', { ...complete, PRIMING: 'yes' }],
    ['LOG_LEVEL', 'not a level', { ...complete, LOG_LEVEL: 'loud' }],
    ['METRICS_NAMESPACE', 'empty', { ...complete, METRICS_NAMESPACE: '' }],
    ['DYNAMODB_ENDPOINT', 'not a URL', { ...complete, DYNAMODB_ENDPOINT: 'localhost' }],
  ])('names %s in one sentence when it is %s', (name, _, environment) => {
    expect(() => configurationFrom(environment)).toThrow(new RegExp(`^Invalid environment: ${name} [^;]+\\. See `));
  });

  test('names all invalid variables at once', () => {
    expect(() => configurationFrom({})).toThrow(/TABLE_NAME.*JWT_ISSUER.*JWT_AUDIENCE/);
  });

  test('never repeats a value, which may be a misplaced secret', () => {
    expect(() => configurationFrom({ ...complete, JWT_JWKS_URI: 'hunter2' })).not.toThrow(/hunter2/);
  });

  test('splits algorithms at commas and spaces', () => {
    expect(configurationFrom({ ...complete, JWT_ALGORITHMS: 'ES256, ES384' }).token.algorithms).toEqual([
      'ES256',
      'ES384',
    ]);
  });
});
