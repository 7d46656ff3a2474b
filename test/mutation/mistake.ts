/** A small realistic slip in `file` that breaks a promise, and the test files of which at least one must fail with it. */
export type Mistake = {
  promise: string;
  file: string;
  find: string;
  replace: string;
  tests: readonly string[];
  /** Whether it is planted beside the invented endpoint (`test/invented/`), for which the tests must fail. */
  isInvented?: boolean;
};
