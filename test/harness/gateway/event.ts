import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Match, pathOf, type Route } from './routes.ts';

/** A request as received. `rawHeaders` alternates names and values, as in `IncomingMessage`. */
export type Received = {
  method: string;
  /** The request target: path and query, percent-encoded. */
  target: string;
  rawHeaders: readonly string[];
  body: Buffer;
  sourceIp: string;
  /** The gateway's own port. */
  port: number;
  requestId: string;
  receivedAt: Date;
};

/** Headers for a single connection (RFC 9110 §7.6.1) or its transfer of the body; the gateway does not forward them. */
const hopByHop = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
]);

/** The headers by lower-case name. Repeated headers are joined with a comma. */
export const headersIn = (rawHeaders: readonly string[]): Map<string, string> => {
  const headers = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
};

/**
 * The event that an API Gateway HTTP API creates for a request, payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const eventOf = (received: Received, { route, parameters }: Match<Route>): APIGatewayProxyEventV2 => {
  const { method, target, sourceIp, receivedAt } = received;
  const headers = headersIn(received.rawHeaders);
  const cookies = headers
    .get('cookie')
    ?.split(/[;,] */)
    .filter((cookie) => cookie !== '');
  const userAgent = headers.get('user-agent') ?? '';
  const domainName = (headers.get('host') ?? '').replace(/:\d+$/, '');
  const path = pathOf(target) ?? '';
  const rawQueryString = target.includes('?') ? target.slice(target.indexOf('?') + 1) : '';
  const routeKey = `${route.method} ${route.path}`;

  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies && { cookies }),
    headers: forwarded(headers, received),
    ...(rawQueryString !== '' && { queryStringParameters: queryIn(rawQueryString) }),
    ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent },
      requestId: received.requestId,
      routeKey,
      stage: '$default',
      time: logTime(receivedAt),
      timeEpoch: receivedAt.getTime(),
    },
    ...bodyOf(received.body, headers.get('content-type')),
  };
};

/** The headers of the event: without hop-by-hop headers and cookies, with those that the gateway adds. */
const forwarded = (headers: Map<string, string>, { body, sourceIp, port }: Received): Record<string, string> => {
  const before = headers.get('x-forwarded-for');
  return Object.fromEntries([
    ...[...headers].filter(([name]) => name !== 'cookie' && !hopByHop.has(name)),
    ['content-length', String(body.byteLength)],
    ['x-forwarded-for', before === undefined ? sourceIp : `${before}, ${sourceIp}`],
    ['x-forwarded-port', String(port)],
    ['x-forwarded-proto', 'http'],
  ]);
};

const queryIn = (rawQueryString: string): Record<string, string> => {
  const query = new URLSearchParams(rawQueryString);
  return Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(',')]));
};

/**
 * The content types of bodies that arrive as text, as measured on AWS: https://github.com/ministackorg/ministack/pull/766 and
 * https://github.com/floci-io/floci/pull/2203. Any other, such as `application/merge-patch+json`, and a missing one: base64.
 */
const textType = /^(text\/[^;\s]+|application\/(json|xml|javascript))\s*(;\s*charset="?utf-8"?\s*)?$/i;

const bodyOf = (body: Buffer, contentType = ''): Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'> => {
  if (body.byteLength === 0) return { isBase64Encoded: false };
  const text = textType.test(contentType) ? utf8(body) : undefined;
  return text === undefined
    ? { body: body.toString('base64'), isBase64Encoded: true }
    : { body: text, isBase64Encoded: false };
};

const utf8 = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** The timestamp in Common Log Format: `12/Mar/2020:19:03:58 +0000`. */
const logTime = (date: Date): string => {
  const [, day, month, year, time] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
};
