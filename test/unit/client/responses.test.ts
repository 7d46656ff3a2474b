import { describe, expect, test } from 'vitest';
import { UnexpectedResponseError } from '../../../functions/client.ts';
import { Problem, type ProblemCode } from '../../../lib/domain/problem.ts';
import { problemTypes } from '../../../lib/http/problem-types.ts';
import { problemDetails } from '../../../lib/http/response.ts';
import { gateway, json, operations, problem, type Reaction } from './client-of.ts';

describe.each(operations)('a response to $name', ({ endpoint, clientOf, update, updated }) => {
  test('with the record has its entity tag and the request id', async () => {
    expect(await update(clientOf([updated]))).toEqual({
      ok: true,
      status: 200,
      reply: endpoint.example.reply,
      etag: '"8"',
      requestId: 'r-1',
    });
  });

  test.each(Object.keys(problemTypes) as ProblemCode[])(
    'with the problem %s is returned with its status',
    async (code) => {
      const response = await update(clientOf([problem(code)]));
      expect(response).toEqual({
        ok: false,
        status: problemTypes[code].status,
        problem: problemDetails(new Problem(code), 'r-1'),
        requestId: 'r-1',
      });
    },
  );

  test('with 412 has the stored version', async () => {
    const response = await update(clientOf([problem('stale-version', { etag: '"9"' })]));
    expect(response).toMatchObject({ ok: false, status: 412, etag: '"9"' });
  });

  test('with 503 has Retry-After in seconds', async () => {
    const response = await update(clientOf([problem('unavailable', { 'retry-after': '2' })]));
    expect(response).toMatchObject({ ok: false, status: 503, retryAfter: 2 });
  });

  test('may have its media type in any letter case and with parameters', async () => {
    const reply = json(200, 'Application/JSON ; charset=utf-8', endpoint.example.reply, { etag: '"8"' });
    expect(await update(clientOf([reply]))).toMatchObject({ status: 200 });
  });

  const details = problemDetails(new Problem('not-found'), 'r-1');
  test.each<[string, number, Reaction]>([
    ["a gateway's 404", 404, gateway(404)],
    ["a gateway's 413", 413, gateway(413)],
    ["a gateway's 429", 429, gateway(429)],
    ["a gateway's 500", 500, gateway(500)],
    ["a gateway's 503", 503, gateway(503)],
    ['an HTML page', 200, json(200, 'text/html', '<p>', { etag: '"8"' })],
    ['a 200 of another media type', 200, json(200, 'text/plain', endpoint.example.reply, { etag: '"8"' })],
    ['a 200 without an entity tag', 200, json(200, 'application/json', {})],
    ['a truncated 200', 200, json(200, 'application/json', '{"record":', { etag: '"8"' })],
    ['a 200 without an object', 200, json(200, 'application/json', 'null', { etag: '"8"' })],
    ['another success status', 201, json(201, 'application/json', {}, { etag: '"8"' })],
    ['a truncated problem', 404, json(404, 'application/problem+json', '{')],
    ["another service's problem", 404, json(404, 'application/problem+json', { ...details, type: 'about:blank' })],
    ['a problem of another status', 502, json(502, 'application/problem+json', details)],
  ])('that is %s throws an error with its status', async (_, status, reaction) => {
    const error = await update(clientOf([reaction])).catch((reason) => reason);
    expect(error).toBeInstanceOf(UnexpectedResponseError);
    expect(error).toMatchObject({ name: 'UnexpectedResponseError', status });
  });
});
