import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import * as v from 'valibot';

/**
 * Update Client as a team would write it with the same libraries as they come: what all peers share, so that only
 * their frameworks differ. Without our logging, our metrics and the finer points of our contract.
 */

const variable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

const issuer = variable('JWT_ISSUER');
const audience = variable('JWT_AUDIENCE');
const tableName = variable('TABLE_NAME');
const keys = createRemoteJWKSet(new URL(variable('JWT_JWKS_URI')));
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: variable('DYNAMODB_ENDPOINT') }));

export type Ids = { workspaceId?: string | undefined; clientId?: string | undefined };

type Answer = { status: number; headers: Record<string, string>; body: object };

export class Refusal extends Error {
  readonly answer: Answer;

  constructor(
    status: number,
    title: string,
    { headers = {}, errors = [] }: { headers?: Record<string, string>; errors?: object[] } = {},
  ) {
    super(title);
    const body = { type: 'about:blank', title, status, ...(errors.length > 0 && { errors }) };
    this.answer = { status, headers: { ...headers, 'content-type': 'application/problem+json' }, body };
  }
}

/** The answer to whatever was thrown. */
export const answerTo = (error: unknown): Answer => {
  if (error instanceof Refusal) return error.answer;
  console.error(error);
  return new Refusal(500, 'Internal error').answer;
};

/** The same cache of verified tokens that ours has, in size and time. */
const verified = new Map<string, { payload: JWTPayload; until: number }>();

const claimsOf = async (token: string): Promise<JWTPayload> => {
  const known = verified.get(token);
  if (known && Date.now() < known.until) return known.payload;
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience,
    algorithms: ['RS256'],
    clockTolerance: 5,
    requiredClaims: ['sub', 'iat', 'exp'],
  });
  if (verified.size >= 256) for (const oldest of verified.keys()) if (verified.delete(oldest)) break;
  verified.set(token, { payload, until: Math.min(Date.now() + 60_000, (payload.exp ?? 0) * 1000) });
  return payload;
};

const Workspaces = v.record(v.string(), v.array(v.string()));

const authorize = async (authorization: string | undefined, { workspaceId = '' }: Ids): Promise<void> => {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (!token) throw new Refusal(401, 'Token missing', { headers: { 'www-authenticate': 'Bearer' } });
  let payload: JWTPayload;
  try {
    payload = await claimsOf(token);
  } catch {
    throw new Refusal(401, 'Token refused', { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
  }
  const { success, output } = v.safeParse(Workspaces, payload.workspaces);
  if (!success || !output[workspaceId]?.includes('clients.update')) {
    throw new Refusal(403, 'Permission missing', {
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
    });
  }
};

const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));

const Patch = v.strictObject({
  name: v.exactOptional(text(500)),
  avatarUrl: v.exactOptional(v.nullable(v.pipe(text(2048), v.url(), v.regex(/^https?:/)))),
  contactMethods: v.exactOptional(
    v.pipe(
      v.array(
        v.strictObject({
          type: v.picklist(['whatsapp', 'phone', 'email', 'fax', 'other']),
          value: text(500),
          isPreferred: v.boolean(),
        }),
      ),
      v.minLength(1),
      v.maxLength(50),
      v.check((methods) => methods.filter(({ isPreferred }) => isPreferred).length === 1),
    ),
  ),
  customFields: v.exactOptional(
    v.pipe(
      v.array(
        v.strictObject({
          fieldKey: text(100),
          value: v.union([
            v.pipe(v.string(), v.maxLength(5000)),
            v.boolean(),
            v.null(),
            v.number(),
            v.array(v.string()),
          ]),
        }),
      ),
      v.maxLength(100),
      v.check((fields) => new Set(fields.map(({ fieldKey }) => fieldKey)).size === fields.length),
    ),
  ),
});
type Patch = v.InferOutput<typeof Patch>;

const patchIn = (body: unknown): Patch => {
  const { success, output, issues } = v.safeParse(Patch, body);
  if (!success) {
    const errors = issues.map((issue) => ({
      pointer: `/${v.getDotPath(issue)?.replaceAll('.', '/')}`,
      detail: 'is not valid',
    }));
    throw new Refusal(422, 'Fields not valid', { errors });
  }
  if (Object.keys(output).length === 0) throw new Refusal(400, 'Nothing to change');
  return output;
};

const Id = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));

const Stored = v.object({
  name: v.string(),
  avatarUrl: v.nullish(v.string(), null),
  contactMethods: v.nullish(v.array(v.unknown()), []),
  customFields: v.nullish(v.array(v.unknown()), []),
  createdAt: v.nullish(v.string(), null),
  updatedAt: v.string(),
});

const versionIn = (ifMatch: string | undefined): number | undefined => {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const [, version] = /^"(\d+)"$/.exec(ifMatch) ?? [];
  if (version === undefined) throw new Refusal(412, 'Record has changed');
  return Number(version);
};

const write = async (ids: Ids, patch: Patch, version: number | undefined) => {
  const changes = Object.entries({ ...patch, updatedAt: new Date().toISOString() });
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk: `WORKSPACE#${ids.workspaceId}`, sk: `CLIENT#${ids.clientId}` },
        UpdateExpression: `SET ${changes.map((_, index) => `#n${index} = :v${index}`).join(', ')} ADD #version :one`,
        ConditionExpression: `attribute_exists(pk)${version === undefined ? '' : ' AND #version = :version'}`,
        ExpressionAttributeNames: {
          '#version': 'version',
          ...Object.fromEntries(changes.map(([name], index) => [`#n${index}`, name])),
        },
        ExpressionAttributeValues: {
          ':one': 1,
          ...(version !== undefined && { ':version': version }),
          ...Object.fromEntries(changes.map(([, value], index) => [`:v${index}`, value])),
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return Attributes;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw error.Item ? new Refusal(412, 'Record has changed') : new Refusal(404, 'Not found');
  }
};

const isJson = (contentType: string | undefined): boolean =>
  /^application\/(merge-patch\+)?json\b/i.test(contentType ?? '');

export type UpdateRequest = {
  ids: Ids;
  header: (name: string) => string | undefined;
  body: () => unknown;
};

/**
 * Update Client, from the parts of a request to an answer.
 *
 * @throws Refusal, or a defect, for `answerTo`
 */
export const updateClient = async ({ ids, header, body }: UpdateRequest): Promise<Answer> => {
  await authorize(header('authorization'), ids);
  if (!v.is(Id, ids.workspaceId) || !v.is(Id, ids.clientId)) throw new Refusal(404, 'Not found');
  if (!isJson(header('content-type'))) throw new Refusal(415, 'Media type not supported');
  const stored = await write(ids, patchIn(await body()), versionIn(header('if-match')));
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      etag: `"${stored?.version}"`,
    },
    body: { client: { id: ids.clientId, ...v.parse(Stored, stored) } },
  };
};

/** The JSON of a body, for those whose framework does not read it. */
export const jsonIn = (body: string | undefined): unknown => {
  try {
    return JSON.parse(body ?? '');
  } catch {
    throw new Refusal(400, 'Body not readable');
  }
};
