import { jsonSchemaOf } from '../../lib/openapi/json-schema.ts';
import { branchesOf, itemsOf, membersOf, typesOf } from '../declared/allows.ts';
import { numberedPatch } from '../declared/bodies.ts';
import type { Declared } from '../declared/kind.ts';
import { examples } from './examples.ts';
import { textSpots, validText } from './spots.ts';

export const largestBody = 256 * 1024;

/** A body that costs a careless parser disproportionate work, or causes a disproportionate response. */
export type Heavy = { says: string; body: () => string; owed: 400 | 422 };

/** A body of at most 256 KiB: `unit` as often as it fits between `before` and `after`. */
const filled = (before: string, unit: string, after: string) => () =>
  before + unit.repeat(Math.floor((largestBody - length(before + after)) / length(unit))) + after;

/** In bytes. */
const length = (text: string): number => Buffer.byteLength(text);

/** The same with different units. */
const counted = (before: string, unit: (index: number) => string, after: string) => () => {
  const units: string[] = [];
  for (let total = length(before + after), index = 0; ; index++) {
    total += length(unit(index));
    if (total > largestBody) return before + units.join('') + after;
    units.push(unit(index));
  }
};

const long = (share: number) => 'n'.repeat(largestBody * share);

/** The same for every endpoint. `known` is a valid member of its body. */
const ofAny = (name: string, known: string): Record<400 | 422, Record<string, () => string>> => ({
  422: {
    'unknown fields': counted('{', (index) => `"a${index}":1,`, '"a":1}'),
    'one field again and again': filled('{', '"a":1,', '"a":1}'),
    'one field again and again, known': filled('{', `${known},`, `${known}}`),
    'two fields again and again': filled('{', '"a":1,"b":1,', '"a":1}'),
    'wrong values below a long name': () => `{"${long(1 / 2)}":[${'-0,'.repeat(40_000)}-0]}`,
    'repeated fields below a long name': () => `{"${long(1 / 2)}":{${'"a":1,'.repeat(20_000)}"a":1}}`,
    'different fields below a long name': () =>
      `{"${long(1 / 4)}":{${Array.from({ length: 9_000 }, (_, index) => `"a${index}":-0,`).join('')}"a":1}}`,
    'long names below long names': () =>
      `{${`"${long(1 / 20)}":{`.repeat(15)}"a":[${'-0,'.repeat(15_000)}-0]${'}'.repeat(15)}}`,
    'names that a pointer has to escape': filled('{"', '~', '":-0}'),
    'many names that a pointer has to escape': counted('{', (index) => `"~/~/~/~/${index}":1,`, '"a":1}'),
    'names of control characters': counted('{', (index) => `"${'\\u0001'.repeat(40)}${index}":1,`, '"a":1}'),
    'a number of very many digits': filled('{"a":', '1', '}'),
    'a fraction of very many digits': filled('{"a":0.', '0', '1}'),
    'an exponent of very many digits': filled('{"a":1e', '9', '}'),
    'lists in lists, closed': () => `{${name}:${'['.repeat(largestBody / 3)}${']'.repeat(largestBody / 3)}}`,
    'objects in objects, closed': () => `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`,
    'fifteen levels of lists, often': filled('{"a":[', `${'['.repeat(14)}-0${']'.repeat(14)},`, '1]}'),
    'a text of quotes': filled('{"a":"', '\\"', '"}'),
    'a name of escapes': filled('{"', '\\u0061', '":1}'),
  },
  400: {
    'lists in lists': filled('', '[', ''),
    'objects in objects': filled('', '{"a":', '1'),
    'a text without an end': filled('{"a":"', '\\a', ''),
    'white space': filled('', ' ', ''),
    'white space around a comma': filled(`{${known}`, ' ', ','),
    'commas and colons': filled('{', ',:', '}'),
    'quotation marks': filled('{', '""', '}'),
    'minus signs': filled('{"a":', '-', '}'),
  },
});

const mark = 'the heavy part';

/** What stands before and after a value in a JSON text. */
const around = (body: object): [before: string, after: string] => {
  const [before = '', after = ''] = JSON.stringify(body).split(JSON.stringify(mark));
  return [before, after];
};

/** The wrong value with the most errors that the limits of lists allow. */
const worst = (schema: Parameters<typeof itemsOf>[0]): unknown => {
  const branches = branchesOf(schema);
  const list = branches.find((branch) => typesOf(branch).includes('array')) ?? schema;
  if (typesOf(list).includes('array')) return Array(list.maxItems ?? 1_000).fill(worst(itemsOf(list)));
  if (!schema.properties) return typesOf(schema).includes('string') || branches.length > 0 ? 1 : '';
  return Object.fromEntries(membersOf(schema).map(([name, member]) => [name, worst(member)]));
};

type At = { name: string; put: (value: unknown) => object };

/** Heavy values of every field, at any depth of objects, that holds a list. */
const ofLists = (schema: Parameters<typeof itemsOf>[0], at?: At): Heavy[] =>
  membersOf(schema).flatMap(([name, member]) => {
    const path = at ? `${at.name}.${name}` : name;
    const put = (value: unknown) => (at ? at.put({ [name]: value }) : { [name]: value });
    if (member.properties) return ofLists(member, { name: path, put });
    return typesOf(member).includes('array') ? ofList(path, put, worst(member)) : [];
  });

const ofList = (name: string, put: At['put'], wrong: unknown): Heavy[] => {
  const [before, after] = around(put(mark));
  const most = JSON.stringify(put(wrong));
  const bodies = {
    'the shortest wrong values': filled(`${before}[`, '-0,', `-0]${after}`),
    'numbers that cannot be kept': filled(`${before}[`, '12345678901234567890,', `1]${after}`),
    'empty objects': filled(`${before}[`, '{},', `{}]${after}`),
    'unknown fields in an item': counted(`${before}[{`, (index) => `"a${index}":1,`, `"a":1}]${after}`),
    'lists in an item': filled(`${before}[{"a":[`, '1,', `1]}]${after}`),
    ...(most.length <= largestBody && { 'as many wrong values as a list may hold': () => most }),
  };
  return Object.entries(bodies).map(([says, body]) => ({ says: `${says} for ${name}`, body, owed: 422 }));
};

const units = ['a', 'a.', 'xn--a.', '-', ' ', '\\u0301', '~', '1'];

/** Any text, repeated. In a text of some form, it is put where something may be longer. */
const ofTexts = (endpoint: Declared): Heavy[] =>
  textSpots(endpoint).flatMap((spot) => {
    const [before, after] = around(spot.body(mark));
    const valid = spot.schema.pattern === undefined ? '' : validText(spot);
    const delimiter = valid.search(/[^A-Za-z0-9]/);
    const places = [...new Set([0, delimiter < 0 ? 0 : delimiter + 1, valid.length])];
    const type = typesOf(spot.schema).join();
    return places.flatMap((place) =>
      units.map((unit): Heavy => {
        const start = `${before}"${valid.slice(0, place)}`;
        return {
          says: `${JSON.stringify(unit)} again and again at ${place} in the ${type} ${spot.pointer}`,
          body: filled(start, unit, `${valid.slice(place)}"${after}`),
          owed: 422,
        };
      }),
    );
  });

const rowsOf = (owed: 400 | 422, bodies: Record<string, () => string>): Heavy[] =>
  Object.entries(bodies).map(([says, body]) => ({ says, body, owed }));

/** Bodies of up to 256 KiB for an endpoint. */
export const heavyBodies = (endpoint: Declared): Heavy[] => {
  const [[name, value] = []] = Object.entries(numberedPatch(endpoint, 0));
  const all = ofAny(JSON.stringify(name), `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return [
    ...rowsOf(400, all[400]),
    ...rowsOf(422, all[422]),
    ...ofLists(jsonSchemaOf(endpoint.body, endpoint.example.body)),
    ...ofTexts(endpoint),
    ...rowsOf(422, examples[endpoint.id]?.heavy(filled) ?? {}),
  ];
};
