import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { wellFormed } from '../domain/fields.ts';

export type { JsonSchema };

/** A schema within a schema, which may also be just `true` or `false`. */
type Inner = JsonSchema | boolean | undefined;

/**
 * The JSON Schema (2020-12) of the output of a valibot schema, with an example for every field. What JSON Schema cannot
 * express, or what a pattern does not make obvious, is added to the descriptions, in the words of the checks' messages.
 *
 * @throws Error for a schema or check of valibot that has no equivalent
 */
export const jsonSchemaOf = (schema: GenericSchema, example: unknown): JsonSchema =>
  withExamples(everywhere(toJsonSchema(schema, conversion), withDescription), example);

/**
 * Patterns and sentences accumulate, because several checks may follow one another. The sentences are kept in `$comment` until
 * the description, which may follow them, is known.
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
        return withSentence({ ...jsonSchema, pattern: allOf(jsonSchema.pattern, requirement) }, message);
      case 'check':
      case 'partial_check':
      case 'raw_check':
        return valibotAction === wellFormed ? jsonSchema : withSentence(jsonSchema, message);
      case 'check_items':
        return withSentence(jsonSchema, message, 'Each item');
      default:
        return undefined;
    }
  },
};

/** A default replaces what is missing, so the output can be `null` only if that is the default, or if there is no default. */
const orNull = ({ anyOf: [inner] = [], default: fallback = null }: JsonSchema): JsonSchema => {
  const schema = typeof inner === 'object' ? inner : {};
  if (fallback !== null) return schema;
  return typeof schema.type === 'string' ? { ...schema, type: [schema.type, 'null'] } : schema;
};

/**
 * One pattern that requires an earlier one, if there is any, and another. Both must begin with `^`, and flags other than `u`
 * have no equivalent.
 */
const allOf = (before: string | undefined, requirement: unknown): string => {
  if (!(requirement instanceof RegExp) || !/^u?$/.test(requirement.flags) || !requirement.source.startsWith('^')) {
    throw new Error(`${requirement} has no equivalent in JSON Schema.`);
  }
  const { source } = requirement;
  return before === undefined || before === source ? source : `^(?=${before.slice(1)})${source.slice(1)}`;
};

const withSentence = (schema: JsonSchema, message: unknown, subject = 'It'): JsonSchema => {
  const before = schema.$comment ?? '';
  if (typeof message !== 'string' || before.includes(message)) return schema;
  return { ...schema, $comment: `${before} ${subject} ${message}.`.trim() };
};

const withDescription = ({ $comment, description, ...schema }: JsonSchema): JsonSchema => {
  const sentences = [description, $comment].filter((text) => text !== undefined);
  const { $schema: _, required = [], ...rest } = schema;
  return {
    ...rest,
    ...(sentences.length > 0 && { description: sentences.join(' ') }),
    ...(required.length > 0 && { required }),
  };
};

/** Applies a change to a schema and to all schemas within it, innermost first. */
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

/** Adds the parts of an example to the fields that they belong to, at any depth. */
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
