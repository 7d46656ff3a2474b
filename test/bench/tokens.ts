import { generateKeyPair, sign as signWith } from 'node:crypto';
import { promisify } from 'node:util';

/** RS256 tokens, each another one, all of one length, so that a file of them can be read by number. */
export type Tokens = { keySet: object; length: number; bytes: Buffer };

const signing = promisify(signWith);
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export const issuer = 'https://issuer.example';
export const audience = 'patchwork';
export const workspaceId = '507f191e810c19729de860ea';

/** Signs `count` tokens of a key made for the purpose. All are good for six hours. */
export const mintTokens = async (count: number): Promise<Tokens> => {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const header = encoded({ alg: 'RS256', typ: 'JWT', kid: 'bench' });
  const now = Math.floor(Date.now() / 1000);
  const mint = async (serial: number): Promise<Buffer> => {
    const claims = encoded({
      iss: issuer,
      aud: audience,
      sub: 'user-1',
      iat: now,
      exp: now + 6 * 3600,
      jti: String(serial).padStart(8, '0'),
      workspaces: { [workspaceId]: ['clients.read', 'clients.update', 'workspace.read', 'workspace.update'] },
    });
    const signature = await signing('sha256', Buffer.from(`${header}.${claims}`), privateKey);
    return Buffer.from(`${header}.${claims}.${signature.toString('base64url')}`);
  };

  const tokens: Buffer[] = [];
  // Signing goes to a pool of threads; a few hundred at a time keep it busy.
  for (let done = 0; done < count; done += 256) {
    const batch = Array.from({ length: Math.min(256, count - done) }, (_, index) => mint(done + index));
    tokens.push(...(await Promise.all(batch)));
  }
  return {
    keySet: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256', use: 'sig' }] },
    length: tokens[0]?.length ?? 0,
    bytes: Buffer.concat(tokens),
  };
};
