/** A body, and the pointers of all its invalid fields. */
export type Refused = { body?: unknown; bytes?: string; wrong: readonly string[] };

/** The bodies that an endpoint accepts and refuses. Those in `takes` are stored and returned exactly as sent. */
export type FieldTable = { takes: readonly object[]; refuses: readonly Refused[] };

const method = { type: 'email', value: 'jane@example.com', isPreferred: true };
const methods = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...method, isPreferred: index === 0 }));
const customFields = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ fieldKey: `key-${index}`, value: index }));
const custom = (...values: unknown[]) => ({
  customFields: values.map((value, index) => ({ fieldKey: `key-${index}`, value })),
});

/** Text of `length` code points, half of them outside the basic plane. */
const astral = (length: number): string => '😀a'.repeat(Math.ceil(length / 2)).slice(0, Math.ceil(length * 1.5));
const surrogate = '"\\ud800"';

const nameLike = (field: string, max: number): FieldTable => ({
  takes: [
    { [field]: 'a' },
    { [field]: ' a ' },
    { [field]: astral(max) },
    { [field]: 'e\u0301 \u00e9 \ufb01 \u202e' },
    { [field]: '<script>"\'`;--' },
  ],
  refuses: [
    ...[
      '',
      ' ',
      '\u00a0\u3000',
      '\u200b',
      '\u3164',
      '\u2800',
      '\u00ad',
      'a\u2028b',
      'a\u2029',
      'a\nb',
      'a\u0000',
      '\u0085',
    ].map((value) => ({ body: { [field]: value }, wrong: [`/${field}`] })),
    ...[astral(max + 1), null, 1, true, [], {}, ['a']].map((value) => ({
      body: { [field]: value },
      wrong: [`/${field}`],
    })),
    { bytes: `{"${field}":${surrogate}}`, wrong: [`/${field}`] },
  ],
});

const client: FieldTable = {
  takes: [
    ...nameLike('name', 500).takes,
    { avatarUrl: 'https://example.com/a.png?b=c#d' },
    { avatarUrl: 'https://bücher.example/%C3%BC/ü' },
    { avatarUrl: 'http://127.0.0.1:8080/' },
    { avatarUrl: 'HTTPS://EXAMPLE.COM' },
    { avatarUrl: `https://example.com/${'a'.repeat(2028)}` },
    { avatarUrl: null },
    ...['whatsapp', 'phone', 'email', 'fax', 'other'].map((type) => ({ contactMethods: [{ ...method, type }] })),
    { contactMethods: [{ ...method, value: astral(500) }] },
    { contactMethods: [{ ...method, isPreferred: false }, method] },
    { contactMethods: methods(50) },
    { customFields: [] },
    { customFields: customFields(100) },
    custom('', astral(5000), true, false, null, 0, -1.5, 1e20, 1e-130, 0.1, 9007199254740991, 9007199254740992),
    custom(
      [],
      ['a', '', 'a'],
      Array.from({ length: 100 }, () => 'x'),
    ),
    { customFields: [{ fieldKey: astral(100), value: 'Updated notes' }] },
    { customFields: [{ fieldKey: '__proto__', value: 'constructor' }] },
  ],
  refuses: [
    ...nameLike('name', 500).refuses,
    ...[
      '',
      'picture.png',
      '//example.com/a.png',
      'ftp://example.com/a.png',
      'javascript:alert(1)',
      'data:image/png;base64,AAAA',
      'https://user:secret@example.com/',
      'https://user@example.com/',
      ' https://example.com/',
      'https://exam ple.com/',
      ...['"', '<', '>', '\\', '`', '{', '}', '|', '^', '%', '%2', '%zz', '\u3000'].map(
        (bad) => `https://example.com/${bad}`,
      ),
      `https://example.com/${'a'.repeat(2029)}`,
      1,
      {},
      [],
    ].map((avatarUrl) => ({ body: { avatarUrl }, wrong: ['/avatarUrl'] })),
    ...[[], methods(51), {}, null, 'phone', 1, [{ ...method, isPreferred: false }], [method, method]].map(
      (contactMethods) => ({ body: { contactMethods }, wrong: ['/contactMethods'] }),
    ),
    { body: { contactMethods: [{ ...method, type: 'pager' }] }, wrong: ['/contactMethods/0/type'] },
    { body: { contactMethods: [{ ...method, type: 'Email' }] }, wrong: ['/contactMethods/0/type'] },
    { body: { contactMethods: [{ ...method, value: '' }] }, wrong: ['/contactMethods/0/value'] },
    { body: { contactMethods: [{ ...method, value: astral(501) }] }, wrong: ['/contactMethods/0/value'] },
    { body: { contactMethods: [{ ...method, label: 'x' }] }, wrong: ['/contactMethods/0/label'] },
    { body: { contactMethods: [{ ...method, isPreferred: 'true' }] }, wrong: ['/contactMethods/0/isPreferred'] },
    { body: { contactMethods: [method, 'x', null, []] }, wrong: [1, 2, 3].map((index) => `/contactMethods/${index}`) },
    {
      body: { contactMethods: [{}] },
      wrong: ['type', 'value', 'isPreferred'].map((member) => `/contactMethods/0/${member}`),
    },
    {
      body: { contactMethods: [{ ...method, value: '' }, method] },
      wrong: ['/contactMethods/0/value', '/contactMethods'],
    },
    ...[customFields(101), {}, null, 'notes', 1].map((value) => ({
      body: { customFields: value },
      wrong: ['/customFields'],
    })),
    { body: { customFields: [{ fieldKey: '', value: 1 }] }, wrong: ['/customFields/0/fieldKey'] },
    { body: { customFields: [{ fieldKey: astral(101), value: 1 }] }, wrong: ['/customFields/0/fieldKey'] },
    { body: { customFields: [{ fieldKey: 1, value: 1 }] }, wrong: ['/customFields/0/fieldKey'] },
    { body: { customFields: [{ fieldKey: 'a' }] }, wrong: ['/customFields/0/value'] },
    { body: { customFields: [{ fieldKey: 'a', value: 1, type: 'x' }] }, wrong: ['/customFields/0/type'] },
    { body: { customFields: ['a', 1] }, wrong: ['/customFields/0', '/customFields/1'] },
    {
      body: { customFields: ['a', 'b', 'a', 'a'].map((fieldKey) => ({ fieldKey, value: 1 })) },
      wrong: ['/customFields/2/fieldKey', '/customFields/3/fieldKey'],
    },
    {
      body: custom(
        'ok',
        astral(5001),
        {},
        Array.from({ length: 101 }, () => 'x'),
        1e126,
        1e-131,
      ),
      wrong: [1, 2, 3, 4, 5].map((index) => `/customFields/${index}/value`),
    },
    { body: custom(['a', 1, null, ['b']]), wrong: [1, 2, 3].map((index) => `/customFields/0/value/${index}`) },
    {
      bytes: `{"customFields":[{"fieldKey":"a","value":${surrogate}},{"fieldKey":${surrogate},"value":1}]}`,
      wrong: ['/customFields/0/value', '/customFields/1/fieldKey'],
    },
    ...['9007199254740993', '0.10000000000000000001', '1e400', '-0'].map((number) => ({
      bytes: `{"customFields":[{"fieldKey":"a","value":${number}}]}`,
      wrong: ['/customFields/0/value'],
    })),
    {
      bytes: '{"customFields":[{"fieldKey":"a","value":1,"value":2}]}',
      wrong: ['/customFields/0/value'],
    },
    {
      body: { name: '', avatarUrl: 'x', contactMethods: [], customFields: null, notes: '' },
      wrong: ['/name', '/avatarUrl', '/contactMethods', '/customFields', '/notes'],
    },
  ],
};

const templates = [
  'labTemplates.smsDefaultMessage',
  'sessionTemplates.smsReminderMessage',
  'sessionTemplates.whatsappReminderMessage',
];
const templateBody = (name: string, value: unknown): object => {
  const [group = '', template = ''] = name.split('.');
  return { [group]: { [template]: value } };
};

const workspace: FieldTable = {
  takes: [
    ...nameLike('name', 120).takes,
    ...nameLike('slogan', 160).takes,
    ...templates.flatMap((name) =>
      ['', ' ', 'two\nlines', astral(2000), '[LINK] [SESSION_NAME] [SESSION_DATE] [SESSION_TIME] [OTHER]'].map(
        (value) => templateBody(name, value),
      ),
    ),
    { labTemplates: {}, name: 'a' },
  ],
  refuses: [
    ...nameLike('name', 120).refuses,
    ...nameLike('slogan', 160).refuses,
    ...templates.flatMap((name) =>
      [astral(2001), null, 1, [], {}].map((value) => ({
        body: templateBody(name, value),
        wrong: [`/${name.replace('.', '/')}`],
      })),
    ),
    ...['labTemplates', 'sessionTemplates'].flatMap((group) =>
      [null, 'x', 1, [], [{}]].map((value) => ({ body: { [group]: value }, wrong: [`/${group}`] })),
    ),
    { body: { labTemplates: { smsReminderMessage: 'x' } }, wrong: ['/labTemplates/smsReminderMessage'] },
    { body: { 'labTemplates.smsDefaultMessage': 'x' }, wrong: ['/labTemplates.smsDefaultMessage'] },
    { bytes: `{"labTemplates":{"smsDefaultMessage":${surrogate}}}`, wrong: ['/labTemplates/smsDefaultMessage'] },
    {
      bytes: '{"labTemplates":{"constructor":{"prototype":{}}}}',
      wrong: ['/labTemplates/constructor', '/labTemplates/constructor/prototype'],
    },
    ...[
      '',
      'jane',
      'jane@',
      '@example.com',
      'jane@example',
      'a b@example.com',
      'jane@example.com ',
      `${'a'.repeat(250)}@b.example`,
      null,
      1,
      {},
    ].map((email) => ({ body: { email }, wrong: ['/email'] })),
    {
      body: { name: '', slogan: '', labTemplates: [], sessionTemplates: { x: 1 }, email: 'x', colour: 1 },
      wrong: ['/name', '/slogan', '/labTemplates', '/sessionTemplates/x', '/email', '/colour'],
    },
  ],
};

/** By endpoint. An endpoint without a table fails the suite. */
export const fieldTables: Record<string, FieldTable> = { 'update-client': client, 'update-workspace': workspace };
