import type { Partition } from './table/keys.ts';

/** An action of DynamoDB that a function may be allowed. */
type TableAction = 'UpdateItem' | 'PutItem' | 'DeleteItem';

/** What an endpoint needs of the table, for the IAM policy of its function; callers see nothing of it. */
export type Storage = {
  /** What its function may do, and nothing else. */
  tableActions: readonly TableAction[];
  /** The kinds of items that it does this to. */
  tablePartitions: readonly Partition[];
};
