import { Problem } from '../domain/problem.ts';
import type { ExpectedVersions } from '../domain/records.ts';

/** The strong entity tag of a version (RFC 9110 §8.8.3). */
export const entityTagOf = (version: number): string => `"${version}"`;

const entityTag = '(?:W/)?"[^\\x00-\\x20"\\x7f]*"';
const entityTagList = `[ \\t,]*${entityTag}(?:[ \\t]*,[ \\t,]*${entityTag})*[ \\t,]*`;
/** What may stand in `If-Match`: `*`, or a list of entity tags (RFC 9110 §13.1.1). */
export const ifMatchPattern = new RegExp(`^(?:\\s*\\*\\s*|${entityTagList})$`);
/** A tag as we write it. Any other tag, a weak one above all, is well-formed and matches nothing. */
const ownTag = /(?<!W\/)"(0|[1-9]\d{0,15})"/g;

/**
 * The versions that an `If-Match` header accepts; `any` without one, and for `*`, since no record that is absent is ever
 * made (RFC 9110 §13.1.1).
 *
 * @throws Problem `malformed-precondition` if the header is not a list of entity tags
 */
export const expectedVersionsIn = (ifMatch: string | undefined): ExpectedVersions => {
  if (ifMatch === undefined) return 'any';
  if (!ifMatchPattern.test(ifMatch)) throw new Problem('malformed-precondition');
  if (ifMatch.trim() === '*') return 'any';
  return [...ifMatch.matchAll(ownTag)].map(([, version]) => Number(version)).filter(Number.isSafeInteger);
};
