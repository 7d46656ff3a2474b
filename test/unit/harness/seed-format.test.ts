import { is } from 'valibot';
import { describe, expect, test } from 'vitest';
import { CommandError } from '../../../infra/command-line.ts';
import { replyOf } from '../../../lib/domain/record-kind.ts';
import { changesIn, withChanges } from '../../../lib/table/changes.ts';
import { merged } from '../../declared/bodies.ts';
import { fieldsOf } from '../../declared/fields.ts';
import { demoOf } from '../../harness/database/demo-seed.ts';
import { readSeed, seedFrom } from '../../harness/database/seed-format.ts';
import { seedUsage } from '../../harness/database/seed-usage.ts';
import { type Declaration, endpoints } from '../../harness/lambda/functions.ts';
import { moveSession, updateSession } from './session.ts';

const invented = [updateSession, moveSession];
const ids = { workspaceId: 'w', roomId: 'r', sessionId: 's' };
const session = { ...ids, title: 'T', bookedBy: 'u' };
const withSession = (change: object) => ({ session: [{ ...session, ...change }] });
const parsed = (value: unknown, declared: readonly Declaration[] = invented) =>
  seedFrom(value, 'The seed file seed.json', declared);

/** The sentence about an invalid seed without its beginning; `undefined` for a valid one. */
const flawIn = (value: unknown, declared?: readonly Declaration[]): string | undefined => {
  try {
    return void parsed(value, declared);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    expect(error.message).toMatch(/^The seed file seed\.json is invalid at [^\n]+\.$/);
    return error.message.slice('The seed file seed.json is invalid at '.length, -1);
  }
};

/** The declared endpoints, and two of one kind. */
const all: { endpoint: Declaration; declared: readonly Declaration[]; title: string }[] = [
  ...endpoints.map((endpoint) => ({ endpoint, declared: endpoints, title: endpoint.id })),
  ...invented.map((endpoint) => ({ endpoint, declared: invented, title: `the invented ${endpoint.id}` })),
];

/** The demo record of an endpoint, as a seed file has it. */
const demoRecord = ({ kind, example }: Declaration, declared: readonly Declaration[]): object => {
  const [demo] = demoOf(declared)[kind.name] ?? [];
  const members = Object.entries(demo?.attributes ?? {}).map(([attribute, value]) =>
    attribute.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value),
  );
  return merged([...members.filter((member) => member instanceof Object), example.ids]);
};

describe('one sentence with the path of the error reports', () => {
  test.each([
    [null, 'the top level: must be an object with a list of records for each kind'],
    [[], 'the top level: must be an object with a list of records for each kind'],
    [{ sessions: [] }, /^sessions: is unknown, because the kinds of records are .*\bsession$/],
    [JSON.parse('{"__proto__": []}'), /^__proto__: is unknown/],
    [{ session: {} }, 'session: must be a list of records'],
    [{ session: ['w'] }, 'session.0: must be an object'],
    [withSession({ roomId: undefined }), 'session.0.roomId: is missing'],
    [withSession({ sessionId: 'a#b' }), 'session.0.sessionId: must be 1 to 64 of A-Z, a-z, 0-9, _ and -'],
    [withSession({ workspaceId: 7 }), 'session.0.workspaceId: must be 1 to 64 of A-Z, a-z, 0-9, _ and -'],
    [withSession({ titel: 'x' }), 'session.0.titel: is unknown'],
    [withSession({ id: 's' }), 'session.0.id: is unknown'],
    [withSession({ version: 7 }), 'session.0.version: is unknown'],
    [withSession({ pk: 'x' }), 'session.0.pk: is unknown'],
    [withSession({ 'reminder.channel': 'sms' }), 'session.0.reminder.channel: is unknown'],
    [withSession({ reminder: { chanel: 'sms' } }), 'session.0.reminder.chanel: is unknown'],
    [withSession({ reminder: { wording: { middle: 'x' } } }), 'session.0.reminder.wording.middle: is unknown'],
    [withSession({ place: { street: 'x' } }), 'session.0.place: must not be an object'],
    [withSession({ title: undefined }), 'session.0.title: is missing'],
    [withSession({ title: null }), 'session.0.title: is missing'],
    [withSession({ title: 7 }), 'session.0.title: must be of type string'],
    [withSession({ bookedBy: undefined }), 'session.0.bookedBy: is missing'],
    [withSession({ attendees: 7 }), 'session.0.attendees: must be of type Array'],
    [withSession({ attendees: [{ answer: 'x' }] }), 'session.0.attendees.0.id: is missing'],
    [withSession({ attendees: [{ id: 'a', anwser: 'x' }] }), 'session.0.attendees.0.anwser: is unknown'],
    [
      withSession({ reminder: { sentAt: 'so\non' } }),
      'session.0.reminder.sentAt: has a value that no response can show',
    ],
    [withSession({ 'two\nlines': 1 }), 'session.0.two\\u000alines: is unknown'],
    [withSession({ createdAt: 'today' }), 'session.0.createdAt: must be a timestamp, such as 2024-01-15T10:00:00Z'],
    [withSession({ updatedAt: {} }), 'session.0.updatedAt: must not be an object'],
    [withSession({ updatedAt: true }), 'session.0.updatedAt: must be a timestamp, such as 2024-01-15T10:00:00Z'],
  ])('the seed %j', (seed, flaw) => {
    expect(flawIn(seed)).toEqual(typeof flaw === 'string' ? flaw : expect.stringMatching(flaw));
  });

  test('a record that the seed has twice', () => {
    expect(flawIn({ session: [session, { ...session, sessionId: 't' }, session] })).toBe(
      'session.2: is the same record as session.0',
    );
  });

  test.each(all)('a misspelled field, a missing id and a repeated record of $title', ({ endpoint, declared }) => {
    const { name } = endpoint.kind;
    const record = demoRecord(endpoint, declared);
    const stranger = Object.keys(record).join('-');
    expect(flawIn({ [name]: [{ ...record, [stranger]: 'x' }] }, declared)).toBe(`${name}.0.${stranger}: is unknown`);
    expect(flawIn({ [name]: [record, record] }, declared)).toBe(`${name}.1: is the same record as ${name}.0`);
    for (const id of Object.keys(endpoint.example.ids)) {
      expect(flawIn({ [name]: [{ ...record, [id]: undefined }] }, declared)).toBe(`${name}.0.${id}: is missing`);
    }
  });
});

describe('a seed', () => {
  test('may be empty, or lack a kind', () => {
    expect(parsed({})).toEqual({});
    expect(parsed({ session: [] })).toEqual({ session: [] });
  });

  test.each(all)(
    'may have every field of $title, with any value that a response can show',
    ({ endpoint, declared }) => {
      const { kind, example } = endpoint;
      const base = demoRecord(endpoint, declared);
      for (const { attribute, body, accepted, refused } of fieldsOf(endpoint)) {
        for (const value of [...accepted, ...refused.map((probe) => probe.value)]) {
          if (typeof value === 'object' && value !== null && !Array.isArray(value)) continue;
          const record = merged([base, body(value)]);
          const flaw = flawIn({ [kind.name]: [record] }, declared);
          const item = withChanges({}, changesIn({ ...record }));
          const isShowable = is(kind.record, replyOf(kind, example.ids, item)[kind.name]);
          const isMisnamed = Array.isArray(value) && / is unknown$/.test(flaw ?? '');
          expect({ value, isValid: flaw === undefined || isMisnamed }).toEqual({
            value,
            isValid: isShowable || isMisnamed,
          });
          if (flaw !== undefined) continue;
          const [read] = parsed({ [kind.name]: [record] }, declared)[kind.name] ?? [];
          expect(read).toMatchObject({ kind, ids: example.ids });
          expect(read?.attributes[attribute] ?? null).toEqual(value);
        }
      }
    },
  );

  test('has the fields of all endpoints of its kind, and those that only its reply shows', () => {
    const sentAt = '2024-01-15T10:00:00Z';
    const seed = withSession({ place: 'Bonn', links: { slug: 'a' }, reminder: { sentAt } });
    const attributes = { title: 'T', bookedBy: 'u', place: 'Bonn', 'links.slug': 'a', 'reminder.sentAt': sentAt };
    expect(parsed(seed)).toEqual({ session: [{ kind: updateSession.kind, ids, attributes }] });
  });

  test('may have any value where a response may show any', () => {
    const [record] = parsed(withSession({ attendees: [{ id: 'a', answer: { is: ['any'] } }] })).session ?? [];
    expect(record?.attributes.attendees).toEqual([{ id: 'a', answer: { is: ['any'] } }]);
  });

  test('may have timestamps in any format, which become those of the service, or none', () => {
    const [record] = parsed(withSession({ createdAt: '2024-01-15T11:00:00+01:00', updatedAt: 0 })).session ?? [];
    expect(record?.attributes).toMatchObject({
      createdAt: '2024-01-15T10:00:00.000Z',
      updatedAt: '1970-01-01T00:00:00.000Z',
    });
    expect(parsed(withSession({ createdAt: null })).session?.[0]?.attributes).not.toHaveProperty('createdAt');
  });
});

test('a seed file that does not exist or is not JSON is reported', async () => {
  await expect(readSeed('/no/such.json')).rejects.toThrow('The seed file /no/such.json cannot be read: ENOENT');
  await expect(readSeed(import.meta.filename)).rejects.toThrow('is not JSON');
});

describe('the usage of a seed', () => {
  test('lists ids and fields of every kind, with a question mark for those that a response does not need', () => {
    expect(seedUsage(1_000, [updateSession, moveSession])).toEqual([
      '{"session": [{"workspaceId", "roomId", "sessionId", "title", "code"?, "attendees"?, "reminder"?: {"channel"?, ' +
        '"wording"?: {"opening"?, "closing"?}, "sentAt"?}, "links"?: {"slug"?}, "place"?, "bookedBy", "createdAt"?, ' +
        '"updatedAt"?}]}',
    ]);
  });

  test.each([
    ['the declared endpoints', endpoints],
    ['invented ones', invented],
  ])('has short lines, and starts a line for each kind of %s', (_, declared) => {
    const lines = seedUsage(60, declared);
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    for (const { kind } of declared) expect(lines.join('\n')).toMatch(new RegExp(`^\\{?"${kind.name}": \\[`, 'm'));
    expect(seedUsage(1_000, declared).join(' ')).toBe(lines.join(' '));
  });
});
