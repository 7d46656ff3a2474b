import fc from 'fast-check';
import type { JsonSchema } from '../../lib/openapi/json-schema.ts';

/** Looks up the named schema that a reference stands for. */
type Resolve = (schema: JsonSchema) => JsonSchema;

const unchanged: Resolve = (schema) => schema;

/** Characters that cause errors: white space, control characters, delimiters of URLs and addresses, and surrogate pairs. */
const characters = [
  ' ',
  '\t',
  '\n',
  '\u00a0',
  '\u0085',
  '\u2028',
  '\u200b',
  '\u2800',
  '\u3164',
  '\u{e0041}',
  '%',
  '%7',
  '<',
  '{',
  '[',
  '#',
  '@',
  '.',
  '/',
  ':',
  '\\',
  '"',
  '-',
  'é',
  '😀',
  'a',
  '7',
];
const character = fc.constantFrom(...characters);

/** A text with a character put in, or taken out, somewhere. */
const mutated = (text: string): fc.Arbitrary<string> =>
  fc.tuple(fc.nat([...text].length), fc.nat(1), fc.oneof(character, fc.constant(''))).map(([at, gone, put]) => {
    const units = [...text];
    units.splice(at, gone, put);
    return units.join('');
  });

const text = ({ minLength = 0, maxLength = 100, examples = [] }: JsonSchema): fc.Arbitrary<string> => {
  const lengths = fc.constantFrom(Math.max(0, minLength - 1), minLength, 1, 3, maxLength, maxLength + 1);
  const samples = examples.filter((example) => typeof example === 'string');
  return fc.oneof(
    fc.tuple(fc.constantFrom('a', '名', '😀', ' ', '\n', '\u3164'), lengths).map(([one, length]) => one.repeat(length)),
    fc.array(character, { maxLength: 5 }).map((some) => some.join('')),
    ...samples.flatMap((sample) => [fc.constant(sample), mutated(sample), mutated(sample).chain(mutated)]),
  );
};

const number = fc.oneof(
  fc.constantFrom(0, 1e-130, 9e-131, -1e-130, 1e125, 1e126, -1e126, 9.99e125, 5e-324, 2 ** 53, 0.1),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const integer = ({ minimum = -1e6, maximum = 1e6 }: JsonSchema): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: minimum - 1, max: maximum + 1 }), fc.constantFrom(minimum, maximum, 0, 0.5));

const list = (
  { items, minItems = 0, maxItems = 9, contains }: JsonSchema,
  resolve: Resolve,
): fc.Arbitrary<unknown[]> => {
  const item = typeof items === 'object' && !Array.isArray(items) ? near(items, resolve) : fc.constant(1);
  const some = fc.oneof(
    { weight: 6, arbitrary: fc.array(item, { minLength: minItems, maxLength: Math.max(3, minItems) }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(0, maxItems, maxItems + 1).chain((size) => item.map((one) => Array(size).fill(one))),
    },
  );
  if (typeof contains !== 'object') return some;
  // At random, a list would hardly ever contain exactly what it must.
  const constants = Object.entries(contains.properties ?? {}).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner.const === true ? [name] : [],
  );
  const marked = some.map((all) =>
    all.map((one, index) =>
      isObject(one) ? { ...one, ...Object.fromEntries(constants.map((name) => [name, index === 0])) } : one,
    ),
  );
  return fc.oneof({ weight: 3, arbitrary: marked }, { weight: 1, arbitrary: some });
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Occasionally, the name of a member that no schema has. */
const stranger = fc.oneof(
  { weight: 19, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom('id', 'Name', '', 'a/b', 'updatedAt') },
);

const object = ({ properties = {}, required = [] }: JsonSchema, resolve: Resolve): fc.Arbitrary<object> => {
  const members = Object.entries(properties).map(([name, inner]) => {
    const value = typeof inner === 'object' ? near(inner, resolve) : fc.constant(null);
    return fc
      .option(value, { freq: required.includes(name) ? 50 : 2, nil: undefined })
      .map((one) => [name, one] as const);
  });
  return fc.tuple(fc.tuple(...members), stranger).map(([all, name]) => ({
    ...Object.fromEntries(all.filter(([, value]) => value !== undefined)),
    ...(name !== undefined && { [name]: 'x' }),
  }));
};

const inside = (schema: JsonSchema, resolve: Resolve): fc.Arbitrary<unknown> => {
  if (schema.enum) return fc.constantFrom(...schema.enum, 'Email');
  if (schema.anyOf && schema.type === undefined) {
    return fc.oneof(
      ...schema.anyOf.map((inner) => (typeof inner === 'object' ? near(inner, resolve) : fc.constant(null))),
    );
  }
  const ofType: Record<string, () => fc.Arbitrary<unknown>> = {
    string: () => text(schema),
    number: () => number,
    integer: () => integer(schema),
    boolean: () => fc.boolean(),
    null: () => fc.constant(null),
    array: () => list(schema, resolve),
    object: () => object(schema, resolve),
  };
  return fc.oneof(...[schema.type ?? []].flat().flatMap((type) => ofType[type]?.() ?? []));
};

const strangers = fc.constantFrom<unknown>(null, true, 0, '', 'text', [], {}, [{}], { a: 1 });

/** Values that a schema of the document allows or almost allows: at its limits, and just beyond them. */
export const near = (schema: JsonSchema, resolve = unchanged): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: inside(resolve(schema), resolve) }, { weight: 1, arbitrary: strangers });

/** Strings that a schema allows or almost allows. */
export const textNear = (schema: JsonSchema): fc.Arbitrary<string> => text(schema);
