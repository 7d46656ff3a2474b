import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from './changes.ts';
import type { SendUpdate } from './sdk/send-update.ts';

/** The table of the records, and what is needed to update them. */
export type Table = {
  client: DynamoDBDocumentClient;
  sendUpdate: SendUpdate;
  name: string;
  /** Time limit of one update, including retries, in milliseconds; below the function's timeout. */
  timeout: number;
  /** The time now, in milliseconds since 1970. */
  now: () => number;
};

/** The outcome of a write: the item as written, or, if the condition failed, the stored item (if there is one). */
export type Outcome = { written: Item } | { refused: Item | undefined };
