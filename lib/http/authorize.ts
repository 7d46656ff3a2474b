import type middy from '@middy/core';
import { type GenericSchema, type InferOutput, safeParse } from 'valibot';
import { Problem } from '../domain/problem.ts';
import type { Authenticated, Authorized, GatewayEvent } from './gateway-event.ts';

/**
 * Lets the caller pass if the token grants `permission` in the workspace of the path. Nothing is looked up, so a foreign
 * workspace that exists and one that does not get the same answer; ids that no record can have are told apart only
 * after that.
 *
 * @throws Problem `forbidden`, or `not-found` if the ids are not of the schema
 */
export const authorize = <Ids extends GenericSchema>(
  permission: string,
  ids: Ids,
): middy.MiddlewareObj<GatewayEvent & Authenticated & Authorized<InferOutput<Ids>>> => ({
  before: ({ event }) => {
    const { workspaceId = '' } = event.pathParameters ?? {};
    if (!event.caller.grants.get(workspaceId)?.has(permission)) throw new Problem('forbidden');
    const { success, output } = safeParse(ids, event.pathParameters);
    if (!success) throw new Problem('not-found');
    event.ids = output;
  },
});
