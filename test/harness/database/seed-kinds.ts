import type { RecordKind } from '../../../lib/domain/record-kind.ts';
import { type JsonSchema, jsonSchemaOf } from '../../../lib/openapi/json-schema.ts';
import type { Declaration } from '../lambda/functions.ts';

/** A kind of record as a seed contains it. */
export type SeedKind = {
  kind: RecordKind;
  /** The names of the ids of a record. */
  ids: readonly string[];
  /** The schemas of the bodies that change it. */
  bodies: readonly JsonSchema[];
  /** The schemas that name its fields: the bodies, its reply and its timestamps. */
  fields: readonly JsonSchema[];
};

/** The kinds of the declared endpoints by name. Several endpoints may change one kind. */
export const kindsOf = (declared: readonly Declaration[]): ReadonlyMap<string, SeedKind> => {
  const byName = Map.groupBy(declared, ({ kind }) => kind.name);
  return new Map(
    [...byName].flatMap(([name, endpoints]) =>
      endpoints.slice(0, 1).map(({ kind }) => [name, kindOf(kind, endpoints)]),
    ),
  );
};

const kindOf = (kind: RecordKind, endpoints: readonly Declaration[]): SeedKind => {
  const { id: _, ...shown } = jsonSchemaOf(kind.record, {}).properties ?? {};
  const bodies = endpoints.map(({ body }) => jsonSchemaOf(body, {}));
  return {
    kind,
    bodies,
    ids: ['workspaceId', ...[...kind.sortKey.matchAll(/\{(\w+)\}/g)].map(([, id = '']) => id)],
    fields: [...bodies, { properties: shown }, { properties: { createdAt: {}, updatedAt: {} } }],
  };
};

/** The members of objects by name, each with its schemas; none if the schemas describe no members. */
export const membersOf = (schemas: readonly JsonSchema[]): ReadonlyMap<string, readonly JsonSchema[]> => {
  const all = schemas.flatMap(alternativesOf).flatMap(({ properties = {} }) => Object.entries(properties));
  return new Map(
    [...Map.groupBy(all, ([name]) => name)].map(([name, members]) => [
      name,
      members.map(([, schema]) => whole(schema)),
    ]),
  );
};

/** The attributes of objects; a member of a nested object has a dotted name. */
export const attributesIn = (schemas: readonly JsonSchema[], prefix = ''): string[] =>
  [...membersOf(schemas)].flatMap(([name, inner]) => {
    const below = attributesIn(inner, `${prefix}${name}.`);
    return below.length > 0 ? below : [prefix + name];
  });

/** The schemas of the items of lists. */
export const itemsOf = (schemas: readonly JsonSchema[]): JsonSchema[] =>
  schemas.flatMap(alternativesOf).flatMap(({ items }) => (typeof items === 'object' ? [items].flat().map(whole) : []));

/** A schema, and those of which a value needs to match only one. */
const alternativesOf = (schema: JsonSchema): JsonSchema[] => [
  schema,
  ...(schema.anyOf ?? []).map(whole).flatMap(alternativesOf),
];

const whole = (schema: JsonSchema | boolean): JsonSchema => (typeof schema === 'object' ? schema : {});
