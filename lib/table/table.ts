import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from './changes.ts';
import type { SendUpdate } from './sdk/send-update.ts';

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

/** The outcome of a write: the item as it is afterwards, or the item (if there is one) that refused it. */
export type Outcome = { written: Item } | { refused: Item | undefined };
