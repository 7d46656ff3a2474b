import { numberedPatch } from '../declared/bodies.ts';
import type { Declared } from '../declared/kind.ts';
import { uniqueFields } from './neighbours.ts';
import type { Promised } from './promised.ts';
import { largeBody, misfit, repeatedAndInvalid, unknownName, wholeBody, withMember } from './sample-bodies.ts';

const invalid = { status: 422, problem: 'invalid-fields' } as const;

const repeatedPromise = (endpoint: Declared): Promised => {
  const { body, member, json, wrong } = repeatedAndInvalid(endpoint);
  const name = unknownName(endpoint);
  const bytes = [
    [member, json],
    [name, '1'],
    ['__proto__', '{}'],
  ].reduce((text, [key = '', value = '']) => withMember(text, key, value), JSON.stringify(body));
  return {
    says: 'every invalid field is reported, even those that a parser would lose',
    sent: { bytes },
    ...invalid,
    wrong: [...wrong, `/${name}`, '/__proto__'],
  };
};

/** What is promised about the fields of a body. */
const memberPromises = (endpoint: Declared): Promised[] => {
  const name = unknownName(endpoint);
  const patch = numberedPatch(endpoint, 0);
  const [member] = Object.keys(patch);
  return [
    {
      says: 'an unknown field is refused by name',
      sent: { body: { ...wholeBody(endpoint), [name]: 1 } },
      ...invalid,
      wrong: [`/${name}`],
    },
    {
      says: 'a field that only the service sets is refused by name',
      sent: { body: { id: 'x', createdAt: 'x', updatedAt: 'x' } },
      ...invalid,
      wrong: ['/id', '/createdAt', '/updatedAt'],
    },
    ...['__proto__', 'constructor', 'prototype'].map(
      (reserved): Promised => ({
        says: `${reserved} is refused`,
        sent: { bytes: withMember(JSON.stringify(patch), reserved, JSON.stringify(numberedPatch(endpoint, 1))) },
        ...invalid,
        wrong: [`/${reserved}`],
      }),
    ),
    {
      says: 'names in a pointer are escaped',
      sent: { bytes: '{"a/b~c":1,"":2}' },
      ...invalid,
      wrong: ['/a~1b~0c', '/'],
    },
    repeatedPromise(endpoint),
    {
      says: 'a body must not be nested without limit',
      sent: { bytes: `{${JSON.stringify(member)}:${'['.repeat(60_000)}${']'.repeat(60_000)}}` },
      ...invalid,
    },
  ];
};

/** What is promised about stored records, and about a service that cannot reach what it needs. */
const storedPromises = (endpoint: Declared): Promised[] => {
  const { stored, body } = misfit(endpoint);
  const unavailable = { status: 503, problem: 'unavailable', headers: { 'retry-after': '2' } } as const;
  return [
    {
      says: 'the record must fit into 400 KB',
      isFull: true,
      sent: { body: largeBody(endpoint) },
      status: 422,
      problem: 'record-too-large',
      wrong: [''],
    },
    {
      says: 'a stored record that does not fit the reply is a defect',
      stored,
      sent: { body },
      status: 500,
      problem: 'internal',
    },
    { says: 'without its database, the service is unavailable', sent: {}, ...unavailable, broken: 'database' },
    { says: 'without the keys of the issuer, the service is unavailable', sent: {}, ...unavailable, broken: 'keys' },
  ];
};

const uniquePromises = (endpoint: Declared): Promised[] =>
  uniqueFields(endpoint).map(({ field: { attribute, pointer }, unique: { problem } }) => ({
    says: `no two records have one value of ${attribute}`,
    sent: { taken: attribute },
    status: 409,
    problem,
    ...(problem === 'value-taken' && { wrong: [pointer] }),
  }));

/** What is promised about the values in a body and in a record. */
export const fieldPromises = (endpoint: Declared): Promised[] => [
  ...memberPromises(endpoint),
  ...storedPromises(endpoint),
  ...uniquePromises(endpoint),
];
