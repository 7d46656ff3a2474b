import { numberedPatch } from '../declared/bodies.ts';
import type { Declared } from '../declared/kind.ts';
import type { Promised } from './promised.ts';
import { numberedField, unknownName, withMember } from './sample-bodies.ts';

const stale = { status: 412, problem: 'stale-version', headers: { etag: '"3"' } } as const;

const ifMatchPromises: readonly Promised[] = [
  ...['', '3', '"3', "'3'", '"3" "4"', '*, "3"', 'w/"3"'].map(
    (header): Promised => ({
      says: `If-Match must be a list of entity tags, unlike ${header || 'nothing'}`,
      sent: { headers: { 'if-match': header } },
      status: 400,
      problem: 'malformed-precondition',
    }),
  ),
  { says: 'without If-Match, any version is accepted', sent: {}, status: 200, headers: { etag: '"4"' } },
  ...['"3"', '*', '"7", "3"', '"x","3"', 'W/"3", "3"', `"9",${'"1",'.repeat(200)}"3"`].map(
    (header): Promised => ({
      says: `If-Match allows a write if it names the version: ${header.slice(0, 12)}`,
      sent: { headers: { 'if-match': header } },
      status: 200,
      headers: { etag: '"4"' },
    }),
  ),
  ...['"2"', '"4"', 'W/"3"', '"x"', '""', '"03"'].map(
    (header): Promised => ({
      says: `If-Match refuses a write if it names another version: ${header}`,
      sent: { headers: { 'if-match': header } },
      ...stale,
    }),
  ),
];

const ifNoneMatchPromises: readonly Promised[] = [
  ...[undefined, '*', '"3"', '"2"'].map(
    (ifMatch): Promised => ({
      says: `If-None-Match: * refuses a write to an existing record, with If-Match ${ifMatch ?? 'absent'}`,
      sent: { headers: { 'if-none-match': '*', 'if-match': ifMatch } },
      ...stale,
    }),
  ),
  {
    says: 'If-None-Match: * does not create a record',
    absent: true,
    sent: { headers: { 'if-none-match': '*' } },
    status: 404,
    problem: 'not-found',
  },
  {
    says: 'If-None-Match with a tag is ignored',
    sent: { headers: { 'if-none-match': '"3"' } },
    status: 200,
    headers: { etag: '"4"' },
  },
];

/** What is promised about If-Match and If-None-Match. */
export const preconditionPromises = (endpoint: Declared): Promised[] => {
  const name = unknownName(endpoint);
  const { attribute, numbered } = numberedField(endpoint);
  return [
    ...ifMatchPromises,
    {
      says: 'a malformed If-Match is reported before invalid fields',
      sent: { headers: { 'if-match': '3' }, bytes: withMember(JSON.stringify({ [name]: 1 }), name, '2') },
      status: 400,
      problem: 'malformed-precondition',
    },
    ...ifNoneMatchPromises,
    {
      says: 'If-None-Match: * refuses a write even if the record already has the change',
      stored: { [attribute]: numbered?.(1) },
      sent: { headers: { 'if-none-match': '*' }, body: numberedPatch(endpoint, 1) },
      ...stale,
    },
  ];
};
