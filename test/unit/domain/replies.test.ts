import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { clients } from '../../../functions/update-client/client.ts';
import { workspaces } from '../../../functions/update-workspace/workspace.ts';
import { replyOf } from '../../../lib/domain/record-kind.ts';
import { Timestamp } from '../../../lib/domain/replies.ts';

describe('Timestamp', () => {
  test('is in UTC with milliseconds, in whatever format it was stored', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (date) => {
          const text = date.toISOString();
          for (const stored of [text, date.getTime(), text.replace('Z', '+00:00'), text.toLowerCase()]) {
            expect(v.parse(Timestamp, stored)).toBe(text);
          }
        },
      ),
    );
  });

  test.each([
    ['2024-01-15T11:00:00+01:00', '2024-01-15T10:00:00.000Z'],
    ['2024-01-15T10:00:00Z', '2024-01-15T10:00:00.000Z'],
    ['2024-01-15', '2024-01-15T00:00:00.000Z'],
    ['2024-01-15T10:00:00.123456789Z', '2024-01-15T10:00:00.123Z'],
    [1705312800000, '2024-01-15T10:00:00.000Z'],
  ])('of %j is %s', (stored, timestamp) => {
    expect(v.parse(Timestamp, stored)).toBe(timestamp);
  });

  test.each([
    1705312800000000000,
    '9999-99-99',
    'yesterday',
    '',
    Number.POSITIVE_INFINITY,
    true,
    {},
    [],
    '+012024-01-15',
  ])('does not accept %j', (stored) => {
    expect(v.safeParse(Timestamp, stored)).toMatchObject({ success: false });
  });
});

/** The reply to an update of a record that another service wrote. */
const clientOf = (fields: Record<string, unknown>) =>
  v.parse(clients.reply, replyOf(clients, { workspaceId: 'w1', clientId: 'c1' }, fields)).client;
const workspaceOf = (fields: Record<string, unknown>) =>
  v.parse(workspaces.reply, replyOf(workspaces, { workspaceId: 'w1' }, fields)).workspace;

describe('a record that another service wrote', () => {
  test('with only a name is returned with every member, in order', async () => {
    expect(JSON.stringify(clientOf({ name: 'Ann' }))).toBe(
      '{"id":"c1","name":"Ann","avatarUrl":null,"contactMethods":[],"customFields":[],"createdAt":null,"updatedAt":null}',
    );
    expect(JSON.stringify(workspaceOf({ name: 'Acme' }))).toBe(
      '{"id":"w1","name":"Acme","slogan":null,"email":null,"updatedAt":null}',
    );
  });

  test('with NULL for what was never set is returned likewise', async () => {
    const unset = { avatarUrl: null, contactMethods: null, customFields: null, createdAt: null, updatedAt: null };
    expect(clientOf({ name: 'Ann', ...unset })).toEqual(clientOf({ name: 'Ann' }));
    const none = { slogan: null, email: null, createdAt: null, updatedAt: null };
    expect(workspaceOf({ name: 'Acme', ...none })).toEqual(workspaceOf({ name: 'Acme' }));
  });

  test('with an id attribute is returned with the id of the path', async () => {
    expect(clientOf({ id: 'other', name: 'Ann' })).toMatchObject({ id: 'c1' });
    expect(workspaceOf({ id: 'other', name: 'Acme' })).toMatchObject({ id: 'w1' });
  });

  test('that was never updated is returned with its creation time', async () => {
    const createdAt = '2024-01-15T10:00:00.000Z';
    const updatedAt = '2024-01-16T10:00:00.000Z';
    expect(clientOf({ name: 'Ann', createdAt })).toMatchObject({ createdAt, updatedAt: createdAt });
    expect(workspaceOf({ name: 'Acme', createdAt })).toMatchObject({ updatedAt: createdAt });
    expect(clientOf({ name: 'Ann', createdAt, updatedAt })).toMatchObject({ createdAt, updatedAt });
    expect(workspaceOf({ name: 'Acme', createdAt, updatedAt })).toMatchObject({ updatedAt });
  });

  test('may contain values that no request may send', async () => {
    const wide = {
      name: '\n',
      avatarUrl: 'ftp://user@example.com/x',
      contactMethods: [{ type: 'telegram', value: 'x'.repeat(600), isPreferred: false, label: 'kept back' }],
      customFields: [{ fieldKey: '', value: { deep: [1, null] }, unit: 'kept back' }],
    };
    expect(clientOf(wide)).toMatchObject({
      ...wide,
      contactMethods: [{ type: 'telegram', value: 'x'.repeat(600), isPreferred: false }],
      customFields: [{ fieldKey: '', value: { deep: [1, null] } }],
    });
    const settings = { name: 'x'.repeat(200), slogan: '', email: 'Jané@localhost' };
    expect(workspaceOf(settings)).toMatchObject(settings);
  });

  test('may contain attributes that are never returned', async () => {
    const foreign = { pk: 'p', sk: 's', version: 3, 'labTemplates.smsDefaultMessage': 'x', secret: 'x' };
    expect(clientOf({ name: 'Ann', ...foreign })).toEqual(clientOf({ name: 'Ann' }));
    expect(workspaceOf({ name: 'Acme', ...foreign })).toEqual(workspaceOf({ name: 'Acme' }));
  });
});
