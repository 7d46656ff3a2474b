import type { JsonSchema } from '../../lib/openapi/json-schema.ts';
import { allows, branchesOf, itemsOf, membersOf, typesOf } from './allows.ts';
import { listOf, numbered } from './values.ts';

/**
 * A value at a limit of a schema or just beyond it, and the pointers, relative to it, that a response must name; none if it is
 * accepted. A guess is derived from a pattern, so that other checks may refuse it although the pattern matches.
 */
export type Probe = { value: unknown; wrong: readonly string[]; isGuess?: boolean };

const self = [''];

/** Text of `length` code points, half of them outside the basic plane. */
const astral = (length: number): string => '😀a'.repeat(Math.ceil(length / 2)).slice(0, Math.ceil(length * 1.5));

/** Accepted or refused as a whole, as the published schema has it. */
const judged = (schema: JsonSchema, values: readonly unknown[], isGuess = false): Probe[] =>
  values.map((value) => ({ value, wrong: allows(schema, value) ? [] : self, isGuess }));

/** The greatest count up to `max` for which `grown` makes a text that the schema allows; -1 if there is none. */
const longest = (schema: JsonSchema, grown: (count: number) => string, max: number): number => {
  let [least, most] = [-1, max];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (allows(schema, grown(middle))) least = middle;
    else most = middle - 1;
  }
  return least;
};

/** Where a text may be extended: at both ends, and behind its first delimiter that is not a dot. */
const spotsIn = (text: string): number[] => [0, text.search(/[^A-Za-z0-9.]/) + 1, text.length];

/** Texts as long as a pattern allows, and one character longer, from characters inserted into a text that matches. */
const stretched = (schema: JsonSchema): string[] => {
  const grownAt = (text: string, spot: number, unit: string) => (count: number) => {
    const at = spotsIn(text)[spot] ?? 0;
    return text.slice(0, at) + unit.repeat(count) + text.slice(at);
  };
  let text = String(numbered(schema, 0));
  for (const unit of ['a.', 'a', '0']) {
    for (const spot of [0, 1, 2]) {
      const grown = grownAt(text, spot, unit);
      text = grown(Math.max(0, longest(schema, grown, schema.maxLength ?? 5_000)));
    }
  }
  return [text, ...[0, 1, 2].map((spot) => grownAt(text, spot, 'a')(1))];
};

const unusualTexts = [
  ...['', ' ', ' a ', 'a', 'two\nlines', 'a\u0000', '\u0085', '\u200b', '\u3164', 'a\u2028b'],
  ...['e\u0301 \u00e9 \ufb01 \u202e', '<script>"\'`;--', '[LINK] [OTHER]'],
];

const textProbes = (schema: JsonSchema): Probe[] => {
  const { minLength = 0, maxLength, pattern } = schema;
  const atLimits = [minLength, ...(maxLength === undefined ? [] : [maxLength, maxLength + 1])];
  const lengths = minLength > 0 ? [minLength - 1, ...atLimits] : atLimits;
  const isGuess = pattern !== undefined;
  return [
    ...judged(schema, [...lengths.map((length) => 'a'.repeat(length)), ...lengths.map(astral)], isGuess),
    ...judged(schema, unusualTexts, isGuess),
    ...judged(schema, isGuess ? stretched(schema) : [], isGuess),
    { value: '\ud800', wrong: self },
  ];
};

const numberProbes = (schema: JsonSchema, step: number): Probe[] => {
  const limitsOf = ({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema) =>
    [minimum, maximum, exclusiveMinimum, exclusiveMaximum].filter((limit) => limit !== undefined);
  const branches = (schema.anyOf ?? []).filter((branch) => typeof branch === 'object');
  const limits = [schema, ...branches].flatMap(limitsOf);
  const near = limits.flatMap((limit) => {
    const by = step || Math.abs(limit) * 2 ** -50;
    return [limit - by, limit, limit + by];
  });
  return judged(
    schema,
    [...near, 0, 0.5, -1].map((number) => number + 0),
  );
};

const listProbes = (schema: JsonSchema): Probe[] => {
  const { minItems = 0, maxItems } = schema;
  const sizes = [minItems - 1, minItems, ...(maxItems === undefined ? [] : [maxItems, maxItems + 1])];
  const lists = sizes.filter((size) => size >= 0).map((size) => listOf(schema, size));
  const [, ...others] = listOf(schema, Math.max(1, minItems));
  const items = probesOf(itemsOf(schema)).map(({ value, wrong, isGuess = false }): Probe => {
    const list = [value, ...others];
    if (wrong.length > 0) return { value: list, wrong: wrong.map((pointer) => `/0${pointer}`), isGuess };
    return { value: list, wrong: allows(schema, list) ? [] : self, isGuess };
  });
  const twice = schema.contains ? [[...listOf(schema, 1), ...listOf(schema, 1)]] : [];
  return [...judged(schema, [...lists, ...twice]), ...items];
};

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const objectProbes = (schema: JsonSchema): Probe[] => {
  const whole = Object.fromEntries(membersOf(schema).map(([name, member]) => [name, example(member)]));
  const stranger = Object.keys(whole).concat('x').join('-');
  const members = membersOf(schema).flatMap(([name, member]) => {
    const pointer = `/${escaped(name)}`;
    const { [name]: _, ...rest } = whole;
    const isRequired = schema.required?.includes(name) ?? false;
    return [
      { value: rest, wrong: isRequired ? [pointer] : [] },
      ...probesOf(member).map(({ wrong, value, isGuess = false }) => ({
        value: { ...whole, [name]: value },
        wrong: wrong.map((below) => pointer + below),
        isGuess,
      })),
    ];
  });
  return [
    { value: whole, wrong: [] },
    { value: { ...whole, [stranger]: 1 }, wrong: [`/${escaped(stranger)}`] },
    ...members,
  ];
};

/** The declared example if the schema has one, or else any valid value. */
export const example = (schema: JsonSchema): unknown => schema.examples?.[0] ?? numbered(schema, 0);

const inside: Record<string, (schema: JsonSchema) => Probe[]> = {
  string: (schema) => (schema.enum ? judged(schema, [...schema.enum, '', 'X', '\ud800']) : textProbes(schema)),
  number: (schema) => numberProbes(schema, 0),
  integer: (schema) => numberProbes(schema, 1),
  boolean: (schema) => judged(schema, [true, false, 'true']),
  array: listProbes,
  object: objectProbes,
};

const kinds = { string: 'text', number: 1, boolean: true, array: [], object: {} };

/** Values of each JSON type that a schema does not name. */
const otherTypes = (schema: JsonSchema): unknown[] => {
  const own = [schema, ...branchesOf(schema)].flatMap(typesOf);
  const isOwn = (type: string) => own.includes(type) || (type === 'number' && own.includes('integer'));
  return Object.entries(kinds).flatMap(([type, value]) => (isOwn(type) ? [] : [value]));
};

/** A value that one branch refuses may be accepted by another. */
const ofAnyBranch = (schema: JsonSchema): Probe[] =>
  branchesOf(schema)
    .flatMap(probesOf)
    .filter(({ value, wrong }) => wrong.length === 0 || isSurrogate(value) || !allows(schema, value));

const isSurrogate = (value: unknown): boolean => JSON.stringify(value).includes('\\ud800');

/** Values at all limits that a schema declares, and just beyond them. */
export const probesOf = (schema: JsonSchema): Probe[] => [
  ...judged(schema, [null, ...otherTypes(schema)]),
  ...ofAnyBranch(schema),
  ...typesOf(schema).flatMap((type) => (branchesOf(schema).length > 0 ? [] : (inside[type]?.(schema) ?? []))),
];
