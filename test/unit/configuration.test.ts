import { describe, expect, test } from 'vitest';
import { configurationFrom } from '../../lib/configuration.ts';

const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k1' };
const inline = JSON.stringify({ keys: [key] });
const complete = {
  TABLE_NAME: 'records',
  JWT_ISSUER: 'https://issuer.example',
  JWT_AUDIENCE: 'patchwork',
  JWT_JWKS_URI: 'https://issuer.example/.well-known/jwks.json',
};
const without = (name: string) => ({ ...complete, [name]: undefined });

describe('configurationFrom', () => {
  test('needs four variables, and has defaults for the others', () => {
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

  test('takes the keys themselves in place of their URL', () => {
    expect(configurationFrom({ ...without('JWT_JWKS_URI'), JWT_JWKS: inline }).keys).toEqual({ keys: [key] });
  });

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
    expect(() => configurationFrom(environment)).toThrow(new RegExp(`^Wrong environment: ${name} [^;]+\\. See `));
  });

  test('names everything that is wrong at once', () => {
    expect(() => configurationFrom({})).toThrow(/TABLE_NAME.*JWT_ISSUER.*JWT_AUDIENCE/);
  });

  test('never repeats a value, which may be a secret in the wrong place', () => {
    expect(() => configurationFrom({ ...complete, JWT_JWKS_URI: 'hunter2' })).not.toThrow(/hunter2/);
  });

  test('reads algorithms apart by comma or space', () => {
    expect(configurationFrom({ ...complete, JWT_ALGORITHMS: 'ES256, ES384' }).token.algorithms).toEqual([
      'ES256',
      'ES384',
    ]);
  });
});
