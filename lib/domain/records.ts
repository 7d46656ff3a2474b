/** Identifies a workspace, or a client of one. */
export type RecordKey = { workspaceId: string; clientId?: string };

/** A JSON value that can be stored. */
export type Value = string | number | boolean | null | readonly Value[] | Patch;

/** Fields to set. An object is merged, never replaced; a list is replaced whole; `null` clears a field. */
export type Patch = { readonly [field: string]: Value | undefined };

/**
 * The versions that a caller accepts: `any` without a precondition, `none` for `If-None-Match: *`, which no existing record
 * meets, even if it already has the change. A record that this service never wrote has version 0.
 */
export type ExpectedVersions = 'any' | 'none' | readonly number[];

/** One update of a record. */
export type RecordUpdate = {
  key: RecordKey;
  patch: Patch;
  expected: ExpectedVersions;
  /** The field of the patch whose value must be unique across workspaces, ignoring letter case. */
  unique?: 'email';
};

/** A caller's request: the ids of the record, the fields to change, and the versions that may be changed. */
export type Change<Ids, Patch> = {
  ids: Ids;
  patch: Patch;
  expected: ExpectedVersions;
};

/** The result of a change: the record's version, and the reply before its schema has checked the stored values. */
export type Updated<Reply> = { version: number; reply: Unchecked<Reply> };

/** The members of a type, every one of them, with values that nobody has checked. */
type Unchecked<Value> = Value extends readonly unknown[]
  ? unknown
  : Value extends object
    ? { [Member in keyof Value]-?: Unchecked<Value[Member]> }
    : unknown;

/** A record after the update. The leaves of nested objects have dotted names. */
export type StoredRecord = { version: number; fields: { readonly [field: string]: unknown } };

/** The port to the stored records; `lib/table` implements it. */
export type Records = {
  /**
   * Changes the given fields and nothing else, atomically. Writes nothing if every value is already stored.
   *
   * @throws Problem `not-found`, `stale-version`, `email-taken`, `record-too-large` or `unavailable`
   */
  update(update: RecordUpdate): Promise<StoredRecord>;
};
