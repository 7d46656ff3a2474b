import { numberedPatch } from '../declared/bodies.ts';
import { fieldsOf } from '../declared/fields.ts';
import type { Declared } from '../declared/kind.ts';
import { shown } from '../harness/shown.ts';

/** A text that JSON parsers disagree about, and the expected status; 200 if it is clearly JSON. */
export type Corner = { says: string; text: string | Uint8Array; owed: 200 | 400 | 413 | 422 };

/** A string as bytes, one for each character. */
const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');

export const row =
  (owed: Corner['owed']) =>
  (text: string | Uint8Array): Corner => ({
    says: shown(typeof text === 'string' ? JSON.stringify(text) : text),
    text,
    owed,
  });

/** Every character of a JSON text as an escape. */
const escaped = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);

/** The parts of a patch that the templates below are filled with: `NAME` is a field, `ONE` and `OTHER` are valid values of it. */
const partsOf = (endpoint: Declared): Record<string, string> => {
  const [name = '', one] = Object.entries(numberedPatch(endpoint, 1))[0] ?? [];
  const [other] = Object.values(numberedPatch(endpoint, 2));
  return {
    NAME: JSON.stringify(name),
    BARE: name,
    CAPITALS: JSON.stringify(name.toUpperCase()),
    ESCAPED: `"${escaped(name)}"`,
    ONE: JSON.stringify(one),
    OTHER: JSON.stringify(other),
  };
};

const filledWith =
  (parts: Record<string, string>) =>
  (template: string): string =>
    template.replaceAll(/NAME|BARE|CAPITALS|ESCAPED|ONE|OTHER/g, (part) => parts[part] ?? '');

/** Texts that are not JSON (RFC 8259). */
const notJson = [
  ...[
    '',
    ' ',
    '\n',
    '{',
    '}',
    '{}}',
    '[',
    ']',
    '{]',
    '[}',
    '{NAME',
    '{NAME:',
    '{NAME:ONE',
    '{NAME:ONE,',
    '{NAME:ONE}}',
  ],
  ...['{NAME:ONE,}', '{,NAME:ONE}', '{NAME:ONE,,"x":1}', '{NAME ONE}', '{NAME::ONE}', '{NAME:ONE OTHER}', '{NAME:,}'],
  ...[
    '{BARE:ONE}',
    "{'BARE':'a'}",
    "{NAME:'a'}",
    '{NAME:a}',
    '{null:1}',
    '{1:1}',
    '{[]:1}',
    '{"a":1 true}',
    '{NAME:ONE}x',
  ],
  ...[
    '{NAME:ONE}{NAME:OTHER}',
    '{NAME:ONE}\n{NAME:OTHER}',
    '{NAME:ONE} // x',
    '/**/{NAME:ONE}',
    '{NAME:/**/ONE}',
    '#{}',
  ],
  ...['{NAME:"a\n"}', '{NAME:"a\tb"}', '{NAME:"\u0000"}', '{NAME:"\u001f"}', '{NAME:"\\x41"}', '{NAME:"\\u12"}'],
  ...['{NAME:"\\a"}', '{NAME:"\\"}', '{NAME:"\\u{41}"}', '{NAME:"\\U0041"}', '{NAME:"\\\n"}', '{NAME:"', '{NAME:"\\'],
  ...[
    '{"n":01}',
    '{"n":+1}',
    '{"n":.5}',
    '{"n":5.}',
    '{"n":1e}',
    '{"n":1e+}',
    '{"n":0x1}',
    '{"n":1_0}',
    '{"n":--1}',
    '{"n":- 1}',
  ],
  ...[
    '{"n":NaN}',
    '{"n":Infinity}',
    '{"n":-Infinity}',
    '{"n":1.2.3}',
    '{"n":1e1.5}',
    '{"n":１}',
    '{"n":0b1}',
    '{"n":1n}',
    '{"n":-}',
  ],
  ...[
    '{"n":True}',
    '{"n":nul}',
    '{"n":nulll}',
    '{"n":undefined}',
    '{"n":tru e}',
    'null',
    'true',
    '1',
    '"a"',
    '[]',
    '[{}]',
  ],
  ...[
    '\u00a0{}',
    '{\u00a0}',
    '\u3000{NAME:ONE}',
    '\f{}',
    '\v{}',
    '{NAME:ONE}\u0000',
    '\u0000{NAME:ONE}',
    '{NAME:ONE}\u2028',
  ],
  ...[
    '\ufeff{NAME:ONE}',
    '{NAME:ONE}\ufeff',
    '\u200b{}',
    'name=a',
    '<name>a</name>',
    'name: a',
    '%7B%7D',
    '&quot;',
    '{"a":1}\\n',
  ],
  ...[
    '[1',
    '["a",',
    '{"a":[}',
    '{"a":[1,]}',
    '{"a":[,1]}',
    '{"a":[1 2]}',
    '{"a":[1:2]}',
    '{"a":{"b"}}',
    '{"a":(1)}',
    '{"a":[1;2]}',
  ],
];

/** Bytes that are not UTF-8 (RFC 3629), with placeholders of one byte for each character. */
const notUtf8 = [
  ...[
    '\xff',
    '\x80',
    '\xc0\xaf',
    '\xe0\x80\xaf',
    '\xf0\x80\x80\xaf',
    '\xc3',
    '\xe2\x82',
    '\xed\xa0\x80',
    '\xed\xb0\x80',
    '\xf4\x90\x80\x80',
  ],
  ...['\xf8\x88\x80\x80\x80', '\xfe\xff', '\xc3\x28', '\xa0\xa1', '\xe9'],
]
  .map((bytes) => `{NAME:"a${bytes}b"}`)
  .concat('{"BARE\xff":ONE}', '\xff{NAME:ONE}', '{NAME:ONE}\xc3');

const inUtf16 = ['{NAME:ONE}', '\ufeff{NAME:ONE}'];

/** JSON that parsers interpret differently, or of which something would silently be lost. */
const ambiguous = [
  ...[
    '{NAME:ONE,NAME:OTHER}',
    '{NAME:ONE,ESCAPED:OTHER}',
    '{NAME:ONE,NAME:ONE}',
    '{"labels":{"a":1,"a":2},NAME:ONE}',
    '{NAME:ONE,CAPITALS:OTHER}',
    '{NAME:ONE,"BARE ":OTHER}',
    '{NAME:ONE,"BARE\\u0000":OTHER}',
    '{NAME:ONE,"":1}',
    '{"\\ud800":1}',
  ],
  ...[
    '{"__proto__":{NAME:ONE}}',
    '{NAME:ONE,"__proto__":null}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"\\u005f_proto__":1}',
    '{"BARE.x":ONE}',
    '{"#n0":ONE}',
    '{":v0":ONE}',
    '{"$set":{NAME:ONE}}',
    '{NAME:{"$ne":1}}',
  ],
];

/** Members that no caller may set, unless the endpoint declares a field of the name. */
const strangers: readonly (readonly [name: string, value: unknown])[] = [
  ...['prototype', 'toString', 'hasOwnProperty', 'length', 'toJSON', 'then'].map((name) => [name, 1] as const),
  ...['id', 'pk', 'sk'].map((name) => [name, 'x'] as const),
  ['valueOf', null],
  ['version', 9],
  ['createdAt', '2024-01-15T10:00:00.000Z'],
  ['updatedAt', null],
  ['updatedBy', 'x'],
  ['workspaceId', 'foreign'],
];

const membersOf = ({ body }: { body: (value: unknown) => object }): string[] => Object.keys(body(null));

/** What is not a field of an endpoint: its own ids, and the stored names of the fields of nested objects, too. */
const strangersTo = (endpoint: Declared): string[] => {
  const fields = fieldsOf(endpoint);
  const known = new Set(fields.flatMap(membersOf));
  const dotted = fields.filter(({ attribute }) => !known.has(attribute));
  return [
    ...strangers,
    ...Object.entries(endpoint.example.ids),
    ...dotted.map(({ attribute, example }) => [attribute, example] as const),
  ].flatMap(([name, value]) => (known.has(name) ? [] : [JSON.stringify({ [name]: value })]));
};

const plain = ['{NAME:ONE}', ' \t\r\n{ NAME : ONE }\n', '{ESCAPED:ONE}'];

/** Corner cases of the body itself. */
export const bodyCorners = (endpoint: Declared): Corner[] => {
  const filled = filledWith(partsOf(endpoint));
  return [
    ...notJson.map(filled).map(row(400)),
    ...notUtf8.map(filled).map(octets).map(row(400)),
    ...inUtf16.map((text) => Buffer.from(filled(text), 'utf16le')).map(row(400)),
    ...[Buffer.from([0x1f, 0x8b, 8, 0])].map(row(400)),
    ...ambiguous.map(filled).map(row(422)),
    ...[...new Set(strangersTo(endpoint))].map(row(422)),
    ...plain.map(filled).map(row(200)),
  ];
};

/** Values of a field that holds one visible line, as they stand in a JSON text. */
const lines: Record<200 | 422, readonly string[]> = {
  200: [
    ...['"a"', '"\\u0061\\/\\"\\\\"', '"\\ud83d\\ude00"', '"\u{1f600}"', '"\\u00e9"'],
    ...['"\ufeffa"', '"\uffff"', '"__proto__"'],
  ],
  422: [
    ...['null', '1', 'true', '[]', '["a"]', '{}', '""', '" "', '"\\u0000"', '"a\\u0007"', '"\\ud800"'],
    ...['"\\udc00\\ud800"', '"a\\nb"', '"a\u2028b\u2029"', '"\\u3164"'],
  ],
};

/** Corner cases of a visible line in a top-level field. */
export const lineCorners = (field: string): Corner[] =>
  ([200, 422] as const).flatMap((owed) => lines[owed].map((value) => row(owed)(`{"${field}":${value}}`)));
