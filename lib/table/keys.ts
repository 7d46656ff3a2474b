import type { RecordKey } from '../domain/records.ts';

/** Prefixes of partition keys, by the kind of item: a workspace with its clients, or the claim on an e-mail address. */
export const partitions = { workspace: 'WORKSPACE#', email: 'EMAIL#' } as const;

export type Partition = keyof typeof partitions;

/** The primary key of an item: `pk` is the partition key, `sk` the sort key. */
export type ItemKey = { pk: string; sk: string };

/** The key of a workspace, or of a client; a client's holds both ids, so no path reaches another workspace's client. */
export const keyOf = ({ workspaceId, clientId }: RecordKey): ItemKey => ({
  pk: `${partitions.workspace}${workspaceId}`,
  sk: clientId === undefined ? 'WORKSPACE' : `CLIENT#${clientId}`,
});

/** The key of the claim on an e-mail address, ignoring letter case. */
export const claimKeyOf = (email: string): ItemKey => ({
  pk: `${partitions.email}${email.toLowerCase()}`,
  sk: 'EMAIL',
});
