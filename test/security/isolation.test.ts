import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimKeyOf, keyOf } from '../harness/database/keys.ts';
import { type Aim, aims, type Caller, callers, type Permission, pretences, type Standing } from './isolation.ts';
import { type RawResponse, withoutId } from './raw-http.ts';
import { keyIn, startTarget, type Target } from './target.ts';

const timestamp = '2024-01-15T10:00:00.000Z';
const stamps = { version: 1, createdAt: timestamp, updatedAt: timestamp };
const records = ['own', 'foreign'].flatMap((workspaceId) => [
  { ...keyOf({ workspaceId }), ...stamps, name: workspaceId, email: `${workspaceId}@example.com` },
  { ...claimKeyOf(`${workspaceId}@example.com`), workspaceId },
  ...['same', workspaceId === 'own' ? 'mine' : 'theirs'].map((clientId) => ({
    ...keyOf({ workspaceId, clientId }),
    ...stamps,
    name: `${clientId} of ${workspaceId}`,
  })),
]);

/** The key of the only item that a request for a path may change, such as `/v1/workspace/own/clients/mine` in any encoding. */
const keyAimedAt = ({ path }: Aim): string => {
  const [, , , workspaceId = '', , clientId] = decodeURIComponent(path.split('?')[0] ?? '').split('/');
  const { pk, sk } = keyOf({ workspaceId, ...(clientId !== undefined && { clientId }) });
  return `${pk} ${sk}`;
};

/** The keys of the items that differ between two states of the table, byte by byte. */
const changedBetween = (
  before: readonly Record<string, AttributeValue>[],
  after: readonly Record<string, AttributeValue>[],
): string[] => {
  const onlyIn = (some: typeof before, others: typeof before) =>
    some.filter((item) => !others.some((other) => isDeepStrictEqual(item, other))).map(keyIn);
  return [...new Set([...onlyIn(before, after), ...onlyIn(after, before)])];
};

const callerOf = (standing: Standing): Caller => {
  const caller = callers.findLast((one) => one.standing === standing);
  if (!caller) throw new Error(`No caller is ${standing}.`);
  return caller;
};

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  await target.put(...records);
}, 60_000);
afterAll(() => target?.close());

let sent = 0;
const attempt = (
  { claims }: Caller,
  permission: Permission,
  path: string,
  headers: readonly (readonly [string, string])[] = [],
): Promise<RawResponse> => {
  const other = permission === 'clients.update' ? 'workspace.update' : 'clients.update';
  const token = claims && target.issuer.token(claims(permission, other));
  return target.send({
    target: path,
    headers: [
      ['Content-Type', 'application/json'],
      ...(token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const]),
      ...headers,
    ],
    // A new name each time, so that every write is visible in the table.
    body: JSON.stringify({ name: `changed ${sent++}` }),
  });
};

describe.each<Permission>(['workspace.update', 'clients.update'])('%s', (permission) => {
  describe.each(callers)('for a caller with $says ($standing)', (caller) => {
    test('gets the expected response for each path: refusals of a kind are identical, and nothing else changes', async () => {
      const refusals = new Map<string, RawResponse>();
      let before = await target.stored();
      for (const aim of aims[permission]) {
        const response = withoutId(await attempt(caller, permission, aim.path));
        const after = await target.stored();
        expect({ aim: aim.says, status: response.status, changed: changedBetween(before, after) }).toEqual({
          aim: aim.says,
          status: aim.owed[caller.standing],
          changed: response.status === 200 ? [keyAimedAt(aim)] : [],
        });
        before = after;
        if (response.status === 200) continue;
        // The gateway responds by itself if it has no route; it knows no records.
        const kind = response.text.includes('"message"') ? 'gateway' : String(response.status);
        expect({ aim: aim.says, response }).toEqual({ aim: aim.says, response: refusals.get(kind) ?? response });
        refusals.set(kind, response);
      }
    });
  });

  test.each(['powerless', 'own', 'foreign'] as const)(
    'ignores headers that claim another identity: %s',
    async (standing) => {
      for (const header of pretences) {
        for (const { path, owed } of aims[permission].slice(0, 3)) {
          const { status } = await attempt(callerOf(standing), permission, path, [header]);
          expect({ header, status }).toEqual({ header, status: owed[standing] });
        }
      }
    },
  );

  test('a refusal depends neither on the body nor on the stored version', async () => {
    const stranger = callerOf('foreign');
    const path = aims[permission][0]?.path ?? '';
    const plain = withoutId(await attempt(stranger, permission, path));
    for (const header of [
      ['If-Match', '"1"'],
      ['If-Match', 'x'],
      ['Content-Type', 'text/plain'],
    ] as const) {
      expect(withoutId(await attempt(stranger, permission, path, [header]))).toEqual(plain);
    }
    expect(plain.status).toBe(403);
  });
});

describe('the e-mail address of another workspace', () => {
  const changeEmail = (workspaceId: string, email: string): Promise<RawResponse> =>
    target.send({
      target: `/v1/workspace/${workspaceId}`,
      headers: [
        ['Authorization', `Bearer ${target.issuer.token({ workspaces: { [workspaceId]: ['workspace.update'] } })}`],
        ['Content-Type', 'application/json'],
      ],
      body: JSON.stringify({ email }),
    });

  test('cannot be taken, in any spelling', async () => {
    const before = await target.stored();
    for (const email of ['foreign@example.com', 'FOREIGN@EXAMPLE.COM', 'Foreign@example.com']) {
      const { status } = await changeEmail('own', email);
      expect({ email, status }).toEqual({ email, status: 409 });
    }
    expect(await target.stored()).toEqual(before);
  });

  test('is not released by a workspace that has it without a claim', async () => {
    await target.put({ ...keyOf({ workspaceId: 'squatter' }), ...stamps, name: 'x', email: 'foreign@example.com' });
    const { status } = await changeEmail('squatter', 'elsewhere@example.com');
    expect(status).toBe(200);
    expect(await changeEmail('own', 'foreign@example.com')).toMatchObject({ status: 409 });
  });
});
