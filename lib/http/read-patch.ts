import { isUtf8 } from 'node:buffer';
import type middy from '@middy/core';
import jsonBodyParser from '@middy/http-json-body-parser';
import { type GenericSchema, type InferOutput, safeParse } from 'valibot';
import { Problem } from '../domain/problem.ts';
import { flawsIn, plainValueIn } from '../json-flaws.ts';
import { fieldErrorsOf } from './field-errors.ts';
import { type GatewayEvent, headerOf, type Read } from './gateway-event.ts';
import { isIdentity, isPatchMediaType } from './media-types.ts';
import { expectedVersionsIn } from './preconditions.ts';

/** The largest body, in bytes. */
export const largestBody = 256 * 1024;

/** What the body holds, if it was parsed already when it was looked through for flaws. */
type Parsed = { parsed?: object | undefined };

type PatchMiddleware<Patch> = middy.MiddlewareObj<GatewayEvent & Read<Patch> & Parsed>;

/**
 * Reads the patch and its precondition, in three steps: the text and its flaws, its JSON (unless the first step had to parse it),
 * and what the schema says of that.
 *
 * @throws Problem `unsupported-media-type`, `unsupported-content-encoding`, `body-too-large`, `malformed-body`,
 *   `malformed-precondition`, `invalid-fields` with every wrong field, or `empty-patch`
 */
export const readPatch = <Body extends GenericSchema>(schema: Body): PatchMiddleware<InferOutput<Body>>[] => [
  readText(schema),
  parseJson(),
  checkFields(schema),
];

const readText = <Body extends GenericSchema>(schema: Body): PatchMiddleware<InferOutput<Body>> => ({
  before: ({ event }) => {
    const text = textOf(event);
    event.expected = expectedVersionsIn(headerOf(event, 'if-match'), headerOf(event, 'if-none-match'));
    event.parsed = plainValueIn(text);
    if (!event.parsed) refuseFlaws(text, schema);
    event.body = text;
    event.isBase64Encoded = false;
  },
});

/** The body as text. API Gateway passes what it does not take for text in base64. */
const textOf = (event: GatewayEvent): string => {
  if (!isPatchMediaType(headerOf(event, 'content-type') ?? '')) throw new Problem('unsupported-media-type');
  if (!isIdentity(headerOf(event, 'content-encoding') ?? '')) throw new Problem('unsupported-content-encoding');
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > largestBody) throw new Problem('body-too-large');
  if (bytes.byteLength === 0 || !isUtf8(bytes)) throw new Problem('malformed-body');
  return bytes.toString();
};

/**
 * Refuses what the parser would lose in silence (a member given twice, digits of a number) or refuse without saying where
 * (`__proto__`). Such a text is parsed here, only to list what else is wrong with it.
 */
const refuseFlaws = (text: string, schema: GenericSchema): void => {
  const flaws = orMalformed(() => flawsIn(text));
  if (flaws.length === 0) return;
  const { issues } = safeParse(schema, objectIn(orMalformed(() => JSON.parse(text))));
  throw new Problem('invalid-fields', { errors: fieldErrorsOf(issues, flaws) });
};

/** The parser of middy, whose own errors carry the body and answer 422 for text that is not JSON. */
const parseJson = (): middy.MiddlewareObj<GatewayEvent & Parsed> => {
  const { before: parse } = jsonBodyParser<GatewayEvent>({ disableContentTypeCheck: true });
  return { before: (request) => (request.event.parsed ? undefined : orMalformed(() => parse?.(request))) };
};

const checkFields = <Body extends GenericSchema>(schema: Body): PatchMiddleware<InferOutput<Body>> => ({
  before: ({ event }) => {
    const { success, output, issues } = safeParse(schema, objectIn(event.parsed ?? event.body));
    if (!success) throw new Problem('invalid-fields', { errors: fieldErrorsOf(issues) });
    if (isEmpty(output)) throw new Problem('empty-patch');
    event.patch = output;
  },
});

/** Middy's parser throws an HTTP error of its own for text that is not JSON, `JSON.parse` a SyntaxError. */
const orMalformed = <Result>(read: () => Result): Result => {
  try {
    return read();
  } catch (error) {
    const isNotJson = error instanceof SyntaxError || (error instanceof Error && 'statusCode' in error);
    throw isNotJson ? new Problem('malformed-body') : error;
  }
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectIn = (value: unknown): object => {
  if (!isObject(value)) throw new Problem('malformed-body');
  return value;
};

/** Whether a patch has no field at all, be it in a nested object. */
const isEmpty = (value: unknown): boolean => isObject(value) && Object.values(value).every(isEmpty);
