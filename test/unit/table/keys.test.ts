import { expect, test } from 'vitest';
import { claimKeyOf, keyOf } from '../../../lib/table/keys.ts';

test('a workspace and its clients share a partition, and the key of a client contains both ids', () => {
  expect(keyOf({ workspaceId: 'w' })).toEqual({ pk: 'WORKSPACE#w', sk: 'WORKSPACE' });
  expect(keyOf({ workspaceId: 'w', clientId: 'c' })).toEqual({ pk: 'WORKSPACE#w', sk: 'CLIENT#c' });
});

test('an address has one claim, regardless of letter case', () => {
  expect(claimKeyOf('Jane@Example.com')).toEqual({ pk: 'EMAIL#jane@example.com', sk: 'EMAIL' });
});
