import { isUtf8 } from 'node:buffer';
import type middy from '@middy/core';
import jsonBodyParser from '@middy/http-json-body-parser';
import { type GenericSchema, type InferOutput, safeParse } from 'valibot';
import { Problem } from '../domain/problem.ts';
import type { ExpectedVersions } from '../domain/records.ts';
import { flawsIn, type JsonFlaw, plainValueIn } from '../json-flaws.ts';
import type { Authorized } from './authorize.ts';
import { fieldErrorsOf } from './field-errors.ts';
import { type GatewayEvent, headerOf } from './gateway-event.ts';
import { isIdentity, isPatchMediaType } from './media-types.ts';
import { expectedVersionsIn } from './preconditions.ts';
import type { Step } from './request-path.ts';

/** The maximum size of a body, in bytes. */
export const maxBodySize = 256 * 1024;

export type PatchRequest<Patch = unknown> = { patch: Patch; expected: ExpectedVersions };

/**
 * Reads the patch and its preconditions, of authorized callers only.
 *
 * @throws Problem `unsupported-media-type`, `unsupported-content-encoding`, `body-too-large`, `malformed-body`,
 *   `malformed-precondition`, `invalid-fields` with every wrong field, or `empty-patch`
 */
export const readPatch =
  <Body extends GenericSchema>(schema: Body): Step<Authorized, PatchRequest<InferOutput<Body>>> =>
  (request) => {
    const { event } = request;
    if (!isPatchMediaType(headerOf(event, 'content-type') ?? '')) throw new Problem('unsupported-media-type');
    if (!isIdentity(headerOf(event, 'content-encoding') ?? '')) throw new Problem('unsupported-content-encoding');
    const text = textOf(event);
    const expected = expectedVersionsIn(headerOf(event, 'if-match'), headerOf(event, 'if-none-match'));
    const { value, flaws } = jsonIn(text, request);
    if (!isObject(value)) throw new Problem('malformed-body');
    const { success, output, issues } = safeParse(schema, value);
    if (!success || flaws.length > 0) throw new Problem('invalid-fields', { errors: fieldErrorsOf(issues, flaws) });
    if (isEmpty(output)) throw new Problem('empty-patch');
    return { patch: output, expected };
  };

/** The body as text, with U+FFFD for a lone surrogate. API Gateway sends what it does not take for text in base64. */
const textOf = ({ body = '', isBase64Encoded }: GatewayEvent): string => {
  const content = isBase64Encoded ? Buffer.from(body, 'base64') : body.toWellFormed();
  if (Buffer.byteLength(content) > maxBodySize) throw new Problem('body-too-large');
  const isText = typeof content === 'string' || isUtf8(content);
  if (content.length === 0 || !isText) throw new Problem('malformed-body');
  return content.toString();
};

/**
 * The JSON value of a text, and the flaws that a parser loses in silence (a member given twice, digits of a number) or refuses
 * without saying where (`__proto__`). A text with flaws is parsed too, so that the other wrong fields can be listed.
 */
const jsonIn = (text: string, request: ParserRequest): { value: unknown; flaws: readonly JsonFlaw[] } => {
  const plain = plainValueIn(text);
  if (plain) return { value: plain, flaws: [] };
  try {
    const flaws = flawsIn(text);
    return { value: flaws.length > 0 ? JSON.parse(text) : parse(text, request), flaws };
  } catch (error) {
    // Without flaws, middy's parser refuses nothing but text that is not JSON. Its error holds the body, so it is dropped.
    const isNotJson = error instanceof SyntaxError || (error instanceof Error && 'statusCode' in error);
    throw isNotJson ? new Problem('malformed-body') : error;
  }
};

type ParserRequest = Pick<middy.Request<GatewayEvent>, 'event' | 'context'>;

const parser = jsonBodyParser<GatewayEvent>({ disableContentTypeCheck: true });

/** Middy's parser puts the value in the place of the body: here, that of a copy of the event. */
const parse = (body: string, { event, context }: ParserRequest): unknown => {
  const copy = { ...event, body, isBase64Encoded: false };
  parser.before?.({ event: copy, context, response: undefined, error: undefined, internal: {} });
  return copy.body;
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a patch has no field at all, not even in a nested object. */
const isEmpty = (value: unknown): boolean => isObject(value) && Object.values(value).every(isEmpty);
