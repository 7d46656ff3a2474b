import { expect } from 'vitest';
import type { ProblemCode } from '../../lib/domain/problem.ts';
import type { Endpoint } from '../../lib/endpoint.ts';
import { problemTypes } from '../../lib/http/problem-types.ts';
import type { Item } from '../../lib/table/changes.ts';
import { claimKeyOf, keyOf } from '../harness/database/keys.ts';
import { expectDocumented } from './documented.ts';
import type { Promised, Sent } from './promises.ts';
import type { Stage, StageResponse } from './stage.ts';

/** The part of a declaration that a scene reads. */
export type Declared = Pick<Endpoint, 'id' | 'method' | 'path'> & {
  example: { ids: Record<string, string>; body: object; reply: object };
};

/** One record on a stage, another workspace, and functions to send requests and to read what is stored. */
export type Scene = {
  ids: Record<string, string>;
  emailOf: (who: 'own' | 'other') => string;
  send: (sent: Sent, broken?: Promised['broken']) => Promise<StageResponse>;
  /** The record as it is stored. */
  record: () => Promise<Item>;
  /** All stored items of both workspaces. */
  everything: () => Promise<unknown>;
};

const timestamp = '2024-01-15T10:00:00.000Z';

/** The record before each request, as another service may have created it, at version 3. */
const before = { name: 'Before', version: 3, createdAt: timestamp, updatedAt: timestamp, 'made.by': 'another service' };

/** Stores the records of a scene, runs it, and removes them. */
export const withScene = async (
  stage: Stage,
  endpoint: Declared,
  { stored = {}, absent = false }: Pick<Promised, 'stored' | 'absent'>,
  play: (scene: Scene) => Promise<void>,
): Promise<void> => {
  const { own, other } = stage.workspaceIds();
  const ids = { ...endpoint.example.ids, workspaceId: own };
  const emailOf = (who: 'own' | 'other') => `${who === 'own' ? own : other}@Example.com`;
  const others = { workspace: keyOf({ workspaceId: other }), claim: claimKeyOf(emailOf('other')) };
  const touched = distinct([
    keyOf(ids),
    keyOf({ workspaceId: own }),
    claimKeyOf(emailOf('own')),
    ...Object.values(others),
  ]);

  await stage.put(
    { ...others.workspace, ...before, email: emailOf('other') },
    { ...others.claim, workspaceId: other },
    ...(absent ? [] : [{ ...keyOf(ids), ...before, ...stored }]),
  );
  try {
    await play({
      ids,
      emailOf,
      send: async (sent, broken) => {
        const { send } = broken ? (stage.broken?.[broken] ?? stage) : stage;
        const response = await send(
          await requestOf(stage, endpoint, ids, withOwnEmail(sent, endpoint, emailOf('own'))),
        );
        expectDocumented(endpoint, response);
        return response;
      },
      record: async () => (await stage.items([keyOf(ids)]))[0] ?? {},
      everything: () => stage.items(touched),
    });
  } finally {
    await stage.remove(...touched);
  }
};

/** The key of a workspace occurs twice, and a batch may contain each key only once. */
const distinct = <Key extends object>(keys: readonly Key[]): Key[] => [
  ...new Map(keys.map((key) => [JSON.stringify(key), key])).values(),
];

/** The declared example, with an address that no other scene uses. */
const withOwnEmail = (sent: Sent, { example }: Declared, email: string): Sent => {
  if ('body' in sent || 'bytes' in sent) return sent;
  return { ...sent, body: 'email' in example.body ? { ...example.body, email } : example.body };
};

const requestOf = async (
  stage: Stage,
  { method, path }: Declared,
  ids: Record<string, string>,
  { caller = 'owner', headers = {}, repeated = [], body, bytes = JSON.stringify(body), ...sent }: Sent,
) => {
  const inPath = { ...ids, ...sent.ids };
  const workspaceId = decodeURIComponent(inPath.workspaceId ?? '');
  const all = {
    ...(caller !== 'nobody' && { authorization: `Bearer ${await stage.token(caller, workspaceId)}` }),
    'content-type': 'application/json',
    ...headers,
  };
  const single = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    method,
    path: path.replace(/\{(\w+)\}/g, (_, name: string) => inPath[name] ?? ''),
    headers: [...single, ...repeated],
    body: Buffer.from(bytes),
  };
};

/** Checks the headers that every response of the service has, whatever its status. */
export const expectCommonHeaders = ({ headers }: StageResponse): void => {
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
  expect({ status: response.status, pointers: pointersIn(body) ?? wrong }).toEqual({
    status,
    pointers: wrong ?? pointersIn(body),
  });
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

const pointersIn = (body: { errors?: { pointer: string }[] }): string[] | undefined =>
  body.errors?.map(({ pointer }) => pointer).toSorted();

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
  expect(Object.keys(body[name])).toEqual(Object.keys(declared));
  expect(body[name].updatedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  return body[name];
};
