import { expect } from 'vitest';
import type { ProblemCode } from '../../lib/domain/problem.ts';
import { problemTypes } from '../../lib/http/problem-types.ts';
import type { Declared } from '../declared/kind.ts';
import type { StageResponse } from './stage.ts';

/** Checks the headers that every response of the service has, whatever its status. */
const expectCommonHeaders = ({ headers }: StageResponse): void => {
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'strict-transport-security': expect.stringMatching(/^max-age=\d+/),
    'x-request-id': expect.stringMatching(/./),
  });
};

/** Checks that a response is the problem details (RFC 9457) of one code, and contains nothing else. */
export const expectProblem = (response: StageResponse, code: ProblemCode, wrong?: readonly string[]): void => {
  expectCommonHeaders(response);
  const { status, title, detail } = problemTypes[code];
  const body = JSON.parse(response.text);
  const pointers = wrong && pointersIn(response);
  expect({ status: response.status, pointers }).toEqual({ status, pointers: wrong?.toSorted() });
  expect(response.headers['content-type']).toBe('application/problem+json');
  expect(body).toEqual({
    type: `urn:problem-type:patchwork:${code}`,
    title,
    status,
    detail,
    instance: response.headers['x-request-id'],
    ...(body.errors && { errors: expect.any(Array) }),
  });
  for (const error of body.errors ?? []) {
    expect(error).toEqual({ pointer: expect.any(String), detail: expect.stringMatching(/^\w.*[^.]$/) });
  }
};

/** The pointers of the fields that problem details list, sorted; `undefined` if they list none. */
export const pointersIn = ({ text }: StageResponse): string[] | undefined => {
  const { errors }: { errors?: { pointer: string }[] } = JSON.parse(text);
  return errors?.map(({ pointer }) => pointer).toSorted();
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The names of the members of an object and of the objects in it, in their order. */
const shapeOf = (value: unknown, declared: unknown): unknown =>
  isObject(value) && isObject(declared)
    ? Object.entries(value).map(([name, member]) => [
        name,
        shapeOf(member, new Map(Object.entries(declared)).get(name)),
      ])
    : undefined;

/** Checks that a response is a 200 with a strong entity tag and a record, and returns the record. */
export const expectRecord = (response: StageResponse, { example }: Declared): Record<string, unknown> => {
  expect({ status: response.status, text: response.status === 200 ? '' : response.text }).toEqual({
    status: 200,
    text: '',
  });
  expectCommonHeaders(response);
  expect(response.headers['content-type']).toBe('application/json');
  expect(response.headers.etag).toMatch(/^"\d+"$/);
  const body = JSON.parse(response.text);
  const [[name = '', declared = {}] = []] = Object.entries(example.reply);
  expect(Object.keys(body)).toEqual([name]);
  expect(shapeOf(body[name], declared)).toEqual(shapeOf(declared, declared));
  if ('updatedAt' in declared) expect(body[name].updatedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  return body[name];
};
