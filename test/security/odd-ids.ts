import { endpoints } from './declared.ts';

/** The words in the keys of all kinds of records. */
export const words: readonly string[] = [
  ...new Set([
    'WORKSPACE',
    ...endpoints.flatMap(({ kind }) => kind.sortKey.match(/(?<![{\w])[A-Z0-9_]+(?![}\w])/g) ?? []),
  ]),
];

/** Ids that resemble a stored one, or that could escape their part of a key. Percent-encoded, as in a path. */
export const oddIdsLike = (id: string): string[] => [
  ...[
    `${id}%23`,
    ...words.map((word) => `${id}%23${word}`),
    `${id}%00`,
    `%00${id}`,
    `${id}%20`,
    `%20${id}`,
    `${id}%0A`,
    `${id}%0D%0A`,
    `${id}.`,
  ],
  ...['.', '..', '%2e%2e', '%5C', '**', '%25', '%2523', '%7B%7D', '%F0%9F%92%A9', '%EF%BB%BF', `${id}%E2%80%8B`],
  ...[
    '%EF%BD%8F%EF%BD%97%EF%BD%8E',
    '%D0%BEwn',
    `${id}%CC%81`,
    'x'.repeat(65),
    ...words.map((word) => `${word}%23${id}`),
  ],
  ...[`${id};v=1`, `${id},${id}`, `${id}|`, `${id}%27`, `${id}%22`, '$ne', '%24%7B7*7%7D', `${id}@`, `${id}:`],
];

/** Ids that differ from a stored one in letter case only: well-formed, but without a record. */
const caseTwins = ['OWN', 'Own'];

export const oddWorkspaces = [...oddIdsLike('own'), ...caseTwins];
