import { expectTypeOf, test } from 'vitest';
import { updateClient } from '../../../functions/update-client/client.ts';
import { endpoint as updateClientEndpoint } from '../../../functions/update-client/endpoint.ts';
import { endpoint as updateWorkspaceEndpoint } from '../../../functions/update-workspace/endpoint.ts';
import { updateWorkspace } from '../../../functions/update-workspace/workspace.ts';
import type { Caller } from '../../../lib/domain/caller.ts';
import type { ExpectedVersions } from '../../../lib/domain/records.ts';
import { authenticate } from '../../../lib/http/authenticate.ts';
import { authorize } from '../../../lib/http/authorize.ts';
import { type Dependencies, endpointHandler } from '../../../lib/http/endpoint-handler.ts';
import { readPatch } from '../../../lib/http/read-patch.ts';
import { requestPath } from '../../../lib/http/request-path.ts';
import { type Priming, prime } from '../../../lib/prime.ts';

/** Checked by `npm run typecheck`: a mistake below that compiles is an unused `@ts-expect-error`, which does not. */
declare const dependencies: Dependencies;
declare const priming: Priming;
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

test('an endpoint has its own update', () => {
  endpointHandler(updateClientEndpoint, updateClient, dependencies);
  endpointHandler(updateWorkspaceEndpoint, updateWorkspace, dependencies);
  // @ts-expect-error
  endpointHandler(updateClientEndpoint, updateWorkspace, dependencies);
  // @ts-expect-error
  endpointHandler(updateWorkspaceEndpoint, updateClient, dependencies);
  // @ts-expect-error
  prime(updateClientEndpoint, updateWorkspace, dependencies, priming);
});

test('an update returns every member of the reply, and each under its name', () => {
  const workspace = { id: 'w1', name: 'a', slogan: null, email: null, updatedAt: null };
  const { slogan, ...incomplete } = workspace;
  const version = 1;
  endpointHandler(updateWorkspaceEndpoint, async () => ({ version, reply: { workspace } }), dependencies);
  // @ts-expect-error
  endpointHandler(updateWorkspaceEndpoint, async () => ({ version, reply: { workspace: incomplete } }), dependencies);
  const misspelt = { ...incomplete, sloagn: slogan };
  // @ts-expect-error
  endpointHandler(updateWorkspaceEndpoint, async () => ({ version, reply: { workspace: misspelt } }), dependencies);
  // @ts-expect-error
  endpointHandler(updateWorkspaceEndpoint, async () => ({ version, reply: { wrokspace: workspace } }), dependencies);
  // @ts-expect-error
  endpointHandler(updateWorkspaceEndpoint, async () => ({ version, reply: workspace }), dependencies);
});
