import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { is } from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replyOf } from '../../lib/domain/record-kind.ts';
import { expectedVersionsIn } from '../../lib/http/preconditions.ts';
import { twoFields } from '../declared/bodies.ts';
import { pathOf, storedItem } from '../declared/records.ts';
import { endpoints, idsOf } from './declared.ts';
import { heavyBodies, largestBody } from './heavy-bodies.ts';
import type { HeavyRequest, Outcome } from './small-heap.ts';
import { textSpots } from './spots.ts';
import { startTarget, type Target } from './target.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, in bytes */
const largestReply = 6 * 1024 * 1024;
/** The memory of Lambda's smallest function, in megabytes. */
const heap = 128;

describe('a body of 256 KiB', () => {
  let worker: Worker;
  beforeAll(() => {
    worker = new Worker(new URL('./small-heap.ts', import.meta.url), {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heap },
    });
  });
  afterAll(() => worker?.terminate());

  describe.each(endpoints)('for $id', (endpoint) => {
    test.each(heavyBodies(endpoint))(
      `of $says fits into a heap of ${heap} MB, and its response into Lambda's 6 MB`,
      async ({ body, owed }) => {
        const bytes = Buffer.from(body());
        expect(bytes.byteLength).toBeLessThanOrEqual(largestBody);
        const request: HeavyRequest = { id: endpoint.id, body: bytes };
        worker.postMessage(request);
        const [outcome]: Outcome[] = await once(worker, 'message');
        expect(outcome?.status).toBe(owed);
        expect(outcome?.size).toBeLessThan(largestReply / 2);
      },
      20_000,
    );
  });
});

describe('an If-Match of 10 KB, the limit for headers', () => {
  const filledTo10k = (before: string, unit: string, after: string) =>
    before + unit.repeat((10_240 - before.length - after.length) / unit.length) + after;

  test.each([
    ['of nothing but commas', filledTo10k('', ',', '')],
    ['of commas and spaces', filledTo10k('"1"', ' ,', 'x')],
    ['of commas, then spaces', filledTo10k(`"1"${','.repeat(5000)}`, ' ', 'x')],
    ['of a tag without an end', filledTo10k('"', 'a', '')],
    ['of tags without commas', filledTo10k('', '"1"', '')],
    ['of weak marks', filledTo10k('', 'W/', '"1')],
  ])('%s is refused', (_, header) => {
    expect(() => expectedVersionsIn(header)).toThrow('malformed-precondition');
  });

  test.each([
    ['of tags', filledTo10k('"1"', ',"1"', '')],
    ['of empty tags', filledTo10k('""', ',""', '')],
    ['of weak tags', filledTo10k('W/"1"', ',W/"1"', '')],
    ['of one tag', filledTo10k('"', 'a', '"')],
  ])('%s is parsed', (_, header) => {
    expect(expectedVersionsIn(header)).toEqual(expect.any(Array));
  });
});

describe('a record of 400 KB', () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  }, 60_000);
  afterAll(() => target?.close());

  const value = '\u0001'.repeat(390_000);
  const large = endpoints.flatMap((endpoint) =>
    textSpots(endpoint).flatMap(({ pointer, attribute, field }) => {
      const ids = idsOf(endpoint, 'own', `large-${attribute.replaceAll('.', '-')}`);
      const item = storedItem(endpoint, ids, { [attribute]: field(value) });
      const isShown = JSON.stringify(replyOf(endpoint.kind, ids, item)).includes(JSON.stringify(value));
      return isShown && is(endpoint.reply, replyOf(endpoint.kind, ids, item))
        ? [{ endpoint, id: endpoint.id, ids, pointer, attribute, item }]
        : [];
    }),
  );

  test.each(large)(
    'of $id can be returned, even if $pointer consists of characters that JSON must escape',
    async ({ endpoint, ids, item, attribute }) => {
      await target.put(item);
      const other = twoFields(endpoint).find((field) => field.attribute !== attribute);
      const { status, text } = await target.send({
        target: pathOf(endpoint, ids),
        headers: [
          ['Authorization', `Bearer ${target.issuer.token({ workspaces: { own: [endpoint.permission] } })}`],
          ['Content-Type', 'application/json'],
        ],
        body: JSON.stringify(other?.body(other.numbered(0))),
      });
      expect(status).toBe(200);
      expect(text).toContain(JSON.stringify(value));
      expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThan(largestReply / 2);
    },
  );
});
