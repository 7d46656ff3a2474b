import { constants, createHash, publicEncrypt, randomBytes } from 'node:crypto';
import { permissions } from './declared.ts';
import {
  base64url,
  compact,
  ecKeys,
  ecSigner,
  edKeys,
  edSigner,
  hmacSigner,
  type Issuer,
  neutralPoint,
  rsaKeys,
  rsaSigner,
  type Signer,
} from './issuer.ts';

/** The expected outcome: a 401 for missing credentials, or one for invalid credentials, or access. */
export type Verdict = 'missing-token' | 'invalid-token' | 'accepted';

/** One attempt at a request, with all the headers that it sends for the purpose. */
export type Attack = {
  says: string;
  headers: readonly (readonly [string, string])[];
  /** What is appended to the path. */
  query?: string;
  owed: Verdict;
};

const bearer = (token: string): Attack['headers'] => [['Authorization', `Bearer ${token}`]];
const refused = (says: string, token: string): Attack => ({ says, headers: bearer(token), owed: 'invalid-token' });

const nothing: Signer = () => Buffer.alloc(0);
const fixed =
  (bytes: Buffer): Signer =>
  () =>
    bytes;

const ec = { alg: 'ES256', kid: 'ec' };
const rsa = { alg: 'RS256', kid: 'rsa' };
const ed = { alg: 'EdDSA', kid: 'ed' };

/** Order of the curve P-256 (SEC 2 §2.4.2). */
const orderOfP256 = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

/** Valid claims of the issuer, which grant everything that any endpoint needs. */
const goodClaims = ({ claims }: Issuer) => claims({ workspaces: { own: permissions } });

/** Signature omitted, created with something other than a private key of the issuer, or with another algorithm. */
const algorithmAttacks = (issuer: Issuer): Attack[] => {
  const claims = goodClaims(issuer);
  const { keys } = issuer;
  const publicRsa = {
    pem: keys.rsa.publicKey.export({ type: 'spki', format: 'pem' }),
    pkcs1: keys.rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }),
    der: keys.rsa.publicKey.export({ type: 'spki', format: 'der' }),
    jwk: JSON.stringify(keys.rsa.publicKey.export({ format: 'jwk' })),
  };
  const good = ecSigner(keys.ec);
  return [
    ...['none', 'None', 'nOnE', 'NONE', '', 'null'].flatMap((alg) => [
      refused(`alg "${alg}" without a signature`, compact({ ...ec, alg }, claims, nothing)),
      refused(`alg "${alg}" with some signature`, compact({ ...ec, alg }, claims, fixed(randomBytes(64)))),
      refused(`alg "${alg}" with a good signature`, compact({ ...ec, alg }, claims, good)),
    ]),
    ...[undefined, null, 0, true, ['ES256'], { alg: 'ES256' }, 'es256', 'ES256 ', '\u0000'].map((alg) =>
      refused(`alg ${JSON.stringify(alg)}`, compact({ ...ec, alg }, claims, good)),
    ),
    refused('two parts', compact(ec, claims, nothing).replace(/\.$/, '')),
    ...Object.entries(publicRsa).flatMap(([form, secret]) =>
      (['256', '384', '512'] as const).flatMap((size) =>
        [String(secret), String(secret).trimEnd(), Buffer.from(secret)].map((key) =>
          refused(
            `HS${size} with the public key as ${form} for a secret`,
            compact({ ...rsa, alg: `HS${size}` }, claims, hmacSigner(key, `sha${size}`)),
          ),
        ),
      ),
    ),
    ...['', '\0', 'secret', 'ec', 'null', 'undefined'].map((secret) =>
      refused(`HS256 with the secret "${secret}"`, compact({ ...ec, alg: 'HS256' }, claims, hmacSigner(secret))),
    ),
    refused('HS256 under the name RS256', compact(rsa, claims, hmacSigner(publicRsa.pem))),
    refused(
      'an algorithm that is not configured, RS512',
      compact({ ...rsa, alg: 'RS512' }, claims, rsaSigner(keys.rsa, 'sha512')),
    ),
    refused('RSA with SHA-1', compact({ ...rsa, alg: 'RS1' }, claims, rsaSigner(keys.rsa, 'sha1'))),
    refused('SHA-1 under the name RS256', compact(rsa, claims, rsaSigner(keys.rsa, 'sha1'))),
    refused(
      'PS256 with a key that is published for RS256',
      compact({ ...rsa, alg: 'PS256' }, claims, rsaSigner(keys.rsa, 'sha256', constants.RSA_PKCS1_PSS_PADDING)),
    ),
    refused(
      'PSS padding under the name RS256',
      compact(rsa, claims, rsaSigner(keys.rsa, 'sha256', constants.RSA_PKCS1_PSS_PADDING)),
    ),
    refused('a signature of the RSA key under ES256', compact(ec, claims, rsaSigner(keys.rsa))),
    refused('a signature of the EC key under RS256', compact(rsa, claims, good)),
    refused('the key id of another kind of key', compact({ ...ec, kid: 'rsa' }, claims, good)),
  ];
};

/** Invalid signatures that some libraries have accepted. */
const signatureAttacks = (issuer: Issuer): Attack[] => {
  const claims = goodClaims(issuer);
  const { keys } = issuer;
  const zero = Buffer.alloc(32);
  const one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
  const [header, body, signature = ''] = compact(ec, claims, ecSigner(keys.ec)).split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const withSignature = (changed: Buffer) => `${header}.${body}.${changed.toString('base64url')}`;
  return [
    ...Object.entries({
      'r and s zero (CVE-2022-21449)': [zero, zero],
      'r zero': [zero, bytes.subarray(32)],
      's zero': [bytes.subarray(0, 32), zero],
      'r and s one': [one, one],
      'r and s the order of the curve': [orderOfP256, orderOfP256],
      'r and s swapped': [bytes.subarray(32), bytes.subarray(0, 32)],
      'nothing but zeroes of another length': [Buffer.alloc(96)],
      'half of the signature': [bytes.subarray(0, 32)],
      'the signature and a byte more': [bytes, Buffer.from([0])],
      'a signature in DER': [Buffer.from([0x30, 0x06, 2, 1, 0, 2, 1, 0])],
    }).map(([says, parts]) => refused(`ES256: ${says}`, withSignature(Buffer.concat(parts)))),
    refused('RS256: nothing but zeroes', compact(rsa, claims, fixed(Buffer.alloc(256)))),
    refused('RS256: the number one', compact(rsa, claims, fixed(Buffer.concat([Buffer.alloc(255), Buffer.from([1])])))),
    refused('RS256: one byte', compact(rsa, claims, fixed(Buffer.from([0])))),
    refused('RS256: a plain digest, padded but not signed', compact(rsa, claims, padded)),
    refused('EdDSA: nothing but zeroes', compact(ed, claims, fixed(Buffer.alloc(64)))),
    refused(
      'EdDSA: the neutral point',
      compact(ed, claims, fixed(Buffer.concat([one.toReversed(), zero].map(Buffer.from)))),
    ),
    refused('a published RSA key with exponent 1', compact({ ...rsa, kid: 'exponent-1' }, claims, padded)),
    refused(
      'a published Ed25519 key of small order',
      compact({ ...ed, kid: 'neutral' }, claims, fixed(Buffer.concat([neutralPoint, zero]))),
    ),
    refused(
      'a private key that the issuer has published',
      compact({ ...ec, kid: 'private' }, claims, ecSigner(keys.ec)),
    ),
    refused(
      'a secret that the issuer has published',
      compact({ alg: 'HS256', kid: 'symmetric' }, claims, hmacSigner('secret')),
    ),
    refused('a curve that is too large', compact({ ...ec, alg: 'ES256' }, claims, ecSigner(ecKeys('P-384')))),
    refused(
      'ES384 with a key of its own',
      compact({ ...ec, alg: 'ES384' }, claims, ecSigner(ecKeys('P-384'), 'sha384')),
    ),
    refused('ES256K', compact({ ...ec, alg: 'ES256K' }, claims, ecSigner(ecKeys('secp256k1')))),
    refused(
      'other claims under a good signature',
      `${header}.${base64url(JSON.stringify({ ...claims, sub: 'root' }))}.${signature}`,
    ),
    refused(
      'another header over a good signature',
      `${base64url(JSON.stringify({ ...ec, typ: 'x' }))}.${body}.${signature}`,
    ),
    refused('a signature made for another token', `${compact(ec, { ...claims, sub: 'root' }, nothing)}${signature}`),
  ];
};

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2) of the digest, which is the result of applying the key to a signature. */
const padded: Signer = (input) => {
  const digest = createHash('sha256').update(input).digest();
  const info = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), digest]);
  const filling = Buffer.alloc(256 - info.byteLength - 3, 0xff);
  return Buffer.concat([Buffer.from([0, 1]), filling, Buffer.from([0]), info]);
};

/** Headers that say where the key is, which key it is, or how to read the rest. `trap` is a URL that must not be fetched. */
const headerAttacks = (issuer: Issuer, trap: string): Attack[] => {
  const claims = goodClaims(issuer);
  const own = ecKeys();
  const ownRsa = rsaKeys();
  const jwk = { ...own.publicKey.export({ format: 'jwk' }), kid: 'ec', alg: 'ES256' };
  const der = ownRsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const byAttacker = (header: object) => compact({ ...ec, ...header }, claims, ecSigner(own));
  const byIssuer = (header: object) => compact({ ...ec, ...header }, claims, ecSigner(issuer.keys.ec));
  const urls = [
    trap,
    `${trap}/jwks.json`,
    `${issuer.variables.JWT_JWKS_URI}@${new URL(trap).host}`,
    'file:///etc/passwd',
  ];
  return [
    refused('the key of a stranger', byAttacker({})),
    refused('the key of a stranger, of another kind', compact(ed, claims, edSigner(edKeys()))),
    refused('a key in the header (jwk)', byAttacker({ jwk })),
    refused('a private key in the header (jwk)', byAttacker({ jwk: own.privateKey.export({ format: 'jwk' }) })),
    refused(
      'a symmetric key in the header (jwk)',
      compact({ ...ec, alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } }, claims, hmacSigner(Buffer.alloc(3))),
    ),
    refused('a certificate in the header (x5c)', compact({ ...rsa, x5c: [der] }, claims, rsaSigner(ownRsa))),
    refused(
      'thumbprints in the header (x5t)',
      byAttacker({ x5t: base64url(randomBytes(20)), 'x5t#S256': base64url(randomBytes(32)) }),
    ),
    ...urls.flatMap((url) => [
      refused(`a key set under a URL of the attacker's (jku ${url.slice(0, 12)})`, byAttacker({ jku: url })),
      refused(`a certificate under such a URL (x5u ${url.slice(0, 12)})`, byAttacker({ x5u: url })),
      refused(`such a URL for a key id (${url.slice(0, 12)})`, byAttacker({ kid: url })),
      refused(
        `such a URL for the issuer (${url.slice(0, 12)})`,
        compact(ec, { ...claims, iss: url, jwks_uri: url }, ecSigner(own)),
      ),
    ]),
    ...[
      '',
      'EC',
      'ec ',
      'ec\u0000',
      '../../../../dev/null',
      "ec' OR '1'='1",
      '| id',
      '__proto__',
      'constructor',
      'x'.repeat(4000),
    ].map((kid) => refused(`the key id ${JSON.stringify(kid.slice(0, 24))}`, byIssuer({ kid }))),
    ...[null, 7, true, ['ec'], { ec: true }, undefined].map((kid) =>
      refused(`a stranger's key and the key id ${JSON.stringify(kid)}`, byAttacker({ kid })),
    ),
    ...[['unknown'], ['exp'], ['alg'], ['kid'], [], 'exp', [7], null, {}, ['b64', 'b64', 'x']].map((crit) =>
      refused(`crit ${JSON.stringify(crit)}`, byIssuer({ crit, unknown: true, exp: 1 })),
    ),
    refused('claims that are not encoded (b64)', byIssuer({ b64: false, crit: ['b64'] })),
    refused(
      'claims that are not encoded, in clear',
      `${base64url(JSON.stringify({ ...ec, b64: false, crit: ['b64'] }))}.${JSON.stringify(claims)}.AAAA`,
    ),
    refused(
      'a header member given twice',
      compact('{"alg":"ES256","alg":"ES256","kid":"ec"}', claims, ecSigner(issuer.keys.ec)),
    ),
    refused(
      'alg given twice, once as none',
      compact('{"alg":"none","kid":"ec","alg":"ES256"}', claims, ecSigner(issuer.keys.ec)),
    ),
    ...['[]', '"ES256"', 'null', '{', '', '{"alg":"ES256","kid":"ec"}}'].map((header) =>
      refused(`the header ${header}`, compact(header, claims, ecSigner(issuer.keys.ec))),
    ),
    refused('encrypted to the public key', encrypted(issuer, JSON.stringify(claims))),
    refused(
      'encrypted with no key (dir)',
      `${base64url('{"alg":"dir","enc":"A128GCM"}')}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`,
    ),
    refused(
      'a good token inside a good signature',
      compact({ ...ec, cty: 'JWT' }, issuer.token({ workspaces: {} }), ecSigner(issuer.keys.ec)),
    ),
    refused(
      'a good token inside a signature of a stranger',
      compact({ ...ec, cty: 'JWT' }, compact(ec, claims, ecSigner(issuer.keys.ec)), ecSigner(own)),
    ),
  ];
};

/** A JWE (RFC 7516 §7.1), which anybody who knows the public key can create. */
const encrypted = (issuer: Issuer, claims: string): string => {
  const key = publicEncrypt(
    { key: issuer.keys.rsa.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING },
    randomBytes(32),
  );
  const header = base64url('{"alg":"RSA-OAEP","enc":"A256GCM","kid":"rsa","cty":"JWT"}');
  return [header, base64url(key), base64url(randomBytes(12)), base64url(claims), base64url(randomBytes(16))].join('.');
};

/** Claims that the issuer itself signed, but that are invalid or not valid now. */
const claimAttacks = (issuer: Issuer): Attack[] => {
  const claims = goodClaims(issuer);
  const now = Math.floor(Date.now() / 1000);
  const signed = (changed: object | string | Buffer) => compact(ec, changed, ecSigner(issuer.keys.ec));
  const text = JSON.stringify(claims);
  const required = ['iss', 'aud', 'sub', 'iat', 'exp'];
  const iss = String(claims.iss);
  const aud = String(claims.aud);
  const wrong: Record<string, readonly unknown[]> = {
    iss: [
      null,
      '',
      7,
      [iss],
      { iss },
      iss.toUpperCase(),
      iss.slice(0, -1),
      `${iss}/`,
      `${iss}x`,
      ` ${iss}`,
      `${iss}\u0000`,
    ],
    aud: [
      null,
      '',
      7,
      [],
      ['other'],
      [[aud]],
      { [aud]: true },
      aud.toUpperCase(),
      `${aud} `,
      aud.slice(1),
      `other ${aud}`,
      '*',
    ],
    sub: [null, '', 7, true, ['caller'], {}, 'x'.repeat(256)],
    iat: [null, '', String(now), true, [now], now + 3600, 4e9, 1e300],
    exp: [null, '', String(now + 60), true, [now + 60], {}, now - 3600, 0, -1, -1e300],
    nbf: ['soon', String(now), [now], {}, true, now + 3600, 4e9],
  };
  return [
    ...required.map((name) => refused(`no ${name}`, signed({ ...claims, [name]: undefined }))),
    ...required.map((name) =>
      refused(
        `${name} given twice`,
        signed(text.replace('{', `{${JSON.stringify(name)}:${JSON.stringify(claims[name])},`)),
      ),
    ),
    refused('the workspaces given twice', signed(text.replace('{', '{"workspaces":{},'))),
    refused('a workspace given twice', signed(text.replace('"own":', '"own":[],"own":'))),
    refused('a name given twice by an escape', signed(text.replace('{', '{"s\\u0075b":"root",'))),
    ...Object.entries(wrong).flatMap(([name, values]) =>
      values.map((value) =>
        refused(`${name} ${JSON.stringify(value).slice(0, 40)}`, signed({ ...claims, [name]: value })),
      ),
    ),
    ...['exp', 'iat', 'nbf'].map((name) =>
      refused(
        `${name} without end`,
        signed(JSON.stringify({ ...claims, [name]: 1 }).replace(`"${name}":1`, `"${name}":1e999`)),
      ),
    ),
    ...['[]', 'null', '"text"', '7', '', '{', text.slice(0, -1), `${text}}`, `[${text}]`, `${text}\u0000`].map(
      (changed) => refused(`the claims ${changed.slice(0, 12)} of ${changed.length} characters`, signed(changed)),
    ),
    refused('claims in UTF-16', signed(Buffer.from(text, 'utf16le'))),
    refused('claims nested without end', signed(text.replace('{', `{"x":${'['.repeat(1000)}${']'.repeat(1000)},`))),
    refused('4 KB of claims that all have one name', signed(text.replace('{', `{${'"x":1,'.repeat(700)}`))),
  ];
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Other encodings of a valid token (RFC 7515 §2: base64url without padding, white space or line breaks). */
const spellingAttacks = (issuer: Issuer): Attack[] => {
  const claims = { ...goodClaims(issuer), x: '' };
  const signer = ecSigner(issuer.keys.ec);
  // The 64 bytes of the signature leave four stray bits; header and claims have lengths that leave some too.
  const header =
    ['', ' ', '  '].map((space) => `${JSON.stringify(ec)}${space}`).find((text) => text.length % 3 === 1) ?? '';
  const body =
    ['', ' ', '  '].map((space) => `${JSON.stringify(claims)}${space}`).find((text) => text.length % 3 === 1) ?? '';
  const parts = compact(header, body, signer).split('.');
  const token = parts.join('.');
  const withPart = (index: number, change: (part: string) => string) =>
    parts.map((part, at) => (at === index ? change(part) : part)).join('.');
  const everywhere = (says: string, change: (part: string) => string) =>
    parts.map((_, index) => refused(`${says} in part ${index + 1}`, withPart(index, change)));
  const strayBits = (part: string) => part.slice(0, -1) + alphabet[alphabet.indexOf(part.slice(-1)) + 1];
  return [
    { says: 'the token itself, unchanged', headers: bearer(token), owed: 'accepted' },
    ...everywhere('bits left over', strayBits),
    ...everywhere('padding', (part) => `${part}==`),
    ...everywhere('a space', (part) => `${part.slice(0, 9)} ${part.slice(9)}`),
    ...everywhere('a tab', (part) => `${part.slice(0, 9)}\t${part.slice(9)}`),
    ...everywhere('a character of no alphabet', (part) => `${part.slice(0, 9)}*${part.slice(9)}`),
    ...everywhere('an encoded character', (part) => `%${part.charCodeAt(0).toString(16)}${part.slice(1)}`),
    ...everywhere('a character beyond ASCII', (part) => `${part}é`),
    ...everywhere('nothing', () => ''),
    ...everywhere('the other alphabet', (part) => Buffer.from(`${part}____`, 'base64url').toString('base64')),
    refused('a byte-order mark before the header', compact(`\uFEFF${header}`, body, signer)),
    refused('a byte-order mark before the claims', compact(header, `\uFEFF${body}`, signer)),
    refused('a dot before', `.${token}`),
    refused('a dot after', `${token}.`),
    refused('a comma after', `${token},`),
    refused('quotes', `"${token}"`),
    refused('brackets', `<${token}>`),
    refused('the scheme twice', `Bearer ${token}`),
    refused('the token twice', `${token} ${token}`),
    refused('a parameter', `token="${token}"`),
    refused('JSON serialization', JSON.stringify({ protected: parts[0], payload: parts[1], signature: parts[2] })),
    refused('8 KB of letters', 'A'.repeat(8192)),
    refused('8 KB of dots', '.'.repeat(8192)),
    refused('8 KB in three parts', `${'A'.repeat(2730)}.${'A'.repeat(2730)}.${'A'.repeat(2730)}`),
  ];
};

/** The header field itself: RFC 9110 §11.4 and RFC 6750 §2.1. */
const headerFieldAttacks = (issuer: Issuer): Attack[] => {
  const token = compact(ec, goodClaims(issuer), ecSigner(issuer.keys.ec));
  const field = (says: string, value: string, owed: Verdict): Attack => ({
    says,
    headers: [['Authorization', value]],
    owed,
  });
  const twice = (says: string, first: string, second: string): Attack => ({
    says,
    headers: [
      ['Authorization', first],
      ['authorization', second],
    ],
    owed: 'invalid-token',
  });
  const elsewhere = (says: string, headers: Attack['headers'], query = ''): Attack => ({
    says,
    headers,
    query,
    owed: 'missing-token',
  });
  const large = compact(ec, { ...goodClaims(issuer), x: 'x'.repeat(5900) }, ecSigner(issuer.keys.ec));
  return [
    // The name of a scheme has no case (RFC 9110 §11.1), and one or more spaces follow it (§11.4).
    field('the scheme in lower case', `bearer ${token}`, 'accepted'),
    field('the scheme in capitals', `BEARER ${token}`, 'accepted'),
    field('two spaces', `Bearer  ${token}`, 'accepted'),
    field('white space around the whole', ` Bearer ${token} `, 'accepted'),
    field(`a token of ${large.length} bytes`, `Bearer ${large}`, 'accepted'),

    field('a tab for the space', `Bearer\t${token}`, 'missing-token'),
    field('no space', `Bearer${token}`, 'missing-token'),
    field('a colon', `Bearer: ${token}`, 'missing-token'),
    field('no scheme', token, 'missing-token'),
    field('nothing', '', 'missing-token'),
    field('the scheme alone', 'Bearer', 'missing-token'),
    field('the scheme and spaces', 'Bearer    ', 'missing-token'),
    ...['Basic', 'DPoP', 'Token', 'JWT', 'Digest', 'Negotiate', 'Bearer2', 'Bеarer'].map((scheme) =>
      field(`the scheme ${scheme}`, `${scheme} ${token}`, 'missing-token'),
    ),
    field('two credentials in one field', `Bearer ${token}, Bearer ${token}`, 'invalid-token'),
    field('credentials of another scheme behind', `Bearer ${token}, Basic YTpi`, 'invalid-token'),
    field('credentials of another scheme before', `Basic YTpi, Bearer ${token}`, 'missing-token'),

    twice('a good token twice', `Bearer ${token}`, `Bearer ${token}`),
    twice('a bad token, then a good one', 'Bearer x', `Bearer ${token}`),
    twice('a good token, then a bad one', `Bearer ${token}`, 'Bearer x'),
    twice('a good token, then another scheme', `Bearer ${token}`, 'Basic YTpi'),
    twice('a good token, then nothing', `Bearer ${token}`, ''),

    elsewhere('a token in the query', [], `?access_token=${token}`),
    elsewhere('a token in a cookie', [['Cookie', `Authorization=Bearer ${token}; access_token=${token}`]]),
    ...[
      'X-Authorization',
      'Proxy-Authorization',
      'X-Access-Token',
      'X-Forwarded-Authorization',
      'Authorisation',
      'Authentication',
    ].map((name) => elsewhere(`a token in ${name}`, [[name, `Bearer ${token}`]])),
  ];
};

/** Every attack, by kind. `trap` is the URL of a server that counts connections. */
export const tokenAttacks = (issuer: Issuer, trap: string): Record<string, Attack[]> => ({
  algorithm: algorithmAttacks(issuer),
  signature: signatureAttacks(issuer),
  'header of the token': headerAttacks(issuer, trap),
  claims: claimAttacks(issuer),
  spelling: spellingAttacks(issuer),
  'header field': headerFieldAttacks(issuer),
});
