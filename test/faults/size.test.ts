import { describe, expect } from 'vitest';
import { merged, numberedPatch } from '../declared/bodies.ts';
import { fieldsOf } from '../declared/fields.ts';
import type { Declared } from '../declared/kind.ts';
import { attributesOf, changes, endpoints } from './changes.ts';
import type { Store } from './faulty-service.ts';
import { engines } from './suite.ts';

/** The maximum size of an item, including the names and values of all attributes, in bytes. */
const largest = 400 * 1024;

/**
 * The size of a value in bytes, to within a few.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
const sizeOf = (value: unknown): number => {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 1 + Math.ceil(String(value).length / 2);
  if (typeof value !== 'object' || value === null) return 1;
  const sizes = Object.entries(value).map(
    ([name, member]) => 1 + sizeOf(member) + (Array.isArray(value) ? 0 : sizeOf(name)),
  );
  return 3 + sizes.reduce((sum, size) => sum + size, 0);
};

/** The valid patch of one plain field that takes the most room. */
const largestPatch = (endpoint: Declared): object =>
  fieldsOf(endpoint)
    .filter(({ isUnique }) => !isUnique)
    .flatMap(({ body, accepted }) => accepted.map(body))
    .reduce((one, other) => (sizeOf(one) < sizeOf(other) ? other : one));

/** A record in which another service left enough room for a small patch, but not for a large one. */
const newFullRecord = async (store: Store, endpoint: Declared, { small, large }: Record<'small' | 'large', object>) => {
  const subject = await store.newRecord(endpoint);
  const item = await store.item(subject);
  const sizeAfter = (body: object) => sizeOf({ ...item, ...attributesOf(body), ballast: '' });
  const room = largest - Math.round((sizeAfter(small) + sizeAfter(large)) / 2);
  await store.overwrite(subject, { ballast: 'b'.repeat(room) });
  return subject;
};

describe.each(engines)(
  'a record near 400 KB, on $engine: a write that would cross it is 422, and changes nothing',
  ({ testOnIt: test }) => {
    test.for(changes)('$action for $change', async ({ action, endpoint, unique, body }, { store, serve }) => {
      const service = await serve();
      const [small, tried] = [body(1), body(2)];
      const large = merged([tried, largestPatch(endpoint)]);
      const subject = await newFullRecord(store, endpoint, { small, large });
      const before = await store.item(subject);

      const refused = await service.patch({ ...subject, body: large });
      expect(refused).toMatchObject({
        status: 422,
        body: { type: 'urn:problem-type:patchwork:record-too-large', errors: [{ pointer: '' }] },
      });
      expect(service.proxy.passages.map((passage) => passage.action)).toContain(action);
      expect(await store.item(subject)).toEqual(before);
      if (unique) {
        const { attribute } = unique.field;
        expect(await store.ownerOf(subject, attribute, String(attributesOf(tried)[attribute]))).toBeUndefined();
      }
      expect(service.defects).toEqual([]);

      expect(await service.patch({ ...subject, body: small })).toMatchObject({
        status: 200,
        headers: { etag: '"2"' },
      });
    });
  },
);

describe.each(engines)('an If-Match with more tags than a condition takes, on $engine', ({ testOnIt: test }) => {
  test.for(endpoints)('$id asks about 100 at a time: the limit of IN', async (endpoint, { store, serve }) => {
    const service = await serve();
    const subject = await store.newRecord(endpoint, { version: 149 });
    const tags = Array.from({ length: 150 }, (_, version) => `"${version}"`);
    const request = { ...subject, body: numberedPatch(endpoint, 1), ifMatch: tags.join(', ') };

    expect(await service.patch(request)).toMatchObject({ status: 200, headers: { etag: '"150"' } });
    const operands = service.proxy.passages.map(({ body }) => {
      const [, list = ''] = / IN \((.*?)\)/.exec(JSON.parse(body).ConditionExpression) ?? [];
      return list.split(',').length;
    });
    expect(operands).toEqual([100, 1]);
  });
});
