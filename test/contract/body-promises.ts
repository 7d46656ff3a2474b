import { numberedPatch } from '../declared/bodies.ts';
import type { Declared } from '../declared/kind.ts';
import type { Promised } from './promised.ts';
import { notUtf8, wholeBody } from './sample-bodies.ts';

const kibibytes256 = 256 * 1024;
const json = 'application/json';

const wrongType = {
  status: 415,
  problem: 'unsupported-media-type',
  headers: { 'accept-patch': 'application/json, application/merge-patch+json' },
} as const;

const wrongCoding = {
  status: 415,
  problem: 'unsupported-content-encoding',
  headers: { 'accept-encoding': 'identity' },
} as const;

/** What is promised about the headers that describe a body. */
const headerPromises: readonly Promised[] = [
  ...['text/plain', 'application/json5', 'application/vnd.api+json', 'application/jsonx', 'json', ''].map(
    (type): Promised => ({
      says: `a body must not be sent as "${type}"`,
      sent: { headers: { 'content-type': type } },
      ...wrongType,
    }),
  ),
  { says: 'the media type of the body is required', sent: { headers: { 'content-type': undefined } }, ...wrongType },
  ...[`${json}; charset=utf-8`, 'Application/JSON', 'application/merge-patch+json', `${json};charset="utf-8"`].map(
    (type): Promised => ({
      says: `a body may be sent as ${type}`,
      sent: { headers: { 'content-type': type } },
      status: 200,
    }),
  ),
  ...['gzip', 'identity, br'].map(
    (coding): Promised => ({
      says: `a body must not be sent with the coding ${coding}`,
      sent: { headers: { 'content-encoding': coding } },
      ...wrongCoding,
    }),
  ),
  {
    says: 'a body may be sent with the coding identity',
    sent: { headers: { 'content-encoding': 'identity' } },
    status: 200,
  },
];

/** What is promised about bodies as octets and as JSON, whatever their fields are. */
export const bodyPromises = (endpoint: Declared): Promised[] => {
  const good = JSON.stringify(wholeBody(endpoint));
  const patch = JSON.stringify(numberedPatch(endpoint, 0));
  const malformed = { status: 400, problem: 'malformed-body' } as const;
  const notAnObject: [string, string][] = [
    ...['[]', '"text"', 'null', '7', 'true'].map((bytes): [string, string] => [bytes, bytes]),
    ['a list of objects', `[${patch}]`],
    ['an object in quotation marks', JSON.stringify(patch)],
  ];
  return [
    ...headerPromises,
    { says: 'a body of 256 KiB is accepted', sent: { bytes: good.padEnd(kibibytes256) }, status: 200 },
    {
      says: 'a body of one byte more is refused',
      sent: { bytes: good.padEnd(kibibytes256 + 1) },
      status: 413,
      problem: 'body-too-large',
    },

    { says: 'a body is required', sent: { bytes: '' }, ...malformed },
    { says: 'a body must not be only white space', sent: { bytes: ' \n' }, ...malformed },
    { says: 'a body must be JSON', sent: { bytes: patch.slice(0, patch.indexOf(':') + 1) }, ...malformed },
    { says: 'a body must be JSON without comments', sent: { bytes: `${patch}//` }, ...malformed },
    { says: 'a body must not have a byte-order mark', sent: { bytes: `\ufeff${patch}` }, ...malformed },
    { says: 'a body must be UTF-8', sent: { bytes: notUtf8(endpoint) }, ...malformed },
    ...notAnObject.map(
      ([name, bytes]): Promised => ({
        says: `a body must be an object, unlike ${name}`,
        sent: { bytes },
        ...malformed,
      }),
    ),
    { says: 'a body must have a field', sent: { body: {} }, status: 400, problem: 'empty-patch' },
  ];
};
