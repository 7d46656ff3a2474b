import type { Mistake } from './mistake.ts';

/** A mistake in a file that is named elsewhere. */
type Slip = [promise: string, find: string, replace: string];

/** The mistakes of one file that the same tests must catch. */
export const inFile = (file: string, tests: readonly string[], slips: readonly Slip[]): Mistake[] =>
  slips.map(([promise, find, replace]) => ({ promise, file, find, replace, tests }));
