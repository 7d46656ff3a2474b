import type { Problem } from '../domain/problem.ts';
import type { GatewayEvent, GatewayResult } from './gateway-event.ts';
import { entityTagOf } from './preconditions.ts';
import { problemHeaders, problemTypes } from './problem-types.ts';

/**
 * The header fields of every response: never stored, never sniffed, never framed, and over TLS only.
 * https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers
 */
const commonHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const response = (
  { requestContext: { requestId } }: GatewayEvent,
  statusCode: number,
  contentType: string,
  body: unknown,
  headers: Record<string, string>,
): GatewayResult => ({
  statusCode,
  headers: { 'content-type': contentType, ...commonHeaders, 'x-request-id': requestId, ...headers },
  body: JSON.stringify(body),
});

/** A 200 with the record's strong entity tag (RFC 9110 §8.8.3). */
export const success = (event: GatewayEvent, version: number, reply: unknown): GatewayResult =>
  response(event, 200, 'application/json', reply, { etag: entityTagOf(version) });

/** Problem details (RFC 9457); `instance` is the request id. */
export const problemDetails = ({ code, errors }: Problem, requestId: string) => {
  const { status, title, detail } = problemTypes[code];
  return {
    type: `urn:problem-type:patchwork:${code}`,
    title,
    status,
    detail,
    instance: requestId,
    ...(errors.length > 0 && { errors }),
  };
};

/** A problem as `application/problem+json`. */
export const failure = (event: GatewayEvent, problem: Problem, permission: string): GatewayResult => {
  const details = problemDetails(problem, event.requestContext.requestId);
  return response(event, details.status, 'application/problem+json', details, problemHeaders(problem, permission));
};
