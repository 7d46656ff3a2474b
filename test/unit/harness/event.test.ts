import { describe, expect, test } from 'vitest';
import { eventOf, type Received } from '../../harness/gateway/event.ts';

const route = { method: 'PATCH', path: '/v1/shelves/{shelfId}' };
const received: Received = {
  method: 'PATCH',
  target: '/v1/shelves/w-1',
  rawHeaders: ['Host', 'api.example.com:3000', 'User-Agent', 'curl/8', 'Content-Type', 'application/json'],
  body: Buffer.from('{"title":"é"}'),
  sourceIp: '127.0.0.1',
  port: 3000,
  requestId: 'JKJaXmPLvHcESHA=',
  receivedAt: new Date('2024-01-05T09:08:07.123Z'),
};
const eventFrom = (change: Partial<Received> = {}) =>
  eventOf({ ...received, ...change }, { route, parameters: { shelfId: 'w-1' } });

test('an event has every member that AWS documents for payload format 2.0', () => {
  expect(eventFrom()).toEqual({
    version: '2.0',
    routeKey: 'PATCH /v1/shelves/{shelfId}',
    rawPath: '/v1/shelves/w-1',
    rawQueryString: '',
    headers: {
      host: 'api.example.com:3000',
      'user-agent': 'curl/8',
      'content-type': 'application/json',
      'content-length': '14',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': '3000',
      'x-forwarded-proto': 'http',
    },
    pathParameters: { shelfId: 'w-1' },
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: {
        method: 'PATCH',
        path: '/v1/shelves/w-1',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'curl/8',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: 'PATCH /v1/shelves/{shelfId}',
      stage: '$default',
      time: '05/Jan/2024:09:08:07 +0000',
      timeEpoch: 1704445687123,
    },
    body: '{"title":"é"}',
    isBase64Encoded: false,
  });
});

describe('the headers of an event:', () => {
  test.each([
    ['names are in lower case', ['X-A', '1'], { 'x-a': '1' }],
    ['repetitions are joined with a comma', ['X-A', '1', 'x-a', '2'], { 'x-a': '1,2' }],
    [
      'repetitions that Node drops are joined as well',
      ['Authorization', 'a', 'Authorization', 'b'],
      { authorization: 'a,b' },
    ],
    ['the name __proto__ is not special', ['__proto__', '1'], JSON.parse('{"__proto__":"1"}')],
    [
      'the sender is appended to X-Forwarded-For',
      ['X-Forwarded-For', '10.0.0.1'],
      { 'x-forwarded-for': '10.0.0.1, 127.0.0.1' },
    ],
  ])('%s', (_, rawHeaders, expected) => {
    expect(eventFrom({ rawHeaders }).headers).toMatchObject(expected);
  });

  test.each(['connection', 'transfer-encoding', 'expect', 'cookie'])(
    'the header %s does not reach the function',
    (name) => {
      expect(eventFrom({ rawHeaders: [name, 'x'] }).headers).not.toHaveProperty(name);
    },
  );

  test('cookies have a member of their own', () => {
    expect(eventFrom({ rawHeaders: ['Cookie', 'a=1; b=2', 'Cookie', 'c=3'] }).cookies).toEqual(['a=1', 'b=2', 'c=3']);
    expect(eventFrom()).not.toHaveProperty('cookies');
  });
});

describe('the path and query of an event:', () => {
  test('path and query parameters are decoded, the raw query string is not', () => {
    expect(eventFrom({ target: '/v1/shelves/%C3%A9?a=1&a=%26&b=x+y' })).toMatchObject({
      rawPath: '/v1/shelves/é',
      rawQueryString: 'a=1&a=%26&b=x+y',
      queryStringParameters: { a: '1,&', b: 'x y' },
    });
  });

  test('an empty query adds no query parameters', () => {
    expect(eventFrom({ target: '/v1/shelves/w-1?' })).not.toHaveProperty('queryStringParameters');
  });
});

describe('the body of an event', () => {
  const bytes = Buffer.from('{"a":1}');
  const base64 = { body: bytes.toString('base64'), isBase64Encoded: true };
  const text = { body: '{"a":1}', isBase64Encoded: false };

  test.each([
    ['application/json', text],
    ['Application/JSON; charset=UTF-8', text],
    ['application/xml', text],
    ['application/javascript', text],
    ['text/plain', text],
    ['application/json; charset=iso-8859-1', base64],
    ['application/merge-patch+json', base64],
    ['application/x-www-form-urlencoded', base64],
    ['application/octet-stream', base64],
  ])('with the content type %s has the right encoding', (contentType, expected) => {
    expect(eventFrom({ rawHeaders: ['Content-Type', contentType], body: bytes })).toMatchObject(expected);
  });

  test('without a content type arrives in base64', () => {
    expect(eventFrom({ rawHeaders: [], body: bytes })).toMatchObject(base64);
  });

  test('that is not UTF-8 arrives in base64, whatever its content type', () => {
    expect(eventFrom({ body: Buffer.from([0x22, 0xff, 0x22]) })).toMatchObject({ body: 'Iv8i', isBase64Encoded: true });
  });

  test('keeps a byte order mark', () => {
    expect(eventFrom({ body: Buffer.from([0xef, 0xbb, 0xbf, 0x31]) }).body).toBe('\ufeff1');
  });

  test('that is empty is absent', () => {
    const event = eventFrom({ body: Buffer.alloc(0) });
    expect(event).not.toHaveProperty('body');
    expect(event.isBase64Encoded).toBe(false);
  });
});
