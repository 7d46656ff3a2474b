import type { RecordIds, RecordKind } from './record-kind.ts';

/** A JSON value that can be stored. */
export type Value = string | number | boolean | null | readonly Value[] | Patch;

/** Fields to set. An object is merged, never replaced; a list is replaced whole; `null` clears a field. */
export type Patch = { readonly [field: string]: Value | undefined };

/**
 * The versions that a caller accepts: `any` without a precondition, `none` for `If-None-Match: *`, which no existing record
 * meets, even if it already has the change. A record that this service never wrote has version 0.
 */
export type ExpectedVersions = 'any' | 'none' | readonly number[];

/** One update of a record: its kind and its ids, the fields to change, and the versions that may be changed. */
export type RecordUpdate = {
  kind: Pick<RecordKind, 'sortKey' | 'unique'>;
  ids: RecordIds;
  patch: Patch;
  expected: ExpectedVersions;
};

/** A record after the update. The leaves of nested objects have dotted names. */
export type StoredRecord = { version: number; fields: { readonly [field: string]: unknown } };

/** The port to the stored records; `lib/table` implements it. */
export type Records = {
  /**
   * Changes the given fields and nothing else, atomically. Writes nothing if every value is already stored.
   *
   * @throws Problem `not-found`, `stale-version`, the problem of a unique field, `record-too-large` or `unavailable`
   */
  update(update: RecordUpdate): Promise<StoredRecord>;
};
