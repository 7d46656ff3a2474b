import type { JsonSchema } from '../../lib/openapi/json-schema.ts';
import { resolved } from './documented.ts';

/** Rules about every body that no keyword of JSON Schema expresses, and how the description of the request words them. */
const ofBodies: readonly { says: string; isBroken: (body: unknown) => boolean }[] = [
  { says: 'at most 262,144 bytes', isBroken: (body) => Buffer.byteLength(JSON.stringify(body)) > 262_144 },
  {
    says: 'strings must be well-formed Unicode',
    isBroken: (body) => within(body).some((value) => typeof value === 'string' && !value.isWellFormed()),
  },
];

/** Likewise, rules about all values that a body has of one schema, whose description words them. */
const ofValues: readonly { says: string; isBroken: (values: readonly unknown[]) => boolean }[] = [
  {
    says: 'No two fields in a list may have the same.',
    isBroken: (values) => new Set(values).size < values.length,
  },
  {
    says: 'It must be an absolute http or https URL',
    isBroken: (values) => values.some((value) => typeof value === 'string' && !URL.canParse(value)),
  },
];

/** How the document words the rules that the tests know. */
export const wordedRules: readonly string[] = [...ofBodies, ...ofValues].map(({ says }) => says);

/** A value and every value within it. */
const within = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(within)] : [value];

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema of a member of an object, or of the items of a list. */
const memberOf = (schema: JsonSchema, name: string): JsonSchema | undefined => {
  const { properties = {}, items } = resolved(schema);
  const inner = Object.hasOwn(properties, name) ? properties[name] : items;
  return isSchema(inner) ? inner : undefined;
};

/** Adds the values of each schema in a body to those in `found`. */
const sort = (schema: JsonSchema, value: unknown, found: Map<JsonSchema, unknown[]>): typeof found => {
  found.set(schema, [...(found.get(schema) ?? []), value]);
  for (const [name, member] of typeof value === 'object' && value !== null ? Object.entries(value) : []) {
    const inner = memberOf(schema, name);
    if (inner) sort(inner, member, found);
  }
  return found;
};

/** Whether a body that a schema of the document allows breaks a rule that only words express. */
export const breaksRuleInWords = (schema: JsonSchema, body: unknown): boolean =>
  ofBodies.some(({ isBroken }) => isBroken(body)) ||
  [...sort(schema, body, new Map())].some(([{ description = '' }, values]) =>
    ofValues.some(({ says, isBroken }) => description.includes(says) && isBroken(values)),
  );

/** The descriptions of a field and of the objects and lists around it. */
const descriptionsAt = (schema: JsonSchema, pointer: string): string[] => {
  const found = [schema];
  for (const name of pointer.split('/').slice(1)) {
    const last = found.at(-1);
    const inner = last && memberOf(last, name.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (!inner) break;
    found.push(inner);
  }
  return found.flatMap((one) => [one.description ?? '', resolved(one).description ?? '']);
};

/** Whether the document words, beside each invalid field, what problem details say of it, and no test knows the rule better. */
export const isWorded = (schema: JsonSchema, text: string): boolean => {
  const { errors = [] }: { errors?: { pointer: string; detail: string }[] } = JSON.parse(text);
  const isKnown = (words: string) => ofValues.some(({ says }) => words.includes(says));
  const isWordedAt = (pointer: string, detail: string) =>
    descriptionsAt(schema, pointer).some((words) => words.includes(detail) && !isKnown(words));
  return errors.length > 0 && errors.every(({ pointer, detail }) => isWordedAt(pointer, detail));
};
