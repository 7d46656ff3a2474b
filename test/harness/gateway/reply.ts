import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as v from 'valibot';

/** The gateway's response. Header names are in lower case. */
export type Reply = { status: number; headers: Record<string, string | string[]>; body: Buffer };

/** A function's result with a status code. All other members are optional; unknown ones are dropped. */
const Result = v.object({
  statusCode: v.pipe(
    v.union([v.number(), v.string()]),
    v.transform(Number),
    v.integer(),
    v.minValue(200),
    v.maxValue(599),
  ),
  headers: v.nullish(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
  cookies: v.nullish(v.array(v.string())),
  body: v.nullish(v.string()),
  isBase64Encoded: v.nullish(v.boolean()),
});

/** Headers that the gateway sets and functions cannot. */
const ownHeaders = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** An error response of API Gateway itself, such as `{"message":"Not Found"}`. */
export const ownReply = (status: number, message: string): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ message })),
});

/**
 * The response that API Gateway creates from a function's result, payload format 2.0. A result without `statusCode` becomes
 * the body of a 200.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * @throws Error if the result has a `statusCode` but is not a valid response
 */
export const replyOf = (result: unknown): Reply => {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = Buffer.from(JSON.stringify(result) ?? 'null');
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = v.parse(Result, result);
  const sent = Object.entries(headers ?? {})
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => !ownHeaders.has(name));
  for (const [name, value] of [...sent, ...(cookies ?? []).map((cookie) => ['set-cookie', cookie] as const)]) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...Object.fromEntries(sent),
      ...(cookies && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
};
