import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { oneOf } from '../../../lib/domain/one-of.ts';
import { documented, expectPiece } from './pieces.ts';

describe('oneOf', () => {
  const texts = ['a', 'b', 'A b', ''] as const;

  test('accepts its texts, letter case included, and nothing else', () => {
    const sent = fc.oneof(fc.constantFrom<unknown>(...texts, 'B', 'a ', 'toString', 0, null, ['a'], {}), fc.string());
    fc.assert(
      fc.property(sent, (one) =>
        expectPiece(
          oneOf(texts),
          one,
          texts.some((text) => text === one),
        ),
      ),
    );
  });

  test('is documented by its texts', () => expect(documented(oneOf(texts))).toMatchObject({ enum: [...texts] }));

  test('names its texts in the message', () => {
    const { issues } = v.safeParse(oneOf(['whatsapp', 'phone', 'email', 'fax', 'other']), 'pigeon');
    expect(issues?.[0].message).toBe('must be one of whatsapp, phone, email, fax and other');
  });
});
