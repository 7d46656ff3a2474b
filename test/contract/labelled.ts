import { shown } from '../harness/shown.ts';

/** What the name of a test has room for, in characters. */
const maxLength = 120;

/** Values with a short text each for the name of a test, all of them different. */
export const labelled = <Value>(values: readonly Value[], shownOf: (value: Value) => unknown): [string, Value][] => {
  const seen = new Map<string, number>();
  return values.map((value) => {
    const text = shown(shownOf(value));
    const label = text.length > maxLength ? `${text.slice(0, maxLength)} and ${text.length - maxLength} more` : text;
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return [count === 1 ? label : `${label} (${count})`, value];
  });
};
