import type { BaseIssue } from 'valibot';
import type { FieldError } from '../domain/problem.ts';
import type { JsonFlaw } from '../json-flaws.ts';

/** Limits of the list of wrong fields and of a JSON pointer in it, in characters: a response must fit into Lambda's 6 MB. */
const maxErrors = 1_000;
const maxPointerLength = 256;

/**
 * An error with its JSON pointer (RFC 6901 §3); the empty one is the whole body. A name that is too long is left unread,
 * because thousands of wrong values may stand below one.
 */
const errorAt = (path: readonly unknown[], detail: string): FieldError => {
  let pointer = '';
  for (const step of path) {
    const name = String(step);
    if (pointer.length + name.length >= maxPointerLength) {
      return { pointer, detail: 'has a member whose name is too long for a field of this request' };
    }
    pointer += `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  return { pointer, detail };
};

const detailOf: Record<JsonFlaw['kind'], string> = {
  duplicate: 'is given more than once',
  reserved: 'is not a field of this request',
  inexact: 'is a number that cannot be kept exactly; send it with fewer digits, or as text',
  deep: 'is nested too deeply',
};

/** What an issue of valibot means. A union reports itself; if one of its branches got further, that one says more. */
const errorsIn = (issue: BaseIssue<unknown>, base: readonly unknown[] = []): FieldError[] => {
  const path = [...base, ...(issue.path ?? []).map(({ key }) => key)];
  const deeper = issue.issues?.filter((inner) => inner.path) ?? [];
  if (deeper.length > 0) return deeper.flatMap((inner) => errorsIn(inner, path));
  return [errorAt(path, issue.message)];
};

/** Every wrong field once, with the first thing that is wrong with it; the first thousand, if there are more. */
export const fieldErrorsOf = (
  issues: readonly BaseIssue<unknown>[] = [],
  flaws: readonly JsonFlaw[] = [],
): FieldError[] => {
  const first = new Map<string, FieldError>();
  for (const error of errorsOf(issues, flaws)) {
    if (!first.has(error.pointer)) first.set(error.pointer, error);
    if (first.size === maxErrors) break;
  }
  return [...first.values()];
};

/** One at a time, so that what is not listed is not built either. */
function* errorsOf(issues: readonly BaseIssue<unknown>[], flaws: readonly JsonFlaw[]): Generator<FieldError> {
  for (const issue of issues) yield* errorsIn(issue);
  for (const { kind, path } of flaws) yield errorAt(path, detailOf[kind]);
}
