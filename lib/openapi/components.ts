import { isDeepStrictEqual } from 'node:util';
import { everywhere, type JsonSchema } from './json-schema.ts';

/** The named schemas of a document. A schema is named by its title, and included once, however often it is used. */
export type Components = {
  schemas: Record<string, JsonSchema>;
  /** Replaces the titled schemas within a schema with references. */
  reference: (schema: JsonSchema) => JsonSchema;
};

/** @throws Error, from `reference`, if two different schemas have the same title */
export const namedSchemas = (): Components => {
  const schemas: Record<string, JsonSchema> = {};
  const add = (schema: JsonSchema): JsonSchema => {
    const { title } = schema;
    if (title === undefined) return schema;
    schemas[title] ??= schema;
    if (!isDeepStrictEqual(schemas[title], schema)) throw new Error(`Two schemas have the title ${title}.`);
    return { $ref: `#/components/schemas/${title}` };
  };
  return { schemas, reference: (schema) => everywhere(schema, add) };
};
