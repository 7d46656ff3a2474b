import { describe, expect } from 'vitest';
import type { Store } from './faulty-service.ts';
import { engines } from './suite.ts';

/** The maximum size of an item, including the names and values of all attributes, in bytes. */
const largest = 400 * 1024;

/** An attribute of another service that leaves little of the 400 KB. */
const ballast = 'b'.repeat(largest - 2_000);
const text = 't'.repeat(2_000);

const calls = [
  {
    action: 'UpdateItem, client',
    create: (store: Store) => store.newClient({ ballast }),
    small: { name: 'after' },
    large: { customFields: [{ fieldKey: 'notes', value: text }] },
  },
  {
    action: 'UpdateItem, workspace',
    create: (store: Store) => store.newWorkspace({ ballast }),
    small: { slogan: 'after' },
    large: { slogan: 'after', labTemplates: { smsDefaultMessage: text } },
  },
  {
    action: 'TransactWriteItems',
    create: (store: Store) => store.newWorkspace({ ballast }),
    small: { email: `${crypto.randomUUID()}@example.com` },
    large: { email: `${crypto.randomUUID()}@example.com`, labTemplates: { smsDefaultMessage: text } },
  },
];

describe.each(engines)(
  'a record near 400 KB, on $engine: a write that would cross it is 422, and changes nothing',
  ({ testOnIt }) => {
    testOnIt.for(calls)('$action', async ({ create, small, large }, { store, serve }) => {
      const service = await serve();
      const ids = await create(store);
      const before = await store.item(ids);

      const refused = await service.patch({ ids, body: large });
      expect(refused).toMatchObject({
        status: 422,
        body: { type: 'urn:problem-type:patchwork:record-too-large', errors: [{ pointer: '' }] },
      });
      expect(await store.item(ids)).toEqual(before);
      if ('email' in large) expect(await store.ownerOf(large.email)).toBeUndefined();
      expect(service.defects).toEqual([]);

      expect(await service.patch({ ids, body: small })).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    });
  },
);

describe.each(engines)('an If-Match with more tags than a condition takes, on $engine', ({ testOnIt: test }) => {
  test('asks about 100 at a time: the limit of IN', async ({ store, serve }) => {
    const service = await serve();
    const ids = await store.newClient({ version: 149 });
    const tags = Array.from({ length: 150 }, (_, version) => `"${version}"`);

    expect(await service.patch({ ids, body: { name: 'after' }, ifMatch: tags.join(', ') })).toMatchObject({
      status: 200,
      headers: { etag: '"150"' },
    });
    const operands = service.proxy.passages.map(({ body }) => {
      const [, list = ''] = / IN \((.*?)\)/.exec(JSON.parse(body).ConditionExpression) ?? [];
      return list.split(',').length;
    });
    expect(operands).toEqual([100, 1]);
  });
});
