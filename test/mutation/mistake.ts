/** A small slip that a developer could make: in `file`, `find` (there once) becomes `replace`, and `tests` must notice. */
export type Mistake = { promise: string; file: string; find: string; replace: string; tests: readonly string[] };
