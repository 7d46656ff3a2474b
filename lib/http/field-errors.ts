import type { BaseIssue } from 'valibot';
import type { FieldError } from '../domain/problem.ts';
import type { JsonFlaw } from '../json-flaws.ts';

/** A JSON pointer (RFC 6901 §3); the empty one is the whole body. */
const pointerTo = (path: readonly unknown[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

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
  return [{ pointer: pointerTo(path), detail: issue.message }];
};

/** Every wrong field once, with the first thing that is wrong with it. */
export const fieldErrorsOf = (
  issues: readonly BaseIssue<unknown>[] = [],
  flaws: readonly JsonFlaw[] = [],
): FieldError[] => {
  const first = new Map<string, FieldError>();
  const found = [
    ...issues.flatMap((issue) => errorsIn(issue)),
    ...flaws.map(({ kind, path }) => ({ pointer: pointerTo(path), detail: detailOf[kind] })),
  ];
  for (const error of found) if (!first.has(error.pointer)) first.set(error.pointer, error);
  return [...first.values()];
};
