import { isDeepStrictEqual } from 'node:util';
import { getDotPath, safeParse } from 'valibot';
import { replyOf } from '../../lib/domain/record-kind.ts';
import { type AttributeChange, changesIn, type Item } from '../../lib/table/changes.ts';
import { type Field, fieldsOf } from '../declared/fields.ts';
import type { Declared } from '../declared/kind.ts';

/** When the record before a request was created and last changed. */
export const timestampBefore = '2024-01-15T10:00:00.000Z';

/** The attributes that a body or a record has. */
export const changesOf = (body: object): AttributeChange[] => changesIn(Object.fromEntries(Object.entries(body)));

/** The values of a body or a record, by attribute. */
export const attributesOf = (body: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(changesOf(body).map(({ attribute, value }) => [attribute, value]));

/** Whether a value is the one that a reply shows for what was never set. */
export const isNothing = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

/** The attributes that the reply of the example shows, without the id, which is in the key. */
export const shownAttributes = ({ example }: Declared): AttributeChange[] => {
  const [record = {}] = Object.values(example.reply);
  return changesOf(record).filter(({ attribute }) => attribute !== 'id');
};

/** The attributes that a reply cannot do without. */
export const requiredAttributes = ({ kind, reply, example }: Declared): Set<string> => {
  const { issues = [] } = safeParse(reply, replyOf(kind, example.ids, {}));
  return new Set(issues.map((issue) => getDotPath(issue)?.slice(kind.name.length + 1) ?? ''));
};

/** A valid value other than that of the example, and than those of the first numbered patches. */
const anotherValue = ({ example, numbered, accepted }: Field): unknown =>
  numbered?.(1_000_001) ?? accepted.find((value) => !isNothing(value) && !isDeepStrictEqual(value, example));

/**
 * The record before a request, as another service may have created it, at version 3: what its reply requires, and what the reply
 * of the example shows although its body does not send it. All other fields have never been set.
 */
export const itemBefore = (endpoint: Declared): Item => {
  const sent = new Set(changesOf(endpoint.example.body).map(({ attribute }) => attribute));
  const required = requiredAttributes(endpoint);
  const shown = shownAttributes(endpoint).filter(({ attribute, value }) => !sent.has(attribute) && !isNothing(value));
  const replaced = fieldsOf(endpoint).filter(({ attribute }) => sent.has(attribute) && required.has(attribute));
  return {
    ...{ version: 3, createdAt: timestampBefore, 'made.by': 'another service' },
    ...Object.fromEntries(shown.map(({ attribute, value }) => [attribute, value])),
    ...Object.fromEntries(replaced.map((field) => [field.attribute, anotherValue(field)])),
    updatedAt: timestampBefore,
  };
};
