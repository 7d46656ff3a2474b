import { expect, test } from 'vitest';
import { fields, StorableNumber } from '../../../lib/domain/fields.ts';
import { numberedPatch } from '../../declared/bodies.ts';
import type { Declared } from '../../declared/kind.ts';
import { invented } from './invented.ts';

test('a numbered patch never sends the example, which a stored record already has', () => {
  const body = fields({ amount: StorableNumber });
  const endpoint: Declared = { ...invented, body, example: { ...invented.example, body: { amount: 2 } } };
  const patches = [0, 1, 2, 3].map((number) => numberedPatch(endpoint, number));

  expect(patches).not.toContainEqual({ amount: 2 });
  expect(new Set(patches.map((patch) => JSON.stringify(patch))).size).toBe(4);
});
