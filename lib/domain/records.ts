/** A record's name: a workspace, or a client that belongs to one. */
export type RecordKey = { workspaceId: string; clientId?: string };

/** A JSON value as it is stored. */
export type Value = string | number | boolean | null | readonly Value[] | Patch;

/** Fields to set. An object is merged, never replaced; a list is replaced whole; `null` clears a field. */
export type Patch = { readonly [field: string]: Value | undefined };

/**
 * The versions a caller accepts: `any` without a precondition, `none` for `If-None-Match: *`, which no existing record meets,
 * even if the change is stored already. A record never written by us has version 0.
 */
export type ExpectedVersions = 'any' | 'none' | readonly number[];

/** One update, as the domain asks for it. */
export type RecordUpdate = {
  key: RecordKey;
  patch: Patch;
  expected: ExpectedVersions;
  /** The field of the patch whose value no two workspaces may share, letter case aside. */
  unique?: 'email';
};

/** What a caller asks of one record: its ids, what to change, and the versions for which that was meant. */
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

/** A record as it is after the update. Leaves of nested objects stand under their dotted names. */
export type StoredRecord = { version: number; fields: { readonly [field: string]: unknown } };

/** The port to the stored records; `lib/table` is what stands behind it. */
export type Records = {
  /**
   * Changes the given fields and nothing else, in one step. Writes nothing if every value is already there.
   *
   * @throws Problem `not-found`, `stale-version`, `email-taken`, `record-too-large` or `unavailable`
   */
  update(update: RecordUpdate): Promise<StoredRecord>;
};
