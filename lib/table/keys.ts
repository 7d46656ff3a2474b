import type { RecordKey } from '../domain/records.ts';

/** How the partition keys begin, by the kind of item that is found there: a workspace with its clients, or an e-mail claim. */
export const partitions = { workspace: 'WORKSPACE#', email: 'EMAIL#' } as const;

export type Partition = keyof typeof partitions;

/** The primary key of an item: `pk` is the partition key, `sk` the sort key. */
export type ItemKey = { pk: string; sk: string };

/** The key of a workspace, or of a client; a client's holds both ids, so no path reaches another workspace's client. */
export const keyOf = ({ workspaceId, clientId }: RecordKey): ItemKey => ({
  pk: `${partitions.workspace}${workspaceId}`,
  sk: clientId === undefined ? 'WORKSPACE' : `CLIENT#${clientId}`,
});

/** The key of the claim on an e-mail address, the same for every spelling that differs in letter case alone. */
export const claimKeyOf = (email: string): ItemKey => ({
  pk: `${partitions.email}${email.toLowerCase()}`,
  sk: 'EMAIL',
});
