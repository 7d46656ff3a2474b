import { expectTypeOf, test } from 'vitest';
import { endpoint as updateClientEndpoint } from '../../../functions/update-client/endpoint.ts';
import type { Caller } from '../../../lib/domain/caller.ts';
import type { ExpectedVersions } from '../../../lib/domain/records.ts';
import { authenticate } from '../../../lib/http/authenticate.ts';
import { authorize } from '../../../lib/http/authorize.ts';
import type { Dependencies } from '../../../lib/http/endpoint-handler.ts';
import { readPatch } from '../../../lib/http/read-patch.ts';
import { requestPath } from '../../../lib/http/request-path.ts';

/** Checked by `npm run typecheck`: a mistake below that compiles is an unused `@ts-expect-error`, which does not. */
declare const dependencies: Dependencies;
const { permission, ids, body } = updateClientEndpoint;
const isAuthenticated = authenticate(dependencies.verify);
const isAuthorized = authorize(permission, ids);
const isRead = readPatch(body);

test('the steps in their order add the caller, the ids, the patch and the expected versions', () => {
  requestPath()
    .step(isAuthenticated)
    .step(isAuthorized)
    .step(isRead)
    .respond(async ({ internal }) => {
      expectTypeOf(internal.caller).toEqualTypeOf<Caller>();
      expectTypeOf(internal.ids).toEqualTypeOf<{ workspaceId: string; clientId: string }>();
      expectTypeOf(internal.patch.name).toEqualTypeOf<string | undefined>();
      expectTypeOf(internal.expected).toEqualTypeOf<ExpectedVersions>();
      return {};
    });
});

test('the patch is not read before the caller is authorized', () => {
  // @ts-expect-error
  requestPath().step(isRead);
  // @ts-expect-error
  requestPath().step(isAuthenticated).step(isRead);
});

test('nobody is authorized who is not authenticated', () => {
  // @ts-expect-error
  requestPath().step(isAuthorized);
});

test('no response is made of what no step has added', () => {
  const path = requestPath().step(isAuthenticated).step(isAuthorized);
  // @ts-expect-error
  path.respond(async ({ internal }) => ({ body: internal.patch }));
});
