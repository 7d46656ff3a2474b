import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clients } from '../../../functions/update-client/client.ts';
import { workspaces } from '../../../functions/update-workspace/workspace.ts';
import type { UniqueField } from '../../../lib/domain/record-kind.ts';
import { tableAccessOf } from '../../../lib/table/access.ts';
import { checkKeySpace } from '../../../lib/table/key-space.ts';
import { claimKeyOf, keyOf } from '../../../lib/table/keys.ts';

const unique = (field: Partial<UniqueField> = {}): UniqueField => ({
  within: 'workspace',
  ignoresCase: false,
  claim: 'NUMBER',
  problem: 'value-taken',
  ...field,
});

describe('the key of a record', () => {
  test('is the one that the table has always had', () => {
    expect(keyOf(workspaces, { workspaceId: 'w' })).toEqual({ pk: 'WORKSPACE#w', sk: 'WORKSPACE' });
    expect(keyOf(clients, { workspaceId: 'w', clientId: 'c' })).toEqual({ pk: 'WORKSPACE#w', sk: 'CLIENT#c' });
    expect(claimKeyOf(workspaces.unique.email, { workspaceId: 'w' }, 'Jane@Example.com')).toEqual({
      pk: 'EMAIL#jane@example.com',
      sk: 'EMAIL',
    });
  });

  test('is in the partition of its workspace', () => {
    const segment = fc.oneof(fc.stringMatching(/^[A-Z]{1,5}$/), fc.constant('{noteId}'));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), fc.string(), fc.string(), (segments, workspaceId, noteId) => {
        const { pk } = keyOf({ sortKey: segments.join('#') }, { workspaceId, noteId });
        expect(pk).toBe(`WORKSPACE#${workspaceId}`);
      }),
    );
  });

  test('is not made without one of its ids', () => {
    expect(() => keyOf(clients, { workspaceId: 'w' })).toThrow('clientId');
  });
});

describe('the claim on a unique value', () => {
  test('is in the partition of the workspace if its scope is the workspace', () => {
    const key = claimKeyOf(unique(), { workspaceId: 'w', clientId: 'c' }, 'aB#1');
    expect(key).toEqual({ pk: 'WORKSPACE#w', sk: 'NUMBER#aB#1' });
  });

  test.each([
    ['workspace', ['WORKSPACE#']],
    ['platform', ['WORKSPACE#', 'NUMBER#']],
  ] as const)('within a %s is in a partition that the function may write to', (within, tablePartitions) => {
    const field = unique({ within });
    const access = tableAccessOf({ unique: { number: field } });
    expect(access).toEqual({ tableActions: ['UpdateItem', 'PutItem', 'DeleteItem'], tablePartitions });
    const { pk } = claimKeyOf(field, { workspaceId: 'w' }, '1');
    expect(tablePartitions.some((prefix) => pk.startsWith(prefix))).toBe(true);
  });
});

describe('kinds of items', () => {
  const kind = (name: string, sortKey: string, fields: Record<string, UniqueField> = {}) => ({
    name,
    sortKey,
    unique: fields,
  });

  test.each([
    ['a kind that several endpoints change', [clients, clients, workspaces]],
    ['kinds with different words', [kind('a', 'A#{id}'), kind('b', 'B#{id}'), kind('c', 'A'), kind('d', 'A#{id}#{x}')]],
    ['a unique field of each scope', [kind('a', 'A', { x: unique(), y: unique({ claim: 'Y', within: 'platform' }) })]],
  ])('have different keys: %s', (_, kinds) => {
    expect(() => checkKeySpace(kinds)).not.toThrow();
  });

  test.each([
    ['two kinds with one prefix', [kind('a', 'A#{aId}'), kind('b', 'A#{bId}')], /kind "a" and .*kind "b" may/],
    ['an id that may be the word of another', [kind('a', '{aId}#X'), kind('b', 'B#{bId}')], /"a" and .*"b" may/],
    ['a claim like a record', [kind('a', 'A#{aId}', { x: unique({ claim: 'A' }) })], /kind "a" and .*"x"/],
    ['two claims', [kind('a', 'A', { x: unique() }), kind('b', 'B', { y: unique() })], /"x" .* and .*"y"/],
    ['claims like workspaces', [kind('a', 'A', { x: unique({ claim: 'WORKSPACE', within: 'platform' }) })], null],
    ['an id beside a word', [kind('a', 'A-{aId}')], /sortKey of the kind "a" .*"A-\{aId\}"/],
    ['an empty segment', [kind('a', 'A#')], /sortKey of the kind "a"/],
    ['a claim that is no word', [kind('a', 'A', { x: unique({ claim: 'x#' }) })], /claim of .*"x" of the kind "a"/],
  ])('have different keys, unlike %s', (_, kinds, message) => {
    if (message) expect(() => checkKeySpace(kinds)).toThrow(message);
    else expect(() => checkKeySpace(kinds)).not.toThrow();
  });

  test('that pass the check have different keys, whatever their ids and values are', () => {
    const segment = fc.constantFrom('A', 'B', '{x}', '{y}');
    const sortKey = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('#'));
    const text = fc.constantFrom('A', 'B', 'a', 'A#B', 'B#A');
    fc.assert(
      fc.property(sortKey, sortKey, fc.constantFrom('A', 'B'), text, (one, other, claim, value) => {
        const claiming = unique({ claim });
        const kinds = [kind('one', one, { field: claiming }), kind('other', other)];
        try {
          checkKeySpace(kinds);
        } catch {
          return;
        }
        const words = ['A', 'B', 'a'];
        const all = words.flatMap((x) => words.map((y) => ({ workspaceId: 'w', x, y })));
        const keysOf = (sortKey: string) => new Set(all.map((ids) => JSON.stringify(keyOf({ sortKey }, ids))));
        const claims = new Set([JSON.stringify(claimKeyOf(claiming, { workspaceId: 'w' }, value))]);
        for (const [mine, theirs] of [
          [keysOf(one), keysOf(other)],
          [keysOf(one), claims],
          [keysOf(other), claims],
        ] as const) {
          expect([...mine].filter((key) => theirs.has(key))).toEqual([]);
        }
      }),
    );
  });
});
