import type { RecordIds, RecordKind, UniqueField } from '../domain/record-kind.ts';

/** The primary key of an item: `pk` is the partition key, `sk` the sort key. */
export type ItemKey = { pk: string; sk: string };

const partitionOf = ({ workspaceId }: RecordIds): string => `WORKSPACE#${workspaceId}`;

/** The key of a record. It is in the partition of its workspace, so no path reaches the record of another one. */
export const keyOf = ({ sortKey }: Pick<RecordKind, 'sortKey'>, ids: RecordIds): ItemKey => ({
  pk: partitionOf(ids),
  sk: sortKey.replace(/\{(\w+)\}/g, (_, id: string) => ids[id] ?? missing(id)),
});

/** Without it, the record would be taken for another one. */
const missing = (id: string): never => {
  throw new Error(`The ids of the record lack ${id}.`);
};

/** The key of the claim on a unique value, which is in the partition of the workspace if its scope is the workspace. */
export const claimKeyOf = ({ within, ignoresCase, claim }: UniqueField, ids: RecordIds, value: string): ItemKey => {
  const claimed = `${claim}#${ignoresCase ? value.toLowerCase() : value}`;
  return within === 'platform' ? { pk: claimed, sk: claim } : { pk: partitionOf(ids), sk: claimed };
};

/**
 * Whether a key is short enough for DynamoDB; longer ones exist nowhere, and asking for one is an error.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const isKey = ({ pk, sk }: ItemKey): boolean => Buffer.byteLength(pk) <= 2048 && Buffer.byteLength(sk) <= 1024;

/** The beginnings of the partition keys of all items that an update of a record may touch. */
export const partitionPrefixesOf = ({ unique }: Pick<RecordKind, 'unique'>): string[] => [
  partitionOf({ workspaceId: '' }),
  ...Object.values(unique).flatMap(({ within, claim }) => (within === 'platform' ? [`${claim}#`] : [])),
];
