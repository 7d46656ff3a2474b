import { clients } from '../../../functions/update-client/client.ts';
import { workspaces } from '../../../functions/update-workspace/workspace.ts';
import * as keys from '../../../lib/table/keys.ts';

/** Identifies a workspace, or a client of one. */
export type RecordKey = { workspaceId: string; clientId?: string };

export const kindOf = ({ clientId }: { clientId?: string | undefined }) =>
  clientId === undefined ? workspaces : clients;

export const keyOf = (ids: RecordKey): keys.ItemKey => keys.keyOf(kindOf(ids), { ...ids });

export const claimKeyOf = (email: string): keys.ItemKey => keys.claimKeyOf(workspaces.unique.email, {}, email);
