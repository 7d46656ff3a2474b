import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A key pair of the issuer, or of an attacker. */
export type Keys = { publicKey: KeyObject; privateKey: KeyObject };

/** How a token is signed; the attacker chooses the name of the algorithm in the header. */
export type Signer = (input: Buffer) => Buffer;

export const rsaKeys = (modulusLength = 2048): Keys => generateKeyPairSync('rsa', { modulusLength });
export const ecKeys = (namedCurve = 'P-256'): Keys => generateKeyPairSync('ec', { namedCurve });
export const edKeys = (): Keys => generateKeyPairSync('ed25519');

export const ecSigner =
  ({ privateKey }: Keys, hash = 'sha256'): Signer =>
  (input) =>
    sign(hash, input, { key: privateKey, dsaEncoding: 'ieee-p1363' });
export const rsaSigner =
  ({ privateKey }: Keys, hash = 'sha256', padding?: number): Signer =>
  (input) =>
    sign(hash, input, { key: privateKey, ...(padding !== undefined && { padding, saltLength: -1 }) });
export const edSigner =
  ({ privateKey }: Keys): Signer =>
  (input) =>
    sign(null, input, privateKey);
export const hmacSigner =
  (secret: string | Buffer, hash = 'sha256'): Signer =>
  (input) =>
    createHmac(hash, secret).update(input).digest();

/** The neutral element of edwards25519 (RFC 8032 §5.1.2): with it as the key, one signature is valid for every message. */
export const neutralPoint = Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]);

export const base64url = (text: string | Buffer): string => Buffer.from(text).toString('base64url');

/** A compact JWS (RFC 7515 §7.1) of any header and claims, even those that no library would write. */
export const compact = (header: object | string, claims: object | string | Buffer, signer: Signer): string => {
  const asText = (value: object | string | Buffer) =>
    typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);
  const input = `${base64url(asText(header))}.${base64url(asText(claims))}`;
  return `${input}.${signer(Buffer.from(input)).toString('base64url')}`;
};

/** An issuer with a key of each kind, which publishes them and counts how often they are fetched. */
export type Issuer = {
  keys: { rsa: Keys; ec: Keys; ed: Keys };
  /** The variables with which the functions trust it, using their default algorithms. */
  variables: NodeJS.ProcessEnv;
  claims: (changes?: object) => Record<string, unknown>;
  /** A valid token with the given claims. */
  token: (grants: object) => string;
  fetches: () => number;
  close: () => Promise<void>;
};

/** Members of the issuer's key set that must be ignored, because anybody could sign with them. */
const weakKeys = ({ rsa, ec, ed }: Issuer['keys']): object[] => {
  const rsaJwk = rsa.publicKey.export({ format: 'jwk' });
  const ecJwk = ec.publicKey.export({ format: 'jwk' });
  return [
    { ...rsaJwk, e: 'AQ', kid: 'exponent-1', alg: 'RS256' },
    { ...rsaKeys(1024).publicKey.export({ format: 'jwk' }), kid: 'short', alg: 'RS256' },
    { ...ecJwk, x: ecJwk.y, kid: 'off-curve', alg: 'ES256' },
    { ...ec.privateKey.export({ format: 'jwk' }), kid: 'private', alg: 'ES256' },
    { ...ed.publicKey.export({ format: 'jwk' }), x: neutralPoint.toString('base64url'), kid: 'neutral', alg: 'EdDSA' },
    { kty: 'oct', k: base64url('secret'), kid: 'symmetric', alg: 'HS256' },
  ];
};

const issuerName = 'https://issuer.security.invalid/';
const audience = 'patchwork-security';

export const startSecurityIssuer = async (): Promise<Issuer> => {
  const keys = { rsa: rsaKeys(), ec: ecKeys(), ed: edKeys() };
  const published = (kid: keyof typeof keys, alg: string) => ({
    ...keys[kid].publicKey.export({ format: 'jwk' }),
    ...{ kid, alg, use: 'sig' },
  });
  const good = [published('rsa', 'RS256'), published('ec', 'ES256'), published('ed', 'EdDSA')];
  const keySet = JSON.stringify({ keys: [...weakKeys(keys), ...good] });
  let fetches = 0;
  const server = createServer((_, response) => {
    fetches++;
    response.setHeader('content-type', 'application/json').end(keySet);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const claims = (changes: object = {}): Record<string, unknown> => {
    const now = Math.floor(Date.now() / 1000);
    return { iss: issuerName, aud: audience, sub: 'caller', iat: now, exp: now + 3600, ...changes };
  };
  return {
    keys,
    variables: {
      JWT_ISSUER: issuerName,
      JWT_AUDIENCE: audience,
      JWT_JWKS_URI: `http://127.0.0.1:${port}/jwks.json`,
    },
    claims,
    token: (grants) => compact({ alg: 'ES256', kid: 'ec' }, claims(grants), ecSigner(keys.ec)),
    fetches: () => fetches,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
