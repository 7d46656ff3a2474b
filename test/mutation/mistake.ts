/** A small slip planted in `file`: `find`, which occurs there once, becomes `replace`; one of `tests` must then fail. */
export type Mistake = { promise: string; file: string; find: string; replace: string; tests: readonly string[] };
