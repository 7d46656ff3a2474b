import type { RecordKind } from '../domain/record-kind.ts';
import { partitionPrefixesOf } from './keys.ts';

/** What a function needs of the table, for its IAM policy; callers see nothing of it. */
export type TableAccess = {
  /** The actions of DynamoDB that it may perform, and no others. */
  tableActions: readonly ('UpdateItem' | 'PutItem' | 'DeleteItem')[];
  /** The beginnings of the partition keys that it may do this to. */
  tablePartitions: readonly string[];
};

/** What updates of a kind of record need: to update it, and to put and delete claims if it has unique fields. */
export const tableAccessOf = (kind: Pick<RecordKind, 'unique'>): TableAccess => ({
  tableActions: Object.keys(kind.unique).length > 0 ? ['UpdateItem', 'PutItem', 'DeleteItem'] : ['UpdateItem'],
  tablePartitions: partitionPrefixesOf(kind),
});
