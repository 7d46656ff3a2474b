import { merged, numberedPatch } from '../declared/bodies.ts';
import { type Field, fieldsOf } from '../declared/fields.ts';
import type { Declared } from '../declared/kind.ts';
import { corners, type FieldTable, type Refused } from './corners.ts';
import { type Group, groupsOf, unknownName } from './sample-bodies.ts';

const has = (values: readonly unknown[], value: unknown): boolean => values.includes(value);

/** Texts that look empty or have a line break, for every field that takes names. */
const notAName = ['\u00a0\u3000', '\u2800', '\u00ad', 'a\u2029'];

const isName = ({ accepted, refused }: Field): boolean =>
  has(accepted, 'a') &&
  has(
    refused.map(({ value }) => value),
    '\u3164',
  );

/** The text of the smallest body that sends a value, given as JSON, and the name of the member before it. */
const textOf = ({ body, pointer }: Field, ...values: readonly string[]): string => {
  const name = JSON.stringify(pointer.split('/').at(-1)?.replaceAll('~1', '/').replaceAll('~0', '~'));
  const members = values.map((json) => `${name}:${json}`);
  return JSON.stringify(body(0)).replace(`${name}:0`, () => members.join());
};

/** Numbers that a parser would change in silence. */
const inexact = ['9007199254740993', '0.10000000000000000001', '1e400', '-0'];

const refusedIn = (field: Field): Refused[] => {
  const { pointer, body, refused, example } = field;
  const json = JSON.stringify(example);
  return [
    ...refused.map(({ value, pointers }) => ({ body: body(value), wrong: pointers })),
    ...(isName(field) ? notAName : []).map((value) => ({ body: body(value), wrong: [pointer] })),
    ...(typeof example === 'number' ? inexact : []).map((number) => ({
      bytes: textOf(field, number),
      wrong: [pointer],
    })),
    { bytes: textOf(field, json, json), wrong: [pointer] },
  ];
};

/** What an object that groups fields refuses: anything but an object, fields that it does not have, and reserved names. */
const refusedInGroup = (endpoint: Declared, { pointer, body }: Group): Refused[] => {
  const name = unknownName(endpoint);
  const reserved = JSON.stringify(body({ constructor: { prototype: {} } }));
  return [
    ...[null, 'x', 1, [], [{}]].map((value) => ({ body: body(value), wrong: [pointer] })),
    { body: body({ [name]: 'x' }), wrong: [`${pointer}/${name}`] },
    { bytes: reserved, wrong: [`${pointer}/constructor`, `${pointer}/constructor/prototype`] },
  ];
};

/** A field of a group is not one of the body under its dotted name. */
const dotted = ({ attribute, example }: Field): Refused[] =>
  attribute.includes('.') ? [{ body: { [attribute]: example }, wrong: [`/${attribute}`] }] : [];

/** A body in which every field is wrong, and a field that there is not. */
const allWrong = (endpoint: Declared): Refused => {
  const wrong = fieldsOf(endpoint).flatMap(({ body, pointer, refused }) => {
    const one = refused.find(({ pointers }) => pointers.length === 1 && pointers[0] === pointer);
    return one ? [{ body: body(one.value), pointer }] : [];
  });
  const name = unknownName(endpoint);
  return {
    body: merged([...wrong.map(({ body }) => body), { [name]: 1 }]),
    wrong: [...wrong.map(({ pointer }) => pointer), `/${name}`],
  };
};

/** The bodies that an endpoint accepts and refuses: derived from its schema, and its corners. */
export const fieldTableOf = (endpoint: Declared): FieldTable => {
  const fields = fieldsOf(endpoint);
  const groups = groupsOf(endpoint);
  const { takes = [], refuses = [] } = corners[endpoint.id] ?? {};
  return {
    takes: distinct([
      ...fields.flatMap(({ body, accepted }) => accepted.map(body)),
      ...groups.map(({ body }) => merged([numberedPatch(endpoint, 0), body({})])),
      ...takes,
    ]),
    refuses: distinct([
      ...fields.flatMap(refusedIn),
      ...groups.flatMap((group) => refusedInGroup(endpoint, group)),
      ...fields.flatMap(dotted),
      allWrong(endpoint),
      ...refuses,
    ]),
  };
};

const distinct = <Some extends object>(all: readonly Some[]): Some[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
];
