import * as v from 'valibot';

/** What is wrong and where, as the end of a sentence: `at workspaces.0.name: is missing`. */
export const flawOf = (issue: v.BaseIssue<unknown>): string => {
  const path = v.getDotPath(issue) ?? 'the top level';
  return `at ${path}: ${wrongKey(issue) ?? issue.message}`;
};

/** valibot reports both missing and unknown members as keys of the wrong type. */
const wrongKey = ({ type, expected, received }: v.BaseIssue<unknown>): string | undefined => {
  if (!type.endsWith('object')) return undefined;
  if (expected === 'never') return 'is unknown';
  return received === 'undefined' ? 'is missing' : undefined;
};
