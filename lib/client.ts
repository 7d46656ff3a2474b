import type { InferOutput } from 'valibot';
import type { FieldError, ProblemCode } from './domain/problem.ts';
import type { Endpoint, PathParameter } from './endpoint.ts';
import type { problemTypes } from './http/problem-types.ts';

export type ClientOptions = {
  /** Where the API is, such as `https://api.example.com/prod`. */
  baseUrl: string | URL;
  /** The bearer token, or what gives one; it is asked before every attempt. */
  token: string | (() => string | Promise<string>);
  /** In place of the global `fetch`. */
  fetch?: typeof globalThis.fetch;
};

export type RequestOptions = {
  /** The versions that the change is meant for: an `etag` as it was answered, several, or `*`. */
  ifMatch?: string | readonly string[];
  /** Ends the request and the waiting between attempts; `AbortSignal.timeout(5_000)` gives up after five seconds. */
  signal?: AbortSignal;
  /** How often to send again after no answer or a 503; see `operation` for what happens if it is not given. */
  retries?: number;
};

type Described = Pick<Endpoint, 'path' | 'body' | 'reply' | 'problems'>;

/** The fields that have a name: those of a request have no others, which valibot types as `never` for every other name. */
type Named<Value> = Value extends readonly (infer Item)[]
  ? Named<Item>[]
  : Value extends object
    ? { [Name in keyof Value as string extends Name ? never : Name]: Named<Value[Name]> }
    : Value;

/** What a caller may send to an endpoint. */
export type Patch<E extends Described> = Named<InferOutput<E['body']>>;

/** Problem details (RFC 9457) of one kind. */
export type ProblemDetails<Code extends ProblemCode> = {
  type: `urn:problem-type:patchwork:${Code}`;
  title: string;
  status: (typeof problemTypes)[Code]['status'];
  detail: string;
  /** The request id. */
  instance: string;
} & (Code extends 'invalid-fields' | 'record-too-large' ? { errors: FieldError[] } : object);

/** The record as it is now, and its version. */
export type Success<E extends Described> = {
  ok: true;
  status: 200;
  reply: InferOutput<E['reply']>;
  etag: string;
  requestId: string;
};

/** What went wrong. For 412, `etag` is the version that is stored; for 503, `retryAfter` is in seconds. */
export type Failure<Code extends ProblemCode> = Code extends ProblemCode
  ? {
      ok: false;
      status: (typeof problemTypes)[Code]['status'];
      problem: ProblemDetails<Code>;
      requestId: string;
    } & (Code extends 'stale-version' ? { etag: string } : object) &
      (Code extends 'unavailable' ? { retryAfter: number } : object)
  : never;

/** Everything that an endpoint answers; `ok` and `status` tell one from another. */
export type Answer<E extends Described> = Success<E> | Failure<E['problems'][number]>;

/** Sends a patch to an endpoint. */
export type Operation<E extends Described> = (
  ids: Record<PathParameter<E['path']>, string>,
  patch: Patch<E>,
  options?: RequestOptions,
) => Promise<Answer<E>>;

/** An answer that is none of the API's own: a gateway's or a proxy's. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;

  constructor(status: number) {
    super(`The answer, with status ${status}, is not one of this API.`);
    this.status = status;
  }
}

/**
 * The function that sends patches to the endpoint at `path`. What the API answers is returned, whatever its status.
 *
 * A request without an answer, or with a 503, may have been carried out. It is sent again, twice at most, if `ifMatch`
 * names a version: then it is never applied twice, and one whose change is in the record already is answered 200.
 * Without `ifMatch`, or with `*`, a repeat could put its values over a change that another caller made in between, so it is
 * sent once; `retries` says otherwise for a caller who knows that nobody else writes.
 *
 * @throws what `fetch` throws if there is no answer; the reason of `signal` if it aborts; `UnexpectedAnswerError` if the
 *   answer is none of the API's; TypeError for an id that no URL can hold
 */
export function operation<E extends Described>(path: E['path'], client: ClientOptions): Operation<E>;
export function operation(path: string, client: ClientOptions) {
  return async (ids: Record<string, string>, patch: object, options: RequestOptions = {}): Promise<AnyAnswer> => {
    const url = urlOf(client.baseUrl, path, ids);
    const { signal, retries = namesVersion(options) ? 2 : 0 } = options;
    for (let attempt = 0; ; attempt++) {
      const isLast = attempt >= retries;
      const answer = await send(client, url, patch, options).catch((error) => {
        if (isLast || signal?.aborted) throw error;
        return undefined;
      });
      if (answer && (isLast || answer.status !== 503)) return answerIn(answer);
      await pause(delay(attempt, answer), signal);
    }
  };
}

type Received = { status: number; headers: Headers; text: string };
type AnyAnswer = Success<Described> | Failure<ProblemCode>;

const namesVersion = ({ ifMatch }: RequestOptions): boolean =>
  ifMatch !== undefined && ![ifMatch].flat().some((tag) => tag.trim() === '*');

const urlOf = (baseUrl: string | URL, path: string, ids: Record<string, string>): string => {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name] ?? '';
    if (/^\.{0,2}$/.test(id)) throw new TypeError(`${name} must not be empty, "." or "..".`);
    return encodeURIComponent(id);
  });
  return `${String(baseUrl).replace(/\/+$/, '')}${filled}`;
};

/** One attempt, until its answer has been read. */
const send = async (
  { token, fetch = globalThis.fetch }: ClientOptions,
  url: string,
  patch: object,
  { ifMatch, signal }: RequestOptions,
): Promise<Received> => {
  const response = await fetch(url, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${typeof token === 'string' ? token : await token()}`,
      'content-type': 'application/json',
      ...(ifMatch !== undefined && { 'if-match': [ifMatch].flat().join(', ') }),
    },
    body: JSON.stringify(patch),
    signal: signal ?? null,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const answerIn = ({ status, headers, text }: Received): AnyAnswer => {
  const requestId = headers.get('x-request-id') ?? '';
  const etag = headers.get('etag');
  const [type] = (headers.get('content-type') ?? '').split(';');
  if (status === 200 && type === 'application/json' && etag !== null) {
    return { ok: true, status, reply: JSON.parse(text), etag, requestId };
  }
  if (status === 200 || type !== 'application/problem+json') throw new UnexpectedAnswerError(status);
  const problem = JSON.parse(text);
  const retryAfter = headers.get('retry-after');
  return {
    ok: false,
    status: problem.status,
    problem,
    requestId,
    ...(etag !== null && { etag }),
    ...(retryAfter !== null && { retryAfter: Number(retryAfter) }),
  };
};

/** In milliseconds: what the answer asks for, or else a time that grows and that chance spreads out. */
const delay = (attempt: number, answer: Received | undefined): number => {
  const retryAfter = Number(answer?.headers.get('retry-after'));
  return retryAfter > 0 ? retryAfter * 1000 : Math.random() * 200 * 2 ** attempt;
};

const pause = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
