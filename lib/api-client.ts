import type { InferOutput } from 'valibot';
import type { FieldError, ProblemCode } from './domain/problem.ts';
import type { Placeholder } from './domain/record-kind.ts';
import type { Endpoint } from './endpoint.ts';
import type { problemTypes } from './http/problem-types.ts';

export type ClientOptions = {
  /** The URL of the API, such as `https://api.example.com/prod`. */
  baseUrl: string | URL;
  /** The bearer token, or a function that returns one; it is called before every attempt. */
  token: string | (() => string | Promise<string>);
  /** Replaces the global `fetch`. */
  fetch?: typeof globalThis.fetch;
};

export type RequestOptions = {
  /** The versions that may be changed: an `etag` exactly as received, several, or `*`. */
  ifMatch?: string | readonly string[];
  /** Aborts the request, and the wait between attempts; `AbortSignal.timeout(5_000)` gives up after five seconds. */
  signal?: AbortSignal;
  /** How many retries may follow a lost response, a 429 or a 503; `operations` describes the default. */
  retries?: number;
};

type Described = Pick<Endpoint, 'path' | 'body' | 'reply' | 'problems'>;

/** The named fields of a type, without the index signature of `never` with which valibot refuses all other names. */
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
} & (Code extends 'invalid-fields' | 'record-too-large' | 'value-taken' ? { errors: FieldError[] } : object);

/** The current record, and its version. */
export type Success<E extends Described> = {
  ok: true;
  status: 200;
  reply: InferOutput<E['reply']>;
  etag: string;
  requestId: string;
};

/** An error of the API. For 412, `etag` is the stored version; for 503, `retryAfter` is in seconds. */
export type Failure<Code extends ProblemCode> = Code extends ProblemCode
  ? {
      ok: false;
      status: (typeof problemTypes)[Code]['status'];
      problem: ProblemDetails<Code>;
      requestId: string;
    } & (Code extends 'stale-version' ? { etag: string } : object) &
      (Code extends 'unavailable' ? { retryAfter: number } : object)
  : never;

/** Any response of an endpoint; narrow it by `ok` and `status`. */
export type ApiResponse<E extends Described> = Success<E> | Failure<E['problems'][number]>;

/** Sends a patch to an endpoint. */
export type Operation<E extends Described> = (
  ids: Record<Placeholder<E['path']>, string>,
  patch: Patch<E>,
  options?: RequestOptions,
) => Promise<ApiResponse<E>>;

/** A response that does not come from the API itself, but from a gateway or a proxy, for example. */
export class UnexpectedResponseError extends Error {
  override readonly name = 'UnexpectedResponseError';
  readonly status: number;

  constructor(status: number) {
    super(`Received a response with status ${status} that does not come from this API.`);
    this.status = status;
  }
}

/** The maximum `Retry-After` that a retry waits for, in seconds; a response that asks for more is final. */
const maxRetryAfter = 60;

/**
 * The functions that send patches to the endpoints at `paths`. Every response of the API is returned, whatever its status.
 *
 * A request whose response is lost, or is a 503, may have been applied. It is retried, at most twice, if `ifMatch` names exactly
 * one version: then it is never applied twice, and a retry of a request that was applied gets 200. The same rule applies to
 * a 429. Without `ifMatch`, with `*` or with several versions, a retry could overwrite a change that another caller made in
 * between, so there is none; `retries` overrides that for a caller who knows that nobody else writes.
 *
 * @throws whatever `token` throws, at once, or `fetch` throws, after the last attempt; the reason of `signal` if it aborts;
 *   `UnexpectedResponseError` if the last response does not come from the API; TypeError for an id that no URL can contain
 */
export function operations<Endpoints extends Record<string, Described>>(
  paths: { [Name in keyof Endpoints]: Endpoints[Name]['path'] },
  client: ClientOptions,
): { [Name in keyof Endpoints]: Operation<Endpoints[Name]> };
export function operations(paths: Record<string, string>, client: ClientOptions) {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, operation(path, client)]));
}

const operation =
  (path: string, client: ClientOptions) =>
  async (ids: Record<string, string>, patch: object, options: RequestOptions = {}): Promise<AnyApiResponse> => {
    const url = urlOf(client.baseUrl, path, ids);
    const { signal, retries = namesOneVersion(options) ? 2 : 0 } = options;
    for (let attempt = 0; ; attempt++) {
      const mayRetry = attempt < retries;
      const token = await tokenOf(client, signal);
      const response = await send(client, url, token, patch, options).catch((error) => {
        signal?.throwIfAborted();
        if (!mayRetry) throw error;
        return undefined;
      });
      if (response && !(mayRetry && isTransient(response))) return parsed(response);
      await pause(delay(attempt, response), signal);
    }
  };

type Received = { status: number; headers: Headers; text: string };
type AnyApiResponse = Success<Described> | Failure<ProblemCode>;

const headerOf = ({ ifMatch }: RequestOptions): string | undefined =>
  ifMatch === undefined ? undefined : [ifMatch].flat().join(', ');

const namesOneVersion = (options: RequestOptions): boolean => /^\s*"[^"]*"\s*$/.test(headerOf(options) ?? '');

const urlOf = (baseUrl: string | URL, path: string, ids: Record<string, string>): string => {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name] ?? '';
    // Any URL parser drops the segments "." and "..", even encoded ones (WHATWG URL, "single-dot URL path segment").
    if (/^\.{0,2}$/.test(id)) throw new TypeError(`${name} must not be empty, "." or "..".`);
    if (/\p{Surrogate}/u.test(id)) throw new TypeError(`${name} must be well-formed Unicode.`);
    return encodeURIComponent(id);
  });
  return `${String(baseUrl).replace(/\/+$/, '')}${filled}`;
};

const tokenOf = ({ token }: ClientOptions, signal: AbortSignal | undefined): Promise<string> =>
  unlessAborted(signal, async () => (typeof token === 'string' ? token : token()));

/** One attempt, up to the end of its response. */
const send = async (
  { fetch = globalThis.fetch }: ClientOptions,
  url: string,
  token: string,
  patch: object,
  options: RequestOptions,
): Promise<Received> => {
  const ifMatch = headerOf(options);
  const response = await fetch(url, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    },
    body: JSON.stringify(patch),
    signal: options.signal ?? null,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const parsed = (response: Received): AnyApiResponse => {
  const { status, headers } = response;
  const requestId = headers.get('x-request-id') ?? '';
  const etag = headers.get('etag');
  const retryAfter = retryAfterIn(response);
  const content = contentOf(response);
  if (status === 200 && content?.type === 'application/json' && etag !== null) {
    return { ok: true, status, reply: content.value, etag, requestId };
  }
  if (content?.type !== 'application/problem+json' || !isOwnProblem(content.value, status)) {
    throw new UnexpectedResponseError(status);
  }
  return {
    ok: false,
    status: content.value.status,
    problem: content.value,
    requestId,
    ...(etag !== null && { etag }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
};

/** The media type of a response and the JSON object in its body; `undefined` if there is none. */
const contentOf = ({ headers, text }: Received) => {
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  try {
    const value = JSON.parse(text);
    return value instanceof Object ? { type: type.trim().toLowerCase(), value } : undefined;
  } catch {
    return undefined;
  }
};

const isOwnProblem = ({ type, status }: { type?: unknown; status?: unknown }, received: number): boolean =>
  String(type).startsWith('urn:problem-type:patchwork:') && status === received;

/** In seconds; `undefined` for a date, which this API does not send (RFC 9110 §10.2.3). */
const retryAfterIn = ({ headers }: Received): number | undefined => {
  const value = headers.get('retry-after') ?? '';
  return /^\d+$/.test(value) ? Number(value) : undefined;
};

const isTransient = (response: Received): boolean =>
  [429, 503].includes(response.status) && (retryAfterIn(response) ?? 0) <= maxRetryAfter;

/** In milliseconds: as long as the response asks for, or else a random time whose upper bound doubles with every attempt. */
const delay = (attempt: number, response: Received | undefined): number =>
  ((response && retryAfterIn(response)) || Math.random() * 0.2 * 2 ** attempt) * 1000;

const pause = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const elapsed = () =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
  return unlessAborted(signal, elapsed).finally(() => clearTimeout(timer));
};

/** Settles as `work` does, unless `signal` aborts first; then rejects with its reason. */
const unlessAborted = async <Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> => {
  signal?.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work(), aborted]).finally(() => signal?.removeEventListener('abort', stop));
};
