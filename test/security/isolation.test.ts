import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Item } from '../../lib/table/changes.ts';
import { numberedPatch } from '../declared/bodies.ts';
import { type Declared, keyFor } from '../declared/kind.ts';
import { pathOf, storedItem } from '../declared/records.ts';
import { type Aim, aimsOf, onlyId } from './aims.ts';
import { endpoints, idsOf, ownIdsOf, permissions } from './declared.ts';
import { type Caller, callerOf, callers, pretencesFor } from './isolation.ts';
import { type RawResponse, withoutId } from './raw-http.ts';
import { keyIn, startTarget, type Target } from './target.ts';

/** One endpoint of each kind of record. */
const kinds = endpoints.filter(({ kind }, index) => endpoints.findIndex((one) => one.kind === kind) === index);

/** The workspace that lacks the records of one kind only. */
const without = ({ kind }: Declared): string => `without-${kind.name}`;

/** What the aims are at: records of every kind under the same ids, and for each kind a few that no other has. */
const recordsOf = (endpoint: Declared): Item[] => {
  const at = (workspaceId: string, id: string) =>
    storedItem(endpoint, idsOf(endpoint, workspaceId, id), { version: 1 });
  const others = kinds.filter(({ kind }) => kind !== endpoint.kind).map((other) => at(without(other), 'mine'));
  const nested = [at('own', 'same'), at('foreign', 'same'), at('own', onlyId(endpoint.kind))];
  return [at('own', 'mine'), at('foreign', 'theirs'), ...others, ...(ownIdsOf(endpoint).length > 0 ? nested : [])];
};

const keyOfAim = (endpoint: Declared, { ids }: Aim): string[] => {
  if (!ids) return [];
  const { pk, sk } = keyFor(endpoint, ids);
  return [`${pk} ${sk}`];
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

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  await target.put(...kinds.flatMap(recordsOf));
}, 60_000);
afterAll(() => target?.close());

let sent = 1_000;
const attempt = (
  { claims }: Caller,
  endpoint: Declared,
  path: string,
  headers: readonly (readonly [string, string])[] = [],
): Promise<RawResponse> => {
  const { permission } = endpoint;
  const others = [...permissions.filter((other) => other !== permission), 'others.update'];
  const token = claims && target.issuer.token(claims(permission, others));
  return target.send({
    target: path,
    headers: [
      ['Content-Type', 'application/json'],
      ...(token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const]),
      ...headers,
    ],
    // A new value each time, so that every write is visible in the table.
    body: JSON.stringify(numberedPatch(endpoint, sent++)),
  });
};

describe.each(endpoints)('$id', (endpoint) => {
  const aims = aimsOf(endpoint);

  describe.each(callers)('for a caller with $says ($standing)', (caller) => {
    test('gets the expected response for each path: refusals of a kind are identical, and nothing else changes', async () => {
      const refusals = new Map<string, RawResponse>();
      let before = await target.stored();
      for (const aim of aims) {
        const response = withoutId(await attempt(caller, endpoint, aim.path));
        const after = await target.stored();
        expect({ aim: aim.says, status: response.status, changed: changedBetween(before, after) }).toEqual({
          aim: aim.says,
          status: aim.owed[caller.standing],
          changed: response.status === 200 ? keyOfAim(endpoint, aim) : [],
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
      for (const header of pretencesFor(aims[0]?.path ?? '')) {
        for (const { path, owed } of aims.slice(0, 3)) {
          const { status } = await attempt(callerOf(standing), endpoint, path, [header]);
          expect({ header, status }).toEqual({ header, status: owed[standing] });
        }
      }
    },
  );

  test('a refusal depends neither on the body nor on the stored version', async () => {
    const stranger = callerOf('foreign');
    const path = aims[0]?.path ?? '';
    const plain = withoutId(await attempt(stranger, endpoint, path));
    for (const header of [
      ['If-Match', '"1"'],
      ['If-Match', 'x'],
      ['Content-Type', 'text/plain'],
    ] as const) {
      expect(withoutId(await attempt(stranger, endpoint, path, [header]))).toEqual(plain);
    }
    expect(plain.status).toBe(403);
  });

  test('changes no item of another kind, whatever the caller may do', async () => {
    const workspaceId = without(endpoint);
    const everything: Caller = {
      ...callerOf('own'),
      claims: () => ({ workspaces: { [workspaceId]: permissions } }),
    };
    const before = await target.stored();
    const { status } = await attempt(everything, endpoint, pathOf(endpoint, idsOf(endpoint, workspaceId, 'mine')));
    expect({ status, changed: changedBetween(before, await target.stored()) }).toEqual({ status: 404, changed: [] });
  });
});
