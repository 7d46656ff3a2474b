import { is, safeParse } from 'valibot';
import { replyOf } from '../../lib/domain/record-kind.ts';
import type { Item } from '../../lib/table/changes.ts';
import { merged, numberedPatch } from '../declared/bodies.ts';
import { type Field, fieldsOf } from '../declared/fields.ts';
import type { Declared } from '../declared/kind.ts';
import { attributesOf, changesOf, isNothing, itemBefore, shownAttributes } from './item-before.ts';

/** The fields that may have the same value in several records. */
export const plainFields = (endpoint: Declared): Field[] => fieldsOf(endpoint).filter(({ isUnique }) => !isUnique);

/** The field that `numberedPatch` sends. */
export const numberedField = (endpoint: Declared): Field => {
  const [change] = changesOf(numberedPatch(endpoint, 0));
  const field = fieldsOf(endpoint).find(({ attribute }) => attribute === change?.attribute);
  if (!field) throw new Error(`${endpoint.id} has no plain field.`);
  return field;
};

/** An example of every plain field. */
export const wholeBody = (endpoint: Declared): object =>
  merged(plainFields(endpoint).map(({ body, example }) => body(example)));

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The largest known value of every plain field. */
export const largeBody = (endpoint: Declared): object =>
  merged(
    plainFields(endpoint).map(({ body, accepted }) =>
      body(accepted.reduce((one, other) => (sizeOf(other) > sizeOf(one) ? other : one))),
    ),
  );

/** The name of a member that no body has at its top level. */
export const unknownName = (endpoint: Declared): string => {
  const known = new Set(fieldsOf(endpoint).map(({ pointer }) => pointer.split('/')[1]));
  let name = 'colour';
  while (known.has(name)) name += 's';
  return name;
};

/** The JSON text of an object that has members, with another member at its end. */
export const withMember = (object: string, name: string, json: string): string =>
  `${object.slice(0, -1)},${JSON.stringify(name)}:${json}}`;

/** A patch with an octet that is not UTF-8 in a text that accepts any character, or else in the name of a member. */
export const notUtf8 = (endpoint: Declared): Buffer => {
  const replaced = '\ufffd';
  const bodies = plainFields(endpoint).map(({ body, example }) => body(`${example}${replaced}`));
  const body = bodies.find((one) => is(endpoint.body, one)) ?? { [replaced]: 1 };
  const [before = '', after = ''] = JSON.stringify(body).split(replaced);
  return Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
};

/** A patch, a member to give it a second time, and the pointers of what is wrong then: it is repeated, and it is invalid. */
export const repeatedAndInvalid = (
  endpoint: Declared,
): { body: object; member: string; json: string; wrong: string[] } => {
  const { body, example, refused } = numberedField(endpoint);
  const one = refused.find(({ value }) => !isLone(value));
  const [[member, value] = ['']] = Object.entries(body(one?.value));
  const wrong = new Set([`/${member}`, ...(one?.pointers ?? [])]);
  return { body: body(example), member, json: JSON.stringify(value), wrong: [...wrong] };
};

const isLone = (value: unknown): boolean => typeof value === 'string' && !value.isWellFormed();

/**
 * A stored attribute that does not fit the reply, and a patch that leaves it as it is.
 *
 * @throws Error if every value fits
 */
export const misfit = (endpoint: Declared): { stored: Item; body: object } => {
  const { kind, reply, example } = endpoint;
  const isMisfit = (stored: Item) =>
    !safeParse(reply, replyOf(kind, example.ids, { ...itemBefore(endpoint), ...stored })).success;
  const candidates = shownAttributes(endpoint)
    .filter(({ attribute }) => attribute !== 'updatedAt')
    .flatMap(({ attribute }) => [7, 'x', {}, [7]].map((value) => ({ attribute, stored: { [attribute]: value } })))
    .filter(({ stored }) => isMisfit(stored));
  for (const { attribute, stored } of candidates) {
    const field = plainFields(endpoint).find((one) => one.attribute !== attribute && !isNothing(one.example));
    if (field) return { stored, body: field.body(field.example) };
  }
  throw new Error(`Every stored value fits the reply of ${endpoint.id}.`);
};

/** An object that groups fields of a body. */
export type Group = { pointer: string; body: (value: unknown) => object };

const bodyAt = (names: readonly string[], value: unknown): object => {
  const [name = '', ...below] = names;
  return { [name]: below.length > 0 ? bodyAt(below, value) : value };
};

/** The objects of a body whose fields are merged, at any depth. */
export const groupsOf = (endpoint: Declared): Group[] => {
  const paths = fieldsOf(endpoint).flatMap(({ attribute }) => {
    const names = attribute.split('.');
    return names.slice(1).map((_, index) => names.slice(0, index + 1));
  });
  const distinct = new Map(paths.map((names) => [`/${names.join('/')}`, names]));
  return [...distinct].map(([pointer, names]) => ({ pointer, body: (value) => bodyAt(names, value) }));
};

/** The part of a body that the reply shows. */
export const shownPart = (endpoint: Declared, body: object): object => {
  const sent = attributesOf(body);
  const shown = fieldsOf(endpoint).filter(({ attribute, inReply }) => inReply && attribute in sent);
  return merged(shown.map((field) => field.body(sent[field.attribute])));
};
