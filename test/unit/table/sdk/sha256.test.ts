import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sha256 } from '../../../../lib/table/sdk/sha256.ts';

const pieces = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
    fc.uint8Array().map(({ buffer }) => buffer),
  ),
);

const bytesOf = (piece: string | ArrayBuffer | Uint8Array): Buffer =>
  typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(new Uint8Array(piece));

describe('Sha256', () => {
  test('is the hash of all pieces, whatever their types', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (all) => {
        const sha256 = new Sha256();
        for (const piece of all) sha256.update(piece);
        const expected = createHash('sha256')
          .update(Buffer.concat(all.map(bytesOf)))
          .digest();
        expect(Buffer.from(await sha256.digest())).toEqual(expected);
      }),
    );
  });

  test('is the HMAC of all pieces if there is a secret', async () => {
    await fc.assert(
      fc.asyncProperty(
        pieces,
        fc.oneof(fc.string({ minLength: 1 }), fc.uint8Array({ minLength: 1 })),
        async (all, secret) => {
          const hmac = new Sha256(secret);
          for (const piece of all) hmac.update(piece);
          const expected = createHmac('sha256', secret)
            .update(Buffer.concat(all.map(bytesOf)))
            .digest();
          expect(Buffer.from(await hmac.digest())).toEqual(expected);
        },
      ),
    );
  });

  test('starts over after a reset', async () => {
    const sha256 = new Sha256();
    const empty = await sha256.digest();
    sha256.update('a');
    sha256.reset();
    expect(await sha256.digest()).toEqual(empty);
  });
});
