import type { Mistake } from '../mistake.ts';

const fields = { file: 'lib/domain/fields.ts', tests: ['test/unit/domain/fields.test.ts'] };
const limits = { tests: ['test/unit/domain/limits.test.ts'] };
const client = { file: 'functions/update-client/client.ts', ...limits };
const workspace = { file: 'functions/update-workspace/workspace.ts', ...limits };
const replies = { tests: ['test/unit/domain/replies.test.ts'] };

export const fieldMistakes: readonly Mistake[] = [
  // Limits of the fields
  { promise: 'ids have at most 64 characters', ...fields, find: '{1,64}$/, notAnId', replace: '{1,63}$/, notAnId' },
  {
    promise: 'ids are ASCII',
    ...fields,
    find: 'v.regex(/^[A-Za-z0-9_-]{1,64}$/, notAnId)',
    replace: 'v.regex(/^[\\p{L}0-9_-]{1,64}$/u, notAnId)',
  },
  { promise: 'length is counted in code points', ...fields, find: 'v.maxCodePoints(max', replace: 'v.maxLength(max' },
  {
    promise: 'an e-mail address has at most 254 characters',
    ...fields,
    ...limits,
    find: 'text(1, 254)',
    replace: 'text(1, 255)',
  },
  {
    promise: 'a local part has at most 64 characters',
    ...fields,
    ...limits,
    find: '[^@]{1,64}@',
    replace: '[^@]{1,63}@',
  },
  {
    promise: 'a URL has at most 2,048 characters',
    ...fields,
    ...limits,
    find: 'text(1, 2048)',
    replace: 'text(1, 2000)',
  },
  {
    promise: 'a URL has no user name',
    ...fields,
    find: '[^\\[\\]@:/?#',
    replace: '[^\\[\\]:/?#',
  },
  {
    promise: 'percent-encoding is intact',
    ...fields,
    find: '(?:%[0-9A-Fa-f]{2}[',
    replace: '(?:%[',
  },
  { promise: 'a URL can be parsed', ...fields, find: 'URL.canParse(url)', replace: 'url.length > 0' },
  { promise: 'a number is below 1e126', ...fields, find: 'magnitude < beyond', replace: 'magnitude <= beyond' },
  {
    promise: 'a blank of Braille is not visible',
    file: 'lib/domain/characters.ts',
    tests: fields.tests,
    find: '\\u2800',
    replace: '',
  },
  {
    promise: 'a name is one line',
    file: 'lib/domain/characters.ts',
    tests: fields.tests,
    find: '\\u2028\\u2029`;',
    replace: '`;',
  },
  { promise: 'a client’s name has at most 500 characters', ...client, find: 'label(500)', replace: 'label(50)' },
  {
    promise: 'at most 50 contact methods',
    ...client,
    find: 'list(ContactMethod, 1, 50)',
    replace: 'list(ContactMethod, 1, 51)',
  },
  {
    promise: 'at least one contact method',
    file: client.file,
    tests: ['test/unit/openapi/published.test.ts'],
    find: 'list(ContactMethod, 1, 50)',
    replace: 'list(ContactMethod, 0, 50)',
  },
  { promise: 'a contact value is not empty', ...client, find: 'text(1, 500)', replace: 'text(0, 500)' },
  { promise: 'exactly one is preferred', ...client, find: '.length === 1', replace: '.length >= 1' },
  { promise: 'faxes are known', ...client, find: "'email', 'fax', 'other']", replace: "'email', 'other']" },
  { promise: 'a field key has at most 100 characters', ...client, find: 'text(1, 100)', replace: 'text(1, 101)' },
  {
    promise: 'a list of texts has at most 100',
    ...client,
    find: 'list(text(0, 5000), 0, 100)]',
    replace: 'list(text(0, 5000), 0, 1000)]',
  },
  {
    promise: 'at most 100 custom fields',
    ...client,
    find: 'list(CustomField, 0, 100)',
    replace: 'list(CustomField, 0, 50)',
  },
  { promise: 'field keys are unique', ...client, find: ", distinctBy('fieldKey')", replace: '' },
  { promise: 'a workspace’s name has at most 120 characters', ...workspace, find: 'label(120)', replace: 'label(160)' },
  { promise: 'a slogan has at most 160 characters', ...workspace, find: 'label(160)', replace: 'label(120)' },
  { promise: 'a template may be empty', ...workspace, find: 'text(0, 2000)', replace: 'text(1, 2000)' },

  // Records of other services
  {
    promise: 'a NULL list is empty',
    file: 'lib/domain/replies.ts',
    ...replies,
    find: 'v.nullish(v.array(item), () => [])',
    replace: 'v.optional(v.array(item), () => [])',
  },
  {
    promise: 'a NULL value is null',
    file: 'lib/domain/replies.ts',
    ...replies,
    find: 'v.nullish(schema, null)',
    replace: 'v.optional(schema, null)',
  },
  {
    promise: 'a time that cannot be is no exception',
    file: 'lib/domain/replies.ts',
    ...replies,
    find: '  v.check(isDate),\n',
    replace: '',
  },
  {
    promise: 'a client is known by the id of the path',
    file: 'lib/domain/record-kind.ts',
    ...replies,
    find: 'members.id = ids[ownId]',
    replace: 'members.id ??= ids[ownId]',
  },
  {
    promise: 'a client’s id is not the workspace’s',
    file: 'lib/domain/record-kind.ts',
    ...replies,
    find: 'described.at(-1)',
    replace: 'described.at(0)',
  },
  {
    promise: 'a workspace that was never updated has the time of its creation',
    file: 'lib/domain/record-kind.ts',
    ...replies,
    find: 'members.updatedAt ??= fields.createdAt',
    replace: 'members.updatedAt ??= null',
  },
  {
    promise: 'wider kinds of contact are returned',
    file: client.file,
    ...replies,
    find: "type: v.pipe(v.string(), v.description('The kind of contact.'))",
    replace:
      "type: v.pipe(v.picklist(['whatsapp', 'phone', 'email', 'fax', 'other']), v.description('The kind of contact.'))",
  },
];
