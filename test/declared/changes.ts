import { isDeepStrictEqual } from 'node:util';
import { merged, type Numbered, plainFields, twoFields } from './bodies.ts';
import type { Field } from './fields.ts';
import type { Declared } from './kind.ts';

/** A change of one or more fields: the body that makes it, the attributes that it stores, and what the reply shows of it. */
export type Change = { body: object; stored: Record<string, unknown>; reply: object };

export const changeTo = (
  { kind }: Declared,
  { attribute, body, inReply }: Pick<Field, 'attribute' | 'body' | 'inReply'>,
  value: unknown,
): Change => ({
  body: body(value),
  stored: { [attribute]: value },
  reply: inReply ? { [kind.name]: body(value) } : {},
});

/** Several changes in one request. */
export const together = (...changes: readonly Change[]): Change => ({
  body: merged(changes.map(({ body }) => body)),
  stored: Object.assign({}, ...changes.map(({ stored }) => stored)),
  reply: merged(changes.map(({ reply }) => reply)),
});

/** Beyond the numbers of a test. */
const spare = 1_000_000;

/** The numbered value of a field, which is never its example, since stored records have that already. */
const newValue = ({ numbered, example }: Numbered, number: number): unknown => {
  const value = numbered(number);
  return isDeepStrictEqual(value, example) ? numbered(spare + number) : value;
};

/** A change of each plain field on its own; another one for each number below a million. */
export const plainChanges = (endpoint: Declared, number: number): Change[] =>
  plainFields(endpoint).map((field) => changeTo(endpoint, field, newValue(field, number)));

/** A change of two plain fields, each on its own. */
export const twoChanges = (endpoint: Declared, number: number): [Change, Change] => {
  const [one, other] = twoFields(endpoint);
  return [changeTo(endpoint, one, newValue(one, number)), changeTo(endpoint, other, newValue(other, number))];
};

/** A change of one plain field, always the same. */
export const plainChange = (endpoint: Declared, number: number): Change => twoChanges(endpoint, number)[0];

/** A change of another plain field than that of `plainChange`. */
export const otherChange = (endpoint: Declared, number: number): Change => twoChanges(endpoint, number)[1];

/** A change of all plain fields in one request. */
export const wholeChange = (endpoint: Declared, number: number): Change => together(...plainChanges(endpoint, number));
