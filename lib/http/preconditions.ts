import { Problem } from '../domain/problem.ts';
import type { ExpectedVersions } from '../domain/records.ts';

/** The strong entity tag of a version (RFC 9110 §8.8.3). */
export const entityTagOf = (version: number): string => `"${version}"`;

const entityTag = '(?:W/)?"[^\\x00-\\x20"\\x7f]*"';
const entityTagList = `[ \\t,]*${entityTag}(?:[ \\t]*,[ \\t,]*${entityTag})*[ \\t,]*`;
/** What may stand in `If-Match`: `*`, or a list of entity tags (RFC 9110 §13.1.1). */
export const ifMatchPattern = new RegExp(`^(?:[ \\t]*\\*[ \\t]*|${entityTagList})$`);
/** `*` alone: any version in `If-Match`, and none in `If-None-Match` (RFC 9110 §13.1.1 and §13.1.2). */
const star = /^[ \t]*\*[ \t]*$/;
/** A tag as we write it. Any other tag, a weak one above all, is well-formed and matches nothing. */
const ownTag = /(?<!W\/)"(0|[1-9]\d{0,15})"/g;

/**
 * The versions that the preconditions of a request accept; `any` without one, and for `If-Match: *`, since no absent record
 * is ever created. `none` for `If-None-Match: *`, whatever `If-Match` says: one of the two fails for every record. Any other
 * `If-None-Match` is ignored.
 *
 * @throws Problem `malformed-precondition` if `If-Match` is not a list of entity tags
 */
export const expectedVersionsIn = (ifMatch: string | undefined, ifNoneMatch?: string): ExpectedVersions => {
  if (ifMatch !== undefined && !ifMatchPattern.test(ifMatch)) throw new Problem('malformed-precondition');
  if (ifNoneMatch !== undefined && star.test(ifNoneMatch)) return 'none';
  if (ifMatch === undefined || star.test(ifMatch)) return 'any';
  return [...ifMatch.matchAll(ownTag)].map(([, version]) => Number(version)).filter(Number.isSafeInteger);
};
