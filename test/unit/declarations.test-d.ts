import * as v from 'valibot';
import { expectTypeOf, test } from 'vitest';
import type { updateWorkspace } from '../../functions/index.ts';
import { recordKind } from '../../lib/domain/record-kind.ts';
import { defineEndpoint } from '../../lib/endpoint.ts';

/** Checked by `npm run typecheck`: a mistake below that compiles is an unused `@ts-expect-error`, which does not. */
const record = v.object({ id: v.string(), title: v.string() });
const ids = { workspaceId: 'The workspace.', sessionId: 'The session.' };
const sessions = recordKind({ name: 'session', sortKey: 'SESSION#{sessionId}', ids, record, unique: {} });
const rest = {
  id: 'update-session',
  summary: '',
  description: '',
  method: 'PATCH',
  permission: 'sessions.update',
  body: v.object({ title: v.string() }),
} as const;
const example = {
  ids: { workspaceId: 'w', sessionId: 's' },
  stored: { title: '' },
  body: { title: 'a' },
  mistakes: {},
  reply: { session: { id: 's', title: 'a' } },
};
const path = '/v1/workspace/{workspaceId}/sessions/{sessionId}';

test('an endpoint has the ids, the reply and the problems of its kind', () => {
  const endpoint = defineEndpoint({ ...rest, kind: sessions, path, example });
  expectTypeOf<v.InferOutput<typeof endpoint.ids>>().toEqualTypeOf<{ workspaceId: string; sessionId: string }>();
  expectTypeOf<v.InferOutput<typeof endpoint.reply>>().toEqualTypeOf<{ session: { id: string; title: string } }>();
  expectTypeOf<'email-taken'>().toExtend<(typeof updateWorkspace.problems)[number]>();
  expectTypeOf<'email-taken'>().not.toExtend<(typeof endpoint.problems)[number]>();
});

test('the ids of the path are those of the key', () => {
  // @ts-expect-error: the record would be that of the whole workspace.
  defineEndpoint({ ...rest, kind: sessions, path: '/v1/workspace/{workspaceId}', example });
  // @ts-expect-error: the id would be ignored.
  defineEndpoint({ ...rest, kind: sessions, path: `${path}/notes/{noteId}`, example });
  // @ts-expect-error: the record would be in no workspace.
  defineEndpoint({ ...rest, kind: sessions, path: '/v1/sessions/{sessionId}', example });
});

test('a kind describes the ids of its key', () => {
  // @ts-expect-error
  recordKind({ name: 'session', sortKey: 'SESSION#{sessionId}', ids: { workspaceId: '' }, record, unique: {} });
  // @ts-expect-error
  recordKind({ name: 'session', sortKey: 'SESSION', ids: { workspaceId: '', sessionId: '' }, record, unique: {} });
});

test('a unique field has a problem that exists', () => {
  const title = { within: 'workspace', ignoresCase: false, claim: 'TITLE', problem: 'title-taken' } as const;
  // @ts-expect-error
  recordKind({ name: 'session', sortKey: 'SESSION#{sessionId}', ids, record, unique: { title } });
});

test('the example has the ids, the body and the reply of the endpoint', () => {
  // @ts-expect-error
  defineEndpoint({ ...rest, kind: sessions, path, example: { ...example, ids: { workspaceId: 'w' } } });
  // @ts-expect-error
  defineEndpoint({ ...rest, kind: sessions, path, example: { ...example, body: { title: 1 } } });
  // @ts-expect-error
  defineEndpoint({ ...rest, kind: sessions, path, example: { ...example, stored: { title: 1 } } });
  const misspelt = { session: { id: 's', titel: 'a' } };
  // @ts-expect-error
  defineEndpoint({ ...rest, kind: sessions, path, example: { ...example, reply: misspelt } });
});
