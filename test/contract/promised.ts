import type { ProblemCode } from '../../lib/domain/problem.ts';
import type { Item } from '../../lib/table/changes.ts';
import type { CallerKind } from './stage.ts';

/** What is sent: the declared example, with unique values of its own, except for what a promise changes. */
export type Sent = {
  caller?: CallerKind | 'nobody';
  ids?: Record<string, string>;
  headers?: Record<string, string | undefined>;
  /** Additional headers, which may repeat existing ones. */
  repeated?: readonly (readonly [string, string])[];
  /** A JSON value, or the bytes themselves. */
  body?: unknown;
  bytes?: Buffer | string;
  /** In place of a body: only this unique attribute, with the value of a neighbour. */
  taken?: string;
};

/** What is stored before a request. */
export type Stored = {
  /** Attributes of the record in addition to those that its reply requires; `undefined` leaves one out. */
  stored?: Item;
  /** Pads the record to DynamoDB's 400 KB. */
  isFull?: boolean;
  /** Leaves the record out of the table. */
  absent?: boolean;
};

/** One promise of the contract: what is stored, what is sent, and the response. */
export type Promised = Stored & {
  says: string;
  sent: Sent;
  status: number;
  problem?: ProblemCode;
  /** Required headers of the response. */
  headers?: Record<string, string>;
  /** The pointers of all invalid fields. */
  wrong?: readonly string[];
  /** Needs a stage on which this is broken. */
  broken?: 'database' | 'keys';
};
