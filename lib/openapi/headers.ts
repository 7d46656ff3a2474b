import { entityTagOf, ifMatchPattern } from '../http/preconditions.ts';
import type { Example, Header, Parameter } from './types.ts';

export const exampleRequestId = 'JKJaXmPLvHcESHA=';

/** The versions of the record in the examples, before and after an update. */
const versionBefore = 7;
export const storedVersion = versionBefore + 1;

type Described = Pick<Header, 'description' | 'schema'>;

const responseHeaders = {
  ETag: {
    description: 'The version of the stored record, as a strong entity tag. Send it back in `If-Match`.',
    schema: { type: 'string', pattern: '^"[^"]*"$' },
  },
  'X-Request-Id': {
    description: 'The id of the request, in every response. Quote it when you ask for help.',
    schema: { type: 'string', minLength: 1 },
  },
  'WWW-Authenticate': {
    description: 'How to authenticate (RFC 6750).',
    schema: { type: 'string', pattern: '^Bearer( |$)' },
  },
  'Accept-Patch': {
    description: 'The accepted media types of a patch (RFC 5789).',
    schema: { type: 'string' },
  },
  'Accept-Encoding': {
    description: 'The accepted content coding of a patch (RFC 9110 §12.5.3).',
    schema: { type: 'string' },
  },
  'Retry-After': {
    description: 'How long to wait before a retry, in seconds.',
    schema: { type: 'integer', minimum: 0 },
  },
} satisfies Record<string, Described>;

/** The precondition of a request. */
export const ifMatchParameter: Parameter = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The versions that may be changed: an `ETag` exactly as received, several, or `*`. If the record has another version, ' +
    'nothing is changed and the response is 412, unless the record already has the change. A weak tag never matches.',
  schema: { type: 'string', pattern: ifMatchPattern.source, examples: [entityTagOf(versionBefore)] },
};

/** The other precondition, of which only `*` has a meaning for an update. */
export const ifNoneMatchParameter: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description:
    'With `*`, nothing is changed: the response is 412 if the record exists, even if it already has the change, and 404 if it ' +
    'does not. Any other value is ignored.',
  schema: { type: 'string', examples: ['*'] },
};

/** The headers of a successful response. */
export const successHeaders = () => headersOf([['success', { etag: entityTagOf(storedVersion) }]]);

/** The headers of a response that has several causes, given the headers that each of them sends. */
export const headersOf = (sent: readonly (readonly [string, Record<string, string>])[]): Record<string, Header> => {
  const all = sent.map(([cause, headers]) => [cause, { ...headers, 'x-request-id': exampleRequestId }] as const);
  const described = Object.entries<Described>(responseHeaders).flatMap(([name, header]) => {
    const values = all.flatMap(([cause, headers]) => {
      const value = new Map(Object.entries(headers)).get(name.toLowerCase());
      return value === undefined ? [] : [[cause, { value: inType(header, value) }] as const];
    });
    const required = values.length === all.length;
    return values.length === 0 ? [] : [[name, { ...header, required, ...exampleIn(values, required) }] as const];
  });
  return Object.fromEntries(described);
};

const inType = ({ schema }: Described, value: string) => (schema.type === 'integer' ? Number(value) : value);

/** One example if every cause sends the same value, or else one for each cause that sends any. */
const exampleIn = (
  values: readonly (readonly [string, Example])[],
  isAlwaysSent: boolean,
): Pick<Header, 'example' | 'examples'> => {
  const distinct = new Set(values.map(([, { value }]) => value));
  return isAlwaysSent && distinct.size === 1 ? { example: [...distinct][0] } : { examples: Object.fromEntries(values) };
};
