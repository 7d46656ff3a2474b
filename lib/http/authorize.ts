import { type GenericSchema, type InferOutput, safeParse } from 'valibot';
import { Problem } from '../domain/problem.ts';
import type { Authenticated } from './authenticate.ts';
import type { Step } from './request-path.ts';

export type Authorized<Ids = unknown> = { ids: Ids };

/**
 * Lets the caller through if the token grants `permission` in the workspace of the path. Nothing is looked up, so a foreign
 * workspace that exists and one that does not get the same response; ids that no record can have are told apart only
 * after that.
 *
 * @throws Problem `forbidden`, or `not-found` if the ids are not of the schema
 */
export const authorize =
  <Ids extends GenericSchema>(permission: string, ids: Ids): Step<Authenticated, Authorized<InferOutput<Ids>>> =>
  ({ event, internal: { caller } }) => {
    const { workspaceId = '' } = event.pathParameters ?? {};
    if (!caller.grants.get(workspaceId)?.has(permission)) throw new Problem('forbidden');
    const { success, output } = safeParse(ids, event.pathParameters);
    if (!success) throw new Problem('not-found');
    return { ids: output };
  };
