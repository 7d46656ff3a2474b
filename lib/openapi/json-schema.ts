import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { wellFormed } from '../domain/fields.ts';

export type { JsonSchema };

/** What one schema holds within it: a schema, or a mere `true` or `false`. */
type Inner = JsonSchema | boolean | undefined;

/**
 * The JSON Schema (2020-12) of what a valibot schema lets through, with an example for every field. What JSON Schema
 * cannot say, or nobody would read out of a pattern, is added to the descriptions as sentences, from the messages of the
 * checks.
 *
 * @throws Error for a schema or check of valibot that has no equivalent
 */
export const jsonSchemaOf = (schema: GenericSchema, example: unknown): JsonSchema =>
  withExamples(everywhere(toJsonSchema(schema, conversion), inWords), example);

/**
 * Patterns and sentences gather on the way, since several checks may follow one another. The sentences stand in `$comment`
 * until the description, which may come after them, is known.
 */
const conversion: ConversionConfig = {
  target: 'draft-2020-12',
  typeMode: 'output',
  errorMode: 'throw',
  overrideSchema: ({ valibotSchema, jsonSchema }) => {
    switch (valibotSchema.type) {
      case 'object':
        return { ...jsonSchema, required: Object.keys(jsonSchema.properties ?? {}) };
      case 'object_with_rest':
        return { ...jsonSchema, additionalProperties: false };
      case 'nullable':
      case 'nullish':
        return orNull(jsonSchema);
      default:
        return undefined;
    }
  },
  overrideAction: ({ valibotAction, jsonSchema }) => {
    const { type, requirement, message }: { type: string; requirement?: unknown; message?: unknown } = valibotAction;
    switch (type) {
      case 'min_code_points':
        return Number(requirement) === 0 ? jsonSchema : { ...jsonSchema, minLength: Number(requirement) };
      case 'max_code_points':
        return { ...jsonSchema, maxLength: Number(requirement) };
      case 'regex':
        return saying({ ...jsonSchema, pattern: both(jsonSchema.pattern, requirement) }, message);
      case 'check':
      case 'partial_check':
      case 'raw_check':
        return valibotAction === wellFormed ? jsonSchema : saying(jsonSchema, message);
      default:
        return undefined;
    }
  },
};

/** A default takes the place of what is missing, so `null` comes out only where it is the default, or there is none. */
const orNull = ({ anyOf: [inner] = [], default: fallback = null }: JsonSchema): JsonSchema => {
  const schema = typeof inner === 'object' ? inner : {};
  if (fallback !== null) return schema;
  return typeof schema.type === 'string' ? { ...schema, type: [schema.type, 'null'] } : schema;
};

/**
 * One pattern for what two ask; the converter leaves the earlier one where it is. Both must begin with `^`, and flags other
 * than `u` cannot be said.
 */
const both = (before: string | undefined, requirement: unknown): string => {
  if (!(requirement instanceof RegExp) || !/^u?$/.test(requirement.flags) || !requirement.source.startsWith('^')) {
    throw new Error(`${requirement} has no equivalent in JSON Schema.`);
  }
  const { source } = requirement;
  return before === undefined || before === source ? source : `^(?=${before.slice(1)})${source.slice(1)}`;
};

const saying = (schema: JsonSchema, message: unknown): JsonSchema => {
  const before = schema.$comment ?? '';
  if (typeof message !== 'string' || before.includes(message)) return schema;
  return { ...schema, $comment: `${before} It ${message}.`.trim() };
};

const inWords = ({ $comment, description, ...schema }: JsonSchema): JsonSchema => {
  const sentences = [description, $comment].filter((text) => text !== undefined);
  const { $schema: _, required = [], ...rest } = schema;
  return {
    ...rest,
    ...(sentences.length > 0 && { description: sentences.join(' ') }),
    ...(required.length > 0 && { required }),
  };
};

/** Changes a schema and all that it holds, from the inside out. */
export const everywhere = (schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema => {
  const inside = <Some extends Inner>(inner: Some) => (typeof inner === 'object' ? everywhere(inner, change) : inner);
  const { properties, items, anyOf } = schema;
  return change({
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, inside(inner)])),
    }),
    ...(items && !Array.isArray(items) && { items: inside(items) }),
    ...(anyOf && { anyOf: anyOf.map(inside) }),
  });
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Puts the parts of an example where they belong: on the fields, at any depth. */
const withExamples = (schema: JsonSchema, example: unknown): JsonSchema => {
  const { properties, items } = schema;
  if (properties && isObject(example)) {
    const fields = Object.entries(properties).map(([name, inner]) => {
      if (typeof inner === 'boolean' || !(name in example)) return [name, inner];
      const value = example[name];
      const isLeaf = !inner.properties && !isList(inner);
      return [name, isLeaf ? { ...inner, examples: [value] } : withExamples(inner, value)];
    });
    return { ...schema, properties: Object.fromEntries(fields) };
  }
  if (isSchema(items) && Array.isArray(example)) {
    return { ...schema, items: withExamples(items, example[0]), examples: [example] };
  }
  return schema;
};

const isSchema = (inner: unknown): inner is JsonSchema => isObject(inner);

const isList = ({ items }: JsonSchema): boolean => isSchema(items);
