import { installExtraPackages } from '../harness/extra-packages.ts';

/** Runs once before the tests of this folder. */
export const setup = (): void => installExtraPackages(import.meta.dirname, 'the test of the reference page');
