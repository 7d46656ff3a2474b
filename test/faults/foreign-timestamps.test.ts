import { describe, expect } from 'vitest';
import { engines } from './suite.ts';

const noon = Date.UTC(2024, 0, 15, 12);

describe.each(engines)('another service stored a timestamp ahead of this clock, on $engine', ({ testOnIt: test }) => {
  // All of them are a second past noon, and all of them come before noon as text.
  const timestamps = ['2024-01-15T07:00:01-05:00', '2024-01-15 12:00:01.000000+00:00', '15 Jan 2024 12:00:01 GMT'];
  const cases = timestamps.flatMap((timestamp) =>
    ['updatedAt', 'createdAt'].map((attribute) => ({ timestamp, attribute })),
  );
  test.for(cases)('$attribute is $timestamp: it does not run backwards', async (stored, { store, serve }) => {
    const service = await serve({ now: () => noon });
    const ids = await store.newWorkspace({ [stored.attribute]: stored.timestamp });

    expect(await service.patch({ ids, body: { name: 'after' } })).toMatchObject({
      status: 200,
      body: { workspace: { name: 'after', updatedAt: '2024-01-15T12:00:01.000Z' } },
    });
  });

  // Read as milliseconds it is a year with five digits, which no response can state (RFC 3339 has four).
  test.for([noon * 1000, '+056010-01-01T00:00:00.000Z'])(
    'updatedAt is %s: a change is 200, and not stored behind a 500',
    async (updatedAt, { store, serve }) => {
      const service = await serve({ now: () => noon });
      const ids = await store.newWorkspace({ updatedAt });

      expect(await service.patch({ ids, body: { email: `${ids.workspaceId}@example.com` } })).toMatchObject({
        status: 200,
        body: { workspace: { updatedAt: '2024-01-15T12:00:00.000Z' } },
      });
      expect(service.defects).toEqual([]);
    },
  );
});
