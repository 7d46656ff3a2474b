import type { Problem, ProblemCode } from '../domain/problem.ts';
import { patchMediaTypes } from './media-types.ts';
import { entityTagOf } from './preconditions.ts';

type ProblemType = { status: number; title: string; detail: string };

/** What each problem is over HTTP: the only place where a status number of an error stands. */
export const problemTypes = {
  'missing-token': {
    status: 401,
    title: 'Token missing',
    detail: 'This request needs a token. Send it in the header "Authorization: Bearer <token>".',
  },
  'invalid-token': {
    status: 401,
    title: 'Token refused',
    detail: 'The token is malformed, expired or not meant for this service. Ask its issuer for a new one.',
  },
  forbidden: {
    status: 403,
    title: 'Permission missing',
    detail: 'The token does not grant the needed permission in this workspace.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    detail: 'There is no such record in this workspace. Check the ids in the path.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Media type not supported',
    detail: `Send the body as ${patchMediaTypes.join(' or ')}.`,
  },
  'unsupported-content-encoding': {
    status: 415,
    title: 'Content coding not supported',
    detail: 'Send the body uncompressed, without the header Content-Encoding.',
  },
  'body-too-large': {
    status: 413,
    title: 'Body too large',
    detail: 'The body is over 256 KiB. Send fewer fields at once.',
  },
  'malformed-body': {
    status: 400,
    title: 'Body not readable',
    detail: 'The body must be one JSON object in UTF-8.',
  },
  'empty-patch': {
    status: 400,
    title: 'Nothing to change',
    detail: 'The body has no field in it. Send at least one.',
  },
  'malformed-precondition': {
    status: 400,
    title: 'If-Match not readable',
    detail: 'The header If-Match must be * or a list of entity tags, such as "7". Send an ETag exactly as received.',
  },
  'invalid-fields': {
    status: 422,
    title: 'Fields not valid',
    detail: 'Nothing was changed, because some fields are not valid: see "errors".',
  },
  'record-too-large': {
    status: 422,
    title: 'Record too large',
    detail: 'Nothing was changed, because the record would be larger than 400 KB. Send shorter values.',
  },
  'stale-version': {
    status: 412,
    title: 'Precondition failed',
    detail: 'The stored record does not meet If-Match or If-None-Match. Its entity tag is in the header ETag.',
  },
  'email-taken': {
    status: 409,
    title: 'Email already exists',
    detail: 'Another workspace has this e-mail address. Send a different one.',
  },
  'value-taken': {
    status: 409,
    title: 'Value already exists',
    detail: 'Another record has this value. "errors" names the field; send a different one.',
  },
  unavailable: {
    status: 503,
    title: 'Not available now',
    detail: 'The service could not confirm the result. Send the same request again after a few seconds.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    detail: 'Something went wrong in the service. If this persists, report the value of "instance".',
  },
} as const satisfies Record<ProblemCode, ProblemType>;

/** The header fields that belong to a problem. For 401 and 403, RFC 6750 §3; for 415, RFC 5789 §3.1 and RFC 9110 §12.5.3. */
export const problemHeaders = (problem: Problem, permission: string): Record<string, string> => {
  switch (problem.code) {
    case 'missing-token':
      return { 'www-authenticate': 'Bearer' };
    case 'invalid-token':
      return { 'www-authenticate': 'Bearer error="invalid_token"' };
    case 'forbidden':
      return { 'www-authenticate': `Bearer error="insufficient_scope", scope="${permission}"` };
    case 'unsupported-media-type':
      return { 'accept-patch': patchMediaTypes.join(', ') };
    case 'unsupported-content-encoding':
      return { 'accept-encoding': 'identity' };
    case 'stale-version':
      return problem.version === undefined ? {} : { etag: entityTagOf(problem.version) };
    case 'unavailable':
      return { 'retry-after': '2' };
    default:
      return {};
  }
};
