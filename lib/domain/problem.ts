/** All that may go wrong, as a closed set. What each means over HTTP is decided in `lib/http` alone. */
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
  | 'unavailable'
  | 'internal';

/** One wrong field: where it is (JSON pointer, RFC 6901) and what is wrong, never repeating the value sent. */
export type FieldError = { pointer: string; detail: string };

type ProblemFacts = {
  /** The wrong fields of `invalid-fields` and `record-too-large`. */
  errors?: readonly FieldError[];
  /** The stored version, for `stale-version`. */
  version?: number;
  /** What was caught; kept out of every answer and log line, because it may hold a caller's values. */
  cause?: unknown;
};

/** The only error that is thrown on purpose; any other that reaches the chain is a defect. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly version: number | undefined;

  constructor(code: ProblemCode, { errors = [], version, cause }: ProblemFacts = {}) {
    super(code, { cause });
    this.code = code;
    this.errors = errors;
    this.version = version;
  }
}
