import * as v from 'valibot';
import { Id } from './fields.ts';
import { Problem } from './problem.ts';

/** The names between braces in a template: `'workspaceId' | 'clientId'`. */
export type Placeholder<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

/**
 * A field whose value no two records may have. It is text of at most 250 characters, so that it fits into a key, and of
 * ASCII characters only if letter case is ignored.
 */
export type UniqueField = {
  /** Where no two records may have the same value: on the whole platform, or in one workspace. */
  within: 'platform' | 'workspace';
  ignoresCase: boolean;
  /** Names the claims on its values in the table; no other kind of item may have the same name. */
  claim: string;
  /** The problem of a request whose value another record has. */
  problem: 'email-taken' | 'value-taken';
};

/** Unique fields by attribute; the leaf of a nested object has a dotted name. */
export type UniqueFields = { readonly [attribute: string]: UniqueField };

/** The ids of a record by name, that of its workspace among them. */
export type RecordIds = { readonly [id: string]: string };

type ObjectSchema = v.GenericSchema & { entries: v.ObjectEntries };

/** A kind of record, as the service reads it. */
export type RecordKind = {
  /** What one is called; also the member that holds it in a reply. */
  name: string;
  /**
   * The sort key of a record in the partition of its workspace: segments separated by `#`, each an upper-case word or an id
   * between braces.
   */
  sortKey: string;
  /** The record's own id, which is shown as `id`. */
  ownId: string;
  unique: UniqueFields;
  /** The record in a reply. */
  record: ObjectSchema;
};

/** A kind of record with the schemas that endpoints take from it. */
export type DeclaredKind<
  Ids extends v.GenericSchema,
  Reply extends v.GenericSchema,
  Unique extends UniqueFields,
> = Omit<RecordKind, 'unique'> & { ids: Ids; reply: Reply; unique: Unique };

type Description<Name extends string, SortKey extends string, Record extends ObjectSchema, Unique> = {
  name: Name;
  sortKey: SortKey;
  /** What each id identifies: `workspaceId` and those of the sort key, the record's own last. */
  ids: { readonly [Id in 'workspaceId' | Placeholder<SortKey>]: string };
  record: Record;
  unique: Unique;
};

type IdSchemas<SortKey extends string> = { [Name in 'workspaceId' | Placeholder<SortKey>]: typeof Id };

/** Declares a kind of record. */
export function recordKind<
  const Name extends string,
  const SortKey extends string,
  Record extends ObjectSchema,
  const Unique extends UniqueFields,
>(
  kind: Description<Name, SortKey, Record, Unique>,
): DeclaredKind<
  v.ObjectSchema<IdSchemas<SortKey>, undefined>,
  v.ObjectSchema<{ [Member in Name]: Record }, undefined>,
  Unique
>;
export function recordKind({
  ids,
  ...kind
}: Description<string, string, ObjectSchema, UniqueFields>): DeclaredKind<
  v.GenericSchema,
  v.GenericSchema,
  UniqueFields
> {
  const described = Object.entries(ids).map(([id, text]) => [id, v.pipe(Id, v.description(text))] as const);
  return {
    ...kind,
    ids: v.object(Object.fromEntries(described)),
    ownId: described.at(-1)?.[0] ?? '',
    reply: v.object({ [kind.name]: kind.record }),
  };
}

/** The problem of a unique value that another record has, which names the field unless its code does. */
export const takenProblem = (code: UniqueField['problem'], attribute: string): Problem =>
  new Problem(code, {
    errors:
      code === 'value-taken'
        ? [{ pointer: `/${attribute.replaceAll('.', '/')}`, detail: 'is the value of another record' }]
        : [],
  });

type Fields = Readonly<Record<string, unknown>>;

/**
 * A reply, before its schema has checked the stored values. Members are taken from the attributes of the same names, and those
 * of nested objects from attributes with dotted names; a record that was never changed was last changed when it was created.
 */
export const replyOf = ({ name, ownId, record }: RecordKind, ids: RecordIds, fields: Fields) => {
  const members = membersOf(record, fields);
  if ('id' in members) members.id = ids[ownId];
  if ('updatedAt' in members) members.updatedAt ??= fields.createdAt;
  return { [name]: members };
};

/** Runs for every request, hence without intermediate lists and copies. */
const membersOf = ({ entries }: { entries: v.ObjectEntries }, fields: Fields, prefix = ''): Record<string, unknown> => {
  const members: Record<string, unknown> = {};
  for (const [member, schema] of Object.entries(entries)) {
    const attribute = prefix + member;
    members[member] = isObject(schema) ? membersOf(schema, fields, `${attribute}.`) : fields[attribute];
  }
  return members;
};

const isObject = (schema: object): schema is { entries: v.ObjectEntries } => 'entries' in schema;
