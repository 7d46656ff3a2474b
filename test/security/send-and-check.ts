import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'vitest';
import type { Item } from '../../lib/table/changes.ts';
import { claimKeyOf } from '../../lib/table/keys.ts';
import { fieldsOf } from '../declared/fields.ts';
import { type Declared, type Ids, keyFor } from '../declared/kind.ts';
import { pathOf } from '../declared/records.ts';
import { uniqueFieldsOf } from '../declared/unique-values.ts';
import { changesOf, permissions } from './declared.ts';
import type { RawResponse } from './raw-http.ts';
import { keyIn, type Target } from './target.ts';

/** A record that requests change. */
export type Subject = { endpoint: Declared; ids: Ids };

type Body = string | Uint8Array;
type Stored = readonly Record<string, AttributeValue>[];

const send = (
  target: Target,
  { endpoint, ids }: Subject,
  body: Body,
  contentType = 'application/json',
): Promise<RawResponse> =>
  target.send({
    target: pathOf(endpoint, ids),
    headers: [
      ['Authorization', `Bearer ${target.issuer.token({ workspaces: { [ids.workspaceId ?? '']: permissions } })}`],
      ['Content-Type', contentType],
    ],
    body,
  });

/** A cleared value is removed, and a list that does not exist is the same as an empty one. */
const isKept = (stored: unknown, sent: unknown): boolean =>
  isDeepStrictEqual(stored, sent) || (stored === undefined && (sent === null || isDeepStrictEqual(sent, [])));

const keyText = (key: { pk: string; sk: string }): string => `${key.pk} ${key.sk}`;

/** The keys of the claims that a record with these attributes has. */
const claimsOf = ({ endpoint, ids }: Subject, item: Item): string[] =>
  uniqueFieldsOf(endpoint).flatMap(({ field, claim }) => {
    const value = item[field.attribute];
    return typeof value === 'string' ? [keyText(claimKeyOf(claim, ids, value))] : [];
  });

const valueAt = (record: unknown, attribute: string): unknown =>
  attribute.split('.').reduce<unknown>((inner, name) => Object(inner)[name], record);

const checkRefusal = ({ status, headers, text }: RawResponse): void => {
  expect([400, 413, 422]).toContain(status);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({ status, instance: headers['x-request-id'] });
};

type Step = { before: Stored; after: Stored; text: string; body: Body };

const checkChange = (subject: Subject, { before, after, text, body }: Step): void => {
  const sent = changesOf(JSON.parse(Buffer.from(body).toString()));
  const own = keyText(keyFor(subject.endpoint, subject.ids));
  const itemIn = (items: Stored) =>
    unmarshall(items.find((item) => keyIn(item) === own) ?? {}, { wrapNumbers: Number });
  const [was, is] = [itemIn(before), itemIn(after)];
  // Nothing else has changed, apart from the claims on its old and its new values.
  const claims = claimsOf(subject, is);
  const touched = new Set([own, ...claimsOf(subject, was), ...claims]);
  const others = (items: Stored) => items.filter((item) => !touched.has(keyIn(item)));
  expect(others(after)).toEqual(others(before));
  expect(after.map(keyIn).filter((key) => touched.has(key))).toEqual([own, ...claims].toSorted());

  const returned = JSON.parse(text)[subject.endpoint.kind.name];
  const shown = new Set(fieldsOf(subject.endpoint).flatMap((field) => (field.inReply ? [field.attribute] : [])));
  for (const { attribute, value } of sent) {
    const kept = isKept(is[attribute], value);
    expect({ attribute, kept, stored: is[attribute] }).toMatchObject({ attribute, kept: true });
    if (!shown.has(attribute)) continue;
    expect({ [attribute]: valueAt(returned, attribute) }).toEqual({ [attribute]: value });
  }
  const mayChange = new Set([...sent.map(({ attribute }) => attribute), 'version', 'updatedAt']);
  const unchanged = (item: Record<string, unknown>) =>
    Object.entries(item)
      .filter(([name]) => !mayChange.has(name))
      .toSorted();
  expect(unchanged(is)).toEqual(unchanged(was));
};

/** Writes and checks, which must be the only ones in the table. */
export type Checks = {
  put: Target['put'];
  /**
   * Sends a body and checks the response and the table. After a 200, every value is stored and returned exactly as sent, and
   * nothing else has changed. Any other response is a documented 4xx, and nothing has changed at all.
   */
  sendAndCheck: (subject: Subject, body: Body, contentType?: string) => Promise<number>;
};

export const checksOf = (target: Target): Checks => {
  // Read once per request, which is most of its time.
  let known: Stored | undefined;
  return {
    put: async (...items) => {
      known = undefined;
      await target.put(...items);
    },
    sendAndCheck: async (subject, body, contentType) => {
      const before = known ?? (await target.stored());
      const response = await send(target, subject, body, contentType);
      const after = await target.stored();
      known = after;
      if (response.status === 200) checkChange(subject, { before, after, text: response.text, body });
      else {
        checkRefusal(response);
        expect(after).toEqual(before);
      }
      return response.status;
    },
  };
};
