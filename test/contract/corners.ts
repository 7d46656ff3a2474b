/** A body, and the pointers of all its invalid fields. */
export type Refused = { body?: unknown; bytes?: string; wrong: readonly string[] };

/** Bodies that an endpoint accepts and refuses. Those in `takes` are stored and returned exactly as sent. */
export type FieldTable = { takes: readonly object[]; refuses: readonly Refused[] };

const method = { type: 'email', value: 'jane@example.com', isPreferred: true };

const custom = (...values: unknown[]) => ({
  customFields: values.map((value, index) => ({ fieldKey: `key-${index}`, value })),
});

const notAPicture = [
  ...['', 'picture.png', '//example.com/a.png', 'ftp://example.com/a.png', 'javascript:alert(1)'],
  ...['data:image/png;base64,AAAA', 'https://user:secret@example.com/', 'https://user@example.com/'],
  ...[' https://example.com/', 'https://exam ple.com/', `https://example.com/${'a'.repeat(2029)}`],
  ...['"', '<', '>', '\\', '`', '{', '}', '|', '^', '%', '%2', '%zz', '\u3000'].map(
    (bad) => `https://example.com/${bad}`,
  ),
];

const client: FieldTable = {
  takes: [
    { avatarUrl: 'https://example.com/a.png?b=c#d' },
    { avatarUrl: 'https://bücher.example/%C3%BC/ü' },
    { avatarUrl: 'http://127.0.0.1:8080/' },
    { avatarUrl: 'HTTPS://EXAMPLE.COM' },
    { avatarUrl: `https://example.com/${'a'.repeat(2028)}` },
    { contactMethods: [{ ...method, isPreferred: false }, method] },
    custom('', true, false, null, 0, -1.5, 1e20, 1e-130, 0.1, 9007199254740991, 9007199254740992),
    custom([], ['a', '', 'a']),
    { customFields: [{ fieldKey: '__proto__', value: 'constructor' }] },
  ],
  refuses: [
    ...notAPicture.map((avatarUrl) => ({ body: { avatarUrl }, wrong: ['/avatarUrl'] })),
    ...[[{ ...method, isPreferred: false }], [method, method]].map((contactMethods) => ({
      body: { contactMethods },
      wrong: ['/contactMethods'],
    })),
    { body: { contactMethods: [{ ...method, type: 'Email' }] }, wrong: ['/contactMethods/0/type'] },
    { body: { contactMethods: [method, 'x', null, []] }, wrong: [1, 2, 3].map((index) => `/contactMethods/${index}`) },
    {
      body: { contactMethods: [{}] },
      wrong: ['type', 'value', 'isPreferred'].map((member) => `/contactMethods/0/${member}`),
    },
    {
      body: { contactMethods: [{ ...method, value: '' }, method] },
      wrong: ['/contactMethods/0/value', '/contactMethods'],
    },
    { body: { customFields: ['a', 1] }, wrong: ['/customFields/0', '/customFields/1'] },
    {
      body: { customFields: ['a', 'b', 'a', 'a'].map((fieldKey) => ({ fieldKey, value: 1 })) },
      wrong: ['/customFields/2/fieldKey', '/customFields/3/fieldKey'],
    },
    { body: custom('ok', {}, 1e126, 1e-131), wrong: [1, 2, 3].map((index) => `/customFields/${index}/value`) },
    { body: custom(['a', 1, null, ['b']]), wrong: [1, 2, 3].map((index) => `/customFields/0/value/${index}`) },
    ...['9007199254740993', '0.10000000000000000001', '1e400', '-0'].map((number) => ({
      bytes: `{"customFields":[{"fieldKey":"a","value":${number}}]}`,
      wrong: ['/customFields/0/value'],
    })),
    { bytes: '{"customFields":[{"fieldKey":"a","value":1,"value":2}]}', wrong: ['/customFields/0/value'] },
    {
      body: { name: '', avatarUrl: 'x', contactMethods: [], customFields: null, notes: '' },
      wrong: ['/name', '/avatarUrl', '/contactMethods', '/customFields', '/notes'],
    },
  ],
};

const notAnAddress = [
  ...['', 'jane', 'jane@', '@example.com', 'jane@example', 'a b@example.com', 'jane@example.com '],
  `${'a'.repeat(250)}@b.example`,
];

const workspace: FieldTable = {
  takes: [
    {
      labTemplates: { smsDefaultMessage: '[LINK] [SESSION_NAME] [SESSION_DATE] [SESSION_TIME] [OTHER]' },
      sessionTemplates: { smsReminderMessage: '[SESSION_NAME]', whatsappReminderMessage: ' ' },
    },
  ],
  refuses: [
    ...notAnAddress.map((email) => ({ body: { email }, wrong: ['/email'] })),
    {
      body: { name: '', slogan: '', labTemplates: [], sessionTemplates: { x: 1 }, email: 'x', colour: 1 },
      wrong: ['/name', '/slogan', '/labTemplates', '/sessionTemplates/x', '/email', '/colour'],
    },
  ],
};

/** By endpoint: bodies that show a promise which no schema implies. An endpoint needs none. */
export const corners: Readonly<Record<string, FieldTable>> = { 'update-client': client, 'update-workspace': workspace };
