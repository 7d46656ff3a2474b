import * as v from 'valibot';

/** What is wrong with a value and where, as the end of a sentence: `at workspaces.0.name: is missing`. */
export const flawOf = (issue: v.BaseIssue<unknown>): string => {
  const place = v.getDotPath(issue) ?? 'its top';
  return `at ${place}: ${wrongKey(issue) ?? issue.message}`;
};

/** valibot reports both a member that is missing and one that is not known as a key of a wrong type. */
const wrongKey = ({ type, expected, received }: v.BaseIssue<unknown>): string | undefined => {
  if (!type.endsWith('object')) return undefined;
  if (expected === 'never') return 'is not known';
  return received === 'undefined' ? 'is missing' : undefined;
};
