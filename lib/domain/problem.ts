/** Everything that can go wrong, as a closed set. Only `lib/http` knows what each means over HTTP. */
export type ProblemCode =
  | 'missing-token'
  | 'invalid-token'
  | 'forbidden'
  | 'not-found'
  | 'unsupported-media-type'
  | 'unsupported-content-encoding'
  | 'body-too-large'
  | 'malformed-body'
  | 'empty-patch'
  | 'malformed-precondition'
  | 'invalid-fields'
  | 'record-too-large'
  | 'stale-version'
  | 'email-taken'
  | 'value-taken'
  | 'unavailable'
  | 'internal';

/** One invalid field: its JSON pointer (RFC 6901), and what is wrong with it without repeating the value. */
export type FieldError = { pointer: string; detail: string };

type ProblemOptions = {
  /** The invalid fields of `invalid-fields`, `record-too-large` and `value-taken`. */
  errors?: readonly FieldError[];
  /** The stored version, for `stale-version`. */
  version?: number;
  /** The error that was caught; kept out of responses and log lines, because it may contain a caller's values. */
  cause?: unknown;
};

/** The only error that is thrown on purpose; any other that reaches the middleware is a defect. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly version: number | undefined;

  constructor(code: ProblemCode, { errors = [], version, cause }: ProblemOptions = {}) {
    super(code, { cause });
    this.code = code;
    this.errors = errors;
    this.version = version;
  }
}
