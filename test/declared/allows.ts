import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../lib/openapi/json-schema.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false });

const validators = new WeakMap<JsonSchema, (value: unknown) => boolean>();

/** Whether the published schema of a value allows it. It counts code points, and does not look for lone surrogates. */
export const allows = (schema: JsonSchema, value: unknown): boolean => {
  const validate = validators.get(schema) ?? ajv.compile(JSON.parse(JSON.stringify(schema)));
  validators.set(schema, validate);
  return validate(value);
};

/** The schema of the items of a list. */
export const itemsOf = ({ items }: JsonSchema): JsonSchema =>
  typeof items === 'object' && !Array.isArray(items) ? items : {};

/** The schemas of the members of an object. */
export const membersOf = ({ properties = {} }: JsonSchema): [name: string, schema: JsonSchema][] =>
  Object.entries(properties).map(([name, schema]) => [name, typeof schema === 'object' ? schema : {}]);

/** The schemas that a value may have, if there is a choice between them. */
export const branchesOf = ({ type, anyOf = [] }: JsonSchema): JsonSchema[] =>
  type === undefined ? anyOf.filter((branch) => typeof branch === 'object') : [];

export const typesOf = ({ type = [] }: JsonSchema): string[] => [type].flat();
