import { isDeepStrictEqual } from 'node:util';
import { everywhere, type JsonSchema } from './json-schema.ts';

/** The named schemas of a document. A schema is named by its title, and stands once, however often it is used. */
export type Components = {
  schemas: Record<string, JsonSchema>;
  /** Takes the titled schemas out of a schema, and leaves references in their places. */
  reference: (schema: JsonSchema) => JsonSchema;
};

/** @throws Error, from `reference`, if two different schemas have one title */
export const namedSchemas = (): Components => {
  const schemas: Record<string, JsonSchema> = {};
  const add = (schema: JsonSchema): JsonSchema => {
    const { title } = schema;
    if (title === undefined) return schema;
    schemas[title] ??= schema;
    if (!isDeepStrictEqual(schemas[title], schema)) throw new Error(`Two schemas are called ${title}.`);
    return { $ref: `#/components/schemas/${title}` };
  };
  return { schemas, reference: (schema) => everywhere(schema, add) };
};
