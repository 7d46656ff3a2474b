import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedVersionsIn } from '../../lib/http/preconditions.ts';
import { keyOf } from '../harness/database/keys.ts';
import type { Outcome } from './small-heap.ts';
import { startTarget, type Target } from './target.ts';

const largestBody = 256 * 1024;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, in bytes */
const largestReply = 6 * 1024 * 1024;
/** The memory of Lambda's smallest function, in megabytes. */
const heap = 128;

/** A body of at most 256 KiB: `unit` as often as it fits between `before` and `after`. */
const filled = (before: string, unit: string, after: string): string =>
  before + unit.repeat(Math.floor((largestBody - before.length - after.length) / unit.length)) + after;

/** The same with different units. */
const counted = (before: string, unit: (index: number) => string, after: string): string => {
  const units: string[] = [];
  for (let length = before.length + after.length, index = 0; ; index++) {
    length += unit(index).length;
    if (length > largestBody) return before + units.join('') + after;
    units.push(unit(index));
  }
};

const long = (share: number) => 'n'.repeat(largestBody * share);

/** Bodies of 256 KiB that cost a careless parser disproportionate work, or cause a disproportionate response. */
const heavy: Record<string, { body: string; owed: 400 | 422 }> = {
  'unknown fields': { body: counted('{', (index) => `"a${index}":1,`, '"a":1}'), owed: 422 },
  'unknown fields in an item': {
    body: counted('{"contactMethods":[{', (index) => `"a${index}":1,`, '"a":1}]}'),
    owed: 422,
  },
  'one field again and again': { body: filled('{', '"a":1,', '"a":1}'), owed: 422 },
  'one field again and again, known': { body: filled('{', '"name":"a",', '"name":"a"}'), owed: 422 },
  'two fields again and again': { body: filled('{', '"a":1,"b":1,', '"a":1}'), owed: 422 },
  'the shortest wrong values': { body: filled('{"customFields":[', '-0,', '-0]}'), owed: 422 },
  'wrong values below a long name': { body: `{"${long(1 / 2)}":[${'-0,'.repeat(40_000)}-0]}`, owed: 422 },
  'repeated fields below a long name': { body: `{"${long(1 / 2)}":{${'"a":1,'.repeat(20_000)}"a":1}}`, owed: 422 },
  'different fields below a long name': {
    body: `{"${long(1 / 4)}":{${Array.from({ length: 9_000 }, (_, index) => `"a${index}":-0,`).join('')}"a":1}}`,
    owed: 422,
  },
  'long names below long names': {
    body: `{${`"${long(1 / 20)}":{`.repeat(15)}"a":[${'-0,'.repeat(15_000)}-0]${'}'.repeat(15)}}`,
    owed: 422,
  },
  'names that a pointer has to escape': { body: filled('{"', '~', '":-0}'), owed: 422 },
  'many names that a pointer has to escape': {
    body: counted('{', (index) => `"~/~/~/~/${index}":1,`, '"a":1}'),
    owed: 422,
  },
  'names of control characters': {
    body: counted('{', (index) => `"${'\\u0001'.repeat(40)}${index}":1,`, '"a":1}'),
    owed: 422,
  },
  'a number of very many digits': { body: filled('{"a":', '1', '}'), owed: 422 },
  'a fraction of very many digits': { body: filled('{"a":0.', '0', '1}'), owed: 422 },
  'an exponent of very many digits': { body: filled('{"a":1e', '9', '}'), owed: 422 },
  'numbers that cannot be kept': { body: filled('{"customFields":[', '12345678901234567890,', '1]}'), owed: 422 },
  'lists in lists': { body: filled('', '[', ''), owed: 400 },
  'lists in lists, closed': {
    body: `{"name":${'['.repeat(largestBody / 3)}${']'.repeat(largestBody / 3)}}`,
    owed: 422,
  },
  'objects in objects': { body: filled('', '{"a":', '1'), owed: 400 },
  'objects in objects, closed': { body: `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`, owed: 422 },
  'fifteen levels of lists, often': {
    body: filled('{"a":[', `${'['.repeat(14)}-0${']'.repeat(14)},`, '1]}'),
    owed: 422,
  },
  'a text without an end': { body: filled('{"a":"', '\\a', ''), owed: 400 },
  'a text of quotes': { body: filled('{"a":"', '\\"', '"}'), owed: 422 },
  'a name of escapes': { body: filled('{"', '\\u0061', '":1}'), owed: 422 },
  'white space': { body: filled('', ' ', ''), owed: 400 },
  'white space around a comma': { body: filled('{"name":"a"', ' ', ','), owed: 400 },
  'commas and colons': { body: filled('{', ',:', '}'), owed: 400 },
  'quotation marks': { body: filled('{', '""', '}'), owed: 400 },
  'minus signs': { body: filled('{"a":', '-', '}'), owed: 400 },
  'a URL of one long host': { body: filled('{"avatarUrl":"https://', 'a', '"}'), owed: 422 },
  'a URL of many labels': { body: filled('{"avatarUrl":"https://', 'xn--a.', '"}'), owed: 422 },
  'a URL of Chinese characters': {
    body: `{"avatarUrl":"https://${Array.from({ length: 80_000 }, (_, index) => String.fromCodePoint(0x4e00 + (index % 20_000))).join('')}"}`,
    owed: 422,
  },
  'an e-mail address of dots': { body: filled('{"email":"', 'a.', '@"}'), owed: 422 },
  'an e-mail address of labels': { body: filled('{"email":"a@', 'a.', '1"}'), owed: 422 },
  'an e-mail address of hyphens': { body: filled('{"email":"a@a', '-', '"}'), owed: 422 },
  'a template of combining marks': {
    body: filled('{"labTemplates":{"smsDefaultMessage":"', '\\u0301', '"}}'),
    owed: 422,
  },
  'a name of spaces': { body: filled('{"name":"', ' ', '"}'), owed: 422 },
  'a list of lists for a value': {
    body: `{"customFields":[${Array.from({ length: 100 }, (_, index) => `{"fieldKey":"k${index}","value":[${'1,'.repeat(1000)}1]}`).join()}]}`,
    owed: 422,
  },
  'as many wrong texts as a list may hold': {
    body: `{"customFields":[${Array.from({ length: 100 }, (_, index) => `{"fieldKey":"k${index}","value":[${'1,'.repeat(99)}1]}`).join()}]}`,
    owed: 422,
  },
};

describe('a body of 256 KiB', () => {
  let worker: Worker;
  beforeAll(() => {
    worker = new Worker(new URL('./small-heap.ts', import.meta.url), {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heap },
    });
  });
  afterAll(() => worker?.terminate());

  test.each(Object.entries(heavy))(
    `of %s fits into a heap of ${heap} MB, and its response into Lambda's 6 MB`,
    async (_, { body, owed }) => {
      const bytes = Buffer.from(body);
      expect(bytes.byteLength).toBeLessThanOrEqual(largestBody);
      worker.postMessage(bytes);
      const [outcomes]: Outcome[][] = await once(worker, 'message');
      for (const { status, size } of outcomes ?? []) {
        expect(status).toBe(owed);
        expect(size).toBeLessThan(largestReply / 2);
      }
      expect(outcomes).toHaveLength(2);
    },
    20_000,
  );
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

  test('can be returned, even if it consists of characters that JSON must escape', async () => {
    const value = '\u0001'.repeat(4000);
    const customFields = Array.from({ length: 98 }, (_, index) => ({ fieldKey: `k${index}`, value }));
    await target.put({ ...keyOf({ workspaceId: 'own', clientId: 'large' }), name: 'x', customFields });
    const { status, text } = await target.send({
      target: '/v1/workspace/own/clients/large',
      headers: [
        ['Authorization', `Bearer ${target.issuer.token({ workspaces: { own: ['clients.update'] } })}`],
        ['Content-Type', 'application/json'],
      ],
      body: '{"name":"y"}',
    });
    expect(status).toBe(200);
    expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThan(largestReply / 2);
  });
});
