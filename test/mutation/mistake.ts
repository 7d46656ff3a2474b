/** A small realistic mistake: in `file`, `find` (which occurs exactly once) becomes `replace`; one of `tests` must fail for it. */
export type Mistake = { promise: string; file: string; find: string; replace: string; tests: readonly string[] };
