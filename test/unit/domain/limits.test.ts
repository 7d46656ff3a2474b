import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { ClientPatch } from '../../../functions/update-client/client.ts';
import { WorkspacePatch } from '../../../functions/update-workspace/workspace.ts';

const method = { type: 'email', value: 'jane@example.com', isPreferred: true };
const text = (length: number): string => 'a'.repeat(length);
const items = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));
const customField = (field: object) => ({ customFields: [{ fieldKey: 'a', value: 1, ...field }] });

/** A body in which one thing has a given size, and its minimum and maximum: the tables of the contract. */
type Limit = [what: string, bodyOf: (size: number) => object, min: number, max: number];

const client: Limit[] = [
  ['name', (size) => ({ name: text(size) }), 1, 500],
  ['avatarUrl', (size) => ({ avatarUrl: `http://a.example/${text(size)}`.slice(0, size) }), 8, 2_048],
  [
    'contactMethods',
    (size) => ({ contactMethods: items(size, (index) => ({ ...method, isPreferred: index === 0 })) }),
    1,
    50,
  ],
  ['contactMethods[].value', (size) => ({ contactMethods: [{ ...method, value: text(size) }] }), 1, 500],
  ['customFields', (size) => ({ customFields: items(size, (index) => ({ fieldKey: `${index}`, value: 1 })) }), 0, 100],
  ['customFields[].fieldKey', (size) => customField({ fieldKey: text(size) }), 1, 100],
  ['customFields[].value, a text', (size) => customField({ value: text(size) }), 0, 5_000],
  ['customFields[].value, a list', (size) => customField({ value: items(size, () => 'a') }), 0, 100],
  ['customFields[].value[], a text', (size) => customField({ value: [text(size)] }), 0, 5_000],
];

const workspace: Limit[] = [
  ['name', (size) => ({ name: text(size) }), 1, 120],
  ['slogan', (size) => ({ slogan: text(size) }), 1, 160],
  ['email', (size) => ({ email: `${text(size - 194)}@${'a.'.repeat(95)}com` }), 195, 254],
  ['the local part of email', (size) => ({ email: `${text(size)}@example.com` }), 1, 64],
  ['a label of the host of email', (size) => ({ email: `jane@${text(size)}.com` }), 1, 63],
  ['the last label of the host of email', (size) => ({ email: `jane@example.${text(size)}` }), 2, 63],
  ['labTemplates.smsDefaultMessage', (size) => ({ labTemplates: { smsDefaultMessage: text(size) } }), 0, 2_000],
  [
    'sessionTemplates.smsReminderMessage',
    (size) => ({ sessionTemplates: { smsReminderMessage: text(size) } }),
    0,
    2_000,
  ],
  [
    'sessionTemplates.whatsappReminderMessage',
    (size) => ({ sessionTemplates: { whatsappReminderMessage: text(size) } }),
    0,
    2_000,
  ],
];

const limits = [
  ...client.map(([what, bodyOf, min, max]) => ({ what: `client's ${what}`, schema: ClientPatch, bodyOf, min, max })),
  ...workspace.map(([what, bodyOf, min, max]) => ({
    what: `workspace's ${what}`,
    schema: WorkspacePatch,
    bodyOf,
    min,
    max,
  })),
];

describe('the limits of a field', () => {
  test.each(limits)('$what: $min to $max', ({ schema, bodyOf, min, max }) => {
    expect(v.parse(schema, bodyOf(min))).toEqual(bodyOf(min));
    expect(v.parse(schema, bodyOf(max))).toEqual(bodyOf(max));
    expect(v.is(schema, bodyOf(max + 1))).toBe(false);
    if (min > 0) expect(v.is(schema, bodyOf(min - 1))).toBe(false);
  });

  test('null clears an avatar, and nothing else', () => {
    expect(v.is(ClientPatch, { avatarUrl: null })).toBe(true);
    for (const name of ['name', 'contactMethods', 'customFields'])
      expect(v.is(ClientPatch, { [name]: null })).toBe(false);
    for (const name of ['name', 'slogan', 'email', 'labTemplates', 'sessionTemplates']) {
      expect(v.is(WorkspacePatch, { [name]: null })).toBe(false);
    }
  });

  test('the kinds of contact are those of the published page', () => {
    const taken = ['whatsapp', 'phone', 'email', 'fax', 'other', 'sms', 'Email', ''].filter((type) =>
      v.is(ClientPatch, { contactMethods: [{ ...method, type }] }),
    );
    expect(taken).toEqual(['whatsapp', 'phone', 'email', 'fax', 'other']);
  });

  test.each([0, 1, 2, 3])('exactly one contact method is preferred: %d', (count) => {
    const contactMethods = items(3, (index) => ({ ...method, isPreferred: index < count }));
    expect(v.is(ClientPatch, { contactMethods })).toBe(count === 1);
  });

  test('no two custom fields have the same key', () => {
    const customFields = ['a', 'b', 'a'].map((fieldKey) => ({ fieldKey, value: 1 }));
    expect(v.is(ClientPatch, { customFields })).toBe(false);
    expect(v.is(ClientPatch, { customFields: customFields.slice(1) })).toBe(true);
  });
});
