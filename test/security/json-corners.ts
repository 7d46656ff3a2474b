import { shown } from '../harness/shown.ts';

/** A text that JSON parsers disagree about, and the expected status; 200 if it is clearly JSON. */
export type Corner = { says: string; text: string | Uint8Array; owed: 200 | 400 | 413 | 422 };

/** A string as bytes, one for each character. */
const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const row =
  (owed: Corner['owed']) =>
  (text: string | Uint8Array): Corner => ({
    says: shown(typeof text === 'string' ? JSON.stringify(text) : text),
    text,
    owed,
  });

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
    '{"name"',
    '{"name":',
    '{"name":"a"',
    '{"name":"a",',
    '{"name":"a"}}',
  ],
  ...[
    '{"name":"a",}',
    '{,"name":"a"}',
    '{"name":"a",,"x":1}',
    '{"name" "a"}',
    '{"name"::"a"}',
    '{"name":"a" "b"}',
    '{"name":,}',
  ],
  ...[
    '{name:"a"}',
    "{'name':'a'}",
    '{"name":\'a\'}',
    '{"name":a}',
    '{null:1}',
    '{1:1}',
    '{[]:1}',
    '{"a":1 true}',
    '{"name":"a"}x',
  ],
  ...[
    '{"name":"a"}{"name":"b"}',
    '{"name":"a"}\n{"name":"b"}',
    '{"name":"a"} // x',
    '/**/{"name":"a"}',
    '{"name":/**/"a"}',
    '#{}',
  ],
  ...[
    '{"name":"a\n"}',
    '{"name":"a\tb"}',
    '{"name":"\u0000"}',
    '{"name":"\u001f"}',
    '{"name":"\\x41"}',
    '{"name":"\\u12"}',
  ],
  ...[
    '{"name":"\\a"}',
    '{"name":"\\"}',
    '{"name":"\\u{41}"}',
    '{"name":"\\U0041"}',
    '{"name":"\\\n"}',
    '{"name":"',
    '{"name":"\\',
  ],
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
    '\u3000{"name":"a"}',
    '\f{}',
    '\v{}',
    '{"name":"a"}\u0000',
    '\u0000{"name":"a"}',
    '{"name":"a"}\u2028',
  ],
  ...[
    '\ufeff{"name":"a"}',
    '{"name":"a"}\ufeff',
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
].map(row(400));

/** Bytes that are not UTF-8 (RFC 3629). */
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
  .map((bytes) => octets(`{"name":"a${bytes}b"}`))
  .concat(octets('{"n\xffme":"a"}'), octets('\xff{"name":"a"}'), octets('{"name":"a"}\xc3'))
  .concat(
    Buffer.from('{"name":"a"}', 'utf16le'),
    Buffer.from('\ufeff{"name":"a"}', 'utf16le'),
    Buffer.from([0x1f, 0x8b, 8, 0]),
  )
  .map(row(400));

/** JSON that parsers interpret differently, or of which something would silently be lost. */
const ambiguous = [
  ...[
    '{"name":"a","name":"b"}',
    '{"name":"a","n\\u0061me":"b"}',
    '{"name":"a","name":"a"}',
    '{"labels":{"a":1,"a":2},"name":"a"}',
  ],
  ...[
    '{"name":"a","Name":"b"}',
    '{"name":"a","name ":"b"}',
    '{"name":"a","na\\u0000me":"b"}',
    '{"name":"a","":1}',
    '{"\\ud800":1}',
  ],
  ...[
    '{"__proto__":{"name":"a"}}',
    '{"name":"a","__proto__":null}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"\\u005f_proto__":1}',
  ],
  ...[
    '{"prototype":1}',
    '{"toString":1}',
    '{"hasOwnProperty":1}',
    '{"valueOf":null}',
    '{"length":1}',
    '{"toJSON":1}',
    '{"then":1}',
  ],
  ...[
    '{"id":"x"}',
    '{"pk":"x"}',
    '{"sk":"x"}',
    '{"version":9}',
    '{"createdAt":"2024-01-15T10:00:00.000Z"}',
    '{"updatedAt":null}',
  ],
  ...[
    '{"workspaceId":"foreign"}',
    '{"name.x":"a"}',
    '{"#n0":"a"}',
    '{":v0":"a"}',
    '{"$set":{"name":"a"}}',
    '{"name":{"$ne":1}}',
  ],
  ...[
    '{"name":null}',
    '{"name":1}',
    '{"name":true}',
    '{"name":[]}',
    '{"name":["a"]}',
    '{"name":{}}',
    '{"name":""}',
    '{"name":" "}',
  ],
  ...[
    '{"name":"\\u0000"}',
    '{"name":"a\\u0007"}',
    '{"name":"\\ud800"}',
    '{"name":"\\udc00\\ud800"}',
    '{"name":"a\\nb"}',
    '{"name":"a\u2028b\u2029"}',
    '{"name":"\\u3164"}',
  ],
].map(row(422));

const plain = [
  ...[
    '{"name":"a"}',
    ' \t\r\n{ "name" : "a" }\n',
    '{"n\\u0061me":"a"}',
    '{"name":"\\u0061\\/\\"\\\\"}',
    '{"name":"\\ud83d\\ude00"}',
  ],
  ...['{"name":"\u{1f600}"}', '{"name":"\\u00e9"}', '{"name":"\ufeffa"}', '{"name":"\uffff"}', '{"name":"__proto__"}'],
].map(row(200));

/** Corner cases of the body itself, the same for both endpoints. */
export const bodyCorners: readonly Corner[] = [...notJson, ...notUtf8, ...ambiguous, ...plain];

/** Numbers as the value of a custom field: stored to the last digit, or refused. */
export const numberCorners: readonly Corner[] = [
  ...[
    '0',
    '1',
    '-1',
    '0.1',
    '-0.5',
    '1.0',
    '1.50',
    '10e-1',
    '1E5',
    '1e+5',
    '1e5',
    '123456789012345',
    '9007199254740991',
  ],
  ...[
    '9007199254740992',
    '-9007199254740991',
    '9007199254740994',
    '1e21',
    '123456789.125',
    '0.30000000000000004',
    '0e0',
    '0.0',
  ],
  ...[
    '1e125',
    '-1e125',
    '9.99e125',
    '1e-130',
    '1e-7',
    '4.9e-100',
    '1e22',
    '100000000000000000000',
    '0.000001',
    '5e-5',
    '0e999',
  ],
]
  .map(row(200))
  .concat(
    [
      ...[
        '9007199254740993',
        '-9007199254740993',
        '0.1234567890123456789',
        '1.0000000000000001',
        '100000000000000000001',
        '1e400',
      ],
      ...[
        '-1e400',
        '1e-400',
        '5e-324',
        '1e308',
        '1.7976931348623157e308',
        '1e126',
        '9.999e-131',
        '-0',
        '-0.0',
        '-0e1',
        '0.10000000000000000001',
      ],
      ...[
        '1'.repeat(100),
        `0.${'1'.repeat(100)}`,
        `1e${'9'.repeat(100)}`,
        `1e-${'9'.repeat(100)}`,
        '1'.repeat(100_000),
        '3.141592653589793238',
      ],
    ].map(row(422)),
  );
