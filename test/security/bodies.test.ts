import { isDeepStrictEqual } from 'node:util';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../harness/database/keys.ts';
import { bodyCorners, numberCorners } from './json-corners.ts';
import { brokenText, naughtyText } from './naughty-text.ts';
import type { RawResponse } from './raw-http.ts';
import { keyIn, startTarget, type Target } from './target.ts';

/** The two records that are changed, by their names in replies. */
const subjects = {
  client: { path: '/v1/workspace/own/clients/mine', key: keyOf({ workspaceId: 'own', clientId: 'mine' }) },
  workspace: { path: '/v1/workspace/own', key: keyOf({ workspaceId: 'own' }) },
} as const;
type Subject = keyof typeof subjects;
const both = ['client', 'workspace'] as const satisfies readonly Subject[];

let target: Target;
let authorization: string;
beforeAll(async () => {
  target = await startTarget();
  authorization = `Bearer ${target.issuer.token({ workspaces: { own: ['clients.update', 'workspace.update'] } })}`;
  for (const workspaceId of ['own', 'foreign']) {
    await target.put(
      { ...keyOf({ workspaceId }), name: 'before', 'made.by': 'another service' },
      { ...keyOf({ workspaceId, clientId: 'mine' }), name: 'before', 'made.by': 'another service' },
    );
  }
}, 60_000);
afterAll(() => target?.close());

const send = (subject: Subject, body: string | Uint8Array, contentType = 'application/json'): Promise<RawResponse> =>
  target.send({
    target: subjects[subject].path,
    headers: [
      ['Authorization', authorization],
      ['Content-Type', contentType],
    ],
    body,
  });

/** The sent value of each leaf, by the name of the attribute that stores it. */
const leavesOf = (patch: object, prefix = ''): [string, unknown][] =>
  Object.entries(patch).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? leavesOf(value, `${prefix}${name}.`)
      : [[`${prefix}${name}`, value] as [string, unknown]],
  );

/** A cleared value is removed, and a list that does not exist is the same as an empty one. */
const isKept = (stored: unknown, sent: unknown): boolean =>
  isDeepStrictEqual(stored, sent) || (stored === undefined && (sent === null || isDeepStrictEqual(sent, [])));

/**
 * Sends a body and checks the response and the table. After a 200, every value is stored and returned exactly as sent, and nothing
 * else has changed. Any other response is a documented 4xx, and nothing has changed at all.
 */
const sendAndCheck = async (subject: Subject, body: string | Uint8Array, contentType?: string): Promise<number> => {
  const before = await target.stored();
  const { status, headers, text } = await send(subject, body, contentType);
  const after = await target.stored();
  if (status !== 200) {
    expect([400, 413, 422]).toContain(status);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({ status, instance: headers['x-request-id'] });
    expect(after).toEqual(before);
    return status;
  }
  const sent = leavesOf(JSON.parse(Buffer.from(body).toString()));
  const { pk, sk } = subjects[subject].key;
  const own = `${pk} ${sk}`;
  const isClaim = (key: string) => key.startsWith('EMAIL#');
  const others = (items: typeof before) => items.filter((item) => keyIn(item) !== own && !isClaim(keyIn(item)));
  expect(others(after)).toEqual(others(before));

  const itemIn = (items: typeof before) =>
    unmarshall(items.find((item) => keyIn(item) === own) ?? {}, { wrapNumbers: Number });
  const [was, is] = [itemIn(before), itemIn(after)];
  const returned = JSON.parse(text)[subject];
  for (const [attribute, value] of sent) {
    expect({ attribute, kept: isKept(is[attribute], value), stored: is[attribute] }).toMatchObject({
      attribute,
      kept: true,
    });
    if (attribute in returned) expect({ [attribute]: returned[attribute] }).toEqual({ [attribute]: value });
  }
  const mayChange = new Set([...sent.map(([attribute]) => attribute), 'version', 'updatedAt']);
  const unchanged = (item: Record<string, unknown>) =>
    Object.entries(item)
      .filter(([name]) => !mayChange.has(name))
      .toSorted();
  expect(unchanged(is)).toEqual(unchanged(was));
  return status;
};

describe.each(both)('a body for a %s', (subject) => {
  test.each(bodyCorners)('$says gets $owed', async ({ text, owed }) => {
    expect(await sendAndCheck(subject, text)).toBe(owed);
  });

  test('may be base64-encoded in the event, which makes no difference', async () => {
    // The gateway encodes bodies of all other media types in base64.
    expect(await sendAndCheck(subject, '{"name":"Zoë 👾"}', 'application/merge-patch+json')).toBe(200);
    expect(await sendAndCheck(subject, Buffer.from('{"name":"\xff"}', 'latin1'), 'application/merge-patch+json')).toBe(
      400,
    );
    expect(await sendAndCheck(subject, '', 'application/merge-patch+json')).toBe(400);
    expect(await sendAndCheck(subject, Buffer.from('{"name":"a"}').toString('base64'))).toBe(400);
  });
});

describe('a number in a custom field', () => {
  test.each(numberCorners)('$says gets $owed', async ({ text, owed }) => {
    const status = await sendAndCheck('client', `{"customFields":[{"fieldKey":"n","value":${text}}]}`);
    expect(status).toBe(owed);
  });
});

/** A body for each field that accepts any text, and for each that accepts a single visible line. */
const anyText = {
  'the value of a contact method': (value: string) => ({
    contactMethods: [{ type: 'other', value, isPreferred: true }],
  }),
  'the key of a custom field': (fieldKey: string) => ({ customFields: [{ fieldKey, value: true }] }),
  'the value of a custom field': (value: string) => ({ customFields: [{ fieldKey: 'k', value }] }),
  'a text in a custom field': (value: string) => ({ customFields: [{ fieldKey: 'k', value: ['', value, value] }] }),
};
const template = (smsDefaultMessage: string) => ({ labTemplates: { smsDefaultMessage } });
const isLabel = (text: string) =>
  /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);

describe('text', () => {
  test.each(Object.entries(anyText))('of any kind is stored as sent in %s', async (_, bodyOf) => {
    for (const text of naughtyText) {
      expect({ text, status: await sendAndCheck('client', JSON.stringify(bodyOf(text))) }).toEqual({
        text,
        status: 200,
      });
    }
    for (const text of brokenText) expect(await sendAndCheck('client', JSON.stringify(bodyOf(text)))).toBe(422);
  });

  test('of any kind is stored as sent in a template', async () => {
    for (const text of naughtyText) {
      expect({ text, status: await sendAndCheck('workspace', JSON.stringify(template(text))) }).toEqual({
        text,
        status: 200,
      });
    }
    for (const text of brokenText) expect(await sendAndCheck('workspace', JSON.stringify(template(text)))).toBe(422);
  });

  test.each(both)('is stored as sent in the name of a %s if it is one visible line', async (subject) => {
    for (const name of [...naughtyText, ...brokenText]) {
      const owed = name.isWellFormed() && isLabel(name) ? 200 : 422;
      expect({ name, status: await sendAndCheck(subject, JSON.stringify({ name })) }).toEqual({ name, status: owed });
    }
  });

  test('is refused or stored as sent in a URL and in an e-mail address', async () => {
    for (const text of [...naughtyText, ...brokenText]) {
      await sendAndCheck('client', JSON.stringify({ avatarUrl: `https://example.com/${text}` }));
      await sendAndCheck('client', JSON.stringify({ avatarUrl: `https://${text}.example.com/` }));
      await sendAndCheck('client', JSON.stringify({ avatarUrl: text }));
      await sendAndCheck('workspace', JSON.stringify({ email: `${text}@example.com` }));
      await sendAndCheck('workspace', JSON.stringify({ email: text }));
    }
  });
});

const anyString = fc.string({ unit: 'binary', maxLength: 30 });
const garbage = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.double(),
  fc.constantFrom(...naughtyText),
  fc.constantFrom('a', 'https://example.com/a', 'a@example.com', true, null, [], {}),
);
/** Mostly valid values, so that most bodies are valid and the others are invalid in one place. */
const mostly = <Value>(good: fc.Arbitrary<Value>) =>
  fc.oneof({ arbitrary: good, weight: 20 }, { arbitrary: garbage, weight: 1 });
const some = { requiredKeys: [] };
const label = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });

const contactMethods = fc
  .array(
    fc.record({
      type: mostly(fc.constantFrom('whatsapp', 'phone', 'email', 'fax', 'other')),
      value: mostly(label),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((methods) => methods.map((method, index) => ({ ...method, isPreferred: index === 0 })));

const customFieldValue = fc.oneof(
  ...[anyString, fc.boolean(), fc.constant(null), fc.maxSafeInteger(), fc.array(anyString, { maxLength: 3 })],
  fc.double({ min: 1e-130, max: 1e125, noNaN: true }),
);

const clientBody = fc.record(
  {
    name: mostly(label),
    avatarUrl: mostly(fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.constant(null))),
    contactMethods: mostly(contactMethods),
    customFields: mostly(
      fc.array(fc.record({ fieldKey: mostly(label), value: mostly(customFieldValue) }), { maxLength: 3 }),
    ),
  },
  some,
);
const workspaceBody = fc.record(
  {
    name: mostly(label),
    slogan: mostly(label),
    email: mostly(fc.emailAddress()),
    labTemplates: mostly(fc.record({ smsDefaultMessage: mostly(anyString) }, some)),
    sessionTemplates: mostly(
      fc.record({ smsReminderMessage: mostly(anyString), whatsappReminderMessage: mostly(anyString) }, some),
    ),
  },
  some,
);
const bodies = { client: clientBody, workspace: workspaceBody };

describe.each(both)('whatever is sent for a %s', (subject) => {
  test('a 200 stores exactly what was sent, and any other response changes nothing', () =>
    fc.assert(
      fc.asyncProperty(bodies[subject], async (body) => {
        await sendAndCheck(subject, JSON.stringify(body));
      }),
      { numRuns: 250 },
    ));

  test('a damaged body gets a 200 or a documented 4xx', () =>
    fc.assert(
      fc.asyncProperty(
        bodies[subject],
        fc.nat(),
        fc.uint8Array({ maxLength: 3 }),
        fc.nat(3),
        async (body, at, bytes, cut) => {
          const text = Buffer.from(JSON.stringify(body));
          const start = at % (text.byteLength + 1);
          await sendAndCheck(subject, Buffer.concat([text.subarray(0, start), bytes, text.subarray(start + cut)]));
        },
      ),
      { numRuns: 250 },
    ));
});
