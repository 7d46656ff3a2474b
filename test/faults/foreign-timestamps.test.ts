import { describe, expect } from 'vitest';
import { changesOf, endpoints, replyTo, undated } from './changes.ts';
import { engines } from './suite.ts';

const noon = Date.UTC(2024, 0, 15, 12);

const timestamps = [
  // All of them are a second past noon, and all of them come before noon as text.
  '2024-01-15T07:00:01-05:00',
  '2024-01-15 12:00:01.000000+00:00',
  '15 Jan 2024 12:00:01 GMT',
];

const cases = engines.flatMap(({ engine, testOnIt }) =>
  endpoints.map((endpoint) => ({ engine, testOnIt, endpoint, id: endpoint.id })),
);

describe.each(cases)('another service stored a record of $id, on $engine', ({ testOnIt: test, endpoint }) => {
  const ahead = timestamps.flatMap((timestamp) =>
    ['updatedAt', 'createdAt'].map((attribute) => ({ timestamp, attribute })),
  );
  test.for(ahead)(
    '$attribute is $timestamp, ahead of this clock: it does not run backwards',
    async ({ attribute, timestamp }, { store, serve }) => {
      const service = await serve({ now: () => noon });
      const subject = await store.newRecord(endpoint, { ...undated(endpoint), [attribute]: timestamp });

      for (const { change, body: newBody } of changesOf(endpoint)) {
        const body = newBody();
        expect(await service.patch({ ...subject, body }), change).toMatchObject({
          status: 200,
          body: replyTo(endpoint, body, '2024-01-15T12:00:01.000Z'),
        });
      }
    },
  );

  // Read as milliseconds it is a year with five digits, which no response can state (RFC 3339 has four).
  const unreadable = [noon * 1000, '+056010-01-01T00:00:00.000Z'];
  const each = unreadable.flatMap((updatedAt) => changesOf(endpoint).map((change) => ({ updatedAt, ...change })));
  test.for(each)(
    'updatedAt is $updatedAt: a change of $change is 200, and not stored behind a 500',
    async ({ updatedAt, body: newBody }, { store, serve }) => {
      const service = await serve({ now: () => noon });
      const subject = await store.newRecord(endpoint, { ...undated(endpoint), updatedAt });
      const body = newBody();

      expect(await service.patch({ ...subject, body })).toMatchObject({
        status: 200,
        body: replyTo(endpoint, body, '2024-01-15T12:00:00.000Z'),
      });
      expect(service.defects).toEqual([]);
    },
  );
});
