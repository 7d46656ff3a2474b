import { createHash, createHmac, createPublicKey, type KeyObject, verify } from 'node:crypto';
import https from 'node:https';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/**
 * The least that could do the work: written by hand, no library, only the case in which nothing is wrong answered
 * properly. Not something to deploy; it shows how far down one could go.
 */

const { JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URI = '', DYNAMODB_ENDPOINT = '', TABLE_NAME } = process.env;
const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = process.env;

const agent = new https.Agent({ keepAlive: true });

const send = (
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const request = https.request(url, { agent, method, headers, timeout: 2_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject).on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request
      .on('error', reject)
      .on('timeout', () => request.destroy(new Error('no answer')))
      .end(body);
  });

const keys = new Map<string, KeyObject>();

const keyFor = async (kid: string): Promise<KeyObject> => {
  if (!keys.has(kid)) {
    const { text } = await send(new URL(JWT_JWKS_URI), 'GET', {}, '');
    for (const jwk of JSON.parse(text).keys) keys.set(jwk.kid, createPublicKey({ key: jwk, format: 'jwk' }));
  }
  const key = keys.get(kid);
  if (!key) throw new Error('no such key');
  return key;
};

const json = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());

/** The same cache of verified tokens that ours has, in size and time. */
const verified = new Map<string, { claims: ReturnType<typeof json>; until: number }>();

const claimsOf = async (token: string) => {
  const known = verified.get(token);
  if (known && Date.now() < known.until) return known.claims;
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { alg, kid } = json(header);
  if (alg !== 'RS256') throw new Error('algorithm');
  const isGood = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    await keyFor(kid),
    Buffer.from(signature, 'base64url'),
  );
  const claims = json(payload);
  const isMeant = claims.iss === JWT_ISSUER && claims.aud === JWT_AUDIENCE && claims.exp * 1000 > Date.now();
  if (!isGood || !isMeant) throw new Error('token');
  if (verified.size >= 256) for (const oldest of verified.keys()) if (verified.delete(oldest)) break;
  verified.set(token, { claims, until: Math.min(Date.now() + 60_000, claims.exp * 1000) });
  return claims;
};

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

let signingKey: { day: string; key: Buffer } | undefined;
const signingKeyOf = (day: string): Buffer => {
  if (signingKey?.day !== day) {
    const key = [day, AWS_REGION ?? '', 'dynamodb', 'aws4_request'].reduce<string | Buffer>(
      hmac,
      `AWS4${AWS_SECRET_ACCESS_KEY}`,
    );
    signingKey = { day, key: Buffer.from(key) };
  }
  return signingKey.key;
};

const endpoint = new URL(DYNAMODB_ENDPOINT);

/** Calls DynamoDB, signed with Signature Version 4. */
const call = async (operation: string, input: object) => {
  const body = JSON.stringify(input);
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.0',
    host: endpoint.host,
    'x-amz-date': time,
    ...(AWS_SESSION_TOKEN && { 'x-amz-security-token': AWS_SESSION_TOKEN }),
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const request = ['POST', '/', '', lines.join(''), names, hash(body)].join('\n');
  const scope = `${day}/${AWS_REGION}/dynamodb/aws4_request`;
  const signature = hmac(signingKeyOf(day), `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(request)}`).toString('hex');
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  const { status, text } = await send(endpoint, 'POST', headers, body);
  if (status !== 200) throw new Error(text);
  return JSON.parse(text);
};

type Attribute = {
  S?: string;
  N?: string;
  BOOL?: boolean;
  NULL?: true;
  L?: Attribute[];
  M?: Record<string, Attribute>;
};

const toAttribute = (value: unknown): Attribute => {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null || typeof value !== 'object') return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  return { M: Object.fromEntries(Object.entries(value).map(([name, it]) => [name, toAttribute(it)])) };
};

const fromAttribute = ({ S, N, BOOL, L, M }: Attribute): unknown => {
  if (S !== undefined) return S;
  if (N !== undefined) return Number(N);
  if (L) return L.map(fromAttribute);
  if (M) return Object.fromEntries(Object.entries(M).map(([name, it]) => [name, fromAttribute(it)]));
  return BOOL ?? null;
};

const isText = (value: unknown, max: number) => typeof value === 'string' && value.length > 0 && value.length <= max;

type Item = { type?: unknown; value?: unknown; isPreferred?: unknown; fieldKey?: unknown };

const isList = (value: unknown, max: number, isItem: (item: Item) => boolean): value is Item[] =>
  Array.isArray(value) && value.length <= max && value.every(isItem);

const isMethod = (item: Item) =>
  isText(item.type, 10) && isText(item.value, 500) && typeof item.isPreferred === 'boolean';

const validators: Record<string, (value: unknown) => boolean> = {
  name: (value) => isText(value, 500),
  avatarUrl: (value) =>
    value === null || (isText(value, 2048) && /^https?:/.test(String(value)) && URL.canParse(String(value))),
  contactMethods: (value) => isList(value, 50, isMethod) && value.filter((item) => item.isPreferred).length === 1,
  customFields: (value) => isList(value, 100, (item) => isText(item.fieldKey, 100)),
};

const update = async (event: APIGatewayProxyEventV2) => {
  const { workspaceId = '', clientId = '' } = event.pathParameters ?? {};
  const claims = await claimsOf((event.headers.authorization ?? '').slice('Bearer '.length));
  if (!claims.workspaces[workspaceId]?.includes('clients.update')) throw new Error('permission');
  const patch = Object.entries(JSON.parse(event.body ?? ''));
  if (!patch.every(([name, value]) => validators[name]?.(value))) throw new Error('fields');
  const changes = [...patch, ['updatedAt', new Date().toISOString()] as const];
  const { Attributes } = await call('UpdateItem', {
    TableName: TABLE_NAME,
    Key: { pk: { S: `WORKSPACE#${workspaceId}` }, sk: { S: `CLIENT#${clientId}` } },
    UpdateExpression: `SET ${changes.map((_, index) => `#n${index} = :v${index}`).join(', ')} ADD version :one`,
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: Object.fromEntries(changes.map(([name], index) => [`#n${index}`, name])),
    ExpressionAttributeValues: {
      ':one': { N: '1' },
      ...Object.fromEntries(changes.map(([, value], index) => [`:v${index}`, toAttribute(value)])),
    },
    ReturnValues: 'ALL_NEW',
  });
  const { pk, sk, version, ...fields } = Attributes;
  const client = Object.fromEntries(Object.entries<Attribute>(fields).map(([name, it]) => [name, fromAttribute(it)]));
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', etag: `"${version.N}"` },
    body: JSON.stringify({ client: { ...client, id: clientId } }),
  };
};

export const handler = (event: APIGatewayProxyEventV2) => update(event).catch(() => ({ statusCode: 400, body: '{}' }));
