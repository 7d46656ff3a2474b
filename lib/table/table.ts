import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from './changes.ts';
import type { SendUpdate } from './send-update.ts';

/** The table that holds the records, and how patient to be with it. */
export type Table = {
  client: DynamoDBDocumentClient;
  sendUpdate: SendUpdate;
  name: string;
  /** How long one update may take, every retry included, in milliseconds; below the function's timeout. */
  patience: number;
  /** The time now, in milliseconds since 1970. */
  now: () => number;
};

/**
 * What became of a write: the item as it is after it, or the item (if there is one) that refused it. In doubt, an earlier
 * attempt whose answer was lost may have been written all the same, and been overwritten since.
 */
export type Outcome = { written: Item } | { refused: Item | undefined; isInDoubt: boolean };
